"""Load the administrative tree."""

from django.db import connection, transaction

from cailan.parties.queries.watching import REGION_COLUMNS, listed_regions

_UPSERT = """
INSERT INTO parties_region (code, level, parent_id, name_zh, name_en, name_zh_hant, latitude, longitude)
SELECT code, level, nullif(parent, ''), zh, en, hant,
    nullif(latitude, '')::float8, nullif(longitude, '')::float8
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS r (code, level, parent, zh, en, hant, latitude, longitude)
ON CONFLICT (code) DO UPDATE SET
    level = excluded.level, parent_id = excluded.parent_id, name_zh = excluded.name_zh,
    name_en = excluded.name_en, name_zh_hant = excluded.name_zh_hant,
    latitude = excluded.latitude, longitude = excluded.longitude
"""
_COLUMNS = ("code", *REGION_COLUMNS)


@transaction.atomic
def load_regions() -> int:
    """Bring the table of regions in step with the list of this version; return how many there are."""
    rows = listed_regions()
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [[row[column] for row in rows] for column in _COLUMNS])
    return len(rows)
