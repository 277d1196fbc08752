"""What several pages of quality need."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from cailan.documents import services as documents
from cailan.kernel.access import Actor, ActorRequest
from cailan.kernel.problems import InvalidInput
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.products import queries as products
from cailan.quality import queries

MOST_HINTS = 100


def substances() -> list[str]:
    """Return names of substances to choose from."""
    return [one.name for one in products.search_substances("", limit=MOST_HINTS)]


def expected_items(lot: LotFacts) -> list[str]:
    """Return what was used on a lot: that is what must be tested for (用什么药、检什么药)."""
    return list(dict.fromkeys(queries.ingredients_of(lot)))[:15]


def find_lot(actor: Actor, code: str) -> LotFacts:
    return lots.get_lot(actor, code)


def kept_photo(actor: Actor, photo: Any) -> int | None:
    """Keep a photo among the party's documents and return its number."""
    if photo is None:
        return None
    try:
        return documents.store(
            actor, file=photo, name=photo.name or "photo.jpg", kind="photo", at=timezone.now()
        )
    except InvalidInput as refusal:
        for error in refusal.extra.get("errors", []):
            error["where"] = "photo"
        raise


def next_page(request: ActorRequest, cursor: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "cursor"}
    return f"?{urlencode({**kept, 'cursor': cursor})}" if cursor else ""


def labs(actor: Actor) -> list[tuple[int, str]]:
    return [
        (one.party_id, f"{one.name} · CMA {one.cma_number}")
        for one in queries.laboratories(actor, on=timezone.now())
    ]


def day_in(text: str) -> date:
    """Return the day in an address, today where there is none or none that can be read."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
