"""What machines send and get about lots; strict: unknown members, absurd lengths and numbers are refused."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from cailan.lots.rules.requests import (
    Adjust,
    Create,
    Line,
    Lose,
    NewLot,
    Proof,
    Receive,
    Retail,
    Transfer,
    Transform,
)

BIGINT = 2**63 - 1
Id = Annotated[int, Field(gt=0, le=BIGINT)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{21}$")]
LotName = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Quantity = Annotated[Decimal, Field(max_digits=24, decimal_places=12, allow_inf_nan=False)]
Uom = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")]
Number = Annotated[
    str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True, pattern=r"^[^\x00-\x1f]+$")
]
Words = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
AttributeName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_:.-]{0,39}$")]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class LineIn(Strict):
    lot: LotName = Field(description="Trace code or URI.")
    quantity: Quantity
    uom: Uom = Field(description="UN/ECE Rec 20: KGM, GRM, H87 …")
    holding_id: Id | None = Field(None, description="One acquisition; otherwise the oldest stock first.")

    def line(self) -> Line:
        return Line(self.lot, self.quantity, self.uom, self.holding_id)


class NewLotIn(Strict):
    number: Number
    quantity: Quantity
    uom: Uom
    product_id: Id | None = None
    product_name: Words = ""
    gtin: Annotated[str, StringConstraints(pattern=r"^[0-9]{8,14}$")] | None = None
    attributes: dict[AttributeName, Words] = Field(default_factory=dict, max_length=20)

    def new_lot(self) -> NewLot:
        return NewLot(**self.model_dump())


class RequestIn(Strict):
    occurred_at: AwareDatetime = Field(description="When it happened: RFC 3339 with an offset.")
    site_id: Id | None = Field(None, description="One of your places.")
    document: Words = Field("", description="Number or URI of the paper behind it.")
    proof: Proof = Field(Proof.DECLARED)

    def frame(self) -> dict[str, Any]:
        """Return what every request says."""
        return {
            "occurred_at": self.occurred_at,
            "site_id": self.site_id,
            "document": self.document,
            "proof": str(self.proof),
        }


class CreateIn(RequestIn):
    lot: NewLotIn
    region: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}([0-9]{3})?$")] | None = None

    def request(self) -> Create:
        return Create(lot=self.lot.new_lot(), region=self.region, **self.frame())


class ReceiveIn(CreateIn):
    supplier_id: Id

    def request(self) -> Receive:  # type: ignore[override]  # another verb with one more field
        return Receive(
            lot=self.lot.new_lot(), region=self.region, supplier_id=self.supplier_id, **self.frame()
        )


class LinesIn(RequestIn):
    lines: list[LineIn] = Field(min_length=1, max_length=200)

    def drawn(self) -> tuple[Line, ...]:
        return tuple(line.line() for line in self.lines)


class TransferIn(LinesIn):
    to_party_id: Id
    to_site_id: Id | None = None

    def request(self) -> Transfer:
        return Transfer(
            lines=self.drawn(), to_party_id=self.to_party_id, to_site_id=self.to_site_id, **self.frame()
        )


class TransformIn(RequestIn):
    inputs: list[LineIn] = Field(min_length=1, max_length=200)
    outputs: list[NewLotIn] = Field(min_length=1, max_length=200)

    def request(self) -> Transform:
        return Transform(
            inputs=tuple(line.line() for line in self.inputs),
            outputs=tuple(new.new_lot() for new in self.outputs),
            **self.frame(),
        )


class RetailIn(LinesIn):
    def request(self) -> Retail:
        return Retail(lines=self.drawn(), **self.frame())


class LoseIn(LinesIn):
    reason: Reason

    def request(self) -> Lose:
        return Lose(lines=self.drawn(), reason=self.reason, **self.frame())


class AdjustIn(RequestIn):
    lot: LotName
    holding_id: Id
    counted: Quantity
    uom: Uom
    reason: Reason

    def request(self) -> Adjust:
        return Adjust(
            lot=self.lot,
            holding_id=self.holding_id,
            counted=self.counted,
            uom=self.uom,
            reason=self.reason,
            **self.frame(),
        )


class HoldIn(Strict):
    reason: Reason
    with_derived: bool = Field(False, description="Also everything made from it.")


class ReleaseIn(Strict):
    reason: Reason


class RecordOut(Schema):
    event_id: str
    lot_codes: list[str] = Field(description="Trace codes of the lots that this made.")
    was_known: bool = Field(
        description="The key was used for this very request before: its first answer again."
    )


class CodesOut(Schema):
    lot_codes: list[str]


class LotOut(Schema):
    id: int
    kind: str
    code: str
    uri: str
    product_id: int | None
    product: str
    product_en: str
    maker_id: int
    maker: str
    number: str
    gtin: str | None
    uom: str
    made_at: datetime
    origin_id: int | None
    origin: str
    region: str
    attributes: dict[str, Any]
    is_held: bool
    event_id: str


class HoldingOut(Schema):
    id: int
    lot: LotOut
    holder_id: int
    holder: str
    site: str
    quantity: Decimal | None
    remaining: Decimal | None
    acquired_at: datetime
    awaits: str
    is_waiting: bool


class LotsOut(Schema):
    items: list[LotOut]
    next: str


class StockOut(Schema):
    items: list[HoldingOut]
    next: str
