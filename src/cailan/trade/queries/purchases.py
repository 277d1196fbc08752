"""Show purchases, to their buyer and those who oversee it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cailan.documents import queries as documents
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.trade.models.tickets import Purchase
from cailan.trade.queries.origins import region_words
from cailan.trade.queries.tickets import expiry_of, may_see


@dataclass(frozen=True, slots=True)
class PurchaseLineFacts:
    id: int
    lot_code: str
    product: str
    batch: str
    made_at: datetime
    expires: str
    origin: str
    quantity: Decimal
    uom: str
    pieces: int | None
    price_fen: int | None
    price_uom: str
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class VoucherFacts:
    id: int
    name: str
    is_picture: bool


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """What came in, from whom, with which vouchers."""

    id: int
    supplier_id: int | None
    supplier: str
    supplier_phone: str
    purchased_at: datetime
    plate: str
    payment: str
    due_on: date | None
    total_fen: int | None
    fees_fen: int
    note: str
    ticket_code: str
    ticket_number: str
    lines: tuple[PurchaseLineFacts, ...]
    vouchers: tuple[VoucherFacts, ...]


def get_purchase(actor: Actor, purchase_id: int) -> PurchaseFacts:
    """Return a purchase."""
    actor.require(Permission.LOT_READ)
    row = Purchase.objects.filter(pk=purchase_id).select_related("ticket").first()
    if row is None or not may_see(actor, row.buyer_id):
        raise NotFound
    lines = list(row.lines.order_by("pk"))
    known = lots.facts_of({line.lot_id for line in lines})
    regions = {code: region_words(code) for code in {line.origin_region_id for line in lines} if code}
    papers = documents.facts(row.document_ids)
    return PurchaseFacts(
        id=row.pk,
        supplier_id=row.supplier_id,
        supplier=row.supplier_name,
        supplier_phone=row.supplier_phone,
        purchased_at=row.purchased_at,
        plate=row.plate,
        payment=row.payment,
        due_on=row.due_on,
        total_fen=row.total_fen,
        fees_fen=row.ticket.fees_fen if row.ticket else 0,
        note=row.note,
        ticket_code=row.ticket.code if row.ticket else "",
        ticket_number=row.ticket.number if row.ticket else "",
        lines=tuple(
            PurchaseLineFacts(
                line.pk, known[line.lot_id].code, line.product_name, line.batch_number, known[line.lot_id].made_at,
                expiry_of(known[line.lot_id]), line.origin_text or regions.get(line.origin_region_id or "", ""),
                line.quantity, line.uom, line.pieces, line.price_fen, line.price_uom, line.amount_fen,
            )
            for line in lines
        ),
        vouchers=tuple(
            VoucherFacts(pk, papers[pk].name, papers[pk].media_type.startswith("image/"))
            for pk in row.document_ids
            if pk in papers
        ),
    )  # fmt: skip


def is_own_purchase(actor: Actor, purchase_id: int) -> bool:
    """Say whether the actor's party is the buyer."""
    return Purchase.objects.filter(pk=purchase_id, buyer_id=actor.party_id or 0).exists()
