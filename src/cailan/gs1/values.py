"""Hold one application identifier with its value, checked, and read what the value means."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from cailan.gs1.ai_table import AI_TABLE, ApplicationIdentifier, Component, matches
from cailan.gs1.errors import Gs1Error
from cailan.gs1.value_checks import CHECKS

_CHARSETS: Final = {
    "N": ("[0-9]", "a digit"),
    "X": (r"[!\"%-?A-Z_a-z]", "in GS1 character set 82"),
    "Y": ("[#/0-9A-Z-]", "in GS1 character set 39"),
    "Z": ("[0-9A-Z_a-z=-]", "in the base64url alphabet"),
}

# First three digits of a measure -> UN/ECE Recommendation 20 unit (General Specifications 3.6).
_UNITS: Final = {
    "310": "KGM", "311": "MTR", "312": "MTR", "313": "MTR", "314": "MTK", "315": "LTR", "316": "MTQ",
    "320": "LBR", "321": "INH", "322": "FOT", "323": "YRD", "324": "INH", "325": "FOT", "326": "YRD",
    "327": "INH", "328": "FOT", "329": "YRD", "330": "KGM", "331": "MTR", "332": "MTR", "333": "MTR",
    "334": "MTK", "335": "LTR", "336": "MTQ", "337": "28", "340": "LBR", "341": "INH", "342": "FOT",
    "343": "YRD", "344": "INH", "345": "FOT", "346": "YRD", "347": "INH", "348": "FOT", "349": "YRD",
    "350": "INK", "351": "FTK", "352": "YDK", "353": "INK", "354": "FTK", "355": "YDK", "356": "APZ",
    "357": "ONZ", "360": "QT", "361": "GLL", "362": "QT", "363": "GLL", "364": "INQ", "365": "FTQ",
    "366": "YDQ", "367": "INQ", "368": "FTQ", "369": "YDQ",
}  # fmt: skip

_DATE_CHECKS: Final = frozenset({"yymmdd", "yymmd0", "yyyymmdd"})


@dataclass(frozen=True, slots=True)
class Element:
    """Hold one application identifier and its value; it cannot be made with a value GS1 does not allow."""

    ai: str
    value: str

    def __post_init__(self) -> None:
        check_value(self.ai, self.value)


@dataclass(frozen=True, slots=True)
class Measure:
    """Hold a measured quantity and its UN/ECE Recommendation 20 unit."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Amount:
    """Hold an amount of money; `currency` is an ISO 4217 number, None where the label leaves it open."""

    value: Decimal
    currency: str | None


@dataclass(frozen=True, slots=True)
class Gs1Date:
    """Hold a date whose day may be left open (DD=00, General Specifications 3.4.2)."""

    year: int
    month: int
    day: int | None

    @property
    def earliest(self) -> dt.date:
        """Return the day itself, or the first of the month when it is open."""
        return dt.date(self.year, self.month, self.day or 1)

    @property
    def latest(self) -> dt.date:
        """Return the day itself, or the last of the month when it is open: how an expiry date is meant."""
        if self.day:
            return self.earliest
        next_month = dt.date(self.year, self.month, 28) + dt.timedelta(days=4)
        return next_month - dt.timedelta(days=next_month.day)


def definition(ai: str) -> ApplicationIdentifier:
    """Return what GS1 lays down for this application identifier; refuse an unknown one."""
    try:
        return AI_TABLE[ai]
    except KeyError:
        raise Gs1Error("unknown_ai", f"({ai}) is not a GS1 application identifier.", 0, ai=ai) from None


def check_value(ai: str, value: str) -> None:
    """Refuse a value that this application identifier may not carry; `position` counts within the value."""
    matcher, checks = _plan(ai)
    found = matcher(value)
    if found is None:
        raise _misfit(ai, value)
    for group, check in checks:
        text = found[group]
        if text is not None:
            try:
                check(text)
            except Gs1Error as refusal:
                raise refusal.at(found.start(group), f"AI ({ai}): ") from None


def split_components(ai: str, value: str) -> list[tuple[Component, str]]:
    """Return the parts of a valid value beside their descriptions; parts left out are left out."""
    rest, parts = value, []
    for component in definition(ai).components:
        text, rest = rest[: component.max_length], rest[component.max_length :]
        if text:
            parts.append((component, text))
    return parts


def read_measure(element: Element) -> Measure | None:
    """Return the weight, length, area or volume an element 31nn-36nn carries, None for other elements.

    The fourth digit of the identifier counts the decimals: (3103)001250 is 1.250 KGM.
    """
    unit = _UNITS.get(element.ai[:3]) if len(element.ai) == 4 else None  # noqa: PLR2004
    return Measure(_scaled(element.value, element.ai[3]), unit) if unit else None


def read_amount(element: Element) -> Amount | None:
    """Return the money an element 390n-393n or 395n carries (amount, price, unit price), None for others."""
    kind, decimals = element.ai[:3], element.ai[3:]
    if not decimals or kind not in {"390", "391", "392", "393", "395"}:
        return None
    if kind in {"391", "393"}:
        return Amount(_scaled(element.value[3:], decimals), element.value[:3])
    return Amount(_scaled(element.value, decimals), None)


def read_dates(element: Element, *, current_year: int) -> tuple[Gs1Date, ...]:
    """Return the dates an element carries: one as a rule, two for a harvest period (7007), none for others.

    Two-digit years belong to the century within 50 years of `current_year` (General Specifications 7.12).
    """
    parts = split_components(element.ai, element.value)
    return tuple(
        read_date(text, current_year=current_year)
        for component, text in parts
        if not _DATE_CHECKS.isdisjoint(component.checks)
    )


def read_date(text: str, *, current_year: int) -> Gs1Date:
    """Read YYMMDD or YYYYMMDD; a day 00 is left open."""
    if not re.fullmatch(r"[0-9]{6}(?:[0-9]{2})?", text):
        raise Gs1Error("date", f"{text!r} is not a date of six or eight digits.", 0)
    is_short = len(text) == 6  # noqa: PLR2004
    CHECKS["yymmd0" if is_short else "yyyymmdd"](text)
    year = full_year(int(text[:2]), current_year=current_year) if is_short else int(text[:4])
    date = Gs1Date(year, int(text[-4:-2]), int(text[-2:]) or None)
    if date.day:
        # The short form was checked as of this century; the 29th of February 2100 is none.
        CHECKS["yyyymmdd"](f"{date.year:04}{date.month:02}{date.day:02}")
    return date


def full_year(two_digits: int, *, current_year: int) -> int:
    """Return the year meant by two digits, 49 years back to 50 years ahead (General Specifications 7.12)."""
    ahead = two_digits - current_year % 100
    century = current_year - current_year % 100
    if ahead > 50:  # noqa: PLR2004
        century -= 100
    elif ahead < -49:  # noqa: PLR2004
        century += 100
    return century + two_digits


def missing_companions(elements: tuple[Element, ...]) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """Return each identifier that stands alone but may not, with the groups one of which must join it.

    GS1 asks this of all carriers on one item together, so a single bar code is not refused for it.
    """
    present = {element.ai for element in elements}
    return tuple(
        (ai, rule.requires)
        for ai in sorted(present)
        if (rule := AI_TABLE[ai]).requires
        and not any(all(_is_present(part, present) for part in group) for group in rule.requires)
    )


def conflicting_pairs(elements: tuple[Element, ...]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of identifiers that may not stand on one item together."""
    present = sorted({element.ai for element in elements})
    return tuple(
        (ai, other)
        for ai in present
        for other in present
        if ai != other and any(matches(other, pattern) for pattern in AI_TABLE[ai].excludes)
    )


def _is_present(pattern: str, present: set[str]) -> bool:
    return any(matches(ai, pattern) for ai in present)


def _scaled(digits: str, decimals: str) -> Decimal:
    return Decimal(digits).scaleb(-int(decimals))


@cache
def _plan(
    ai: str,
) -> tuple[Callable[[str], re.Match[str] | None], tuple[tuple[int, Callable[[str], None]], ...]]:
    """Compile one pattern with a group per component, and the checks each group has to pass."""
    rule = definition(ai)
    pattern = ""
    for component in rule.components:
        part = f"({_CHARSETS[component.charset][0]}{{{component.min_length},{component.max_length}}})"
        # An optional part is only reached when those before it are full, so nesting keeps the order.
        pattern += f"(?:{part}" if component.is_optional else part
    pattern += ")?" * sum(component.is_optional for component in rule.components)
    checks = tuple(
        (group, CHECKS[name])
        for group, component in enumerate(rule.components, start=1)
        for name in component.checks
        if name in CHECKS
    )
    return re.compile(pattern).fullmatch, checks


def _misfit(ai: str, value: str) -> Gs1Error:
    """Say why a value does not fit its format: a stray character, too short or too long."""
    if not value:
        return Gs1Error("empty", f"AI ({ai}) has no value.", 0, ai=ai)
    position = 0
    for component, text in split_components(ai, value):
        allowed, what = _CHARSETS[component.charset]
        for offset, char in enumerate(text):
            if not re.fullmatch(allowed, char):
                place = position + offset
                message = f"AI ({ai}): {char!r} at character {place + 1} is not {what}."
                return Gs1Error("charset", message, place, ai=ai, found=char)
        position += len(text)
    limits = _lengths(definition(ai))
    code = "too_long" if len(value) > position else "length"
    message = f"AI ({ai}) takes {limits} characters, but {len(value)} were found."
    return Gs1Error(code, message, position, ai=ai, expected=limits, found=str(len(value)))


def _lengths(rule: ApplicationIdentifier) -> str:
    low, high = rule.min_length, rule.max_length
    return str(low) if low == high else f"{low} to {high}"
