"""A buyer scans goods at a stall and asks for them; the seller says yes with one tap, and both have said so."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.kernel import audit, ids
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.rules.requests import Dispatch, Line, Proof, Transfer
from cailan.parties import queries as parties
from cailan.trade.models.tickets import Ticket, TicketLine
from cailan.trade.queries.holders import sellers_of
from cailan.trade.rules import sums
from cailan.trade.rules import tickets as rules
from cailan.trade.rules.sums import SumError
from cailan.trade.rules.tickets import Act, Kind, Order, Payment, Status
from cailan.trade.services import booking
from cailan.trade.services.issuing import check, lots_of, write_lines
from cailan.trade.services.keys import check_same, digest_of, lock_book, next_number
from cailan.trade.services.problems import NotInStockThere, NotInThatState
from cailan.trade.services.sealing import seal_purchase, seal_ticket
from cailan.trade.services.times import check_moment

DUE_AFTER = timedelta(days=30)


@transaction.atomic
def request_ticket(actor: Actor, *, seller_id: int, order: Order, at: datetime, client_key: str = "") -> int:
    """Ask a seller for goods whose label was scanned there; nothing moves before the seller says yes."""
    actor.require(Permission.LOT_MOVE)
    check_moment(order.issued_at, at=at)  # a day far ahead would push on the seller's numbers
    ours = actor.acting_party_id
    counter = lock_book(seller_id)
    digest = digest_of(order)
    if client_key:
        known = Ticket.objects.filter(buyer_id=ours, request_key=client_key).first()
        if known is not None:
            check_same(f"{known.seller_id}:{known.digest}", f"{seller_id}:{digest}")
            return known.pk
    order = replace(order, payment=Payment.CREDIT)
    found = lots_of(order.lines)
    if seller_id == ours or any(seller_id not in sellers_of(actor, lot.id) for lot in found):
        raise NotInStockThere
    priced = all(line.price_fen is not None for line in order.lines)
    checked = order if priced else replace(order, kind=Kind.DISPATCH, payment=Payment.NONE, due_on=None)
    amounts = check(checked)
    ticket = Ticket(
        code=ids.new_trace_code(timezone.localtime(order.issued_at).date()),
        number=next_number(counter, Kind.SALE, order.issued_at),
        kind=Kind.SALE,
        status=Status.REQUESTED,
        seller_id=seller_id,
        buyer_id=ours,
        buyer_name=parties.facts([ours])[ours].name,
        issued_at=order.issued_at,
        recorded_at=at,
        changed_at=at,
        plate=order.plate.strip(),
        payment=Payment.CREDIT,
        note=order.note.strip(),
        goods_fen=sums.total_fen(amounts),
        total_fen=sums.total_fen(amounts),
        request_key=client_key,
        digest=digest,
    )
    ticket.save(force_insert=True)
    write_lines(ticket, order.lines, amounts, ())
    seal_ticket(actor, ticket, at=at)
    audit.record(actor, "trade.ticket.requested", f"ticket:{ticket.pk}")
    return ticket.pk


@transaction.atomic
def confirm_request(
    actor: Actor, *, ticket_id: int, at: datetime, prices: Mapping[int, tuple[int, str]] | None = None
) -> str:
    """Say yes to a request and return the ticket's status.

    At the buyer's own prices the goods are his at once, for both have said so; at other ones, or where he named none,
    they are on their way until he confirms the ticket.
    """
    actor.require(Permission.LOT_MOVE)
    ticket = booking.find_ticket_locked(pk=ticket_id)
    if ticket is None or ticket.seller_id != actor.acting_party_id:
        raise NotFound
    if not rules.may(Act.CONFIRM, ticket.status):
        if ticket.status in {Status.OPEN, Status.ACCEPTED} and ticket.request_key:
            return ticket.status  # a double tap
        raise NotInThatState
    lines = booking.lines_of(ticket)
    is_agreed = _price(lines, prices or {})
    ticket.status = Status.ACCEPTED if is_agreed else Status.OPEN
    ticket.changed_at = at
    ticket.due_on = timezone.localtime(at).date() + DUE_AFTER
    ticket.issued_by_id = actor.user_id
    _send(actor, ticket, lines, at)
    came = _hand_over(actor, ticket, lines, at) if is_agreed else []
    booking.restate(ticket, lines, {line.pk: quantity for line, quantity, _holding in came})
    ticket.save()
    if is_agreed:
        purchase, _is_new = booking.book_purchase(
            None, ticket, came, at=at, occurred_at=at, event_id=ticket.event_id
        )
        seal_purchase(actor, purchase, at=at)
    seal_ticket(actor, ticket, at=at)
    audit.record(actor, "trade.ticket.confirmed", f"ticket:{ticket.pk}", is_agreed=is_agreed)
    return ticket.status


def _price(lines: list[TicketLine], prices: Mapping[int, tuple[int, str]]) -> bool:
    """Write the seller's prices; say whether they are the ones that the buyer named."""
    is_agreed, errors = True, []
    for line in lines:
        price_fen, price_uom = prices.get(line.pk, (line.price_fen, line.price_uom))
        if price_fen is None:
            errors.append({"where": f"price_{line.pk}", "what": _("Enter the price.")})
            continue
        try:
            line.amount_fen = sums.amount_fen(line.quantity, line.uom, price_fen, price_uom)
        except SumError as error:
            errors.append({"where": f"price_{line.pk}", "what": _(str(error))})
            continue
        is_agreed = is_agreed and (line.price_fen, line.price_uom) == (price_fen, price_uom)
        line.price_fen, line.price_uom = price_fen, price_uom
    if errors:
        raise InvalidInput(errors[0]["what"], errors=errors)
    return is_agreed


def _send(actor: Actor, ticket: Ticket, lines: list[TicketLine], at: datetime) -> None:
    wanted = tuple(Line(line.lot.code, line.quantity, line.uom) for line in lines)
    buyer_id = ticket.buyer_id or 0
    request = Dispatch(occurred_at=at, lines=wanted, to_party_id=buyer_id, document=ticket.number)
    outcome = goods.record(actor, request, at=at)
    ticket.event_id = outcome.event_id
    for line, holding_id in zip(lines, outcome.holding_ids, strict=True):
        line.holding_id = holding_id
    TicketLine.objects.bulk_update(lines, ["holding_id", "price_fen", "price_uom", "amount_fen"])


def _hand_over(
    actor: Actor, ticket: Ticket, lines: list[TicketLine], at: datetime
) -> list[tuple[TicketLine, Decimal, int]]:
    """Move the goods into the buyer's stock, said by both sides; return each line with where it came to."""
    buyer_id = ticket.buyer_id or 0
    wanted = tuple(Line(line.lot.code, line.quantity, line.uom, line.holding_id) for line in lines)
    outcome = goods.record(
        actor,
        Transfer(
            occurred_at=at, lines=wanted, to_party_id=buyer_id, document=ticket.number, proof=Proof.COUNTER_SIGNED,
            awaits=lots.arrival_wait(parties.facts([buyer_id])[buyer_id].kind),
        ),
        at=at,
    )  # fmt: skip
    on_the_way = {line.holding_id for line in lines if line.holding_id is not None}
    came_to = {
        edge.source_id: edge.target_id
        for edge in lots.walk(on_the_way, back=False).edges
        if edge.event_id == outcome.event_id
    }
    return [(line, line.quantity, came_to[line.holding_id] or 0) for line in lines]
