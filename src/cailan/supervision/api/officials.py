"""Alerts, decisions, boards, and the calendar."""

from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja import Header, Path, Query, Router, Status

from cailan.kernel.access import ActorRequest
from cailan.supervision import queries, schemas, services

router = Router(tags=["supervision"])
ClientKey = Annotated[str, Header("", alias="Idempotency-Key", max_length=80)]
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{21}$")]
Number = Annotated[str, Path(pattern=r"^[A-Z0-9-]{1,40}$")]
Id = Annotated[int, Path(ge=1, lt=2**63)]
Cursor = Annotated[str, Query("", max_length=500)]
Limit = Annotated[int | None, Query(None, ge=1, le=500)]


@router.get("/alerts", response=schemas.AlertsOut, summary="Alerts of your area, market or laboratory")
def list_alerts(
    request: ActorRequest,
    state: Annotated[str, Query("", pattern="^(new|acknowledged|handled)?$")] = "",
    cursor: Cursor = "",
    limit: Limit = None,
) -> Any:
    return queries.list_alerts(request.actor, state=state, cursor=cursor, limit=limit)


@router.get("/alerts/{alert_id}", response=schemas.AlertOut, summary="One alert")
def get_alert(request: ActorRequest, alert_id: Id) -> Any:
    return queries.get_alert(request.actor, alert_id)


@router.post("/alerts/{alert_id}/acknowledgement", response={204: None}, summary="Say that you are at it")
def acknowledge(request: ActorRequest, alert_id: Id) -> Any:
    services.acknowledge(request.actor, alert_id=alert_id, at=timezone.now())
    return Status(204, None)


@router.post("/alerts/{alert_id}/handling", response={204: None}, summary="Settle an alert without a recall")
def handle(request: ActorRequest, alert_id: Id, data: schemas.NoteIn) -> Any:
    services.handle_alert(request.actor, alert_id=alert_id, note=data.note, at=timezone.now())
    return Status(204, None)


@router.get(
    "/lots/{code}/recall-proposal",
    response=schemas.ProposalOut,
    summary="Measure, level, scope and responsible party, proposed from the graph",
)
def propose(
    request: ActorRequest, code: Code, alert_id: Annotated[int | None, Query(None, ge=1, lt=2**63)] = None
) -> Any:
    found = queries.propose(request.actor, code, alert_id=alert_id, at=timezone.now())
    return {
        "lot": found.lot,
        "place": found.place,
        "happened_at": found.happened_at,
        "known_at": found.known_at,
        "measure": found.measure,
        "level": found.level.level,
        "why": found.level.why,
        "limits": [
            {"level": level, "start_due": due.start_due, "finish_due": due.finish_due}
            for level, due in found.limits
        ],
        "units": list(found.units),
        "responsible": list(found.candidates),
        "where": list(found.where),
        "holders": len(found.holders),
        "lots_in_scope": found.lots_in_scope,
    }


@router.post("/recalls", response={201: schemas.NumberOut}, summary="Decide on a withdrawal or recall")
def start(request: ActorRequest, data: schemas.DecisionIn, key: ClientKey = "") -> Any:
    number = services.start_recall(request.actor, decision=data.decision(), at=timezone.now(), client_key=key)
    return Status(201, {"number": number})


@router.get("/recalls", response=schemas.RecallsOut, summary="Recalls of your area")
def list_recalls(
    request: ActorRequest,
    is_open: Annotated[bool | None, Query(None)] = None,
    cursor: Cursor = "",
    limit: Limit = None,
) -> Any:
    return queries.list_recalls(request.actor, is_open=is_open, cursor=cursor, limit=limit)


@router.get("/recalls/{number}", response=schemas.RecallOut, summary="One decision")
def get_recall(request: ActorRequest, number: Number) -> Any:
    return queries.get_recall(request.actor, number)


@router.get("/recalls/{number}/progress", response=schemas.ProgressOut, summary="How far a recall is")
def progress(request: ActorRequest, number: Number) -> Any:
    recall = queries.get_recall(request.actor, number)
    return queries.progress(request.actor, recall, at=timezone.now())


@router.get(
    "/recalls/{number}/holders", response=schemas.HoldersOut, summary="Each holder, with what it answered"
)
def holders(request: ActorRequest, number: Number, cursor: Cursor = "", limit: Limit = None) -> Any:
    recall = queries.get_recall(request.actor, number)
    page = queries.board_rows(request.actor, recall, at=timezone.now(), cursor=cursor, limit=limit)
    return {"items": [schemas.holder(row) for row in page.items], "next": page.next}


@router.get(
    "/recalls/{number}/messages",
    response=schemas.MessagesOut,
    summary="What was sent, and whether it arrived",
)
def messages_out(request: ActorRequest, number: Number, cursor: Cursor = "", limit: Limit = None) -> Any:
    return queries.list_messages(request.actor, number, cursor=cursor, limit=limit)


@router.post("/recalls/{number}/escalation", response=schemas.CountOut, summary="Ask the silent again")
def escalate(request: ActorRequest, number: Number) -> Any:
    return {"count": services.escalate(request.actor, number=number, at=timezone.now())}


@router.post(
    "/recalls/{number}/closing", response=schemas.ReportOut, summary="Close, with the closing report"
)
def close(request: ActorRequest, number: Number, data: schemas.ReasonIn) -> Any:
    report = services.close_recall(request.actor, number=number, reason=data.reason, at=timezone.now())
    return {"report_id": report}


@router.post(
    "/recalls/{number}/release", response=schemas.CodesOut, summary="Release the holds of a closed recall"
)
def release(request: ActorRequest, number: Number, data: schemas.ReasonIn) -> Any:
    freed = services.release_recall(request.actor, number=number, reason=data.reason, at=timezone.now())
    return {"lot_codes": freed}


@router.get("/work-calendar/{year}", response=list[schemas.WorkDayOut], summary="Special days of a year")
def list_workdays(request: ActorRequest, year: Annotated[int, Path(ge=2000, le=2100)]) -> Any:
    return list(queries.list_workdays(request.actor, year=year))


@router.put("/work-calendar/days/{day}", response={204: None}, summary="Say whether a day is a working day")
def set_workday(request: ActorRequest, day: date, data: schemas.WorkDayIn) -> Any:
    services.set_workday(request.actor, day=day, **data.model_dump(), at=timezone.now())
    return Status(204, None)
