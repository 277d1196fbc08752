"""Read one row of in/out records: what it says, or what is wrong with which cell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache

from cailan.exchange.rules.columns import BY_KEY, KIND_WORDS, Kind, plain
from cailan.exchange.rules.tables import Row, gettext_noop
from cailan.parties.rules import identity
from cailan.products.rules import units

SHANGHAI = timezone(timedelta(hours=8))
EARLIER, LATER = timedelta(days=3650), timedelta(minutes=5)
_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?(?:\.\d+)?[秒]?)?"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell: the column's key, its value, a sentence and its facts."""

    column: str
    value: str
    message: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A row that reads well; names are not resolved yet. `amount` is in the coded unit `uom`."""

    row: int
    kind: Kind
    at: datetime
    product: str
    amount: Decimal
    uom: str
    record: str
    lot: str
    code: str
    party: str
    credit_code: str
    document: str
    attributes: Mapping[str, str]


def read_row(
    number: int, row: Row, positions: Mapping[str, int], *, now: datetime, place: str = "CN"
) -> Record | CellFault:
    """Return what a row says, or its first fault."""
    cells = {key: row[at] if at < len(row) else "" for key, at in positions.items()}
    for key, value in cells.items():
        if len(value) > BY_KEY[key].longest or _CONTROL.search(value):
            return CellFault(
                key,
                _CONTROL.sub("�", value[:60]),
                gettext_noop("At most %(limit)s printable characters."),
                {"limit": str(BY_KEY[key].longest)},
            )
    kind = KIND_WORDS.get(plain(cells["kind"]))
    if kind is None:
        return CellFault(
            "kind",
            cells["kind"],
            gettext_noop("Write 进货, 销货, 零售, 损耗 or 生产 (purchase, sale, retail, loss, production)."),
        )
    at = read_time(cells["time"])
    if at is None:
        return CellFault(
            "time",
            cells["time"],
            gettext_noop("Write a date that exists and a time, such as 2026-11-20 08:30."),
        )
    if not now - EARLIER < at < now + LATER:
        return CellFault(
            "time", cells["time"], gettext_noop("This time lies in the future, or too far back to be right.")
        )
    if not cells["product"]:
        return CellFault("product", "", gettext_noop("State the product."))
    quantity = _quantity(cells.get("quantity", ""), cells.get("unit", ""), place)
    if isinstance(quantity, CellFault):
        return quantity
    return _why_not(kind, cells) or Record(
        row=number,
        kind=kind,
        at=at,
        product=cells["product"],
        amount=quantity.amount,
        uom=quantity.code,
        record=cells.get("record", ""),
        lot=cells.get("lot", ""),
        code=cells.get("code", ""),
        party=cells.get("party", ""),
        credit_code=cells.get("credit_code", "").upper(),
        document=cells.get("document", ""),
        attributes={
            key: cells[key] for key in ("spec", "price", "origin", "plate", "remark") if cells.get(key)
        },
    )


def _why_not(kind: Kind, cells: Mapping[str, str]) -> CellFault | None:
    """Return what a record of this kind lacks, or has wrong."""
    price = cells.get("price", "")
    if price and not re.fullmatch(r"\d{1,9}(\.\d{1,4})?", price):
        return CellFault("price", price, gettext_noop("Write the price as a number, such as 3.50."))
    if kind in {Kind.PURCHASE, Kind.SALE}:
        if not cells.get("party") and not cells.get("credit_code"):
            return CellFault("party", "", gettext_noop("State who it was bought from or sold to."))
        code = cells.get("credit_code", "")
        if code and (why := _why_no_credit_code(code)):
            return CellFault("credit_code", code, why)
    if kind in {Kind.SALE, Kind.RETAIL, Kind.LOSS} and not cells.get("lot") and not cells.get("code"):
        return CellFault(
            "lot", "", gettext_noop("State the lot number or the trace code of what left your stock.")
        )
    return None


@lru_cache(maxsize=10_000)
def _why_no_credit_code(code: str) -> str:
    try:
        identity.validate("uscc", code)
    except ValueError as error:
        return str(error) or gettext_noop("This is no unified social credit code.")
    return ""


@lru_cache(maxsize=50_000)
def read_time(text: str) -> datetime | None:
    """Return a moment; without an offset it is Shanghai time, without a time noon of the day."""
    match = _TIME.fullmatch(text)
    try:
        if match:
            year, month, day, hour, minute, second = match.groups()
            clock = (int(hour), int(minute), int(second or 0)) if hour else (12, 0, 0)
            return datetime(int(year), int(month), int(day), *clock, tzinfo=SHANGHAI)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _quantity(amount: str, unit: str, place: str) -> units.Quantity | CellFault:
    try:
        if unit:
            measure = _measure(unit, place)
            number = units.parse_number(amount)
            if measure.factor != 1:
                number = units.rounded(number * measure.factor)
            return units.Quantity(number, measure.code)
        return units.parse_quantity(amount, place=place)
    except units.UnitError as error:
        column = "unit" if error.code in {"unknown-unit", "unit-missing"} else "quantity"
        return CellFault(column, unit if column == "unit" else amount, error.message)


@lru_cache(maxsize=1_000)
def _measure(unit: str, place: str) -> units.Measure:
    return units.parse_unit(unit, place=place)
