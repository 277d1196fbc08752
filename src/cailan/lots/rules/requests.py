"""What can happen to goods, each as one frozen request; a door builds one and `services.record` carries it out."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Proof(StrEnum):
    """How strongly a flow is proven, weakest first."""

    DECLARED = "declared"  # one side says so
    SCANNED = "scanned"  # a code was read at the place
    DEVICE = "device"  # a scale or sensor measured it
    COUNTER_SIGNED = "counter_signed"  # both sides say so
    LAB = "lab"
    OFFICIAL = "official"


class Awaits(StrEnum):
    """What stock must pass before it may go on: tested before it leaves a base, and when it enters a centre."""

    SELF_TEST = "self-test"  # 逢出必检
    INCOMING_TEST = "incoming-test"  # 逢进必检


class FlowKind(StrEnum):
    CREATE = "create"
    TRANSFER = "transfer"
    TRANSFORM = "transform"
    RETAIL = "retail"
    LOSS = "loss"
    ADJUST = "adjust"


@dataclass(frozen=True, slots=True)
class Line:
    """So much of a lot; from one named holding, or from the holder's oldest stock of it.

    Where `lot` is "", the lot is what the holder has in stock of a product under a lot number.
    """

    lot: str  # trace code or URI
    quantity: Decimal
    uom: str
    holding_id: int | None = None
    product_id: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """So much of what is in transit in one holding."""

    holding_id: int
    quantity: Decimal
    uom: str


@dataclass(frozen=True, slots=True)
class NewLot:
    """A lot that comes into being, with its quantity in its unit."""

    number: str
    quantity: Decimal
    uom: str
    product_id: int | None = None
    product_name: str = ""
    gtin: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What every request says: when it happened, where, the paper behind it, how it is proven.

    `order` is the number of the official order under which goods on hold may still move: to be returned, destroyed.
    """

    occurred_at: datetime
    site_id: int | None = None
    document: str = ""
    proof: str = Proof.DECLARED
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Create(Request):
    """A harvest, catch, collection or intake: a lot begins."""

    lot: NewLot
    region: str | None = None
    awaits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Request):
    """Goods from somebody whose books are not here: the lot begins at the supplier and moves to us."""

    lot: NewLot
    supplier_id: int
    region: str | None = None
    awaits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Request):
    """Goods change hands, or place when the taker is the giver."""

    lines: tuple[Line, ...]
    to_party_id: int
    to_site_id: int | None = None
    awaits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch(Request):
    """Goods leave for a taker who will say what came; `to_party_id` None: whoever shows the paper first."""

    lines: tuple[Line, ...]
    to_party_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Request):
    """The taker takes goods in transit into stock; both sides have said so then."""

    parcels: tuple[Parcel, ...]
    proof: str = Proof.COUNTER_SIGNED
    awaits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(Request):
    """The giver takes goods in transit back into stock."""

    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform(Request):
    """Lots become other lots: sorting, washing, mixing, cutting, slaughter, packing."""

    inputs: tuple[Line, ...]
    outputs: tuple[NewLot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retail(Request):
    """Sold to consumers: goods leave the system."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lose(Request):
    """Spoiled, thrown away, evaporated, destroyed."""

    lines: tuple[Line, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust(Request):
    """A count found another quantity than the book says.

    `seen` is what the book said when it was counted: what was sold since then stays sold.
    """

    lot: str
    holding_id: int
    counted: Decimal
    uom: str
    reason: str
    seen: Decimal | None = None


AnyRequest = Create | Receive | Transfer | Dispatch | Accept | TakeBack | Transform | Retail | Lose | Adjust
