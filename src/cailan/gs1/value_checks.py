"""Check the parts of application identifier values beyond length and character set.

The names are those of the syntax tests of the GS1 Barcode Syntax Dictionary. Four of them (`iso4217`,
`packagetype`, `couponcode`, `couponposoffer`) lean on lists or coupon schemes that change without notice;
they are examined for shape only.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from cailan.gs1.check_digits import CSET82, verify_check_digit, verify_check_pair
from cailan.gs1.country_codes import COUNTRY_LETTERS, COUNTRY_NUMBERS
from cailan.gs1.errors import Gs1Error

SHAPE_ONLY: Final = frozenset({"iso4217", "packagetype", "couponcode", "couponposoffer"})

_SHORTEST_COMPANY_PREFIX: Final = 4
_SHORTEST_IBAN: Final = 11
_UNKNOWN_COUNTRY: Final = "999"


def _refuse(code: str, message: str, position: int = 0) -> Gs1Error:
    return Gs1Error(code, message, position)


def _company_prefix(text: str, start: int = 0) -> None:
    prefix = text[start : start + _SHORTEST_COMPANY_PREFIX]
    if not re.fullmatch(rf"[0-9]{{{_SHORTEST_COMPANY_PREFIX}}}", prefix):
        raise _refuse("company_prefix", f"A GS1 company prefix (digits) must begin {text!r}.", start)


def _calendar_day(text: str, year: int, month: str, day: str, *, may_omit_day: bool = False) -> None:
    if not 1 <= int(month) <= 12:  # noqa: PLR2004
        raise _refuse("date", f"{month} is not a month in the date {text}.", len(text) - 4)
    first, last = (0 if may_omit_day else 1), calendar.monthrange(year, int(month))[1]
    if not first <= int(day) <= last:
        raise _refuse("date", f"{day} is not a day of month {month} in the date {text}.", len(text) - 2)


def _yymmdd(text: str, *, may_omit_day: bool = False) -> None:
    # Any century gives the same leap years but for YY=00, which means 2000 until the year 2049.
    _calendar_day(text, 2000 + int(text[:2]), text[2:4], text[4:], may_omit_day=may_omit_day)


def _yymmd0(text: str) -> None:
    _yymmdd(text, may_omit_day=True)


def _yyyymmdd(text: str) -> None:
    if text[:4] == "0000":
        raise _refuse("date", f"The date {text} has no year.")
    _calendar_day(text, int(text[:4]), text[4:6], text[6:])


def _below(limit: int, what: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        if int(text) >= limit:
            raise _refuse("time", f"{text} is not {what}.")

    return check


_hour, _minute, _second = _below(24, "an hour"), _below(60, "a minute"), _below(60, "a second")


def _hhmi(text: str) -> None:
    _hour(text[:2])
    _minute(text[2:])


def _country_number(text: str) -> None:
    if text not in COUNTRY_NUMBERS:
        raise _refuse("country", f"{text} is not a country number of ISO 3166-1.")


def _country_number_or_unknown(text: str) -> None:
    if text != _UNKNOWN_COUNTRY:
        _country_number(text)


def _country_letters(text: str) -> None:
    if text not in COUNTRY_LETTERS:
        raise _refuse("country", f"{text!r} is not a country code of ISO 3166-1.")


def _percent_encoded(text: str) -> None:
    if bad := re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise _refuse("percent", "A percent sign must be followed by two hexadecimal digits.", bad.start())


def _one_of(allowed: str, what: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        if text not in allowed:
            raise _refuse("value", f"{text!r} is not {what}.")

    return check


def _zero(text: str) -> None:
    if text.strip("0"):
        raise _refuse("value", f"{text} must be zero here.")


def _nonzero(text: str) -> None:
    if not text.strip("0"):
        raise _refuse("value", f"{text} must not be zero here.")


def _no_zero_prefix(text: str) -> None:
    if text.startswith("0"):
        raise _refuse("leading_zero", f"{text} must not begin with zero.")


def _has_non_digit(text: str) -> None:
    if not re.search(r"[^0-9]", text):
        raise _refuse("value", f"{text} needs at least one character that is no digit.")


def _piece_of_total(text: str) -> None:
    piece, total = text[: len(text) // 2], text[len(text) // 2 :]
    if not 1 <= int(piece) <= int(total):
        raise _refuse("piece", f"Piece {piece} of {total} cannot be.")


def _position_in_sequence(text: str) -> None:
    found = re.fullmatch(r"([1-9][0-9]*)/([1-9][0-9]*)", text)
    if not found or int(found[1]) > int(found[2]):
        raise _refuse("value", f"{text!r} is not a position such as 1/2.")


def _media_type(text: str) -> None:
    if not (1 <= int(text) <= 10 or int(text) >= 80):  # noqa: PLR2004  the ranges ICCBBA has assigned
        raise _refuse("value", f"{text} is not an AIDC media type.")


def _at_most(limit: int, what: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        if int(text) > limit:
            raise _refuse("value", f"{text} is beyond the last {what}.")

    return check


def _iban(text: str) -> None:
    if len(text) < _SHORTEST_IBAN or text[:2] not in COUNTRY_LETTERS or not re.fullmatch("[0-9A-Z]+", text):
        raise _refuse("iban", f"{text!r} is not an international bank account number.")
    if int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 != 1:
        raise _refuse("iban", f"The check digits {text[2:4]} of the account number {text} are wrong.", 2)


CHECKS: Final[Mapping[str, Callable[[str], None]]] = MappingProxyType(
    {
        "csum": verify_check_digit,
        "csumalpha": verify_check_pair,
        "gcppos1": _company_prefix,
        "gcppos2": lambda text: _company_prefix(text, 1),
        "hasnondigit": _has_non_digit,
        "hh": _hour,
        "hhmi": _hhmi,
        "hyphen": _one_of("-", "a minus sign"),
        "iban": _iban,
        "importeridx": _one_of(
            "".join(char for char in CSET82 if char.isalnum() or char in "-_"), "an importer index"
        ),
        "iso3166": _country_number,
        "iso3166999": _country_number_or_unknown,
        "iso3166alpha2": _country_letters,
        "iso5218": _one_of("0129", "a code of ISO 5218"),
        "latitude": _at_most(1_800_000_000, "degree of latitude"),
        "longitude": _at_most(3_600_000_000, "degree of longitude"),
        "mediatype": _media_type,
        "mi": _minute,
        "nonzero": _nonzero,
        "nozeroprefix": _no_zero_prefix,
        "pcenc": _percent_encoded,
        "pieceoftotal": _piece_of_total,
        "posinseqslash": _position_in_sequence,
        "ss": _second,
        "winding": _one_of("019", "a winding direction"),
        "yesno": _one_of("01", "0 (no) or 1 (yes)"),
        "yymmd0": _yymmd0,
        "yymmdd": _yymmdd,
        "yyyymmdd": _yyyymmdd,
        "zero": _zero,
    }
)
