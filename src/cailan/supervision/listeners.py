"""What supervision hears: failed reports, refused harvests, and its own messages that wait to be sent."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from cailan.kernel.access import SYSTEM
from cailan.supervision import services
from cailan.supervision.services import News


def on_report_failed(payload: dict[str, Any]) -> None:
    """A signed report says "failed": whoever oversees a place where the goods are has to know."""
    services.raise_alert(
        SYSTEM,
        News(
            kind="report-failed",
            severity="critical",
            source=f"quality.report:{payload['report_id']}",
            text=str(payload["findings"]),
            at=_moment(payload.get("at")),
            lot_id=payload["lot_id"],
            product=str(payload.get("product", "")),
            refused_by=tuple(map(str, payload.get("refused_by") or ())),
            also_parties=(payload["lab_id"],),
        ),
    )


def on_harvest_refused(payload: dict[str, Any]) -> None:
    """A base tried to harvest inside the safety interval: nothing was harvested, somebody should call."""
    services.raise_alert(
        SYSTEM,
        News(
            kind="harvest-refused",
            severity="high" if payload.get("is_banned") else "normal",
            source=f"production.harvest:{payload['refusal_id']}",
            text=_joined(payload["batch_number"], payload["cause"], payload.get("allowed_from")),
            at=_moment(payload.get("at")),
            product=str(payload.get("product", "")),
            party_id=payload["party_id"],
        ),
    )


def on_harvest_contradicted(payload: dict[str, Any]) -> None:
    """A record that came late says that lots should not have been harvested: they are on hold, and may be sold."""
    for lot_id in payload["lot_ids"]:
        services.raise_alert(
            SYSTEM,
            News(
                kind="harvest-contradicted",
                severity="high",
                source=f"production.operation:{payload['operation_id']}:{lot_id}",
                text=_joined(payload["batch_number"], payload["cause"]),
                at=_moment(payload.get("at")),
                lot_id=lot_id,
                party_id=payload["party_id"],
            ),
        )


def _joined(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)


def on_messages_queued(payload: dict[str, Any]) -> None:
    """Send what waits."""
    del payload
    services.deliver_queued(SYSTEM, at=timezone.now())


def _moment(value: Any) -> datetime:
    """Return the moment of a fact; events carry it as text."""
    return datetime.fromisoformat(str(value)) if value else timezone.now()
