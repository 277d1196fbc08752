"""Compute and verify the check digits and check pairs of GS1 keys (General Specifications 7.9)."""

import re
from typing import Final

from cailan.gs1.errors import Gs1Error

CSET82: Final = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"

_NOT_A_DIGIT = re.compile(r"[^0-9]")
_PAIR_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PAIR_WEIGHTS: Final = (
    83,
    79,
    73,
    71,
    67,
    61,
    59,
    53,
    47,
    43,
    41,
    37,
    31,
    29,
    23,
    19,
    17,
    13,
    11,
    7,
    5,
    3,
    2,
)
_PAIR_MODULUS: Final = 1021


def check_digit(body: str) -> str:
    """Return the modulo 10 check digit that belongs after these digits (weights 3 and 1 from the right)."""
    refuse_non_digits(body)
    if not body:
        raise Gs1Error("empty", "There are no digits to compute a check digit from.", 0)
    return _digit(body)


def with_check_digit(body: str) -> str:
    """Return the digits followed by their check digit."""
    return body + check_digit(body)


def verify_check_digit(text: str) -> None:
    """Refuse digits whose last one is not their check digit; say which was expected and which was found."""
    refuse_non_digits(text)
    if len(text) < 2:  # noqa: PLR2004  one digit of body, one of check
        raise Gs1Error("too_short", "A number with a check digit has at least two digits.", len(text))
    expected = _digit(text[:-1])
    if text[-1] != expected:
        raise Gs1Error(
            "check_digit",
            f"The check digit of {text} is {text[-1]}, but {expected} was expected.",
            len(text) - 1,
            expected=expected,
            found=text[-1],
        )


def check_pair(body: str) -> str:
    """Return the two check characters of a Global Model Number (modulo 1021 over character set 82)."""
    if len(body) > len(_PAIR_WEIGHTS):
        raise Gs1Error("too_long", f"At most {len(_PAIR_WEIGHTS)} characters carry a check pair.")
    weights = _PAIR_WEIGHTS[len(_PAIR_WEIGHTS) - len(body) :]
    try:
        total = sum(CSET82.index(char) * weight for char, weight in zip(body, weights, strict=True))
    except ValueError:
        raise Gs1Error("charset", f"{body!r} has a character outside GS1 character set 82.") from None
    high, low = divmod(total % _PAIR_MODULUS, 32)
    return _PAIR_LETTERS[high] + _PAIR_LETTERS[low]


def verify_check_pair(text: str) -> None:
    """Refuse a model number whose last two characters are not its check pair."""
    body, found = text[:-2], text[-2:]
    expected = check_pair(body)
    if found != expected:
        raise Gs1Error(
            "check_pair",
            f"The check characters of {text} are {found}, but {expected} was expected.",
            max(len(text) - 2, 0),
            expected=expected,
            found=found,
        )


def refuse_non_digits(text: str) -> None:
    """Refuse anything but ASCII digits and point at the first other character."""
    if stray := _NOT_A_DIGIT.search(text):
        raise Gs1Error(
            "not_a_digit",
            f"Only digits 0 to 9 may stand here, but {stray[0]!r} was found.",
            stray.start(),
            found=stray[0],
        )


def _digit(body: str) -> str:
    return str(-(3 * sum(map(int, body[-1::-2])) + sum(map(int, body[-2::-2]))) % 10)
