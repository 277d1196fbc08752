"""A farm's record for machines: inputs, crop batches, work, harvest."""

from typing import Annotated, Any

from django.utils import timezone
from ninja import Header, Path, Query, Router, Status

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.production import queries, schemas, services

router = Router(tags=["production"])
ClientKey = Annotated[str, Header("", alias="Idempotency-Key", max_length=80)]
RowId = Annotated[int, Path(gt=0, le=2**63 - 1)]
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{21}$")]
Text = Annotated[str, Query("", max_length=80)]
Cursor = Annotated[str, Query("", max_length=500)]
Limit = Annotated[int | None, Query(None, ge=1, le=500)]


@router.get("/production/inputs", response=schemas.InputsOut, summary="The store of inputs, newest first")
def list_inputs(
    request: ActorRequest,
    text: Text = "",
    is_left: Annotated[bool | None, Query(None)] = None,
    cursor: Cursor = "",
    limit: Limit = None,
) -> Any:
    return queries.list_inputs(request.actor, text=text, is_left=bool(is_left), cursor=cursor, limit=limit)


@router.post("/production/inputs", response={201: schemas.IdOut}, summary="An input was bought")
def buy_input(request: ActorRequest, data: schemas.InputIn, key: ClientKey = "") -> Any:
    new_id = services.buy_input(request.actor, at=timezone.now(), client_key=key, **data.said())
    return Status(201, {"id": new_id})


@router.get("/production/inputs/{input_id}", response=schemas.InputOut, summary="One purchase")
def get_input(request: ActorRequest, input_id: RowId) -> Any:
    return queries.get_input(request.actor, input_id)


@router.post(
    "/production/inputs/{input_id}/correction",
    response={201: schemas.IdOut},
    summary="A purchase was written down wrong: a new record takes its place",
)
def correct_input(
    request: ActorRequest, input_id: RowId, data: schemas.CorrectInputIn, key: ClientKey = ""
) -> Any:
    new_id = services.correct_input(
        request.actor,
        input_id=input_id,
        reason=data.reason,
        at=timezone.now(),
        client_key=key,
        **data.said(),
    )
    return Status(201, {"id": new_id})


@router.get(
    "/production/batches", response=schemas.BatchesOut, summary="Crop batches, those worked on last first"
)
def list_batches(
    request: ActorRequest,
    is_open: Annotated[bool | None, Query(None)] = None,
    text: Text = "",
    cursor: Cursor = "",
    limit: Limit = None,
) -> Any:
    return queries.list_batches(
        request.actor, is_open=is_open is not False, text=text, cursor=cursor, limit=limit
    )


@router.post(
    "/production/batches", response={201: schemas.IdOut}, summary="A crop batch opens, with its seed source"
)
def open_batch(request: ActorRequest, data: schemas.BatchIn, key: ClientKey = "") -> Any:
    said = data.model_dump(exclude={"seed"})
    new_id = services.open_batch(
        request.actor, **said, seed=data.seed.seed(), at=timezone.now(), client_key=key
    )
    return Status(201, {"id": new_id})


@router.get(
    "/production/batches/{batch_id}", response=schemas.FileOut, summary="One batch, from seed to harvest"
)
def get_batch(request: ActorRequest, batch_id: RowId) -> Any:
    return queries.get_batch(request.actor, batch_id, on=timezone.localdate())


@router.post(
    "/production/batches/{batch_id}/seed",
    response={201: schemas.IdOut},
    summary="The seed source was written down wrong: a new record takes its place",
)
def correct_seed(
    request: ActorRequest, batch_id: RowId, data: schemas.CorrectSeedIn, key: ClientKey = ""
) -> Any:
    new_id = services.correct_seed(
        request.actor,
        batch_id=batch_id,
        seed=data.seed(),
        reason=data.reason,
        at=timezone.now(),
        client_key=key,
    )
    return Status(201, {"id": new_id})


@router.post(
    "/production/environment",
    response={201: schemas.IdOut},
    summary="What was found of soil, water or air of a place",
)
def record_environment(request: ActorRequest, data: schemas.EnvironmentIn, key: ClientKey = "") -> Any:
    new_id = services.record_environment(
        request.actor, **data.model_dump(), at=timezone.now(), client_key=key
    )
    return Status(201, {"id": new_id})


@router.get(
    "/production/batches/{batch_id}/templates",
    response=schemas.TemplatesOut,
    summary="Work to log again on a batch: as last done here, then what is usual",
)
def templates(request: ActorRequest, batch_id: RowId) -> Any:
    request.actor.require(Permission.LOT_READ)
    return {"items": queries.templates_for(request.actor, batch_id)}


@router.post(
    "/production/batches/{batch_id}/operations",
    response={201: schemas.IdOut},
    summary="Work was done on a crop: fertilising, spraying, irrigating …",
)
def log_operation(request: ActorRequest, batch_id: RowId, data: schemas.WorkIn, key: ClientKey = "") -> Any:
    new_id = services.log_operation(
        request.actor, batch_id=batch_id, at=timezone.now(), client_key=key, **data.said()
    )
    return Status(201, {"id": new_id})


@router.post(
    "/production/operations/{operation_id}/correction",
    response={201: schemas.IdOut},
    summary="Work was logged wrong: a new record takes its place",
)
def correct_operation(
    request: ActorRequest, operation_id: RowId, data: schemas.CorrectWorkIn, key: ClientKey = ""
) -> Any:
    new_id = services.correct_operation(
        request.actor,
        operation_id=operation_id,
        reason=data.reason,
        is_void=data.is_void,
        at=timezone.now(),
        client_key=key,
        **data.said(),
    )
    return Status(201, {"id": new_id})


@router.post(
    "/production/batches/{batch_id}/harvests",
    response={201: schemas.HarvestOut},
    summary="A harvest makes a lot, which waits for its self-test",
)
def harvest(request: ActorRequest, batch_id: RowId, data: schemas.HarvestIn, key: ClientKey = "") -> Any:
    said = data.model_dump() | {"photo_ids": tuple(data.photo_ids)}
    new_id = services.harvest(request.actor, batch_id=batch_id, at=timezone.now(), client_key=key, **said)
    return Status(201, queries.get_harvest(request.actor, new_id))


@router.post("/production/batches/{batch_id}/close", response={204: None}, summary="The crop is off the plot")
def close_batch(request: ActorRequest, batch_id: RowId, data: schemas.CloseIn) -> Any:
    services.close_batch(
        request.actor, batch_id=batch_id, note=data.note, occurred_at=data.occurred_at, at=timezone.now()
    )
    return Status(204, None)


@router.get(
    "/lots/{code}/growth", response=schemas.GrowthOut, summary="How a lot grew, as the public reads it"
)
def growth(request: ActorRequest, code: Code) -> Any:
    request.actor.require(Permission.LOT_READ)
    lot = lots.get_lot(request.actor, code)
    grown = queries.growth_of([lot.id]).get(lot.id)
    if grown is None:
        raise NotFound
    return grown
