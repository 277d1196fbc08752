"""Find substances by any of their names, and say what is forbidden on what, and since when."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q
from django.utils.translation import get_language

from cailan.products.models import BannedSubstance, Category, Substance
from cailan.products.rules.names import key_of
from cailan.products.rules.substances import BanFacts, SubstanceFacts, strictest

_MOST = 100


def _facts(row: Substance) -> SubstanceFacts:
    name = row.name_en if (get_language() or "").startswith("en") else row.name_zh
    return SubstanceFacts(
        row.pk, name, row.name_zh, row.name_en, row.cas, row.kind, aliases=tuple(row.aliases)
    )


def substances_named(names: Collection[str]) -> dict[str, SubstanceFacts]:
    """Return the substance that each name, alias or CAS number means; unknown ones are left out."""
    asked = {name: key for name in names if (key := _key(name))}
    if not asked:
        return {}
    by_key: dict[str, Substance] = {}
    for row in Substance.objects.filter(keys__overlap=sorted(set(asked.values()))):
        by_key.update(dict.fromkeys(row.keys, row))
    return {name: _facts(by_key[key]) for name, key in asked.items() if key in by_key}


def _key(name: str) -> str:
    text = name.strip()
    # A CAS number keeps its hyphens: without them it could be another one's digits.
    return text if text.replace("-", "").isdigit() and text.count("-") == 2 else key_of(text)  # noqa: PLR2004


def substance_named(text: str) -> SubstanceFacts | None:
    """Return the substance with this name, alias or CAS number."""
    return substances_named([text]).get(text)


def substance_facts(ids: Collection[int]) -> dict[int, SubstanceFacts]:
    """Return substances by id."""
    return {row.pk: _facts(row) for row in Substance.objects.filter(pk__in=set(ids))}


def search_substances(text: str, *, limit: int = 20) -> tuple[SubstanceFacts, ...]:
    """Return substances with the text in one of their names, the shortest name first; without text all."""
    rows = Substance.objects.all()
    if key := key_of(text):
        # The list is short: a few hundred names, read through while somebody types.
        rows = rows.filter(Q(keys__icontains=key) | Q(cas=text.strip()))
    found = sorted(rows, key=lambda row: (key not in row.keys, len(row.name_zh), row.name_zh))
    return tuple(_facts(row) for row in found[: min(limit, _MOST)])


def _branches(category: str) -> set[str]:
    """Return a category with those above it."""
    parents = dict(Category.objects.values_list("code", "parent_id"))
    path: set[str] = set()
    code: str | None = category
    while code and code not in path:
        path.add(code)
        code = parents.get(code)
    return path


def banned(
    names: Collection[str], *, category: str, on: date, product: str = "", use: str = ""
) -> dict[str, BanFacts]:
    """Return which of the named substances may not be used on such goods on that day, each with its prohibition.

    `category` is a branch of the catalogue, `product` a slug; `use` names a way of use that some orders spare.
    """
    return banned_by_day({on: names}, category=category, product=product, use=use)[on]


def banned_by_day(
    names: Mapping[date, Collection[str]], *, category: str, product: str = "", use: str = ""
) -> dict[date, dict[str, BanFacts]]:
    """Say the same of many days at once."""
    meant = substances_named({name for some in names.values() for name in some})
    bans: dict[int, list[BanFacts]] = defaultdict(list)
    kinds: set[str] = set()
    if meant:
        rows = BannedSubstance.objects.filter(substance_id__in={one.id for one in meant.values()})
        for row in rows.select_related("substance"):
            bans[row.substance_id].append(_ban(row))
        kinds = _branches(category) | {product}
    found: dict[date, dict[str, BanFacts]] = {day: {} for day in names}
    for day, some in names.items():
        for name in some:
            one = meant.get(name)
            held = [ban for ban in bans[one.id] if ban.forbids(kinds, day, use=use)] if one else ()
            if (ban := strictest(held)) is not None:
                found[day][name] = ban
    return found


def _ban(row: BannedSubstance) -> BanFacts:
    english = (get_language() or "").startswith("en")
    return BanFacts(
        row.substance.name_en if english else row.substance.name_zh,
        tuple(row.scope),
        row.valid_from,
        row.valid_to,
        row.notice,
        row.basis,
        row.is_verified,
        row.except_use,
        tuple(row.except_scope),
    )
