"""Show lots and holdings: what it is, who has how much."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import get_language

from cailan import gs1
from cailan.kernel import ids
from cailan.kernel.access import Actor
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.lots.models import Hold, Holding, Lot, Sight
from cailan.parties.rules.naming import shown_name
from cailan.products import queries as products

_DISTRICT = 6  # digits of a district's code (GB/T 2260)


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What a lot is; `quantity` and `remaining` over all holders where asked for."""

    id: int
    kind: str
    code: str
    uri: str
    product_id: int | None
    product: str
    product_en: str
    maker_id: int
    maker: str
    number: str
    gtin: str | None
    uom: str
    made_at: datetime
    origin_id: int | None
    origin: str
    region: str
    attributes: dict[str, Any]
    is_held: bool
    event_id: str

    @property
    def name(self) -> str:
        """Return what it is called in the language of the page."""
        in_english = (get_language() or "").startswith("en")
        return self.product_en if in_english and self.product_en else self.product


@dataclass(frozen=True, slots=True)
class HoldingFacts:
    """How much of a lot somebody has, from which acquisition."""

    id: int
    lot: LotFacts
    holder_id: int
    holder: str
    site: str
    quantity: Decimal | None
    remaining: Decimal | None
    acquired_at: datetime
    awaits: str = ""  # what it must pass before it may go on
    is_cleared: bool = False
    is_in_transit: bool = False
    consignee_id: int | None = None

    @property
    def is_waiting(self) -> bool:
        return bool(self.awaits) and not self.is_cleared


@dataclass(frozen=True, slots=True)
class HoldFacts:
    lot_id: int
    root_code: str
    reason: str
    placed_by: str
    placed_at: datetime
    released_at: datetime | None
    release_reason: str


def key_of(text: str) -> str:
    """Return the trace code or canonical URI in what was typed or scanned; the text itself where it is neither."""
    text = text.strip()
    if ids.is_trace_code(text.upper()):
        return text.upper()
    last = urlsplit(text).path.rstrip("/").rpartition("/")[2].upper() if "/" in text else ""
    if ids.is_trace_code(last):
        return last
    try:
        return gs1.identify(text).uri
    except gs1.Gs1Error:
        return text


def visible(actor: Actor) -> "QuerySet[Lot]":
    """Return the lots an actor may see: made, held, told of by or shown to its party, or in its area or market."""
    if _sees_all(actor):
        return Lot.objects.all()
    made, had = _ways_to_see(actor)
    holdings = Holding.objects.filter(lot=OuterRef("pk"))
    seen: Any = made
    for way in had:
        seen |= Exists(holdings.filter(way))
    if actor.party_id is not None:
        seen |= Exists(Sight.objects.filter(lot=OuterRef("pk"), party_id=actor.party_id))
    return Lot.objects.filter(seen) if seen else Lot.objects.none()


def listed(actor: Actor) -> "QuerySet[Lot]":
    """Return the same lots for lists: of whoever sees few of all, at the cost of those few.

    A union lets each way to see a lot use its index, but gathers all of them first: too many for a whole city.
    """
    made, had = _ways_to_see(actor)
    is_wide = actor.party_kind == "regulator" and len(actor.region_prefix) < _DISTRICT
    if _sees_all(actor) or is_wide or not made:
        return visible(actor)
    ours = Holding.objects.filter(lot__isnull=False).values("lot_id")
    arms = [ours.filter(way) for way in had]
    shown = Sight.objects.filter(party_id=actor.acting_party_id).values("lot_id")
    return Lot.objects.filter(pk__in=Lot.objects.filter(made).values("pk").union(*arms, shown))


def _sees_all(actor: Actor) -> bool:
    return actor.sees_everything or actor.party_kind == "operator"


def _ways_to_see(actor: Actor) -> tuple[Q, list[Q]]:
    """Return what lets an actor see a lot: of the lot itself, and of any holding of it."""
    if actor.party_id is None:
        return Q(), []
    if actor.party_kind == "regulator":
        if not actor.region:
            return Q(), []
        prefix = actor.region_prefix
        made = Q(region__code__startswith=prefix) | Q(maker__region__code__startswith=prefix)
        return made, [Q(holder__region__code__startswith=prefix)]
    had = [
        Q(holder_id=actor.party_id),
        Q(inflows__recorder_id=actor.party_id),
    ]  # held, or captured from documents
    if actor.party_kind == "market":
        had.append(Q(holder__market_id=actor.party_id))
    return Q(maker_id=actor.party_id), had


def _with_names(rows: "QuerySet[Lot]") -> "QuerySet[Lot]":
    return rows.select_related("product", "maker", "origin")


def get_lot(actor: Actor, text: str) -> LotFacts:
    """Return the lot of a code, Digital Link or element string, if the actor may see it."""
    key = key_of(text)
    row = _with_names(visible(actor)).filter(Q(code=key) | Q(uri=key)).first()
    if row is None:
        raise NotFound
    return facts(row)


def find_public(text: str) -> LotFacts:
    """Return the lot of a scanned code; anybody may ask what it is."""
    key = key_of(text)
    row = _with_names(Lot.objects.filter(Q(code=key) | Q(uri=key))).first()
    if row is None:
        raise NotFound
    return facts(row)


def list_lots(
    actor: Actor,
    *,
    text: str = "",
    category: str = "",
    is_held: bool | None = None,
    cursor: str = "",
    limit: int | None = None,
) -> Page[LotFacts]:
    """List the lots an actor may see, newest first, by number, code or product name."""
    rows = _with_names(listed(actor))
    if text:
        key = key_of(text)
        rows = rows.filter(
            Q(code=key)
            | Q(uri=key)
            | Q(number__icontains=text)
            | Q(product_id__in=products.matching(actor, text=text))
        )
    if category:
        rows = rows.filter(product_id__in=products.matching(actor, category=category))
    if is_held is not None:
        rows = rows.filter(is_held=is_held)
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(facts(row) for row in page.items), page.next)


def stock(actor: Actor, *, text: str = "", cursor: str = "", limit: int | None = None) -> Page[HoldingFacts]:
    """List what the actor's party has now, newest first; goods on their way to others are not stock."""
    rows = _open_holdings().filter(holder_id=actor.acting_party_id, is_in_transit=False)
    if text:
        rows = rows.filter(
            Q(lot__code=key_of(text))
            | Q(lot__number__icontains=text)
            | Q(lot__product_id__in=products.matching(actor, text=text))
        )
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(holding_facts(row) for row in page.items), page.next)


def in_transit(
    actor: Actor, *, is_coming: bool = False, cursor: str = "", limit: int | None = None
) -> Page[HoldingFacts]:
    """List what is on its way from the actor's party, or what is consigned to it, newest first."""
    side = "consignee_id" if is_coming else "holder_id"
    rows = _open_holdings().filter(is_in_transit=True, **{side: actor.acting_party_id})
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(holding_facts(row) for row in page.items), page.next)


def waiting(actor: Actor, *, cursor: str = "", limit: int | None = None) -> Page[HoldingFacts]:
    """List the actor's stock that has still to pass a test, newest first."""
    rows = _open_holdings().filter(holder_id=actor.acting_party_id, cleared_at=None).exclude(awaits="")
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(holding_facts(row) for row in page.items), page.next)


def holding_facts_of(holding_ids: Collection[int]) -> dict[int, HoldingFacts]:
    """Return holdings by id, also those of which nothing is left."""
    rows = _named_holdings().filter(pk__in=holding_ids)
    return {row.pk: holding_facts(row) for row in rows}


def _named_holdings() -> "QuerySet[Holding]":
    return Holding.objects.filter(lot__isnull=False).select_related(
        "lot__product", "lot__maker", "lot__origin", "holder", "site"
    )


def _open_holdings() -> "QuerySet[Holding]":
    return _named_holdings().filter(Q(remaining_quantity__gt=0) | Q(remaining_quantity=None))


def holds_on(lot_ids: Collection[int]) -> dict[int, tuple[HoldFacts, ...]]:
    """Return the holds ever placed on lots, newest first."""
    found: dict[int, list[HoldFacts]] = defaultdict(list)
    for row in (
        Hold.objects.filter(lot_id__in=lot_ids).select_related("root", "placed_by").order_by("-id")[:500]
    ):
        found[row.lot_id].append(
            HoldFacts(
                row.lot_id,
                row.root.code,
                row.reason,
                _called(row.placed_by),
                row.placed_at,
                row.released_at,
                row.release_reason,
            )
        )
    return {lot_id: tuple(holds) for lot_id, holds in found.items()}


def remaining_everywhere(lot_ids: Collection[int]) -> dict[int, Decimal]:
    """Return what is left of lots over all holders."""
    rows = (
        Holding.objects.filter(lot_id__in=lot_ids).values("lot_id").annotate(left=Sum("remaining_quantity"))
    )
    return {row["lot_id"]: row["left"] or Decimal(0) for row in rows}


def facts_of(lot_ids: Collection[int]) -> dict[int, LotFacts]:
    """Return what lots are, by id."""
    return {row.pk: facts(row) for row in _with_names(Lot.objects.filter(pk__in=lot_ids))}


def visible_ids(actor: Actor, lot_ids: Collection[int]) -> frozenset[int]:
    """Return those of the lots that the actor may see."""
    return frozenset(visible(actor).filter(pk__in=lot_ids).values_list("pk", flat=True))


def visible_uris(actor: Actor, uris: Collection[str]) -> frozenset[str]:
    """Return those of the lots' URIs that the actor may see."""
    return frozenset(visible(actor).filter(uri__in=uris).values_list("uri", flat=True))


def known_uris(uris: Collection[str]) -> frozenset[str]:
    return frozenset(Lot.objects.filter(uri__in=uris).values_list("uri", flat=True))


def _called(party: Any) -> str:
    return shown_name(name=party.name, name_en=party.name_en, kind=party.kind, language=get_language())


def facts(row: Lot) -> LotFacts:
    return LotFacts(
        row.pk,
        row.kind,
        row.code,
        row.uri,
        row.product_id,
        row.product.name_zh if row.product else row.product_name,
        row.product.name_en if row.product else row.product_name,
        row.maker_id,
        _called(row.maker),
        row.number,
        row.gtin,
        row.uom,
        row.made_at,
        row.origin_id,
        row.origin.name if row.origin else "",
        row.region_id or "",
        row.attributes,
        row.is_held,
        row.event_id,
    )


def holding_facts(row: Holding) -> HoldingFacts:
    assert row.lot is not None  # noqa: S101 (stock() leaves processes out)
    return HoldingFacts(
        row.pk,
        facts(row.lot),
        row.holder_id,
        _called(row.holder),
        row.site.name if row.site else "",
        row.quantity,
        row.remaining_quantity,
        row.acquired_at,
        row.awaits,
        row.cleared_at is not None,
        row.is_in_transit,
        row.consignee_id,
    )
