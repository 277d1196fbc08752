"""Where goods are from, as a voucher has to say it: down to the county (Order 81, article 12)."""

from collections.abc import Iterable

from django.utils import translation

from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties

ORIGIN = "cailan:origin"  # of a lot whose place of origin was only told in words


def origins_of(lots: Iterable[LotFacts]) -> dict[int, str]:
    """Return the origin of lots by id, in Chinese, as vouchers and seals keep it."""
    found: dict[str, str] = {}
    return {lot.id: origin_of(lot, found) for lot in lots}


def origin_of(lot: LotFacts, found: dict[str, str] | None = None) -> str:
    """Return the origin of one lot: its region from the province down, else what was told, else the place."""
    known = {} if found is None else found
    if lot.region and lot.region not in known:
        known[lot.region] = region_words(lot.region)
    return known.get(lot.region, "") or str(lot.attributes.get(ORIGIN, "")) or lot.origin


def region_words(code: str) -> str:
    """Return a region from the province down: 广东省广州市增城区."""
    with translation.override("zh-hans"):
        return "".join(region.name for region in parties.region_path(code))
