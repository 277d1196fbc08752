"""Numbers that a farm gives: of crop batches and of harvested lots."""

from collections.abc import Collection
from datetime import date

LONGEST = 80


def propose_number(place: str, day: date, taken: Collection[str]) -> str:
    """Return place and day, such as 7-261120, with a running number where that is taken."""
    stem = f"{place.strip()[: LONGEST - 12] or 'P'}-{day:%y%m%d}"
    number, count = stem, 1
    while number in taken:
        count += 1
        number = f"{stem}-{count}"
    return number
