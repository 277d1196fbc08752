"""Rebuild what is sealed of parties' own products and lists; find library rows that are not as listed."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Any

from cailan.ledger.rules.alterations import Alteration, Part
from cailan.products.models import Category, MainProduct, Product, ProductName

PRODUCT, LIST = "product:", "main_products:"
CATEGORY_COLUMNS = ("code", "parent", "name_zh", "name_zh_hant", "name_en", "nyt3177_code", "is_basket")
PRODUCT_COLUMNS = (
    "slug",
    "category",
    "name_zh",
    "name_zh_hant",
    "name_en",
    "name_yue",
    "pinyin",
    "nyt3177_code",
    "gbt7635_code",
    "hs_code",
    "uom",
    "storage_min_celsius",
    "storage_max_celsius",
    "shelf_life_days",
)
_STORED_AS = {"category": "category_id", "parent": "parent_id"}


def rebuild_products(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the products that parties registered, every column and name."""
    slugs = [subject.removeprefix(PRODUCT) for subject in subjects]
    names: dict[int, list[dict[str, str]]] = defaultdict(list)
    for row in ProductName.objects.filter(product__slug__in=slugs).order_by("key"):
        names[row.product_id].append({"key": row.key, "name": row.name, "kind": row.kind})
    return {
        f"{PRODUCT}{product.slug}": {
            "id": product.pk,
            "owner": product.owner_id or 0,
            "gtin": product.gtin or "",
            "names": names[product.pk],
            **{
                column: text_of(getattr(product, _STORED_AS.get(column, column)))
                for column in PRODUCT_COLUMNS
            },
        }
        for product in Product.objects.filter(slug__in=slugs)
    }


def rebuild_lists(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what parties deal in, each list in the order of its products' slugs."""
    owners = [int(subject.removeprefix(LIST)) for subject in subjects]
    found: dict[str, dict[str, Any]] = {subject: {"products": []} for subject in subjects}
    rows = MainProduct.objects.filter(party_id__in=owners).order_by("product__slug")
    for party_id, slug, since, gtin in rows.values_list("party_id", "product__slug", "since", "gtin"):
        line = {"product": slug, "since": since.isoformat(), "gtin": gtin or ""}
        found[f"{LIST}{party_id}"]["products"].append(line)
    return found


def text_of(value: object) -> str:
    """Write a column as the lists of this version do: "" for nothing, decimals without trailing zeros."""
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def listed(name: str) -> list[dict[str, str]]:
    """Return a list of this version: categories.csv or products.csv."""
    text = (files("cailan.products") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def mislisted() -> Iterator[Alteration]:
    """Name rows of the base library that are not as this version lists them; where none was loaded, none is."""
    yield from _compared(
        "products_category", "code", CATEGORY_COLUMNS, "categories.csv", Category.objects.all()
    )
    library = Product.objects.filter(owner_id=None)
    yield from _compared("products_product", "slug", PRODUCT_COLUMNS, "products.csv", library)


def _compared(table: str, key: str, columns: Sequence[str], name: str, rows: Any) -> Iterator[Alteration]:
    wanted = listed(name)
    stored = {row[key]: row for row in rows.values(*(_STORED_AS.get(column, column) for column in columns))}
    if len(stored) * 2 < len(wanted):
        return
    for line in wanted:
        found = stored.get(line[key])
        if found is None:
            yield Alteration(Part.FACT, "missing", subject=f"{table} {line[key]}")
            continue
        for column in columns:
            now, follows = text_of(found[_STORED_AS.get(column, column)]), _as_stored(column, line[column])
            if now != follows:
                yield Alteration(Part.FACT, column, follows, now, subject=f"{table} {line[key]}")


def _as_stored(column: str, text: str) -> str:
    if column == "is_basket":
        return "1" if text == "1" else ""
    return text_of(Decimal(text)) if column.startswith("storage_") and text else text
