"""Lots and stock for machines."""

from typing import Annotated, Any

from django.utils import timezone
from ninja import Header, Path, Query, Router, Status

from cailan.kernel.access import ActorRequest, Permission
from cailan.lots import queries, schemas, services
from cailan.lots.rules.requests import AnyRequest

router = Router(tags=["lots"])
ClientKey = Annotated[str, Header("", alias="Idempotency-Key", max_length=80)]
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{21}$")]
Text = Annotated[str, Query("", max_length=300)]
Cursor = Annotated[str, Query("", max_length=500)]
Limit = Annotated[int | None, Query(None, ge=1, le=500)]


@router.get("/lots", response=schemas.LotsOut, summary="Lots that you may see, newest first")
def list_lots(
    request: ActorRequest,
    text: Text = "",
    category: Annotated[str, Query("", max_length=40)] = "",
    is_held: Annotated[bool | None, Query(None)] = None,
    cursor: Cursor = "",
    limit: Limit = None,
) -> Any:
    request.actor.require(Permission.LOT_READ)
    return queries.list_lots(
        request.actor, text=text, category=category, is_held=is_held, cursor=cursor, limit=limit
    )


@router.get("/stock", response=schemas.StockOut, summary="What your party has now")
def stock(request: ActorRequest, text: Text = "", cursor: Cursor = "", limit: Limit = None) -> Any:
    request.actor.require(Permission.LOT_READ)
    return queries.stock(request.actor, text=text, cursor=cursor, limit=limit)


def _record(request: ActorRequest, wanted: AnyRequest, key: str) -> Status[services.Outcome]:
    actor = request.actor
    actor.require(Permission.LOT_MOVE)
    return Status(
        201, services.record(actor, queries.complete(actor, wanted), at=timezone.now(), client_key=key)
    )


@router.post("/lots", response={201: schemas.RecordOut}, summary="A lot begins: harvest, catch, intake")
def create(request: ActorRequest, data: schemas.CreateIn, key: ClientKey = "") -> Any:
    return _record(request, data.request(), key)


@router.post("/lots/receive", response={201: schemas.RecordOut}, summary="Goods from a supplier outside")
def receive(request: ActorRequest, data: schemas.ReceiveIn, key: ClientKey = "") -> Any:
    return _record(request, data.request(), key)


@router.post("/lots/transfer", response={201: schemas.RecordOut}, summary="Goods change hands or place")
def transfer(request: ActorRequest, data: schemas.TransferIn, key: ClientKey = "") -> Any:
    return _record(request, data.request(), key)


@router.post("/lots/transform", response={201: schemas.RecordOut}, summary="Lots become other lots")
def transform(request: ActorRequest, data: schemas.TransformIn, key: ClientKey = "") -> Any:
    return _record(request, data.request(), key)


@router.post("/lots/retail", response={201: schemas.RecordOut}, summary="Sold to consumers")
def retail(request: ActorRequest, data: schemas.RetailIn, key: ClientKey = "") -> Any:
    return _record(request, data.request(), key)


@router.post("/lots/lose", response={201: schemas.RecordOut}, summary="Spoiled, thrown away, evaporated")
def lose(request: ActorRequest, data: schemas.LoseIn, key: ClientKey = "") -> Any:
    return _record(request, data.request(), key)


@router.post("/lots/adjust", response={201: schemas.RecordOut}, summary="A count found another quantity")
def adjust(request: ActorRequest, data: schemas.AdjustIn, key: ClientKey = "") -> Any:
    return _record(request, data.request(), key)


@router.get("/lots/{code}", response=schemas.LotOut, summary="One lot")
def get_lot(request: ActorRequest, code: Code) -> Any:
    request.actor.require(Permission.LOT_READ)
    return queries.get_lot(request.actor, code)


@router.post("/lots/{code}/hold", response=schemas.CodesOut, summary="Stop every outgoing flow of a lot")
def hold(request: ActorRequest, code: Code, data: schemas.HoldIn) -> Any:
    held = services.hold(
        request.actor, lot=code, reason=data.reason, at=timezone.now(), with_derived=data.with_derived
    )
    return {"lot_codes": held}


@router.post("/lots/{code}/release", response=schemas.CodesOut, summary="End the holds that you placed")
def release(request: ActorRequest, code: Code, data: schemas.ReleaseIn) -> Any:
    freed = services.release(request.actor, lot=code, reason=data.reason, at=timezone.now())
    return {"lot_codes": freed}
