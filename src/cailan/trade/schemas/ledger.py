"""What machines may ask of the ledger; each filter is optional."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from cailan.trade.rules.money import MOST_FEN

Text = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6, allow_inf_nan=False)]
Pieces = Annotated[int, Field(ge=0, le=2**31 - 1)]
Fen = Annotated[int, Field(ge=0, le=MOST_FEN)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]


class LedgerIn(Schema):
    side: Literal["bought", "sold"] = "bought"
    party_id: Annotated[int, Field(gt=0, lt=2**63)] | None = Field(
        None, description="A party that you oversee; your own ledger without it."
    )
    partner: Text = Field("", description="Part of the supplier's or buyer's name.")
    contact: Text = Field("", description="Part of the contact's name or phone.")
    origin: Text = ""
    since: Day | None = None
    until: Day | None = None
    voucher: bool | None = Field(None, description="Whether a voucher is there.")
    product: Text = ""
    lot: Text = Field("", description="Lot number, or the trace code.")
    behind: Text = Field("", description="Purchases from which the lot of this code came.")
    weight_min: Amount | None = Field(None, description="kg")
    weight_max: Amount | None = None
    count_min: Pieces | None = None
    count_max: Pieces | None = None
    price_min: Fen | None = None
    price_max: Fen | None = None
    plate: Text = ""
    number: Text = ""

    def filters(self) -> dict[str, Any]:
        return self.model_dump(exclude={"side", "party_id"})
