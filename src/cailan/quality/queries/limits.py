"""Show limits side by side, and judge by them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, clamp, read_cursor, write_cursor
from cailan.products import queries as products
from cailan.quality.models import Limit as LimitModel
from cailan.quality.queries import facts
from cailan.quality.queries.integrity import plain
from cailan.quality.rules import judging, limits
from cailan.quality.rules.facts import PlaceFacts
from cailan.quality.rules.limits import MARKETS, Commodity, Limit


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One substance for one scope: the limit of each place on a day, and the one that decides."""

    substance: str
    scope: str
    cells: tuple[Limit | None, ...]  # in the order of rules.limits.MARKETS
    own: Limit | None  # a limit of the basket's own
    strictest: Limit | None


def to_limit(row: LimitModel) -> Limit:
    return Limit(
        id=row.pk,
        place=row.place,
        product_id=row.product_id,
        category=row.category_id or "",
        substance=facts.substance_name(row.substance),
        value=row.value,
        unit=row.unit,
        residue=row.residue,
        source=row.source,
        edition=row.edition,
        basis=row.basis,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_verified=row.is_verified,
    )


def commodities(product_ids: Collection[int]) -> dict[int, Commodity]:
    """Return products with their branches of the catalogue, the nearest first."""
    found = products.facts(product_ids)
    parents = {one.code: one.parent for one in products.list_categories()} if found else {}
    made: dict[int, Commodity] = {}
    for pk, product in found.items():
        branch: list[str] = []
        code = product.category
        while code and code not in branch:
            branch.append(code)
            code = parents.get(code, "")
        made[pk] = Commodity(pk, tuple(branch))
    return made


def commodity_of(product_id: int | None) -> Commodity:
    """Return what is judged; goods that the library does not know have general limits only."""
    return commodities([product_id]).get(product_id, Commodity(None)) if product_id else Commodity(None)


def _about(commodity: Commodity) -> Q:
    general = Q(product__isnull=True, category__isnull=True)
    return general | Q(product_id=commodity.product_id or 0) | Q(category_id__in=commodity.categories)


def limits_for(commodity: Commodity, substance_ids: Collection[int], on: date) -> dict[int, dict[str, Limit]]:
    """Return each substance's limits in force for a product on a day, by place."""
    rows = (
        LimitModel.objects.filter(_about(commodity), is_current=True, substance_id__in=substance_ids)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
        .select_related("substance")
    )
    by_substance: dict[int, list[Limit]] = defaultdict(list)
    for row in rows:
        by_substance[row.substance_id].append(to_limit(row))
    return {pk: limits.in_force(found, commodity, on) for pk, found in by_substance.items()}


def places_of(judgement: judging.Judgement) -> tuple[PlaceFacts, ...]:
    """Write down what each place says, as it is kept and shown."""
    return tuple(
        PlaceFacts(
            place=one.place,
            limit="" if one.limit is None else plain(one.limit.value) or "0",
            unit="" if one.limit is None else one.limit.unit,
            reason=one.reason,
            verdict=one.verdict,
            source="" if one.limit is None else f"{one.limit.source} {one.limit.edition}".strip(),
            is_verified=one.limit is not None and one.limit.is_verified,
        )
        for one in judgement.places
    )


def judge(
    actor: Actor,
    *,
    product_id: int | None,
    substance: str,
    value: Decimal | None,
    unit: str,
    lod: Decimal | None,
    on: date,
) -> judging.Judgement:
    """Say what each place would answer to one measurement on a day."""
    actor.require(Permission.LOT_READ)
    known = products.substance_named(substance)
    commodity = commodity_of(product_id)
    found = limits_for(commodity, [known.id], on).get(known.id, {}) if known else {}
    return judging.judge(judging.Measured(value, unit, lod), found)


def side_by_side(
    actor: Actor,
    *,
    on: date,
    product_id: int | None = None,
    substance: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> Page[SideBySide]:
    """List limits on a day, place beside place; of one product each substance once, as it applies to it."""
    actor.require(Permission.LOT_READ)
    size = clamp(limit)
    rows = LimitModel.objects.filter(is_current=True, valid_from__lte=on).filter(
        Q(valid_to=None) | Q(valid_to__gte=on)
    )
    commodity = commodity_of(product_id) if product_id else None
    if commodity:
        rows = rows.filter(_about(commodity))
    if substance:
        known = products.substance_named(substance)
        named = [known.id] if known else [one.id for one in products.search_substances(substance)]
        rows = rows.filter(substance_id__in=named)
    substances = rows.order_by("substance__name_zh", "substance_id")
    if cursor:
        name, pk = read_cursor(cursor, 2)
        substances = substances.filter(
            Q(substance__name_zh__gt=name) | Q(substance__name_zh=name, substance_id__gt=pk)
        )
    keys = list(substances.values_list("substance__name_zh", "substance_id").distinct()[: size + 1])
    more = len(keys) > size
    shown = {pk: name for name, pk in keys[:size]}
    found = [to_limit(row) for row in rows.filter(substance_id__in=shown).select_related("substance")]
    lines = _of_product(found, commodity, on) if commodity else _of_scopes(found, on)
    last = keys[size - 1] if more else None
    return Page(tuple(lines), write_cursor(list(last)) if last else "")


def _line(substance: str, scope: str, places: dict[str, Limit]) -> SideBySide:
    cells = tuple(places.get(place) for place in MARKETS)
    return SideBySide(substance, scope, cells, places.get(limits.Place.GBA), limits.strictest(places))


def _of_product(found: Iterable[Limit], commodity: Commodity, on: date) -> list[SideBySide]:
    by_substance: dict[str, list[Limit]] = defaultdict(list)
    for one in found:
        by_substance[one.substance].append(one)
    return [
        _line(name, "", limits.in_force(rows, commodity, on)) for name, rows in sorted(by_substance.items())
    ]


def _of_scopes(found: Iterable[Limit], on: date) -> list[SideBySide]:
    """Lay out what is written for each scope itself; what follows from a wider scope stands in the wider one's line."""
    by_scope: dict[tuple[str, int | None, str], list[Limit]] = defaultdict(list)
    for one in found:
        by_scope[one.substance, one.product_id, one.category].append(one)
    product_names = {
        pk: product.name for pk, product in products.facts([key[1] for key in by_scope if key[1]]).items()
    }
    categories = {one.code: one.name for one in products.list_categories()}
    lines = []
    for (name, product_id, category), rows in by_scope.items():
        scope = product_names.get(product_id or 0) or categories.get(category) or _("All food")
        itself = Commodity(product_id, (category,) if category else ())
        lines.append(_line(name, scope, limits.in_force(rows, itself, on)))
    return sorted(lines, key=lambda one: (one.substance, one.scope))


def sources_in_force(actor: Actor, *, on: date) -> tuple[tuple[str, str, int, int], ...]:
    """Name the standards behind the limits of a day: place, source, rows, rows that are verified."""
    actor.require(Permission.LOT_READ)
    counted: dict[tuple[str, str], list[int]] = {}
    rows = LimitModel.objects.filter(is_current=True, valid_from__lte=on).filter(
        Q(valid_to=None) | Q(valid_to__gte=on)
    )
    for place, source, edition, is_verified in rows.values_list("place", "source", "edition", "is_verified"):
        count = counted.setdefault((place, f"{source} {edition}".strip()), [0, 0])
        count[0] += 1
        count[1] += is_verified
    return tuple((place, source, *count) for (place, source), count in sorted(counted.items()))  # type: ignore[misc]
