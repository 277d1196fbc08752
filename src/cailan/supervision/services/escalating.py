"""Ask the silent again, and show them to the authority above."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import ngettext

from cailan.kernel import audit, outbox
from cailan.kernel.access import SYSTEM, Actor, Permission
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.supervision.events import MessagesQueued
from cailan.supervision.models import Alert, Notice, Recall
from cailan.supervision.queries.integrity import NOTICE
from cailan.supervision.queries.recalls import managed
from cailan.supervision.rules.deadlines import Level, answer_due
from cailan.supervision.rules.regions import above
from cailan.supervision.services import sealing, sending
from cailan.supervision.services.alerts import News, raise_alert

MOST_TIMES = 20
_AT_ONCE = 500


@transaction.atomic
def escalate(actor: Actor, *, number: str, at: datetime) -> int:
    """Find who is past its time without an answer, ask again, tell those above; return how many."""
    recall = managed(actor, number)
    return _escalate(actor, recall, at)


def escalate_due(actor: Actor, *, at: datetime) -> int:
    """Do the same for every open recall; the clock asks."""
    actor.require(Permission.RECALL_MANAGE)
    found = 0
    silent = _silent(at).values("recall_id")
    for pk in Recall.objects.filter(pk__in=silent, closed_at=None).values_list("pk", flat=True):
        with transaction.atomic():
            found += _escalate(actor, Recall.objects.get(pk=pk), at)
    return found


def _silent(at: datetime) -> "QuerySet[Notice]":
    is_told = Q(role=Notice.Role.CONSIGNEE, confirmed_at__isnull=False)
    return Notice.objects.filter(
        answered_at=None, due_at__lte=at, escalations__lt=MOST_TIMES, recall__closed_at=None
    ).exclude(is_told)


def _escalate(actor: Actor, recall: Recall, at: datetime) -> int:
    silent = list(
        _silent(at)
        .filter(recall=recall)
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")[:_AT_ONCE]
    )
    if not silent:
        return 0
    due = answer_due(Level(recall.level), at)
    Notice.objects.filter(pk__in=[one.pk for one in silent]).update(
        escalated_at=at, escalations=F("escalations") + 1, due_at=due
    )
    for one in silent:
        one.due_at = due
    sealing.seal(actor, sealing.NOTICES[2], [f"{NOTICE}{one.pk}" for one in silent], at=at)
    lot = lots.facts_of([recall.lot_id])[recall.lot_id]
    sending.queue(recall, silent, product=f"{lot.name} {lot.number}", at=at)
    _tell_above(recall, silent, at)
    outbox.publish([MessagesQueued(recall.number, len(silent))])
    audit.record(
        actor, "supervision.recall.escalated", f"recall:{recall.number}", notices=[one.pk for one in silent]
    )
    return len(silent)


def _tell_above(recall: Recall, silent: Sequence[Notice], at: datetime) -> None:
    """Raise an alert where the silent are, and with the authority above the one that decided."""
    holders = parties.facts({one.holder_id for one in silent if one.holder_id is not None})
    regions = {party.region for party in holders.values()} | {above(recall.authority_region)}
    times = max(one.escalations for one in silent) + 1
    names = sorted(set(parties.public_names(list(holders)).values()))
    with translation.override("zh-hans"):
        text = ngettext(
            "%(number)s: %(count)d holder has not answered in time, asked %(times)d times: %(names)s",
            "%(number)s: %(count)d holders have not answered in time, asked %(times)d times: %(names)s",
            len(silent),
        ) % {
            "number": recall.number,
            "count": len(silent),
            "times": times,
            "names": "、".join(names[:10]),
        }
    raise_alert(
        SYSTEM,
        News(
            kind=Alert.Kind.SILENT,
            severity=Alert.Severity.HIGH,
            source=f"recall:{recall.number}:silent:{at.isoformat()}",
            text=text,
            at=at,
            lot_id=recall.lot_id,
            recall_id=recall.pk,
            also_regions=tuple(sorted(regions - {""})),
        ),
    )
