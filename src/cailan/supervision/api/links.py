"""Notices behind a link: whoever holds it answers, without a key."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import uuid4

from django.utils import timezone
from ninja import Header, Path, Router, Status

from cailan.kernel import audit
from cailan.kernel.access import ActorRequest
from cailan.kernel.problems import NotFound
from cailan.supervision import queries, schemas, services

router = Router(tags=["supervision"])
ClientKey = Annotated[str, Header("", alias="Idempotency-Key", max_length=80)]
Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,60}$")]
_MISSED = "supervision.link.missed"


def _open(request: ActorRequest, token: str) -> queries.NoticeFile:
    audit.refuse_too_many(_MISSED, most=60, within=timedelta(minutes=15), at=timezone.now())
    try:
        return queries.notice_of_link(token)
    except NotFound:
        audit.record(request.actor, _MISSED, "link", succeeded=False)
        raise


@router.get(
    "/recall-links/{token}", response=schemas.NoticeOut, auth=None, summary="The notice behind a link"
)
def get_notice(request: ActorRequest, token: Token) -> Any:
    return schemas.notice(_open(request, token))


@router.post(
    "/recall-links/{token}/confirmation", response={204: None}, auth=None, summary="Confirm by the link"
)
def confirm(request: ActorRequest, token: Token, data: schemas.ConfirmIn) -> Any:
    _open(request, token)
    services.confirm_by_link(request.actor, token=token, by_name=data.by_name, at=timezone.now())
    return Status(204, None)


@router.post(
    "/recall-links/{token}/answers",
    response={201: schemas.AnswerOut},
    auth=None,
    summary="Answer by the link",
)
def answer(request: ActorRequest, token: Token, data: schemas.AnswerIn, key: ClientKey = "") -> Any:
    _open(request, token)
    made = services.answer_by_link(
        request.actor, token=token, said=data.said(), at=timezone.now(), client_key=key or uuid4().hex
    )
    return Status(201, {"answer_id": made})


@router.post(
    "/recall-links/{token}/forwards",
    response={201: schemas.ForwardOut},
    auth=None,
    summary="Pass it on by the link",
)
def forward(request: ActorRequest, token: Token, data: schemas.ForwardIn, key: ClientKey = "") -> Any:
    _open(request, token)
    made = services.forward_by_link(
        request.actor, token=token, **data.fields(), at=timezone.now(), client_key=key or uuid4().hex
    )
    return Status(201, made)
