"""Rebuild what is sealed of tickets, purchases and disputes from the rows; who may read it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q

from cailan.kernel.access import Actor
from cailan.parties.queries import oversees
from cailan.parties.rules.sealed import hidden, instant
from cailan.trade.models.tickets import Dispute, MarketMode, Purchase, Ticket, TicketLine

TICKET, PURCHASE, DISPUTE, MODE = "ticket:", "purchase:", "dispute:", "market_mode:"
TICKET_STATES = tuple(
    f"trade.ticket_{state}"
    for state in ("requested", "issued", "accepted", "disputed", "settled", "closed", "void")
)
PURCHASE_STATES = ("trade.purchase_booked", "trade.purchase_extended")
DISPUTE_STATES = ("trade.dispute_opened", "trade.dispute_settled")
MODE_STATES = ("trade.market_mode",)


def ticket_subject(pk: int) -> str:
    """Name a ticket in the log, which anybody reads: by its number only, for its code opens it."""
    return f"{TICKET}{pk}"


def purchase_subject(pk: int) -> str:
    return f"{PURCHASE}{pk}"


def dispute_subject(pk: int) -> str:
    return f"{DISPUTE}{pk}"


def mode_subject(market_id: int) -> str:
    return f"{MODE}{market_id}"


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def rebuild_tickets(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return tickets with their lines and fees as they are kept now."""
    rows = Ticket.objects.filter(pk__in=_numbers(subjects, TICKET)).prefetch_related("lines", "fees")
    return {ticket_subject(row.pk): _ticket(row) for row in rows}


def _ticket(row: Ticket) -> dict[str, Any]:
    salt = str(row.seal_salt)
    return {
        "code": row.code,
        "number": row.number,
        "kind": row.kind,
        "status": row.status,
        "seller": row.seller_id,
        "site": row.seller_site_id or 0,
        "buyer": row.buyer_id or 0,
        "buyer_name": hidden(salt, "buyer_name", row.buyer_name),
        "buyer_phone": hidden(salt, "buyer_phone", row.buyer_phone),
        "buyer_address": hidden(salt, "buyer_address", row.buyer_address),
        "issued_at": instant(row.issued_at),
        "recorded_at": instant(row.recorded_at),
        "issued_by": row.issued_by_id or 0,
        "plate": hidden(salt, "plate", row.plate),
        "payment": row.payment,
        "goods_fen": row.goods_fen,
        "fees_fen": row.fees_fen,
        "total_fen": row.total_fen,
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "note": hidden(salt, "note", row.note),
        "event": row.event_id,
        "changed_at": instant(row.changed_at),
        "lines": [_line(line) for line in sorted(row.lines.all(), key=lambda line: line.pk)],
        "fees": [
            {"name": fee.name, "amount_fen": fee.amount_fen}
            for fee in sorted(row.fees.all(), key=lambda fee: fee.pk)
        ],
    }


def _line(line: TicketLine) -> dict[str, Any]:
    return {
        "id": line.pk,
        "lot": line.lot_id,
        "holding": line.holding_id or 0,
        "product": line.product_name,
        "origin": line.origin,
        "spec": line.spec,
        "quantity": _plain(line.quantity),
        "uom": line.uom,
        "pieces": line.pieces or 0,
        "price_fen": -1 if line.price_fen is None else line.price_fen,
        "price_uom": line.price_uom,
        "amount_fen": -1 if line.amount_fen is None else line.amount_fen,
        "accepted": _plain(line.accepted_quantity),
    }


def rebuild_purchases(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return purchases with their lines as they are kept now."""
    rows = Purchase.objects.filter(pk__in=_numbers(subjects, PURCHASE)).prefetch_related("lines")
    return {purchase_subject(row.pk): _purchase(row) for row in rows}


def _purchase(row: Purchase) -> dict[str, Any]:
    salt = str(row.seal_salt)
    return {
        "buyer": row.buyer_id,
        "ticket": row.ticket_id or 0,
        "supplier": row.supplier_id or 0,
        "supplier_name": hidden(salt, "supplier_name", row.supplier_name),
        "supplier_phone": hidden(salt, "supplier_phone", row.supplier_phone),
        "purchased_at": instant(row.purchased_at),
        "recorded_at": instant(row.recorded_at),
        "recorded_by": row.recorded_by_id or 0,
        "site": row.site_id or 0,
        "plate": hidden(salt, "plate", row.plate),
        "documents": list(row.document_ids),
        "payment": row.payment,
        "total_fen": -1 if row.total_fen is None else row.total_fen,
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "note": hidden(salt, "note", row.note),
        "event": row.event_id,
        "lines": [
            {
                "ticket_line": line.ticket_line_id or 0,
                "lot": line.lot_id,
                "holding": line.holding_id or 0,
                "product": line.product_name,
                "batch": line.batch_number,
                "region": line.origin_region_id or "",
                "origin": line.origin_text,
                "quantity": _plain(line.quantity),
                "uom": line.uom,
                "pieces": line.pieces or 0,
                "price_fen": -1 if line.price_fen is None else line.price_fen,
                "price_uom": line.price_uom,
                "amount_fen": -1 if line.amount_fen is None else line.amount_fen,
            }
            for line in sorted(row.lines.all(), key=lambda line: line.pk)
        ],
    }


def rebuild_disputes(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return disputes as they are kept now."""
    return {
        dispute_subject(row.pk): {
            "line": row.line_id,
            "opened_by": row.opened_by_id,
            "opened_at": instant(row.opened_at),
            "stated": _plain(row.stated_quantity),
            "open": _plain(row.open_quantity),
            "reason": row.reason,
            "note": hidden(str(row.seal_salt), "note", row.note),
            "documents": list(row.document_ids),
            "outcome": row.outcome,
            "settled_by": row.settled_by_id or 0,
            "settled_at": instant(row.settled_at),
            "settled_note": hidden(str(row.seal_salt), "settled_note", row.settled_note),
            "event": row.event_id,
        }
        for row in Dispute.objects.filter(pk__in=_numbers(subjects, DISPUTE))
    }


def rebuild_modes(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return how the stalls of markets sell, as it is kept now."""
    return {
        mode_subject(row.market_id): {
            "mode": row.mode, "set_at": instant(row.set_at), "set_by": row.set_by_id or 0
        }
        for row in MarketMode.objects.filter(pk__in=_numbers(subjects, MODE))
    }  # fmt: skip


def _numbers(subjects: Sequence[str], prefix: str) -> list[int]:
    return [int(subject.removeprefix(prefix)) for subject in subjects]


def may_read_tickets(actor: Actor, subject: str) -> bool:
    """Say whether a ticket is the actor's own affair, as seller or as buyer, or of somebody it oversees."""
    rows = Ticket.objects.filter(pk__in=_numbers([subject], TICKET))
    return _may_read(actor, rows.values_list("seller_id", "buyer_id"))


def may_read_purchases(actor: Actor, subject: str) -> bool:
    rows = Purchase.objects.filter(pk__in=_numbers([subject], PURCHASE))
    return _may_read(actor, rows.values_list("buyer_id"))


def may_read_disputes(actor: Actor, subject: str) -> bool:
    rows = Dispute.objects.filter(pk__in=_numbers([subject], DISPUTE))
    return _may_read(actor, rows.values_list("line__ticket__seller_id", "line__ticket__buyer_id"))


def may_read_modes(actor: Actor, subject: str) -> bool:
    """Say yes to whoever is signed in: how a market sells stands over its gate."""
    return bool(subject) and (actor.sees_everything or actor.is_signed_in)


def _may_read(actor: Actor, rows: Any) -> bool:
    if actor.sees_everything:
        return True
    sides = {pk for row in rows for pk in row if pk is not None}
    if actor.party_id is None:
        return False
    return actor.party_id in sides or any(oversees(actor, pk) for pk in sides)


def ours(actor: Actor) -> Q:
    """Return the predicate of the tickets in which the actor's party takes part."""
    return Q(seller_id=actor.acting_party_id) | Q(buyer_id=actor.acting_party_id)
