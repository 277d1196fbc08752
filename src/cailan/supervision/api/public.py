"""Announcements, for everybody."""

from typing import Annotated, Any

from ninja import Path, Query, Router

from cailan.kernel.access import ActorRequest
from cailan.supervision import queries, schemas

router = Router(tags=["supervision"])


def _fields(facts: queries.RecallFacts) -> dict[str, Any]:
    names = (
        "number", "kind", "level", "producer", "reason", "instruction", "refund_place", "authority", "decided_at",
        "finish_due", "closed_at",
    )  # fmt: skip
    return {
        **{name: getattr(facts, name) for name in names},
        "product": facts.lot.product,
        "lot_number": facts.lot.number,
    }


@router.get(
    "/announcements", response=schemas.PublicRecallsOut, auth=None, summary="Announcements of recalls"
)
def announcements(
    request: ActorRequest,
    cursor: Annotated[str, Query("", max_length=500)] = "",
    limit: Annotated[int | None, Query(None, ge=1, le=500)] = None,
) -> Any:
    page = queries.list_public(cursor=cursor, limit=limit)
    return {"items": [_fields(one) for one in page.items], "next": page.next}


@router.get(
    "/announcements/{number}", response=schemas.AnnouncementOut, auth=None, summary="One announcement"
)
def announcement(request: ActorRequest, number: Annotated[str, Path(pattern=r"^[A-Z0-9-]{1,40}$")]) -> Any:
    found = queries.announcement(number)
    return {
        **_fields(found.facts),
        "lot_codes": [lot.code for lot in found.lots],
        "areas": list(found.areas),
        "quantities": list(found.quantities),
    }
