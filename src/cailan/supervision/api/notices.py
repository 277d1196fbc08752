"""Notices to one's own party."""

from typing import Annotated, Any
from uuid import uuid4

from django.utils import timezone
from ninja import Header, Path, Query, Router, Status

from cailan.kernel.access import ActorRequest
from cailan.supervision import queries, schemas, services

router = Router(tags=["supervision"])
ClientKey = Annotated[str, Header("", alias="Idempotency-Key", max_length=80)]
Id = Annotated[int, Path(ge=1, lt=2**63)]
Cursor = Annotated[str, Query("", max_length=500)]
Limit = Annotated[int | None, Query(None, ge=1, le=500)]


@router.get("/notices", response=schemas.NoticesOut, summary="Notices of recalls to your party")
def list_notices(
    request: ActorRequest,
    is_open: Annotated[bool | None, Query(None)] = None,
    cursor: Cursor = "",
    limit: Limit = None,
) -> Any:
    return queries.list_notices(request.actor, is_open=is_open, cursor=cursor, limit=limit)


@router.get("/notices/{notice_id}", response=schemas.NoticeOut, summary="One notice, and how you stand")
def get_notice(request: ActorRequest, notice_id: Id) -> Any:
    return schemas.notice(queries.get_notice(request.actor, notice_id))


@router.post("/notices/{notice_id}/confirmation", response={204: None}, summary="Confirm that it arrived")
def confirm(request: ActorRequest, notice_id: Id) -> Any:
    services.confirm_notice(request.actor, notice_id=notice_id, at=timezone.now())
    return Status(204, None)


@router.post(
    "/notices/{notice_id}/answers", response={201: schemas.AnswerOut}, summary="Say what became of the goods"
)
def answer(request: ActorRequest, notice_id: Id, data: schemas.AnswerIn, key: ClientKey = "") -> Any:
    made = services.answer_notice(
        request.actor, notice_id=notice_id, said=data.said(), at=timezone.now(), client_key=key or uuid4().hex
    )
    return Status(201, {"answer_id": made})


@router.post(
    "/notices/{notice_id}/forwards",
    response={201: schemas.ForwardOut},
    summary="Tell a buyer without books here",
)
def forward(request: ActorRequest, notice_id: Id, data: schemas.ForwardIn, key: ClientKey = "") -> Any:
    made = services.forward_notice(
        request.actor, notice_id=notice_id, **data.fields(), at=timezone.now(), client_key=key or uuid4().hex
    )
    return Status(201, made)


@router.post(
    "/notices/{notice_id}/returns", response=schemas.CountOut, summary="Take returned goods into stock"
)
def accept_returns(request: ActorRequest, notice_id: Id, data: schemas.ReturnsIn) -> Any:
    count = services.accept_returns(
        request.actor, notice_id=notice_id, return_ids=data.return_ids, at=timezone.now()
    )
    return {"count": count}
