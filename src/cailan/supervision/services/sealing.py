"""Seal rows of supervision as they stand after a change."""

from collections.abc import Sequence
from datetime import datetime

from cailan.kernel.access import Actor
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.supervision.queries import integrity

ALERTS = ("supervision.alert_raised", "supervision.alert_acknowledged", "supervision.alert_handled")
RECALLS = ("supervision.recall_started", "supervision.recall_closed", "supervision.recall_released")
NOTICES = ("supervision.noticed", "supervision.notice_confirmed", "supervision.notice_escalated")
ANSWERED, RETURN_SENT, RETURN_ACCEPTED = (
    "supervision.answered",
    "supervision.return_sent",
    "supervision.return_accepted",
)
WORKDAY = "supervision.workday_set"

_FAMILIES: tuple[tuple[tuple[str, ...], ledger.Rebuild], ...] = (
    (ALERTS, integrity.rebuild_alerts),
    (RECALLS, integrity.rebuild_recalls),
    (NOTICES, integrity.rebuild_notices),
    ((ANSWERED,), integrity.rebuild_answers),
    ((RETURN_SENT, RETURN_ACCEPTED), integrity.rebuild_returns),
    ((WORKDAY,), integrity.rebuild_workdays),
)


def seal(actor: Actor, kind: str, subjects: Sequence[str], *, at: datetime) -> None:
    """Seal the present state of rows."""
    if not subjects:
        return
    rebuild = next(rebuild for kinds, rebuild in _FAMILIES if kind in kinds)
    states = rebuild(subjects)
    ledger.append(actor, [Entry(kind, subject, states[subject]) for subject in subjects], at=at)


def register_mirrors() -> tuple[str, ...]:
    """Tell the audit how each kind is rebuilt, and return the kinds."""
    known: list[str] = []
    for kinds, rebuild in _FAMILIES:
        for kind in kinds:
            ledger.mirror(kind, rebuild, family=kinds)
        known += kinds
    ledger.watch(lambda: tuple(integrity.missummed()))
    return tuple(known)
