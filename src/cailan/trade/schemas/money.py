"""What machines send and get about money, stock and the ledger; amounts are whole fen."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from cailan.trade.rules.money import MOST_FEN, CashKind, Method

BIGINT = 2**63 - 1
Id = Annotated[int, Field(gt=0, le=BIGINT)]
Fen = Annotated[int, Field(gt=0, le=MOST_FEN)]
Words = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True, pattern=r"^[^\x00]*$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Quantity = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6, allow_inf_nan=False)]
Side = Literal["owed", "owing"]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class PaidIn(Strict):
    amount_fen: Fen
    method: Method
    occurred_at: AwareDatetime | None = Field(None, description="When it was paid; now without it.")
    note: Words = ""


class PaymentIn(PaidIn):
    ticket_id: Id | None = Field(None, description="Your ticket that was paid.")
    purchase_id: Id | None = Field(None, description="Your purchase that you paid.")
    amount_fen: Annotated[int, Field(ge=-MOST_FEN, le=MOST_FEN)] = Field(
        description="Below zero where too much was paid and you give it back, or get it back."
    )


class SettlementIn(PaidIn):
    side: Side = Field(description="owed: a buyer pays you; owing: you pay a supplier.")
    party_id: Id | None = None
    name: Words = Field("", description="Of a partner that is no party here, as it stands on the orders.")


class PaidOut(Schema):
    payment_ids: list[int]


class CashIn(PaidIn):
    kind: CashKind
    counterpart_id: Id | None = None
    counterpart_name: Words = ""
    ticket_id: Id | None = None
    purchase_id: Id | None = None


class NumberOut(Schema):
    id: int


class TakeBackIn(Strict):
    reason: Reason


class CountIn(Strict):
    holding_id: Id
    counted: Quantity
    seen: Quantity | None = Field(description="What the book said when it was counted; null: not stated.")
    reason: Words = ""


class StockTakeIn(Strict):
    occurred_at: AwareDatetime
    counts: list[CountIn] = Field(min_length=1, max_length=500)


class EntryOut(Schema):
    occurred_at: datetime
    source: str
    id: int
    kind: str
    direction: str
    amount_fen: int
    method: str
    counterpart: str
    counterpart_id: int | None
    note: str
    ticket_id: int | None
    ticket_number: str
    purchase_id: int | None
    corrects_id: int | None
    is_corrected: bool


class KindOut(Schema):
    kind: str
    direction: str
    amount_fen: int
    entries: int


class CashOut(Schema):
    items: list[EntryOut]
    next: str
    kinds: list[KindOut]
    in_fen: int
    out_fen: int


class PartnerOut(Schema):
    party_id: int | None
    name: str


class DebtOut(Schema):
    counterpart: PartnerOut
    owed_fen: int
    overdue_fen: int
    due_on: date | None
    since: datetime
    orders: int


class DebtsOut(Schema):
    items: list[DebtOut]
    next: str
    owed_fen: int
    overdue_fen: int
    counterparts: int


class OrderOut(Schema):
    id: int
    number: str
    at: datetime
    due_on: date | None
    total_fen: int
    paid_fen: int
    owed_fen: int


class StatementLineOut(Schema):
    at: datetime
    what: str
    order_id: int
    number: str
    amount_fen: int
    method: str
    note: str
    balance_fen: int


class StatementOut(Schema):
    side: str
    counterpart: PartnerOut
    since: date
    until: date
    opening_fen: int
    closing_fen: int
    owed_fen: int
    overdue_fen: int
    lines: list[StatementLineOut]
    open: list[OrderOut]


class SellerOut(Schema):
    product: str
    amount_fen: int
    margin_fen: int | None


class MarginOut(Schema):
    cost_fen: int
    margin_fen: int
    known_fen: int
    unknown_fen: int


class DayTradeOut(Schema):
    day: date
    takings_fen: int
    tickets: int
    bought_fen: int
    purchases: int
    sellers: list[SellerOut]


class TotalsOut(Schema):
    owed_fen: int
    overdue_fen: int
    counterparts: int


class StockValueOut(Schema):
    value_fen: int
    lots: int
    unknown: int
    is_partial: bool


class DayMoneyOut(Schema):
    stock: StockValueOut
    owed: TotalsOut
    owing: TotalsOut
    in_fen: int
    out_fen: int


class DayOut(Schema):
    today: DayTradeOut
    before: DayTradeOut
    margin: MarginOut | None = Field(description="Null without the right to see money.")
    money: DayMoneyOut | None


class StockLineOut(Schema):
    holding_id: int
    lot: str
    lot_number: str
    product: str
    supplier: str
    since: datetime
    remaining: Decimal | None
    uom: str
    is_held: bool
    is_waiting: bool
    value_fen: int | None


class StockOut(Schema):
    items: list[StockLineOut]
    next: str


class VoucherOut(Schema):
    id: int
    name: str
    digest: str


class LedgerLineOut(Schema):
    lot_code: str
    lot_number: str
    product: str
    origin: str
    quantity: Decimal | None
    uom: str
    pieces: int | None
    price_fen: int | None
    price_uom: str
    amount_fen: int | None
    source: str
    source_origin: str


class LedgerRowOut(Schema):
    side: str
    id: int
    number: str
    at: datetime
    partner_id: int | None
    partner: str
    address: str
    phone: str
    plate: str
    payment: str
    status: str
    total_fen: int | None
    has_voucher: bool
    vouchers: list[VoucherOut]
    lines: list[LedgerLineOut]


class LedgerOut(Schema):
    items: list[LedgerRowOut]
    next: str


class StepOut(Schema):
    at: datetime
    kind: str
    giver: str
    taker: str
    product: str
    lot_number: str
    quantity: Decimal | None
    uom: str
    proof: str
    document: str


class SealOut(Schema):
    kind: str
    party: str
    at: datetime
    entry: int | None
    record_id: int
    file_name: str


class SourceOut(Schema):
    row: LedgerRowOut
    licence: str


class EvidenceOut(Schema):
    lot: str
    had: Decimal | None
    left: Decimal | None
    purchases: list[SourceOut]
    steps: list[StepOut]
    seals: list[SealOut]
    gaps: list[str]
