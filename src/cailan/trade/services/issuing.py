"""Issue a ticket: goods leave the seller's stock, for a buyer who confirms, a name, or consumers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.kernel import audit, ids
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.queries import LotFacts
from cailan.lots.rules.requests import AnyRequest, Dispatch, Line, Proof, Retail, Transfer
from cailan.parties import queries as parties
from cailan.parties import services as partners
from cailan.parties.rules.facts import ExternalSpec, PartyFacts
from cailan.trade.models.tickets import Ticket, TicketFee, TicketLine
from cailan.trade.queries.origins import origins_of
from cailan.trade.rules import sums
from cailan.trade.rules.money import MOST_FEN
from cailan.trade.rules.sums import SumError
from cailan.trade.rules.tickets import AT_ONCE, Kind, Order, OrderLine, Payment, Status
from cailan.trade.services.keys import check_same, digest_of, lock_book, next_number
from cailan.trade.services.money import record_payment
from cailan.trade.services.sealing import seal_ticket
from cailan.trade.services.times import check_moment

MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Issued:
    """A ticket as its seller gets it."""

    id: int
    code: str
    number: str
    status: str
    total_fen: int
    was_known: bool = False


def retail_sale(actor: Actor, *, order: Order, at: datetime, client_key: str = "") -> Issued:
    """Sell to consumers: the goods leave the chain, the ticket is the consumer's voucher."""
    if order.kind != Kind.RETAIL:
        raise InvalidInput(errors=[{"where": "kind", "what": _("A retail sale is of the kind “retail”.")}])
    return issue_ticket(actor, order=order, at=at, client_key=client_key)


@transaction.atomic
def issue_ticket(actor: Actor, *, order: Order, at: datetime, client_key: str = "") -> Issued:
    """Put goods on a ticket and send them off; the same key with the same order gives the same ticket."""
    actor.require(Permission.LOT_MOVE)
    check_moment(order.issued_at, at=at, where="issued_at")
    counter = lock_book(actor.acting_party_id)
    digest = digest_of(order)
    if client_key:
        known = Ticket.objects.filter(seller_id=actor.acting_party_id, client_key=client_key).first()
        if known is not None:
            check_same(known.digest, digest)
            return _issued(known, was_known=True)
    amounts = check(order)
    buyer = _buyer_of(actor, order)
    ticket = Ticket(
        code=ids.new_trace_code(timezone.localtime(order.issued_at).date()),
        number=next_number(counter, order.kind, order.issued_at),
        kind=order.kind,
        seller_id=actor.acting_party_id,
        seller_site_id=_site_of(actor, order.site_id),
        buyer_id=buyer.id if buyer else None,
        buyer_name=order.buyer_name.strip() or (buyer.name if buyer else ""),
        buyer_phone=order.buyer_phone.strip(),
        buyer_address=order.buyer_address.strip(),
        issued_at=order.issued_at,
        recorded_at=at,
        changed_at=at,
        issued_by_id=actor.user_id,
        plate=order.plate.strip(),
        payment=order.payment,
        due_on=order.due_on,
        note=order.note.strip(),
        client_key=client_key,
        digest=digest,
        goods_fen=sums.total_fen(amounts),
        fees_fen=sum(fee.amount_fen for fee in order.fees),
    )
    ticket.total_fen = ticket.goods_fen + ticket.fees_fen
    outcome = goods.record(actor, _request(order, ticket, buyer), at=at)
    ticket.event_id = outcome.event_id
    ticket.status = Status.OPEN if _is_on_its_way(order, buyer) else Status.CLOSED
    ticket.save(force_insert=True)
    _write_lines(ticket, order.lines, amounts, outcome.holding_ids)
    TicketFee.objects.bulk_create(
        TicketFee(ticket=ticket, name=fee.name.strip(), amount_fen=fee.amount_fen) for fee in order.fees
    )
    seal_ticket(actor, ticket, at=at)
    audit.record(actor, "trade.ticket.issued", f"ticket:{ticket.pk}", kind=ticket.kind)
    if ticket.payment in AT_ONCE and ticket.total_fen:
        record_payment(
            actor, ticket_id=ticket.pk, amount_fen=ticket.total_fen, method=ticket.payment, at=at,
            occurred_at=ticket.issued_at,
        )  # fmt: skip
    return _issued(ticket)


def _issued(ticket: Ticket, *, was_known: bool = False) -> Issued:
    return Issued(ticket.pk, ticket.code, ticket.number, ticket.status, ticket.total_fen, was_known)


def check(order: Order) -> list[int | None]:
    """Return what each line costs; refuse an order that does not hold together, naming each fault."""
    errors: list[dict[str, Any]] = []
    if order.kind not in set(Kind):
        errors.append({"where": "kind", "what": _("Choose the kind of ticket from the list.")})
    if not 0 < len(order.lines) <= MOST_LINES:
        errors.append({"where": "lines", "what": _("Put between one and sixty lots on a ticket.")})
    has_price = order.kind != Kind.DISPATCH
    allowed = set(Payment) - {Payment.NONE} if has_price else {Payment.NONE}
    if order.payment not in allowed:
        errors.append({"where": "payment", "what": _("Choose how it is paid from the list.")})
    if order.due_on is not None and order.due_on < timezone.localtime(order.issued_at).date():
        errors.append({"where": "due_on", "what": _("The day of payment cannot lie before the sale.")})
    for index, fee in enumerate(order.fees):
        if not fee.name.strip() or not 0 < fee.amount_fen <= MOST_FEN:
            errors.append({"where": f"fees.{index}", "what": _("Name the fee and an amount above zero.")})
    amounts = [_amount(line, index, errors, has_price=has_price) for index, line in enumerate(order.lines)]
    if sums.total_fen(amounts) + sum(max(fee.amount_fen, 0) for fee in order.fees) > MOST_FEN:
        errors.append({"where": "lines", "what": _("This amount is too large. Check weight and price.")})
    if errors:
        raise InvalidInput(errors[0]["what"], errors=errors)
    return amounts


def _amount(line: OrderLine, index: int, errors: list[dict[str, Any]], *, has_price: bool) -> int | None:
    where = f"lines.{index}"
    if not line.quantity.is_finite() or line.quantity <= 0:
        errors.append({"where": f"{where}.quantity", "what": _("Enter a quantity above zero.")})
        return None
    if line.price_fen is None:
        if has_price:
            errors.append({"where": f"{where}.price", "what": _("Enter the price.")})
        return None
    try:
        return sums.amount_fen(line.quantity, line.uom, line.price_fen, line.price_uom or line.uom)
    except SumError as error:
        errors.append({"where": f"{where}.price", "what": _(str(error))})
        return None


def _buyer_of(actor: Actor, order: Order) -> PartyFacts | None:
    """Return the party that buys; a new name becomes a party known from this book only."""
    if order.kind == Kind.RETAIL:
        return None
    if order.buyer_id is not None:
        return known_partner(actor, order.buyer_id)
    name = order.buyer_name.strip()
    return named_partner(actor, name, order, at=order.issued_at) if name else None


def known_partner(actor: Actor, party_id: int, *, where: str = "buyer_id") -> PartyFacts:
    """Return a party from the actor's book, or one that it dealt with."""
    if party_id == actor.party_id:
        raise InvalidInput(errors=[{"where": where, "what": _("You cannot sell to yourself.")}])
    try:
        return parties.get_party(actor, party_id)
    except NotFound:
        dealt = Ticket.objects.filter(seller_id=actor.acting_party_id, buyer_id=party_id).exists() or (
            Ticket.objects.filter(seller_id=party_id, buyer_id=actor.acting_party_id).exists()
        )
        found = parties.facts([party_id]).get(party_id) if dealt else None
        if found is None:
            what = _("You do not know this party yet. Add it to your suppliers and customers first.")
            raise InvalidInput(errors=[{"where": where, "what": what}]) from None
        return found


def named_partner(
    actor: Actor, name: str, order: Order | None = None, *, at: datetime, is_supplier: bool = False
) -> PartyFacts:
    """Return the party of a name in the actor's book, making one known from this book only where there is none."""
    found = parties.counterparties_named(actor, [name]).get(name)
    if found is None and actor.may(Permission.PARTY_MANAGE):
        found = partners.add_counterparty(
            actor, name=name, at=at, is_customer=not is_supplier, is_supplier=is_supplier,
            phone=order.buyer_phone if order else "", address=order.buyer_address if order else "",
        )  # fmt: skip
    if found is None:
        uri = partners.external_uri(actor.acting_party_id, name)
        found = partners.ensure_external(actor, [ExternalSpec(uri=uri, name=name)])[uri]
    return parties.facts([found])[found]


def _site_of(actor: Actor, site_id: int | None) -> int | None:
    """Return where the goods are sold: the place named, else the stall."""
    sites = parties.sites_of(actor, actor.acting_party_id)
    if site_id is not None:
        if site_id not in {site.id for site in sites}:
            what = _("This is none of your places. Choose one of yours.")
            raise InvalidInput(errors=[{"where": "site_id", "what": what}])
        return site_id
    stalls = [site.id for site in sites if site.kind == "stall"] or [site.id for site in sites]
    return stalls[0] if stalls else None


own_place = _site_of


def _is_on_its_way(order: Order, buyer: PartyFacts | None) -> bool:
    """Say whether somebody here will confirm what came: a registered buyer, or whoever scans first."""
    return order.kind != Kind.RETAIL and (buyer is None or not buyer.is_external)


def _request(order: Order, ticket: Ticket, buyer: PartyFacts | None) -> AnyRequest:
    lines = tuple(Line(line.lot, line.quantity, line.uom) for line in order.lines)
    frame: dict[str, Any] = {
        "occurred_at": order.issued_at,
        "site_id": ticket.seller_site_id,
        "document": ticket.number,
        "lines": lines,
    }
    if order.kind == Kind.RETAIL:
        return Retail(**frame)
    if buyer is not None and buyer.is_external:
        return Transfer(to_party_id=buyer.id, proof=Proof.DECLARED, **frame)
    return Dispatch(to_party_id=buyer.id if buyer else None, **frame)


def _write_lines(
    ticket: Ticket, lines: Sequence[OrderLine], amounts: Sequence[int | None], holding_ids: Sequence[int]
) -> None:
    facts = lots_of(lines)
    origins = origins_of(facts)
    came_to = [*holding_ids, *[None] * len(lines)]
    is_done = ticket.status == Status.CLOSED
    TicketLine.objects.bulk_create(
        TicketLine(
            ticket=ticket, lot_id=lot.id, holding_id=came_to[index], product_id=lot.product_id,
            product_name=lot.product, origin=origins[lot.id], spec=line.spec.strip(), quantity=line.quantity,
            uom=line.uom, pieces=line.pieces, price_fen=line.price_fen,
            price_uom=(line.price_uom or line.uom) if line.price_fen is not None else "",
            amount_fen=amounts[index], accepted_quantity=line.quantity if is_done else None,
        )
        for index, (line, lot) in enumerate(zip(lines, facts, strict=True))
    )  # fmt: skip


write_lines = _write_lines


def lots_of(lines: Sequence[OrderLine]) -> list[LotFacts]:
    """Return what each line's lot is."""
    return [lots.find_public(line.lot) for line in lines]
