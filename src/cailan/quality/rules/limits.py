"""Which limit holds for a product, a substance and a day: each place's most specific row, and the strictest of all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cailan.quality.rules.words import gettext_noop


class Place(StrEnum):
    """Whose limit it is."""

    CN = "CN"
    HK = "HK"
    MO = "MO"
    GBA = "GBA"  # a limit of the basket's own, where one is published


MARKETS = (Place.CN, Place.HK, Place.MO)  # where goods can go; the basket asks for all of them
PLACE_LABELS: dict[str, str] = {
    Place.CN: gettext_noop("Mainland"),
    Place.HK: gettext_noop("Hong Kong"),
    Place.MO: gettext_noop("Macao"),
    Place.GBA: gettext_noop("GBA basket"),
}
UNITS: dict[str, Decimal] = {"mg/kg": Decimal(1), "µg/kg": Decimal("0.001")}  # in mg/kg
_SPELLINGS = {
    "ug/kg": "µg/kg",
    "μg/kg": "µg/kg",
    "毫克/千克": "mg/kg",
    "微克/千克": "µg/kg",
    "ppm": "mg/kg",
    "ppb": "µg/kg",
}


def unit_named(text: str) -> str | None:
    """Return the unit in our spelling, or None where it is none that residues are stated in."""
    plain = text.strip()
    plain = _SPELLINGS.get(plain.lower(), plain)
    return plain if plain in UNITS else None


@dataclass(frozen=True, slots=True)
class Limit:
    """So much of a substance may be in a product; `value` None: it must not be detected."""

    id: int
    place: str
    product_id: int | None
    category: str  # code of the catalogue; "" where a product is named, or all food is meant
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

    @property
    def in_mg(self) -> Decimal:
        """Return the limit in mg/kg; zero where nothing may be detected."""
        return Decimal(0) if self.value is None else self.value * UNITS[self.unit]


@dataclass(frozen=True, slots=True)
class Commodity:
    """What is judged: the product, and its branches of the catalogue from the nearest to the root."""

    product_id: int | None
    categories: tuple[str, ...] = ()


def is_in_force(limit: Limit, on: date) -> bool:
    return limit.valid_from <= on and (limit.valid_to is None or on <= limit.valid_to)


def distance(limit: Limit, commodity: Commodity) -> int | None:
    """Return how far a limit's scope is from the product: 0 itself, 1 its class, more above; None: another's."""
    if limit.product_id is not None:
        return 0 if limit.product_id == commodity.product_id else None
    if not limit.category:
        return len(commodity.categories) + 1
    try:
        return commodity.categories.index(limit.category) + 1
    except ValueError:
        return None


def in_force(limits: Iterable[Limit], commodity: Commodity, on: date) -> dict[str, Limit]:
    """Return each place's limit on a day: the product's own before its class's; of several the newest."""
    best: dict[str, tuple[tuple[int, int], Limit]] = {}
    for limit in limits:
        away = distance(limit, commodity)
        if away is None or not is_in_force(limit, on):
            continue
        rank = (away, -limit.valid_from.toordinal())
        if limit.place not in best or rank < best[limit.place][0]:
            best[limit.place] = (rank, limit)
    return {place: limit for place, (_rank, limit) in best.items()}


def strictest(limits: Mapping[str, Limit]) -> Limit | None:
    """Return the limit that decides for the basket: not to be detected first, then the lowest number."""
    ranked = sorted(limits.values(), key=lambda one: (one.in_mg, list(Place).index(Place(one.place))))
    return ranked[0] if ranked else None
