"""Read the administrative tree."""

from collections.abc import Sequence
from dataclasses import dataclass

from cailan.parties.models import Region
from cailan.parties.queries.reading import localised
from cailan.parties.rules.facts import RegionFacts

ROOT = "CN"
_DEPTH = 5


def to_region(row: Region) -> RegionFacts:
    return RegionFacts(row.code, row.parent_id or "", row.level, localised(row), row.latitude, row.longitude)


def list_regions(parent: str = ROOT) -> tuple[RegionFacts, ...]:
    """List the regions directly below one."""
    return tuple(to_region(row) for row in Region.objects.filter(parent_id=parent).order_by("code"))


def search_regions(text: str, *, limit: int = 20) -> tuple[RegionFacts, ...]:
    """Find regions by a part of their Chinese or English name."""
    rows = Region.objects.filter(name_zh__contains=text) | Region.objects.filter(name_en__icontains=text)
    return tuple(to_region(row) for row in rows.order_by("code")[:limit])


def region_name(code: str, language: str = "") -> str:
    """Return the name of a region, "" for an unknown code."""
    return localised(Region.objects.filter(pk=code).first(), language or None)


def region_path(code: str) -> tuple[RegionFacts, ...]:
    """Return a region with all above it, the province first; the country itself is left out."""
    if not code.isalnum():  # whatever a form sent comes here to be shown again
        return ()
    found = Region.objects.select_related("parent__parent__parent").filter(pk=code).first()
    path: list[RegionFacts] = []
    while found is not None and found.pk != ROOT and len(path) < _DEPTH:
        path.append(to_region(found))
        found = found.parent
    return tuple(reversed(path))


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a region being chosen: what can be chosen, and what is."""

    options: tuple[RegionFacts, ...]
    chosen: str


def choose_step_by_step(codes: Sequence[str]) -> tuple[Level, ...]:
    """Return the levels to choose from, down to one below the last choice; a choice that does not fit ends it."""
    levels: list[Level] = []
    parent = ROOT
    for wanted in (*codes[:_DEPTH], ""):
        options = list_regions(parent)
        if not options:
            break
        chosen = wanted if any(option.code == wanted for option in options) else ""
        levels.append(Level(options, chosen))
        if not chosen:
            break
        parent = chosen
    return tuple(levels)
