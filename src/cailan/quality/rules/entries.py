"""What somebody enters of one item of a test."""

from dataclasses import dataclass, field
from decimal import Decimal

from cailan.quality.rules.quick import QuickMethod, Reading
from cailan.quality.rules.sampling import GROUPS

MOST_ITEMS = 60
MOST = Decimal(10) ** 7
FINEST = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One item: a measured value (None: not detected), or the reading of a quick test."""

    item: str
    method: str
    value: Decimal | None = None
    unit: str = "mg/kg"
    lod: Decimal | None = None
    reading: Reading = field(default_factory=Reading)

    @property
    def is_quick(self) -> bool:
        return self.method in set(QuickMethod)


def is_amount(value: Decimal | None) -> bool:
    """Say whether a number can be kept as an amount of a substance."""
    return value is None or (value.is_finite() and 0 <= value <= MOST and value == value.quantize(FINEST))


def is_group(item: str) -> bool:
    """Say whether an item is a whole group of substances, which no limit names."""
    return item in GROUPS
