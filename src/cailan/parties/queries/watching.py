"""Find rows that no longer say what they were made from: repeated names and areas, the list of regions."""

import csv
from collections.abc import Iterator
from importlib.resources import files
from itertools import islice

from cailan.accounts import queries as accounts
from cailan.ledger.rules.alterations import Alteration, Part
from cailan.parties.models import Party, Region

_CHUNK = 5_000
REGION_COLUMNS = ("level", "parent", "name_zh", "name_en", "name_zh_hant", "latitude", "longitude")


def listed_regions() -> list[dict[str, str]]:
    """Return the list of regions of this version."""
    text = (files("cailan.parties") / "data" / "regions.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def misdescribed() -> Iterator[Alteration]:
    """Name memberships and keys whose name, kind or area is not that of their party."""
    told = accounts.descriptions()
    while rows := list(islice(told, _CHUNK)):
        wanted = {
            pk: (name, kind, area or "")
            for pk, name, kind, area in Party.objects.filter(
                pk__in={row.party_id for row in rows}
            ).values_list("pk", "name", "kind", "area_id")
        }
        for row in rows:
            stated = (row.name, row.kind, row.region)
            pairs = zip(("party_name", "party_kind", "region"), wanted[row.party_id], stated, strict=True)
            for column, follows, stored in pairs:
                if stored != follows:
                    yield Alteration(Part.FACT, column, follows, stored, subject=f"{row.table} {row.id}")


def misplaced() -> Iterator[Alteration]:
    """Name regions that are not as this version's list has them; where no list was loaded, none is."""
    stored = {
        row["code"]: row
        for row in Region.objects.values("code", "parent_id", *(set(REGION_COLUMNS) - {"parent"}))
    }
    listed = listed_regions()
    if len(stored) * 2 < len(listed):
        return
    for wanted in listed:
        subject = f"parties_region {wanted['code']}"
        found = stored.get(wanted["code"])
        if found is None:
            yield Alteration(Part.FACT, "missing", subject=subject)
            continue
        found["parent"] = found["parent_id"]
        for column in REGION_COLUMNS:
            if (now := found[column]) != _typed(column, wanted[column]):
                yield Alteration(
                    Part.FACT, column, wanted[column], "" if now is None else str(now), subject=subject
                )


def _typed(column: str, text: str) -> str | float | None:
    if column in {"latitude", "longitude"}:
        return float(text) if text else None
    return (text or None) if column == "parent" else text
