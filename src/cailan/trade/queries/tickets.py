"""Show tickets and purchases: to both sides, to those who oversee them, and a ticket to whoever has its code."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties
from cailan.parties.rules.facts import PartyFacts
from cailan.parties.rules.kinds import OVERSEERS
from cailan.trade.models.tickets import Dispute, Purchase, Ticket, TicketLine
from cailan.trade.queries.seals import ours
from cailan.trade.rules.tickets import UNSETTLED, Fee, Kind, Status


@dataclass(frozen=True, slots=True)
class TicketLineFacts:
    """One line, with what its lot says of itself: batch, when it was made, until when it keeps."""

    id: int
    lot_id: int
    lot_code: str
    batch: str
    made_at: datetime
    expires: str
    product: str
    origin: str
    spec: str
    quantity: Decimal
    uom: str
    pieces: int | None
    price_fen: int | None
    price_uom: str
    amount_fen: int | None
    accepted_quantity: Decimal | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """A ticket as anybody with its code may read it: the seller's voucher, and nothing of the buyer.

    The seller's telephone stands on it, as the uniform sales voucher of wholesale markets must bear it
    (Order 81); a page that shows it to the public decides what it prints.
    """

    id: int
    code: str
    number: str
    kind: str
    status: str
    seller_id: int
    seller: str
    seller_kind: str
    seller_phone: str
    licence: str
    stall: str
    market_id: int | None
    market: str
    issued_at: datetime
    changed_at: datetime
    lines: tuple[TicketLineFacts, ...]
    fees: tuple[Fee, ...]
    goods_fen: int
    fees_fen: int
    total_fen: int

    @property
    def lot_codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.lot_code for line in self.lines))

    @property
    def has_price(self) -> bool:
        return self.kind != Kind.DISPATCH


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    id: int
    line_id: int
    product: str
    uom: str
    price_uom: str
    stated: Decimal
    open: Decimal
    reason: str
    note: str
    document_ids: tuple[int, ...]
    opened_at: datetime
    outcome: str
    settled_at: datetime | None
    settled_note: str


@dataclass(frozen=True, slots=True)
class TicketFile:
    """A ticket as its two sides see it, and those who oversee them."""

    facts: TicketFacts
    buyer_id: int | None
    buyer: str
    buyer_phone: str
    buyer_address: str
    is_buyer_registered: bool
    plate: str
    payment: str
    due_on: date | None
    note: str
    is_seller: bool
    is_buyer: bool
    purchase_id: int | None
    disputes: tuple[DisputeFacts, ...]

    @property
    def open_disputes(self) -> tuple[DisputeFacts, ...]:
        return tuple(one for one in self.disputes if not one.outcome)


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket in a list."""

    id: int
    code: str
    number: str
    kind: str
    status: str
    partner: str
    goods: str
    total_fen: int
    has_price: bool
    issued_at: datetime
    changed_at: datetime
    is_ours: bool  # we are the seller


def _with_lines(rows: "QuerySet[Ticket]") -> "QuerySet[Ticket]":
    lines = TicketLine.objects.order_by("pk")
    return rows.prefetch_related(Prefetch("lines", lines), "fees").select_related("seller_site")


def ticket_public(code: str) -> TicketFacts:
    """Return the ticket of a scanned code; anybody who has the code may read it."""
    row = _with_lines(Ticket.objects.filter(code=code.strip().upper())).first()
    if row is None or row.status == Status.REQUESTED:
        raise NotFound
    return _facts([row])[0]


def find_ticket(actor: Actor, code: str) -> TicketFile:
    """Return a ticket by its code, to its sides and those who oversee them."""
    row = _with_lines(Ticket.objects.filter(code=code.strip().upper())).first()
    return _file(actor, row)


def get_ticket(actor: Actor, ticket_id: int) -> TicketFile:
    """Return a ticket by its number in the tables."""
    return _file(actor, _with_lines(Ticket.objects.filter(pk=ticket_id)).first())


def _file(actor: Actor, row: Ticket | None) -> TicketFile:
    actor.require(Permission.LOT_READ)
    if row is None or not may_see(actor, row.seller_id, row.buyer_id):
        raise NotFound
    buyer = parties.facts([row.buyer_id]).get(row.buyer_id) if row.buyer_id else None
    disputes = Dispute.objects.filter(line__ticket=row).select_related("line").order_by("pk")
    return TicketFile(
        facts=_facts([row])[0],
        buyer_id=row.buyer_id,
        buyer=row.buyer_name or (buyer.name if buyer else ""),
        buyer_phone=row.buyer_phone,
        buyer_address=row.buyer_address,
        is_buyer_registered=buyer is not None and not buyer.is_external,
        plate=row.plate,
        payment=row.payment,
        due_on=row.due_on,
        note=row.note,
        is_seller=row.seller_id == actor.party_id,
        is_buyer=row.buyer_id is not None and row.buyer_id == actor.party_id,
        purchase_id=Purchase.objects.filter(ticket=row).values_list("pk", flat=True).first(),
        disputes=tuple(map(_dispute, disputes)),
    )


def may_see(actor: Actor, *sides: int | None) -> bool:
    """Say whether the actor is one of the sides, or oversees one."""
    known = {pk for pk in sides if pk is not None}
    return actor.party_id in known or (
        actor.party_kind in OVERSEERS and any(parties.oversees(actor, pk) for pk in known)
    )


def _dispute(row: Dispute) -> DisputeFacts:
    return DisputeFacts(
        row.pk, row.line_id, row.line.product_name, row.line.uom, row.line.price_uom, row.stated_quantity,
        row.open_quantity, row.reason, row.note, tuple(row.document_ids), row.opened_at, row.outcome, row.settled_at,
        row.settled_note,
    )  # fmt: skip


def _facts(rows: Collection[Ticket]) -> tuple[TicketFacts, ...]:
    lines = [line for row in rows for line in row.lines.all()]
    known = lots.facts_of({line.lot_id for line in lines})
    sellers = parties.contacts({row.seller_id for row in rows})
    markets = parties.facts({one.market_id for one in sellers.values() if one.market_id})
    return tuple(_ticket(row, known, sellers[row.seller_id], markets) for row in rows)


def _ticket(
    row: Ticket, known: dict[int, LotFacts], seller: PartyFacts, markets: dict[int, PartyFacts]
) -> TicketFacts:
    market = markets.get(seller.market_id or 0)
    return TicketFacts(
        id=row.pk,
        code=row.code,
        number=row.number,
        kind=row.kind,
        status=row.status,
        seller_id=row.seller_id,
        seller=seller.name,
        seller_kind=seller.kind,
        seller_phone=seller.phone,
        licence=seller.id_masked,
        stall=(row.seller_site.code or row.seller_site.name) if row.seller_site else "",
        market_id=seller.market_id,
        market=market.name if market else "",
        issued_at=row.issued_at,
        changed_at=row.changed_at,
        lines=tuple(_line(line, known[line.lot_id]) for line in row.lines.all()),
        fees=tuple(Fee(fee.name, fee.amount_fen) for fee in row.fees.all()),
        goods_fen=row.goods_fen,
        fees_fen=row.fees_fen,
        total_fen=row.total_fen,
    )


def expiry_of(lot: LotFacts) -> str:
    """Return until when a lot keeps, as its maker says."""
    for name in ("itemExpirationDate", "sellByDate", "bestBeforeDate"):
        if value := lot.attributes.get(name):
            return str(value)[:10]
    return ""


def _line(line: TicketLine, lot: LotFacts) -> TicketLineFacts:
    return TicketLineFacts(
        line.pk, lot.id, lot.code, lot.number, lot.made_at, expiry_of(lot), line.product_name, line.origin, line.spec,
        line.quantity, line.uom, line.pieces, line.price_fen, line.price_uom, line.amount_fen, line.accepted_quantity,
        lot.is_held,
    )  # fmt: skip


def tickets_of_lots(lot_ids: Collection[int]) -> dict[int, tuple[TicketFacts, ...]]:
    """Return the tickets on which lots went out, the newest first; for callers that may see those lots."""
    rows = list(
        _with_lines(Ticket.objects.filter(lines__lot_id__in=lot_ids).exclude(status=Status.REQUESTED))
        .distinct()
        .order_by("-pk")[:200]
    )
    found: dict[int, list[TicketFacts]] = {pk: [] for pk in lot_ids}
    for facts in _facts(rows):
        for pk in {line.lot_id for line in facts.lines} & set(found):
            found[pk].append(facts)
    return {pk: tuple(tickets) for pk, tickets in found.items()}


def list_tickets(
    actor: Actor, *, side: str = "", status: str = "", cursor: str = "", limit: int | None = None
) -> Page[TicketRow]:
    """List the tickets of the actor's party, newest first; `side` is sold or bought, `status` open all unsettled."""
    actor.require(Permission.LOT_READ)
    rows = Ticket.objects.filter(ours(actor))
    if side:
        rows = rows.filter(**{"seller_id" if side == "sold" else "buyer_id": actor.acting_party_id})
    if status == "open":
        rows = rows.filter(status__in=UNSETTLED)
    elif status in set(Status):
        rows = rows.filter(status=status)
    page = newest_first(
        rows.prefetch_related(Prefetch("lines", TicketLine.objects.order_by("pk"))),
        cursor=cursor,
        limit=limit,
    )
    names = parties.facts({row.seller_id for row in page.items} | {row.buyer_id or 0 for row in page.items})
    return Page(tuple(_row(actor, row, names) for row in page.items), page.next)


def _row(actor: Actor, row: Ticket, names: dict[int, PartyFacts]) -> TicketRow:
    is_ours = row.seller_id == actor.party_id
    other = names.get(row.buyer_id or 0) if is_ours else names.get(row.seller_id)
    partner = (row.buyer_name if is_ours else "") or (other.name if other else "")
    return TicketRow(
        row.pk, row.code, row.number, row.kind, row.status, partner, _goods(row.lines.all()), row.total_fen,
        row.kind != Kind.DISPATCH, row.issued_at, row.changed_at, is_ours,
    )  # fmt: skip


def _goods(lines: Iterable[TicketLine]) -> str:
    return "、".join(dict.fromkeys(line.product_name for line in lines))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many tickets wait for whom."""

    to_confirm: int  # on their way to us
    asked_of_us: int
    out: int  # on their way from us
    disputed: int


def waiting_tickets(actor: Actor) -> Waiting:
    """Count what waits on either side; for the home page."""
    party = actor.acting_party_id
    rows = Ticket.objects.filter(status__in=UNSETTLED).filter(Q(seller_id=party) | Q(buyer_id=party))
    found = list(rows.values_list("seller_id", "status"))
    return Waiting(
        to_confirm=sum(seller != party and status == Status.OPEN for seller, status in found),
        asked_of_us=sum(seller == party and status == Status.REQUESTED for seller, status in found),
        out=sum(seller == party and status == Status.OPEN for seller, status in found),
        disputed=sum(status == Status.DISPUTED for _seller, status in found),
    )


def open_ticket_with(actor: Actor, lot_id: int) -> str | None:
    """Return the code of the newest ticket on its way to the actor that holds a lot."""
    rows = Ticket.objects.filter(buyer_id=actor.acting_party_id, status=Status.OPEN, lines__lot_id=lot_id)
    return rows.order_by("-pk").values_list("code", flat=True).first()
