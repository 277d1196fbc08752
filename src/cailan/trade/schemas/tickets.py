"""What machines send and get about tickets, purchases and disputes; amounts are whole fen."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, Field, StringConstraints

from cailan.trade.rules.money import MOST_FEN
from cailan.trade.rules.tickets import (
    DisputeReason,
    Fee,
    Goods,
    HandPurchase,
    Kind,
    Mode,
    Order,
    OrderLine,
    Payment,
    Received,
    Settlement,
)
from cailan.trade.schemas.money import Id, Strict, Words

Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{21}$")]
Amount = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=6, allow_inf_nan=False)]
Came = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=6, allow_inf_nan=False)]
Price = Annotated[int, Field(ge=0, le=MOST_FEN)]
Unit = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")]
Short = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True, pattern=r"^[^\x00]*$")]
Phone = Annotated[str, StringConstraints(max_length=30, strip_whitespace=True, pattern=r"^[^\x00]*$")]
Plate = Annotated[str, StringConstraints(max_length=20, strip_whitespace=True, pattern=r"^[^\x00]*$")]
Pieces = Annotated[int, Field(ge=1, le=100_000)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Documents = Annotated[list[Id], Field(max_length=20)]


class OrderLineIn(Strict):
    lot: Code = Field(description="Trace code of a lot in your stock.")
    quantity: Amount
    uom: Unit = Field("KGM", description="UN/ECE Recommendation 20.")
    price_fen: Price | None = Field(None, description="For one `price_uom`.")
    price_uom: Unit = Field("KGM", description="JIN (斤, half a kilogram) or a unit as `uom`.")
    pieces: Pieces | None = None
    spec: Short = ""

    def line(self) -> OrderLine:
        price_uom = self.price_uom if self.price_fen is not None else ""
        return OrderLine(**{**self.model_dump(), "price_uom": price_uom})


class FeeIn(Strict):
    name: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
    amount_fen: Annotated[int, Field(gt=0, le=MOST_FEN)]


class TicketIn(Strict):
    """A buyer is a party of your book, or a name; without either the ticket is for whoever scans it first."""

    kind: Kind = Kind.SALE
    lines: Annotated[list[OrderLineIn], Field(min_length=1, max_length=60)]
    issued_at: AwareDatetime
    buyer_id: Id | None = None
    buyer_name: Words = ""
    buyer_phone: Phone = ""
    buyer_address: Words = ""
    fees: Annotated[list[FeeIn], Field(max_length=20)] = []
    payment: Payment = Payment.CREDIT
    due_on: Day | None = None
    plate: Plate = ""
    note: Words = ""
    site_id: Id | None = None

    def order(self) -> Order:
        payment = Payment.NONE if self.kind == Kind.DISPATCH else self.payment
        values = self.model_dump(exclude={"lines", "fees", "payment", "kind"})
        return Order(
            kind=str(self.kind), lines=tuple(line.line() for line in self.lines),
            fees=tuple(Fee(fee.name, fee.amount_fen) for fee in self.fees), payment=str(payment), **values,
        )  # fmt: skip


class IssuedOut(Schema):
    id: int
    code: str
    number: str
    status: str
    total_fen: int
    was_known: bool


class LineOut(Schema):
    id: int
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


class FeeOut(Schema):
    name: str
    amount_fen: int


class FactsOut(Schema):
    id: int
    code: str
    number: str
    kind: str
    status: str
    seller_id: int
    seller: str
    licence: str
    stall: str
    market: str
    issued_at: datetime
    changed_at: datetime
    lines: list[LineOut]
    fees: list[FeeOut]
    goods_fen: int
    fees_fen: int
    total_fen: int


class DisputeOut(Schema):
    id: int
    line_id: int
    product: str
    uom: str
    stated: Decimal
    open: Decimal
    reason: str
    note: str
    document_ids: list[int]
    opened_at: datetime
    outcome: str
    settled_at: datetime | None
    settled_note: str


class TicketOut(Schema):
    facts: FactsOut
    buyer_id: int | None
    buyer: str
    buyer_phone: str
    buyer_address: str
    plate: str
    payment: str
    due_on: date | None
    note: str
    is_seller: bool
    is_buyer: bool
    purchase_id: int | None
    disputes: list[DisputeOut]


class TicketRowOut(Schema):
    id: int
    code: str
    number: str
    kind: str
    status: str
    partner: str
    goods: str
    total_fen: int
    issued_at: datetime
    changed_at: datetime
    is_ours: bool


class TicketsOut(Schema):
    items: list[TicketRowOut]
    next: str


class ReceivedIn(Strict):
    line_id: Id
    quantity: Came = Field(description="What came, in the line's unit.")
    reason: DisputeReason
    note: Words = ""
    document_ids: Documents = []

    def received(self) -> Received:
        return Received(
            quantity=self.quantity,
            reason=str(self.reason),
            note=self.note,
            document_ids=tuple(self.document_ids),
        )


class AcceptIn(Strict):
    occurred_at: AwareDatetime | None = Field(None, description="When it came; now without it.")
    received: Annotated[list[ReceivedIn], Field(max_length=60)] = Field(
        [], description="Only the lines of which less came than the ticket says."
    )


class BookedOut(Schema):
    ticket_id: int
    purchase_id: int | None
    status: str
    was_known: bool


class SettleIn(Strict):
    outcome: Settlement
    note: Words = ""


class VoidIn(Strict):
    reason: Words = ""


class CloseIn(Strict):
    buyer_name: Words = ""
    buyer_phone: Phone = ""


class RequestIn(Strict):
    """Ask a seller for goods whose label was scanned there; on credit, at a price or without one."""

    seller_id: Id
    lines: Annotated[list[OrderLineIn], Field(min_length=1, max_length=20)]
    occurred_at: AwareDatetime
    note: Words = ""

    def order(self) -> Order:
        return Order(
            kind=str(Kind.SALE), lines=tuple(line.line() for line in self.lines), issued_at=self.occurred_at,
            payment=str(Payment.CREDIT), note=self.note,
        )  # fmt: skip


class PriceIn(Strict):
    line_id: Id
    price_fen: Price
    price_uom: Unit


class ConfirmIn(Strict):
    prices: Annotated[list[PriceIn], Field(max_length=20)] = []


class StatusOut(Schema):
    status: str


class GoodsIn(Strict):
    product_id: Id | None = None
    product_name: Short = ""
    quantity: Amount
    uom: Unit = "KGM"
    batch_number: Short = ""
    origin_region: Annotated[str, StringConstraints(pattern=r"^([0-9]{6,12})?$")] = Field(
        "", description="GB/T 2260, down to the county."
    )
    origin_text: Words = ""
    pieces: Pieces | None = None
    price_fen: Price | None = None
    price_uom: Unit = "KGM"


class PurchaseIn(Strict):
    """A purchase by hand; `document_ids` are photos of its vouchers that you have uploaded."""

    lines: Annotated[list[GoodsIn], Field(min_length=1, max_length=30)]
    purchased_at: AwareDatetime
    supplier_id: Id | None = None
    supplier_name: Words = ""
    supplier_phone: Phone = ""
    supplier_address: Words = ""
    document_ids: Documents = []
    plate: Plate = ""
    payment: Payment = Payment.NONE
    due_on: Day | None = None
    note: Words = ""
    site_id: Id | None = None

    def purchase(self) -> HandPurchase:
        values = self.model_dump(exclude={"lines", "document_ids", "payment"})
        lines = (
            Goods(**{**line.model_dump(), "price_uom": line.price_uom if line.price_fen is not None else ""})
            for line in self.lines
        )
        return HandPurchase(
            lines=tuple(lines), document_ids=tuple(self.document_ids), payment=str(self.payment), **values
        )


class PurchaseLineOut(Schema):
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


class VoucherOut(Schema):
    id: int
    name: str
    is_picture: bool


class PurchaseOut(Schema):
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
    lines: list[PurchaseLineOut]
    vouchers: list[VoucherOut]


class VouchersIn(Strict):
    document_ids: Annotated[list[Id], Field(min_length=1, max_length=20)]


class ModeIn(Strict):
    mode: Mode


class ModeOut(Schema):
    mode: str


class ScannedOut(Schema):
    meaning: str = Field(description="confirm, ticket, gone, own-lot, ask, lot or unknown.")
    ticket_code: str
    lot_code: str
    seller_ids: list[int]
