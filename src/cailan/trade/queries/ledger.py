"""The purchase and sales ledger (购销台账): every document of a party, filtered, page by page, or streamed."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from cailan.documents import queries as documents
from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, clamp, read_cursor, write_cursor
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.parties.rules.facts import PartyFacts
from cailan.trade.models.tickets import Purchase, PurchaseLine, Ticket, TicketLine
from cailan.trade.queries.cash import day_bounds
from cailan.trade.rules.ledger import BOUGHT, SOLD, Filters, Line, Row, Voucher
from cailan.trade.rules.money import OWED

_CHUNK = 500
Document = TypeVar("Document", Purchase, Ticket)
_NOT_YET = ("requested",)  # a buyer asked, the seller has not confirmed


def whose(actor: Actor, party_id: int | None) -> int:
    """Return whose ledger is read: one's own, or that of a party that the actor oversees."""
    actor.require(Permission.LOT_READ)
    if party_id is None or party_id == actor.party_id:
        return actor.acting_party_id
    if not parties.oversees(actor, party_id):
        raise NotFound
    return party_id


def list_ledger(
    actor: Actor,
    *,
    side: str,
    filters: Filters,
    party_id: int | None = None,
    cursor: str = "",
    limit: int | None = None,
) -> Page[Row]:
    """List the documents of one side that fit, newest first."""
    owner_id = whose(actor, party_id)
    size = clamp(limit)
    rows: QuerySet[Any] = _bought(owner_id, filters) if side == BOUGHT else _sold(owner_id, filters)
    field = "purchased_at" if side == BOUGHT else "issued_at"
    if cursor:
        at, pk = read_cursor(cursor, 2)
        rows = rows.filter(Q(**{f"{field}__lt": at}) | Q(**{field: at, "pk__lt": pk}))
    found = list(rows.order_by(f"-{field}", "-pk")[: size + 1])
    shown, more = found[:size], len(found) > size
    following = write_cursor([getattr(shown[-1], field).isoformat(), shown[-1].pk]) if more else ""
    return Page(_rows(owner_id, side, shown), following)


def stream_ledger(actor: Actor, *, side: str, filters: Filters, party_id: int | None = None) -> Iterator[Row]:
    """Yield all documents that fit, a few hundred at a time."""
    cursor = ""
    while True:
        page = list_ledger(actor, side=side, filters=filters, party_id=party_id, cursor=cursor, limit=_CHUNK)
        yield from page.items
        cursor = page.next
        if not cursor:
            return


def _bought(owner_id: int, wanted: Filters) -> "QuerySet[Purchase]":
    rows = Purchase.objects.filter(buyer_id=owner_id).select_related("ticket")
    rows = _in_time(rows, "purchased_at", wanted)
    if wanted.partner:
        rows = rows.filter(
            Q(supplier_name__icontains=wanted.partner) | Q(supplier__name__icontains=wanted.partner)
        )
    if wanted.contact:
        rows = rows.filter(
            Q(supplier_phone__icontains=wanted.contact)
            | Q(supplier__phone__icontains=wanted.contact)
            | Q(supplier__contact_name__icontains=wanted.contact)
        )
    if wanted.plate:
        rows = rows.filter(plate__icontains=wanted.plate)
    if wanted.number:
        rows = rows.filter(Q(ticket__number__icontains=wanted.number) | Q(ticket__code=wanted.number.upper()))
    if wanted.voucher is not None:
        has = Q(ticket__isnull=False) | ~Q(document_ids=[])
        rows = rows.filter(has if wanted.voucher else ~has)
    lines = _lines(PurchaseLine.objects.filter(purchase=OuterRef("pk")), wanted)
    if wanted.origin:
        lines = lines.filter(
            Q(origin_text__icontains=wanted.origin) | Q(origin_region__name_zh__icontains=wanted.origin)
        )
    if wanted.behind:
        lines = lines.filter(holding_id__in=_behind(owner_id, wanted.behind))
    return rows.filter(Exists(lines)) if _asks_lines(wanted) else rows


def _sold(owner_id: int, wanted: Filters) -> "QuerySet[Ticket]":
    rows = Ticket.objects.filter(seller_id=owner_id).exclude(status__in=_NOT_YET)
    rows = _in_time(rows, "issued_at", wanted)
    if wanted.partner:
        rows = rows.filter(Q(buyer_name__icontains=wanted.partner) | Q(buyer__name__icontains=wanted.partner))
    if wanted.contact:
        rows = rows.filter(
            Q(buyer_phone__icontains=wanted.contact)
            | Q(buyer__phone__icontains=wanted.contact)
            | Q(buyer__contact_name__icontains=wanted.contact)
        )
    if wanted.plate:
        rows = rows.filter(plate__icontains=wanted.plate)
    if wanted.number:
        rows = rows.filter(Q(number__icontains=wanted.number) | Q(code=wanted.number.upper()))
    if wanted.voucher is False:
        return rows.none()  # every sale here is a ticket, and the ticket is the voucher
    lines = _lines(TicketLine.objects.filter(ticket=OuterRef("pk")), wanted)
    if wanted.origin:
        lines = lines.filter(origin__icontains=wanted.origin)
    return rows.filter(Exists(lines)) if _asks_lines(wanted) else rows


def _in_time(rows: "QuerySet[Document]", field: str, wanted: Filters) -> "QuerySet[Document]":
    if wanted.since:
        rows = rows.filter(**{f"{field}__gte": day_bounds(wanted.since)[0]})
    if wanted.until:
        rows = rows.filter(**{f"{field}__lt": day_bounds(wanted.until)[0] + timedelta(days=1)})
    return rows


def _asks_lines(wanted: Filters) -> bool:
    numbers = (
        wanted.weight_min, wanted.weight_max, wanted.count_min, wanted.count_max, wanted.price_min, wanted.price_max,
    )  # fmt: skip
    return any((wanted.origin, wanted.product, wanted.lot, wanted.behind)) or any(
        number is not None for number in numbers
    )


def _lines(lines: Any, wanted: Filters) -> Any:
    """Narrow lines by what is asked of both sides; all of it holds of one and the same line."""
    if wanted.product:
        lines = lines.filter(product_name__icontains=wanted.product)
    if wanted.lot:
        lines = lines.filter(Q(lot__code=lots.key_of(wanted.lot)) | Q(lot__number__icontains=wanted.lot))
    if wanted.weight_min is not None or wanted.weight_max is not None:
        lines = _between(lines.filter(uom="KGM"), "quantity", wanted.weight_min, wanted.weight_max)
    lines = _between(lines, "pieces", wanted.count_min, wanted.count_max)
    return _between(lines, "price_fen", wanted.price_min, wanted.price_max)


def _between(lines: Any, field: str, least: Any, most: Any) -> Any:
    if least is not None:
        lines = lines.filter(**{f"{field}__gte": least})
    if most is not None:
        lines = lines.filter(**{f"{field}__lte": most})
    return lines


def _behind(owner_id: int, code: str) -> list[int]:
    """Return the party's holdings from which its goods of a lot came, itself included."""
    try:
        lot = lots.find_public(code)
    except NotFound:
        return []
    graph = lots.walk(lots.starts_of([lot.id]), forward=False)
    return [node.id for node in graph.nodes if node.holder_id == owner_id]


def _rows(owner_id: int, side: str, found: Collection[Any]) -> tuple[Row, ...]:
    """Put lines, papers, contacts and sources to documents: a fixed number of statements for a page."""
    ids = [row.pk for row in found]
    partners = {(row.supplier_id if side == BOUGHT else row.buyer_id) for row in found} - {None}
    contacts = parties.contacts(partners)
    if side == BOUGHT:
        lines = _bought_lines(ids)
        papers = _vouchers({pk for row in found for pk in row.document_ids})
        return tuple(_purchase_row(row, contacts, lines[row.pk], papers) for row in found)
    lines = _sold_lines(owner_id, ids)
    return tuple(_ticket_row(row, contacts, lines[row.pk]) for row in found)


def _purchase_row(
    row: Purchase, contacts: dict[int, PartyFacts], lines: list[Line], papers: dict[int, Voucher]
) -> Row:
    known = contacts.get(row.supplier_id or 0)
    return Row(
        BOUGHT, row.pk, row.ticket.number if row.ticket else "", row.ticket.code if row.ticket else "",
        row.purchased_at, row.supplier_id, row.supplier_name or (known.name if known else ""),
        known.region_name if known else "", row.supplier_phone or (known.phone if known else ""), row.plate,
        row.payment, "", row.total_fen, tuple(papers[pk] for pk in row.document_ids if pk in papers), tuple(lines),
    )  # fmt: skip


def _ticket_row(row: Ticket, contacts: dict[int, PartyFacts], lines: list[Line]) -> Row:
    known = contacts.get(row.buyer_id or 0)
    return Row(
        SOLD, row.pk, row.number, row.code, row.issued_at, row.buyer_id,
        row.buyer_name or (known.name if known else ""),
        row.buyer_address or (known.region_name if known else ""),
        row.buyer_phone or (known.phone if known else ""), row.plate, row.payment, row.status, row.total_fen, (),
        tuple(lines),
    )  # fmt: skip


def _bought_lines(ids: Collection[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    rows = (
        PurchaseLine.objects.filter(purchase_id__in=ids).select_related("lot", "origin_region").order_by("pk")
    )
    for one in rows:
        origin = one.origin_text or (one.origin_region.name_zh if one.origin_region else "")
        found[one.purchase_id].append(
            Line(one.pk, one.lot_id, one.lot.code, one.lot.number, one.product_name, origin, one.quantity, one.uom,
                 one.pieces, one.price_fen, one.price_uom, one.amount_fen)
        )  # fmt: skip
    return found


def _sold_lines(owner_id: int, ids: Collection[int]) -> dict[int, list[Line]]:
    """Return lines of tickets, each with of whom the party had bought that lot, and from where it is."""
    rows = list(TicketLine.objects.filter(ticket_id__in=ids).select_related("lot").order_by("pk"))
    sources = {
        one.lot_id: one
        for one in PurchaseLine.objects.filter(
            lot_id__in={row.lot_id for row in rows}, purchase__buyer_id=owner_id
        ).select_related("purchase__supplier", "origin_region")
    }
    found: dict[int, list[Line]] = defaultdict(list)
    for one in rows:
        bought = sources.get(one.lot_id)
        supplier, origin = "", ""
        if bought is not None:
            known = bought.purchase.supplier
            supplier = bought.purchase.supplier_name or (known.name if known else "")
            origin = bought.origin_text or (bought.origin_region.name_zh if bought.origin_region else "")
        found[one.ticket_id].append(
            Line(one.pk, one.lot_id, one.lot.code, one.lot.number, one.product_name, one.origin, one.quantity,
                 one.uom, one.pieces, one.price_fen, one.price_uom, one.amount_fen, supplier, origin)
        )  # fmt: skip
    return found


def _vouchers(ids: Collection[int]) -> dict[int, Voucher]:
    return {
        pk: Voucher(pk, one.name, one.digest, one.media_type.startswith("image/"))
        for pk, one in documents.facts(ids).items()
    } if ids else {}  # fmt: skip


def order_address(actor: Actor, *, side: str, order_id: int) -> tuple[str, Any]:
    """Return the page of the ticket or purchase behind a line of one's own books, or of one that one oversees."""
    actor.require(Permission.LOT_READ)
    found: tuple[int, Any] | None
    if side == OWED:
        found = Ticket.objects.filter(pk=order_id).values_list("seller_id", "code").first()
    else:
        found = Purchase.objects.filter(pk=order_id).values_list("buyer_id", "pk").first()
    if found is None or (found[0] != actor.party_id and not parties.oversees(actor, found[0])):
        raise NotFound
    return ("trade:ticket" if side == OWED else "trade:purchase", found[1])
