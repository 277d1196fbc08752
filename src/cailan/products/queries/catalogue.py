"""Read products and categories."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from cailan.kernel.access import Actor
from cailan.kernel.paging import Page, ordered_by
from cailan.kernel.problems import NotFound
from cailan.products.models import Category, MainProduct, Product, ProductName
from cailan.products.rules.facts import CategoryFacts, MainProductFacts, ProductFacts, ProductFile
from cailan.products.rules.names import NAMING_KINDS, key_of

_DEPTH = 6


def localised(row: Product | Category) -> str:
    """Return the name of a row in the language of the page."""
    language = get_language() or ""
    if language.startswith("en"):
        return row.name_en
    return row.name_zh_hant if language in {"zh-hant", "zh-hk", "zh-tw"} else row.name_zh


def to_facts(row: Product) -> ProductFacts:
    return ProductFacts(
        id=row.pk,
        slug=row.slug,
        category=row.category_id,
        category_name=localised(row.category),
        name=localised(row),
        name_zh=row.name_zh,
        name_zh_hant=row.name_zh_hant,
        name_en=row.name_en,
        name_yue=row.name_yue,
        pinyin=row.pinyin,
        uom=row.uom,
        gtin=row.gtin,
        nyt3177_code=row.nyt3177_code,
        gbt7635_code=row.gbt7635_code,
        hs_code=row.hs_code,
        storage_min_celsius=row.storage_min_celsius,
        storage_max_celsius=row.storage_max_celsius,
        shelf_life_days=row.shelf_life_days,
        owner_id=row.owner_id,
    )


def library_of(party_id: int | None) -> Q:
    """Return the predicate of what a party may choose from: the base library and its own products."""
    return Q(owner_id=None) if party_id is None else Q(owner_id=None) | Q(owner_id=party_id)


def facts(ids: Collection[int]) -> dict[int, ProductFacts]:
    """Return products by id."""
    rows = Product.objects.filter(pk__in=set(ids)).select_related("category")
    return {row.pk: to_facts(row) for row in rows}


def by_gtin(gtins: Collection[str]) -> dict[str, ProductFacts]:
    """Return products by GTIN of 14 digits: their own, or one a party gave to a library product."""
    wanted = set(gtins)
    found = {
        chosen.gtin: to_facts(chosen.product)
        for chosen in MainProduct.objects.filter(gtin__in=wanted).select_related("product__category")
        if chosen.gtin
    }
    for row in Product.objects.filter(gtin__in=wanted).select_related("category"):
        found[row.gtin or ""] = to_facts(row)
    return found


def resolve_names(names: Collection[str], *, party_id: int | None = None) -> dict[str, ProductFacts]:
    """Return the product that each name means, exactly, in any language; unknown names are left out."""
    keys = {name: key_of(name) for name in names}
    rows = (
        ProductName.objects.filter(key__in=set(keys.values()), kind__in=NAMING_KINDS)
        .filter(product__in=Product.objects.filter(library_of(party_id)))
        .select_related("product__category")
        .order_by("product__owner_id", "pk")  # null last: the base library has the last word
    )
    meant = {row.key: row.product for row in rows}
    return {name: to_facts(meant[key]) for name, key in keys.items() if key in meant}


def list_categories() -> tuple[CategoryFacts, ...]:
    """List the branches of the catalogue, each parent before its children."""
    below: dict[str | None, list[Category]] = {}
    for row in Category.objects.order_by("nyt3177_code", "code"):
        below.setdefault(row.parent_id, []).append(row)
    found: list[CategoryFacts] = []

    def walk(parent: str | None, depth: int) -> None:
        for row in below.get(parent, ()):
            found.append(
                CategoryFacts(
                    row.code, row.parent_id or "", localised(row), row.nyt3177_code, row.is_basket, depth
                )
            )
            walk(row.code, depth + 1)

    walk(None, 0)
    return tuple(found)


def _branch(code: str) -> set[str]:
    """Return a category with all below it."""
    branch = {code}
    for category in list_categories():
        if category.parent in branch:
            branch.add(category.code)
    return branch


def list_products(
    actor: Actor, *, category: str = "", text: str = "", cursor: str = "", limit: int | None = None
) -> Page[ProductFacts]:
    """List the catalogue by pinyin, a whole branch of it, or what has the text in one of its names."""
    rows = Product.objects.filter(library_of(actor.party_id)).select_related("category")
    if category:
        rows = rows.filter(category_id__in=_branch(category))
    if key := key_of(text):
        rows = rows.filter(Exists(ProductName.objects.filter(product_id=OuterRef("pk"), key__contains=key)))
    page = ordered_by(rows, "pinyin", cursor=cursor, limit=limit)
    return Page(tuple(map(to_facts, page.items)), page.next)


def matching(actor: Actor, *, text: str = "", category: str = "") -> frozenset[int]:  # noqa: ARG001
    """Return the products with the text in one of their names, or in a branch of the catalogue.

    Parties' own ones too: for lists of goods, whose names everybody reads who sees the goods.
    """
    rows = Product.objects.all()
    if category:
        rows = rows.filter(category_id__in=_branch(category))
    if text:
        key = key_of(text)
        named = ProductName.objects.filter(product_id=OuterRef("pk"), key__contains=key)
        rows = rows.filter(Exists(named)) if key else rows.none()
    return frozenset(rows.values_list("pk", flat=True))


def get_product(actor: Actor, slug: str) -> ProductFile:
    """Return one product with all its names and the branch it stands in."""
    row = Product.objects.filter(library_of(actor.party_id), slug=slug).select_related("category").first()
    if row is None:
        raise NotFound
    shown = {key_of(name) for name in (row.name_zh, row.name_zh_hant, row.name_en, row.name_yue)}
    names = row.names.filter(kind__in=NAMING_KINDS).order_by("pk")
    by_code = {category.code: category for category in list_categories()}
    path: list[str] = []
    code = row.category_id
    while code in by_code and len(path) < _DEPTH:
        path.append(by_code[code].name)
        code = by_code[code].parent
    return ProductFile(
        to_facts(row), tuple(name.name for name in names if name.key not in shown), tuple(reversed(path))
    )


def main_products(actor: Actor) -> tuple[MainProductFacts, ...]:
    """List what the actor's party deals in, by pinyin."""
    rows = MainProduct.objects.filter(party_id=actor.acting_party_id).select_related("product__category")
    return tuple(
        MainProductFacts(to_facts(row.product), row.since.isoformat(), row.gtin)
        for row in rows.order_by("product__pinyin", "pk")[:500]
    )
