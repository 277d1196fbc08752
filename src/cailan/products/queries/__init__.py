"""Show the catalogue: search it, list it, resolve names; and what a party deals in."""

from cailan.products.queries.catalogue import (
    by_gtin,
    facts,
    get_product,
    list_categories,
    list_products,
    main_products,
    matching,
    resolve_names,
)
from cailan.products.queries.disclosing import may_read_sealed, seal_of
from cailan.products.queries.searching import search
from cailan.products.queries.substances import (
    banned,
    banned_by_day,
    search_substances,
    substance_facts,
    substance_named,
    substances_named,
)

__all__ = [
    "banned",
    "banned_by_day",
    "by_gtin",
    "facts",
    "get_product",
    "list_categories",
    "list_products",
    "main_products",
    "matching",
    "may_read_sealed",
    "resolve_names",
    "seal_of",
    "search",
    "search_substances",
    "substance_facts",
    "substance_named",
    "substances_named",
]
