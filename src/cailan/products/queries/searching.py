"""Search while somebody types: exact, then beginning, then sound, then part, then nearly."""

from django.db import connection

from cailan.products.queries.catalogue import facts
from cailan.products.rules.facts import ProductFacts
from cailan.products.rules.names import key_of

_NEARLY_FROM = 3  # a trigram needs three characters
_MOST = 100

# Each arm uses its own index: equality and LIKE 'x%' the btree, the others the trigrams.
_SEARCH = """
WITH hit AS (
    SELECT product_id, CASE WHEN kind IN ('pinyin', 'initials') THEN 2 ELSE 0 END AS rank, 1.0 AS nearness
    FROM products_productname WHERE key = %(key)s
  UNION ALL
    (SELECT product_id, CASE kind WHEN 'official' THEN 1 WHEN 'pinyin' THEN 4 WHEN 'initials' THEN 4 ELSE 3 END,
        1.0 / length(key)
     FROM products_productname WHERE key LIKE %(like)s || '%%' ORDER BY length(key), id LIMIT 400)
  UNION ALL
    (SELECT product_id, 5, 1.0 / length(key)
     FROM products_productname WHERE key LIKE '%%' || %(like)s || '%%' ORDER BY length(key), id LIMIT 400)
  UNION ALL
    (SELECT product_id, 6, similarity(key, %(key)s)
     FROM products_productname WHERE %(nearly)s AND key %% %(key)s LIMIT 400)
), best AS (
    SELECT product_id, min(rank) AS rank, max(nearness) AS nearness FROM hit GROUP BY product_id
)
SELECT best.product_id
FROM best
JOIN products_product product ON product.id = best.product_id
LEFT JOIN products_mainproduct chosen ON chosen.product_id = product.id AND chosen.party_id = %(party)s
WHERE product.owner_id IS NULL OR product.owner_id = %(party)s
ORDER BY chosen.id IS NULL OR best.rank = 6, best.rank, best.nearness DESC, product.pinyin, product.id
LIMIT %(limit)s
"""
_CHOSEN = """
SELECT chosen.product_id
FROM products_mainproduct chosen JOIN products_product product ON product.id = product_id
WHERE chosen.party_id = %(party)s ORDER BY product.pinyin, product.id LIMIT %(limit)s
"""


def search(text: str, *, party_id: int | None = None, limit: int = 20) -> tuple[ProductFacts, ...]:
    """Find products by any name, pinyin or its initials; what the party deals in comes first.

    Without text: what the party deals in.
    """
    key = key_of(text)
    like = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values: dict[str, str | bool | int | None] = {
        "key": key,
        "like": like,
        "nearly": len(key) >= _NEARLY_FROM,
        "party": party_id,
        "limit": max(1, min(limit, _MOST)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEARCH if key else _CHOSEN, values)
        ids = [row[0] for row in cursor.fetchall()]
    found = facts(ids)
    return tuple(found[pk] for pk in ids if pk in found)
