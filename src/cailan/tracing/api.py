"""Chains for machines."""

from typing import Annotated, Any, Literal

import orjson
from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router

from cailan.epcis import queries as epcis
from cailan.kernel.access import ActorRequest, Permission
from cailan.tracing import queries, schemas

router = Router(tags=["tracing"])
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{21}$")]
Text = Annotated[
    str, Query(min_length=1, max_length=300, description="Trace code, URI, Digital Link or element string")
]


@router.get("/trace", response=schemas.TraceOut, summary="A chain, back and forward")
def trace(
    request: ActorRequest, code: Text, direction: Literal["both", "back", "forward"] = "both"
) -> dict[str, Any]:
    request.actor.require(Permission.LOT_READ)
    found = queries.trace(request.actor, code)
    kept = {"both": found.back | found.forward, "back": found.back, "forward": found.forward}[direction]
    chain = found.chain
    return {
        "lot": found.lot,
        "nodes": [node for node in chain.nodes if node.id in kept],
        "edges": [edge for edge in chain.edges if {edge.source_id, edge.target_id} <= kept | {None}],
        "focus": sorted(chain.focus),
        "is_truncated": chain.is_truncated,
        "balance": found.balance,
        "stages": {str(stage): has for stage, has in found.stages.items()},
        "depth": found.depth,
        "gaps": [gap for gap in found.gaps if gap.node_id in kept],
        "corrected": sorted(found.corrected),
    }


@router.get(
    "/lots/{code}/scope", response=schemas.ScopeOut, summary="Who has what of a lot and all made from it"
)
def scope(request: ActorRequest, code: Code) -> dict[str, Any]:
    request.actor.require(Permission.LOT_READ)
    found = queries.scope(request.actor, code)
    holders = []
    for row in found.holders:
        contact = found.contacts.get(row.holder_id)
        seen = {"contact_name": contact.contact_name, "phone": contact.phone} if contact else {}
        fields = {name: getattr(row, name) for name in row.__slots__}
        holders.append({"contact_name": "", "phone": "", **fields, **seen})
    return {"lot": found.lot, "holders": holders, "lots": found.lots, "is_truncated": found.is_truncated}


@router.get("/lots/{code}/events", summary="The events of a lot's chain as an EPCIS 2.0 document")
def events(request: ActorRequest, code: Code) -> HttpResponse:
    request.actor.require(Permission.EVENT_READ)
    found = queries.trace(request.actor, code)
    body = orjson.dumps(epcis.as_document(found.events, timezone.now()))
    return HttpResponse(body, content_type="application/ld+json")


@router.get("/ancestors", response=list[schemas.AncestorOut], summary="Lots from which several lots descend")
def ancestors(
    request: ActorRequest, lots: Annotated[list[schemas.Text], Query(min_length=2, max_length=50)]
) -> Any:
    request.actor.require(Permission.LOT_READ)
    return list(queries.ancestors(request.actor, lots))


@router.get("/whereabouts", response=list[schemas.WentOut], summary="Where a batch went, with quantities")
def whereabouts(request: ActorRequest, key: Text) -> Any:
    request.actor.require(Permission.LOT_READ)
    return list(queries.whereabouts(request.actor, key))
