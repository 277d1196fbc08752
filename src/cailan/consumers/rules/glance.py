"""A shopper's first look: is it safe now, was it tested, how much is it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_KILOGRAMS = {"KGM": Decimal(1), "GRM": Decimal("0.001"), "TNE": Decimal(1000)}
_JIN_A_KILOGRAM = 2
_PLACES = Decimal("0.001")


class Verdict(StrEnum):
    """How goods stand with their tests, in one word."""

    FAILED = "failed"
    PASSED = "passed"  # by a laboratory's signed report
    SELF_TESTED = "self-tested"  # by whoever grew it
    PENDING = "pending"
    NONE = "none"


class Standing(StrEnum):
    """What a shopper must know before anything else, the gravest first."""

    RECALLED = "recalled"
    HELD = "held"
    FAILED = "failed"
    VOID = "void"
    WAITING = "waiting"
    TESTED = "tested"
    SELF_TESTED = "self-tested"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight in both units that people use; plain digits."""

    kilograms: str
    jin: str


def verdict(*, self_test: str, report: str, basket: str = "") -> Verdict:
    """Sum up the tests of a lot: what a signed report says counts more, what failed counts most.

    `basket` is what the reports on all that it was made from say together.
    """
    said = {report, basket}
    if "failed" in said or self_test == "failed":
        return Verdict.FAILED
    if "passed" in said:
        return Verdict.PASSED
    if self_test == "passed":
        return Verdict.SELF_TESTED
    return Verdict.PENDING if "pending" in {report, self_test} else Verdict.NONE


def standing(
    verdicts: Collection[Verdict],
    *,
    is_recalled: bool,
    is_held: bool,
    is_void: bool = False,
    is_waiting: bool = False,
) -> Standing:
    """Say how all of it stands: no better than the worst part."""
    found = set(verdicts) or {Verdict.NONE}
    ranked = (
        (is_recalled, Standing.RECALLED),
        (is_held, Standing.HELD),
        (Verdict.FAILED in found, Standing.FAILED),
        (is_void, Standing.VOID),
        (is_waiting, Standing.WAITING),
        (bool(found & {Verdict.NONE, Verdict.PENDING}), Standing.UNTESTED),
        (Verdict.SELF_TESTED in found, Standing.SELF_TESTED),
    )
    return next((result for applies, result in ranked if applies), Standing.TESTED)


def weigh(quantity: Decimal, uom: str) -> Weight | None:
    """Return a weight in kilograms and in jin (斤); None for what is counted."""
    factor = _KILOGRAMS.get(uom)
    if factor is None:
        return None
    kilograms = quantity * factor
    return Weight(_digits(kilograms), _digits(kilograms * _JIN_A_KILOGRAM))


def _digits(number: Decimal) -> str:
    return f"{number.quantize(_PLACES).normalize():,f}"
