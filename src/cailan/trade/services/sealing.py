"""Seal tickets, purchases and disputes as they stand after a change."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from cailan.kernel.access import Actor
from cailan.ledger import services as ledger
from cailan.ledger.queries import disclose
from cailan.ledger.rules import Entry
from cailan.trade.models.tickets import Dispute, Purchase, Ticket
from cailan.trade.queries import seals
from cailan.trade.rules.tickets import Status

# A ticket that was asked for or confirmed is "issued" in the log as soon as its goods are on their way.
_TICKET_KINDS = {Status.OPEN: "trade.ticket_issued"}


def seal_ticket(actor: Actor, ticket: Ticket, *, at: datetime, kind: str = "") -> None:
    status = Status(ticket.status)
    kind = kind or _TICKET_KINDS.get(status, f"trade.ticket_{status}")
    _seal(actor, kind, seals.ticket_subject(ticket.pk), seals.rebuild_tickets, at)


def seal_purchase(actor: Actor, purchase: Purchase, *, at: datetime, is_extended: bool = False) -> None:
    kind = "trade.purchase_extended" if is_extended else "trade.purchase_booked"
    _seal(actor, kind, seals.purchase_subject(purchase.pk), seals.rebuild_purchases, at)


def seal_dispute(actor: Actor, dispute: Dispute, *, at: datetime) -> None:
    kind = "trade.dispute_settled" if dispute.outcome else "trade.dispute_opened"
    _seal(actor, kind, seals.dispute_subject(dispute.pk), seals.rebuild_disputes, at)


def seal_mode(actor: Actor, market_id: int, *, at: datetime) -> None:
    _seal(actor, "trade.market_mode", seals.mode_subject(market_id), seals.rebuild_modes, at)


def _seal(
    actor: Actor,
    kind: str,
    subject: str,
    rebuild: Callable[[Sequence[str]], dict[str, dict[str, Any]]],
    at: datetime,
) -> None:
    ledger.append(actor, [Entry(kind, subject, rebuild([subject])[subject])], at=at)


def register() -> None:
    """Tell the audit how each kind is rebuilt, and who may read it (from the app's `ready`)."""
    for kinds, rebuild, may_read in (
        (seals.TICKET_STATES, seals.rebuild_tickets, seals.may_read_tickets),
        (seals.PURCHASE_STATES, seals.rebuild_purchases, seals.may_read_purchases),
        (seals.DISPUTE_STATES, seals.rebuild_disputes, seals.may_read_disputes),
        (seals.MODE_STATES, seals.rebuild_modes, seals.may_read_modes),
    ):
        for kind in kinds:
            ledger.mirror(kind, rebuild, family=kinds)
            disclose(kind, may_read)
