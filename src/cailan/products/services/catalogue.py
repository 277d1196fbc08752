"""Load the base product library."""

from django.db import connection, transaction

from cailan.products.queries.integrity import CATEGORY_COLUMNS, PRODUCT_COLUMNS, listed
from cailan.products.rules.names import names_of

_CATEGORIES = """
INSERT INTO products_category (code, parent_id, name_zh, name_zh_hant, name_en, nyt3177_code, is_basket)
SELECT code, nullif(parent, ''), zh, hant, en, nyt, basket = '1'
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS r (code, parent, zh, hant, en, nyt, basket)
ON CONFLICT (code) DO UPDATE SET parent_id = excluded.parent_id, name_zh = excluded.name_zh,
    name_zh_hant = excluded.name_zh_hant, name_en = excluded.name_en,
    nyt3177_code = excluded.nyt3177_code, is_basket = excluded.is_basket
"""
_PRODUCTS = """
INSERT INTO products_product (slug, category_id, name_zh, name_zh_hant, name_en, name_yue, pinyin,
    nyt3177_code, gbt7635_code, hs_code, uom, storage_min_celsius, storage_max_celsius, shelf_life_days)
SELECT slug, category, zh, hant, en, yue, pinyin, nyt, gbt, hs, uom,
    nullif(coldest, '')::numeric, nullif(warmest, '')::numeric, nullif(life, '')::int
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS r (slug, category, zh, hant, en, yue, pinyin, nyt, gbt, hs, uom, coldest, warmest, life)
ON CONFLICT (slug) DO UPDATE SET category_id = excluded.category_id, name_zh = excluded.name_zh,
    name_zh_hant = excluded.name_zh_hant, name_en = excluded.name_en, name_yue = excluded.name_yue,
    pinyin = excluded.pinyin, nyt3177_code = excluded.nyt3177_code, gbt7635_code = excluded.gbt7635_code,
    hs_code = excluded.hs_code, uom = excluded.uom, storage_min_celsius = excluded.storage_min_celsius,
    storage_max_celsius = excluded.storage_max_celsius, shelf_life_days = excluded.shelf_life_days
"""
_NAMES = """
WITH wanted AS (
    SELECT product.id AS product_id, r.name, r.key, r.kind
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS r (slug, name, key, kind)
    JOIN products_product product ON product.slug = r.slug
), gone AS (
    DELETE FROM products_productname held USING products_product product
    WHERE product.id = held.product_id AND product.owner_id IS NULL
      AND NOT EXISTS (SELECT FROM wanted WHERE wanted.product_id = held.product_id AND wanted.key = held.key)
)
INSERT INTO products_productname (product_id, name, key, kind) SELECT product_id, name, key, kind FROM wanted
ON CONFLICT (product_id, key) DO UPDATE SET name = excluded.name, kind = excluded.kind
"""


@transaction.atomic
def load_catalogue() -> int:
    """Bring the library in step with the lists of this version; return how many products it has."""
    categories, products = listed("categories.csv"), listed("products.csv")
    names = [
        (row["slug"], name, key, kind)
        for row in products
        for key, (name, kind) in names_of(
            official=(row["name_zh"], row["name_zh_hant"]),
            yue=row["name_yue"],
            en=row["name_en"],
            aliases=row["aliases"].split("|"),
            pinyin=row["pinyin"],
        ).items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CATEGORIES, [[row[column] for row in categories] for column in CATEGORY_COLUMNS])
        cursor.execute(_PRODUCTS, [[row[column] for row in products] for column in PRODUCT_COLUMNS])
        cursor.execute(_NAMES, [list(column) for column in zip(*names, strict=True)])
    return len(products)
