"""Read a table of limits: each row as it stands, or what is wrong with it and where."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from cailan.quality.rules.limits import Place, unit_named
from cailan.quality.rules.words import gettext_noop

COLUMNS = (
    "place", "product", "category", "substance", "value", "unit", "residue", "source", "edition", "basis",
    "valid_from", "valid_to", "verified",
)  # fmt: skip
IN_CHINESE = dict(
    zip(
        (
            "地区",
            "产品",
            "类别",
            "物质",
            "限量",
            "单位",
            "残留物",
            "标准",
            "版本",
            "依据",
            "生效",
            "失效",
            "已核",
        ),
        COLUMNS,
        strict=True,
    )
)
REQUIRED = ("place", "substance", "value", "unit", "source", "valid_from")
NOTHING = frozenset({"", "不得检出", "nd", "not detected", "not to be detected"})
YES = frozenset({"1", "yes", "true", "是", "已核"})
PLACES = {"内地": "CN", "中国": "CN", "香港": "HK", "澳门": "MO", "大湾区": "GBA"} | {
    one: str(one) for one in Place
}
LONGEST = {"residue": 200, "source": 120, "edition": 40, "basis": 300}
MOST_ROWS = 50_000
_MOST = Decimal(10) ** 6
_FINEST = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One row as its writer means it; names not looked up yet."""

    line: int
    place: str
    product: str
    category: str
    substance: str
    value: Decimal | None
    unit: str
    residue: str
    source: str
    edition: str
    basis: str
    valid_from: date
    valid_to: date | None
    is_verified: bool


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is not taken: the line, the column, the sentence."""

    line: int
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Wrong(Exception):
    where: str
    what: str


def read(text: str) -> Iterator[LimitRow | RowProblem]:
    """Yield every row of a CSV text; a missing column or a broken file is one problem in line 1."""
    lines = text.removeprefix("\ufeff").splitlines()
    reader = csv.reader(lines, strict=True)
    try:
        head = [IN_CHINESE.get(name.strip(), name.strip().lower()) for name in next(reader, [])]
        if missing := [name for name in REQUIRED if name not in head]:
            yield RowProblem(
                1, missing[0], gettext_noop("This column is missing. Take the template and fill it in.")
            )
            return
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if reader.line_num > MOST_ROWS:
                yield RowProblem(
                    reader.line_num, "place", gettext_noop("A file has at most 50,000 rows. Split it.")
                )
                return
            yield _row(reader.line_num, dict(zip(head, (cell.strip() for cell in cells), strict=False)))
    except csv.Error:
        yield RowProblem(
            reader.line_num,
            "place",
            gettext_noop("From here on this is no CSV. Save the file as CSV, UTF-8."),
        )


def _row(line: int, cells: dict[str, str]) -> LimitRow | RowProblem:
    try:
        return _checked(line, cells)
    except Wrong as wrong:
        return RowProblem(line, wrong.where, wrong.what)


def _checked(line: int, cells: dict[str, str]) -> LimitRow:
    for name in REQUIRED:
        if not cells.get(name) and name != "value":
            raise Wrong(name, gettext_noop("This is needed."))
    for name, text in cells.items():
        if not text.isprintable() or len(text) > LONGEST.get(name, 120):
            raise Wrong(name, gettext_noop("This is too long or cannot be printed."))
    place = PLACES.get(cells["place"].upper()) or PLACES.get(cells["place"])
    if place is None:
        raise Wrong("place", gettext_noop("Write CN, HK, MO or GBA."))
    if cells.get("product") and cells.get("category"):
        raise Wrong("category", gettext_noop("Name a product or a category, not both."))
    unit = unit_named(cells["unit"])
    if unit is None:
        raise Wrong("unit", gettext_noop("Write mg/kg or µg/kg."))
    begins, ends = _day(cells, "valid_from"), _day(cells, "valid_to")
    if begins is None or (ends and ends < begins):
        raise Wrong("valid_to" if begins else "valid_from", gettext_noop("It ends before it begins."))
    return LimitRow(
        line=line,
        place=place,
        product=cells.get("product", ""),
        category=cells.get("category", ""),
        substance=cells["substance"],
        value=_value(cells.get("value", "")),
        unit=unit,
        residue=cells.get("residue", ""),
        source=cells["source"],
        edition=cells.get("edition", ""),
        basis=cells.get("basis", ""),
        valid_from=begins,
        valid_to=ends,
        is_verified=cells.get("verified", "").lower() in YES,
    )


def _value(text: str) -> Decimal | None:
    if text.lower() in NOTHING:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Wrong("value", gettext_noop("Write a number, or nothing for “not to be detected”.")) from None
    if not value.is_finite() or not 0 < value <= _MOST or value != value.quantize(_FINEST):
        raise Wrong("value", gettext_noop("A limit is above zero and has at most six decimals."))
    return value


def _day(cells: dict[str, str], name: str) -> date | None:
    text = cells.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise Wrong(name, gettext_noop("Write the day as 2026-03-01.")) from None
