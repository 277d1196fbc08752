"""How a quick test is read (快检), and which test may confirm it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from cailan.quality.rules.words import gettext_noop


class QuickMethod(StrEnum):
    ENZYME = "enzyme"  # GB/T 5009.199-2003, inhibition rate
    ENZYME_NY = "enzyme-ny448"  # NY/T 448-2001
    CARD = "card"  # GB/T 5009.199-2003, card
    GOLD = "colloidal-gold"


METHOD_LABELS: dict[str, str] = {
    QuickMethod.ENZYME: gettext_noop("Enzyme inhibition, reader (GB/T 5009.199)"),
    QuickMethod.ENZYME_NY: gettext_noop("Enzyme inhibition, reader (NY/T 448)"),
    QuickMethod.CARD: gettext_noop("Enzyme card (GB/T 5009.199)"),
    QuickMethod.GOLD: gettext_noop("Colloidal gold strip"),
}
# Per cent of inhibition from which the sample is suspected.
POSITIVE_FROM: dict[str, Decimal] = {QuickMethod.ENZYME: Decimal(50), QuickMethod.ENZYME_NY: Decimal(70)}
TIMES = 2  # a positive enzyme test is repeated before it counts


class QuickVerdict(StrEnum):
    NEGATIVE = "negative"
    POSITIVE = "positive"
    REPEAT = "repeat"
    INVALID = "invalid"


QUICK_LABELS: dict[str, str] = {
    QuickVerdict.NEGATIVE: gettext_noop("Negative"),
    QuickVerdict.POSITIVE: gettext_noop("Positive"),
    QuickVerdict.REPEAT: gettext_noop("Repeat the test"),
    QuickVerdict.INVALID: gettext_noop("Invalid"),
}
# Their own juices slow the enzyme: a positive says little, a strip is the better choice.
MISLEADING_CATEGORIES = frozenset({"alliums"})
MISLEADING_PRODUCTS = frozenset(
    {"ginger", "white-radish", "green-radish", "shiitake", "tomato", "cherry-tomato", "water-bamboo"}
)


class Pad(StrEnum):
    """What the white pad of the card looks like."""

    WHITE = "white"
    FAINT = "faint"
    BLUE = "blue"


class StripLine(StrEnum):
    """The T line of a strip, against its C line."""

    DARKER = "darker"
    EQUAL = "equal"
    LIGHTER = "lighter"
    NONE = "none"


PAD_LABELS: dict[str, str] = {
    Pad.WHITE: gettext_noop("white"),
    Pad.FAINT: gettext_noop("faintly blue"),
    Pad.BLUE: gettext_noop("blue"),
}
LINE_LABELS: dict[str, str] = {
    StripLine.DARKER: gettext_noop("T darker than C"),
    StripLine.EQUAL: gettext_noop("T as dark as C"),
    StripLine.LIGHTER: gettext_noop("T lighter than C"),
    StripLine.NONE: gettext_noop("no T line"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read off: percentages of a reader, the pad of a card, the lines of a strip."""

    inhibition: tuple[Decimal, ...] = ()
    pad: str = ""
    has_control_line: bool = True
    line: str = ""


def read(method: str, reading: Reading) -> QuickVerdict:
    """Return what a reading means by its method; what shows nothing is invalid."""
    if method in POSITIVE_FROM:
        return _of_reader(reading.inhibition, POSITIVE_FROM[method])
    if method == QuickMethod.CARD:
        if reading.pad not in set(Pad):
            return QuickVerdict.INVALID
        return QuickVerdict.NEGATIVE if reading.pad == Pad.BLUE else QuickVerdict.POSITIVE
    if method == QuickMethod.GOLD and reading.has_control_line and reading.line in set(StripLine):
        is_negative = reading.line in {StripLine.DARKER, StripLine.EQUAL}
        return QuickVerdict.NEGATIVE if is_negative else QuickVerdict.POSITIVE
    return QuickVerdict.INVALID


def _of_reader(values: tuple[Decimal, ...], limit: Decimal) -> QuickVerdict:
    if not values or any(not Decimal(-100) <= value <= Decimal(100) for value in values):
        return QuickVerdict.INVALID
    high = sum(value >= limit for value in values)
    if high >= TIMES:
        return QuickVerdict.POSITIVE
    return QuickVerdict.NEGATIVE if not high or len(values) - high >= TIMES else QuickVerdict.REPEAT


def is_misleading(method: str, *, slug: str, categories: Collection[str]) -> bool:
    """Say whether the enzyme is known to be slowed by the product itself."""
    if method not in {QuickMethod.ENZYME, QuickMethod.ENZYME_NY, QuickMethod.CARD}:
        return False
    return slug in MISLEADING_PRODUCTS or bool(MISLEADING_CATEGORIES & set(categories))


OBJECTION = timedelta(hours=4)  # 农产品质量安全法 art. 51
RETEST_WORKING_DAYS = 7


def objection_closes(told_at: datetime) -> datetime:
    """Return until when one may object to a quick test, from the moment of its result."""
    return told_at + OBJECTION


def may_object(told_at: datetime, at: datetime) -> bool:
    return told_at <= at <= objection_closes(told_at)


def after_working_days(moment: datetime, days: int) -> datetime:
    """Return the same hour so many working days later; public holidays are not known here, weekends are."""
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() < 5  # noqa: PLR2004 (Saturday is 5)
    return moment


def why_not_confirmed(method: str) -> str | None:
    """Return why a test by this method confirms no positive quick test: the law asks for another, no quick one."""
    return "quick-again" if method in set(QuickMethod) else None
