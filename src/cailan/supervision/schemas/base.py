"""What the shapes of supervision share."""

from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from cailan.supervision.rules.sums import Account

BIGINT = 2**63 - 1
Id = Annotated[int, Field(gt=0, le=BIGINT)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{21}$")]
Quantity = Annotated[Decimal, Field(ge=0, max_digits=24, decimal_places=12, allow_inf_nan=False)]
MaybeText100 = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
Text100 = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
MaybeText1000 = Annotated[str, StringConstraints(max_length=1000, strip_whitespace=True)]
Text1000 = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
MaybeText200 = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Text200 = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Text30 = Annotated[str, StringConstraints(min_length=1, max_length=30, strip_whitespace=True)]
MaybeText300 = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]
MaybeText500 = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]
Text500 = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Text60 = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class LotBrief(Schema):
    code: str
    product: str
    number: str
    maker: str
    uom: str
    is_held: bool


class AccountOut(Schema):
    line_id: int | None = None
    lot: LotBrief
    uom: str
    start: Decimal | None
    received: Decimal
    secured: Decimal
    returned: Decimal
    destroyed: Decimal
    missing: Decimal
    sold: Decimal
    taken_back: Decimal


def account(lot: Any, one: Account, line_id: int | None = None) -> dict[str, Any]:
    """Return a line of a notice as machines get it."""
    names = ("uom", "start", "received", "secured", "returned", "destroyed", "missing", "sold", "taken_back")
    return {"line_id": line_id, "lot": lot, **{name: getattr(one, name) for name in names}}


class CountOut(Schema):
    count: int
