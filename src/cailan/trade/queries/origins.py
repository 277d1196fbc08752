"""Where goods are from, as a voucher has to say it: down to the county (Order 81, article 12)."""

from collections.abc import Iterable

from django.utils import translation

from cailan.kernel.access import Actor
from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties
from cailan.trade.models.tickets import Purchase, PurchaseLine
from cailan.trade.queries.selling import Buyer

MOST = 12
COUNTY_LEVELS = {"district", "town"}
_LONGEST_NAME = 12

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


def region_named(text: str) -> str:
    """Return the county that a text names, alone or after its province and city; "" where it is none, or several."""
    text = text.strip()
    for length in range(min(len(text), _LONGEST_NAME), 1, -1):
        with translation.override("zh-hans"):
            found = parties.search_regions(text[-length:], limit=5)
        fitting = [
            one.code
            for one in found
            if one.level in COUNTY_LEVELS
            and one.name == text[-length:]
            and region_words(one.code).endswith(text)
        ]
        if fitting:
            return fitting[0] if len(fitting) == 1 else ""
    return ""


def usual_origins(actor: Actor) -> list[str]:
    """Return from where the actor's party bought lately, the latest first: to choose from."""
    rows = PurchaseLine.objects.filter(purchase__buyer_id=actor.acting_party_id).order_by("-pk")[:200]
    found = [
        text or region_words(code or "") for text, code in rows.values_list("origin_text", "origin_region_id")
    ]
    return [text for text in dict.fromkeys(found) if text][:MOST]


def usual_suppliers(actor: Actor) -> tuple[Buyer, ...]:
    """Return of whom was bought lately, the latest first, then the suppliers of the book."""
    rows = Purchase.objects.filter(buyer_id=actor.acting_party_id, supplier__isnull=False).order_by("-pk")[
        :300
    ]
    latest = list(dict.fromkeys(rows.values_list("supplier_id", flat=True)))[:MOST]
    called = {
        entry.party_id: entry.name
        for entry in parties.counterparties(actor, kind="supplier", limit=MOST).items
    }
    names = {pk: one.name for pk, one in parties.facts(latest).items()}
    order = dict.fromkeys([*latest, *called])
    return tuple(Buyer(pk, called.get(pk) or names[pk]) for pk in order)[:MOST]
