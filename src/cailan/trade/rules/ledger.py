"""The purchase and sales ledger (购销台账): what may be asked of it, and what a row says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from cailan.trade.rules.money import OWED, OWING, yuan

BOUGHT, SOLD = "bought", "sold"
SIDES = (BOUGHT, SOLD)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no sheet can hold them


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to show; each is left out where it is empty."""

    partner: str = ""
    contact: str = ""
    origin: str = ""
    since: date | None = None
    until: date | None = None
    voucher: bool | None = None
    product: str = ""
    lot: str = ""
    behind: str = ""  # purchases from which a lot came, also over repacking
    weight_min: Decimal | None = None
    weight_max: Decimal | None = None
    count_min: Decimal | None = None
    count_max: Decimal | None = None
    price_min: int | None = None  # fen a unit of price
    price_max: int | None = None
    plate: str = ""
    number: str = ""

    @property
    def is_any(self) -> bool:
        return any(getattr(self, one.name) not in {"", None} for one in fields(self))


@dataclass(frozen=True, slots=True)
class Line:
    """Goods on a document; `source` says of whom the sold goods had been bought."""

    id: int
    lot_id: int
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
    source: str = ""
    source_origin: str = ""


@dataclass(frozen=True, slots=True)
class Voucher:
    """A paper or picture that proves a purchase."""

    id: int
    name: str
    digest: str
    is_picture: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One document of the ledger with its lines."""

    side: str
    id: int
    number: str
    code: str
    at: datetime
    partner_id: int | None
    partner: str
    address: str
    phone: str
    plate: str
    payment: str
    status: str
    total_fen: int | None
    vouchers: tuple[Voucher, ...]
    lines: tuple[Line, ...]

    @property
    def order_side(self) -> str:
        """Return on which side of the debts the order stands."""
        return OWING if self.side == BOUGHT else OWED

    @property
    def has_voucher(self) -> bool:
        """Say whether a paper stands behind it: a seller's electronic ticket is the buyer's voucher."""
        return bool(self.code or self.vouchers)


def cells(row: Row, when: str) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a document as cells of a sheet, none of which a spreadsheet would run."""
    for line in row.lines:
        texts = (
            when, row.number, row.partner, row.address, row.phone, line.product, line.lot_number, line.lot_code,
            line.origin or line.source_origin, _plain(line.quantity), line.uom, str(line.pieces or ""),
            "" if line.price_fen is None else yuan(line.price_fen).replace(",", ""),
            "" if line.amount_fen is None else yuan(line.amount_fen).replace(",", ""), row.plate, line.source,
            " ".join(voucher.digest for voucher in row.vouchers),
        )  # fmt: skip
        yield tuple(map(harmless, texts))


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def harmless(cell: str) -> str:
    """Keep a spreadsheet from running a cell: what begins like a formula begins with an apostrophe."""
    cell = _CONTROL.sub("", cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
