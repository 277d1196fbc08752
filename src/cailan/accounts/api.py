"""Who one is, one's people, and keys of machines."""

from typing import Annotated, Any

from django.utils import timezone
from ninja import Path, Query, Router, Status

from cailan.accounts import queries, schemas, services
from cailan.kernel.access import ActorRequest

router = Router(tags=["accounts"])


@router.get("/me", response=schemas.MeOut, summary="Who you are here")
def me(request: ActorRequest) -> Any:
    actor = request.actor
    return {
        **{name: getattr(actor, name) for name in schemas.MeOut.model_fields if name != "permissions"},
        "permissions": sorted(actor.permissions),
    }


@router.get("/members", response=list[schemas.MemberOut], summary="The people of your organisation")
def members(request: ActorRequest) -> Any:
    return list(queries.list_members(request.actor))


@router.get("/api-keys", response=schemas.KeysOut, summary="Keys of your organisation's machines")
def list_keys(
    request: ActorRequest,
    cursor: Annotated[str, Query("", max_length=500)] = "",
    limit: Annotated[int | None, Query(None, ge=1, le=500)] = None,
) -> Any:
    return queries.list_api_keys(request.actor, cursor=cursor, limit=limit)


@router.post("/api-keys", response={201: schemas.NewKeyOut}, summary="Make a key")
def create_key(request: ActorRequest, data: schemas.KeyIn) -> Any:
    key = services.create_api_key(
        request.actor, name=data.name, role=data.role, valid_days=data.valid_days, at=timezone.now()
    )
    return Status(201, {"key": key})


@router.delete("/api-keys/{key_id}", response={204: None}, summary="Make a key useless")
def revoke_key(request: ActorRequest, key_id: Annotated[int, Path(gt=0, le=2**63 - 1)]) -> Any:
    services.revoke_api_key(request.actor, key_id=key_id, at=timezone.now())
    return Status(204, None)
