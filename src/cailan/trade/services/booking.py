"""Write what a buyer got into his purchase, and what he kept into the seller's ticket: both in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from cailan.kernel.access import Actor
from cailan.parties import queries as parties
from cailan.trade.models.tickets import Purchase, PurchaseLine, Ticket, TicketLine
from cailan.trade.rules import sums
from cailan.trade.rules.tickets import AT_ONCE, Status
from cailan.trade.services.money import record_payment


def find_ticket_locked(**wanted: object) -> Ticket | None:
    """Return a ticket under lock: of two that want to decide about it, the second sees what the first did."""
    return Ticket.objects.select_for_update(of=("self",)).filter(**wanted).first()


def lines_of(ticket: Ticket) -> list[TicketLine]:
    return list(ticket.lines.select_related("lot").order_by("pk"))


def book_purchase(
    recorder: Actor | None,
    ticket: Ticket,
    came: Sequence[tuple[TicketLine, Decimal, int]],
    *,
    at: datetime,
    occurred_at: datetime,
    event_id: str,
    site_id: int | None = None,
) -> tuple[Purchase, bool]:
    """Write what came (line, quantity, holding) into the purchase of a ticket; return it and whether it is new.

    What comes later, when a dispute ends, is added in lines of its own. Without a recorder it was booked for the
    buyer by the seller's yes to his request.
    """
    purchase = Purchase.objects.filter(ticket=ticket).first()
    is_new = purchase is None
    if purchase is None:
        purchase = _new_purchase(
            recorder, ticket, at=at, occurred_at=occurred_at, event_id=event_id, site_id=site_id
        )
    PurchaseLine.objects.bulk_create(
        PurchaseLine(
            purchase=purchase, ticket_line=line, lot_id=line.lot_id, holding_id=holding_id,
            product_name=line.product_name, batch_number=line.lot.number, origin_region_id=line.lot.region_id,
            origin_text=line.origin, quantity=quantity, uom=line.uom,
            pieces=line.pieces if quantity == line.quantity else None, price_fen=line.price_fen,
            price_uom=line.price_uom, amount_fen=_part(line, quantity),
        )
        for line, quantity, holding_id in came
    )  # fmt: skip
    amounts = purchase.lines.values_list("amount_fen", flat=True)
    has_price = any(amount is not None for amount in amounts)
    purchase.total_fen = sums.total_fen(amounts) + ticket.fees_fen if has_price or ticket.fees_fen else None
    purchase.save(update_fields=["total_fen"])
    return purchase, is_new


def _part(line: TicketLine, quantity: Decimal) -> int | None:
    """Return what a part costs, after what had come before of the line."""
    if line.price_fen is None:
        return None
    before = (line.accepted_quantity or Decimal(0)) - quantity
    return sums.part_fen(quantity, max(before, Decimal(0)), line.uom, line.price_fen, line.price_uom)


def _new_purchase(
    recorder: Actor | None,
    ticket: Ticket,
    *,
    at: datetime,
    occurred_at: datetime,
    event_id: str,
    site_id: int | None,
) -> Purchase:
    assert ticket.buyer_id is not None  # noqa: S101 (whoever confirms or asks is the buyer by now)
    seller = parties.contacts([ticket.seller_id])[ticket.seller_id]
    return Purchase.objects.create(
        buyer_id=ticket.buyer_id,
        ticket=ticket,
        supplier_id=ticket.seller_id,
        supplier_name=seller.name,
        supplier_phone=seller.phone,
        purchased_at=occurred_at,
        recorded_at=at,
        recorded_by_id=recorder.user_id if recorder else None,
        site_id=site_id,
        plate=ticket.plate,
        payment=ticket.payment,
        due_on=ticket.due_on,
        event_id=event_id,
    )


def restate(ticket: Ticket, lines: Sequence[TicketLine], kept: Mapping[int, Decimal]) -> None:
    """Write what the buyer keeps of each line, and what it costs now; nothing kept costs nothing."""
    for line in lines:
        line.accepted_quantity = kept.get(line.pk, line.accepted_quantity)
        if line.price_fen is not None and line.accepted_quantity is not None:
            line.amount_fen = sums.amount_fen(
                line.accepted_quantity, line.uom, line.price_fen, line.price_uom
            )
    TicketLine.objects.bulk_update(lines, ["accepted_quantity", "amount_fen"])
    ticket.goods_fen = sums.total_fen(line.amount_fen for line in lines)
    if ticket.status == Status.VOID:
        ticket.goods_fen = ticket.fees_fen = 0
    ticket.total_fen = ticket.goods_fen + ticket.fees_fen


def pay_purchase(actor: Actor, ticket: Ticket, purchase: Purchase, before_fen: int, *, at: datetime) -> None:
    """Let the buyer's book say what the ticket says: paid at once."""
    more = (purchase.total_fen or 0) - before_fen
    if ticket.payment in AT_ONCE and more > 0:
        record_payment(
            actor, purchase_id=purchase.pk, amount_fen=more, method=ticket.payment, at=at,
            occurred_at=purchase.purchased_at,
        )  # fmt: skip


def worth_of(lines: Sequence[TicketLine], quantities: Mapping[int, Decimal]) -> int:
    """Return what these quantities of lines would cost beside what is accepted of them."""
    return sums.total_fen(
        sums.part_fen(
            quantities[line.pk],
            line.accepted_quantity or Decimal(0),
            line.uom,
            line.price_fen,
            line.price_uom,
        )
        for line in lines
        if line.pk in quantities and line.price_fen is not None
    )


def give_back(actor: Actor, ticket: Ticket, *, at: datetime, note: str, disputed_fen: int = 0) -> None:
    """Give back what was paid at once for goods that the buyer did not keep."""
    paid = sum(ticket.payments.values_list("amount_fen", flat=True))
    due = ticket.total_fen + disputed_fen
    if ticket.payment in AT_ONCE and paid > due:
        record_payment(
            actor,
            ticket_id=ticket.pk,
            amount_fen=due - paid,
            method=ticket.payment,
            at=at,
            note=note,
        )
