"""Documents and files for machines: EPCIS capture, and imports of records."""

from typing import Annotated, Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Path, Query, Router, Status
from ninja.files import UploadedFile

from cailan.epcis import queries as epcis
from cailan.exchange import queries, schemas, services
from cailan.exchange.services.problems import NoSuchResource
from cailan.kernel.access import ActorRequest, Permission
from cailan.lots import queries as lots

EPCIS_HEADERS = {
    "GS1-EPCIS-Version": "2.0.0",
    "GS1-CBV-Version": "2.0.0",
    "GS1-Capture-Error-Behaviour": "rollback",
}
router = Router(tags=["imports"])
epcis_router = Router(tags=["EPCIS 2.0"])
Id = Annotated[int, Path(gt=0, lt=2**63)]


@epcis_router.post("/capture", response={202: None}, summary="Capture an EPCIS document")
def capture(request: ActorRequest, response: HttpResponse) -> Any:
    """Record every event of an EPCIS 2.0 document, wholly or not at all; the same document again changes nothing."""
    result = services.capture(
        request.actor, body=request.body, media_type=request.content_type or "", at=timezone.now()
    )
    for name, value in EPCIS_HEADERS.items():
        response[name] = value
    response["Location"] = f"{_prefix(request)}/capture/{result.job_id}"
    return Status(202, None)


def _prefix(request: HttpRequest) -> str:
    return request.path.rpartition("/capture")[0]


@epcis_router.get("/capture", response=list[schemas.CaptureJobOut], summary="Your capture jobs")
def capture_jobs(
    request: ActorRequest,
    perPage: Annotated[int, Query(30, ge=1, le=500)] = 30,  # noqa: N803 (the standard's name)
) -> Any:
    request.actor.require(Permission.EVENT_CAPTURE)
    return [_job(job) for job in epcis.list_jobs(request.actor, limit=perPage).items]


@epcis_router.get("/capture/{job_id}", response=schemas.CaptureJobOut, summary="What became of a capture")
def capture_job(request: ActorRequest, job_id: Id) -> Any:
    request.actor.require(Permission.EVENT_CAPTURE)
    return _job(epcis.get_job(request.actor, job_id))


def _job(job: epcis.JobFacts) -> dict[str, Any]:
    return {
        "captureID": str(job.id), "createdAt": job.created_at, "finishedAt": job.created_at, "running": False,
        "success": True, "captureErrorBehaviour": "rollback", "errors": [],
    }  # fmt: skip


@epcis_router.get("/events/{path:event_id}", summary="One event")
def event(request: ActorRequest, event_id: Annotated[str, Path(max_length=600)]) -> HttpResponse:
    """Return an event that your party recorded, or that speaks of goods you may see, as it was recorded."""
    request.actor.require(Permission.EVENT_READ)
    found = epcis.find(event_id) or epcis.find(unquote(event_id))
    if found is None or not _may_see(request, found):
        raise NoSuchResource
    return HttpResponse(found.body, content_type="application/ld+json", headers=EPCIS_HEADERS)


def _may_see(request: ActorRequest, found: epcis.EventFacts) -> bool:
    if found.owner_id == request.actor.party_id:
        return True
    return bool(lots.visible_uris(request.actor, epcis.keys_about(found.event_id)))


@router.post("/imports", response={201: schemas.ImportOut}, summary="Import a file of records")
def import_file(request: ActorRequest, file: Annotated[UploadedFile, File()]) -> Any:
    """Take a CSV, XLSX or EPCIS file now; the same file again changes nothing. See docs/import.md for the template."""
    services.check_size(request.actor, file.size or 0)
    now = timezone.now()
    job_id = services.keep_file(request.actor, name=file.name or "", data=file.read(), at=now)
    services.run_job(request.actor, job_id=job_id, at=now)
    return Status(201, queries.get_import(request.actor, job_id))


@router.get("/imports", response=schemas.ImportsOut, summary="Your imports, newest first")
def list_imports(
    request: ActorRequest,
    cursor: Annotated[str, Query("", max_length=500)] = "",
    limit: Annotated[int | None, Query(None, ge=1, le=500)] = None,
) -> Any:
    return queries.list_imports(request.actor, cursor=cursor, limit=limit)


@router.get("/imports/{job_id}", response=schemas.ImportOut, summary="One import")
def get_import(request: ActorRequest, job_id: Id) -> Any:
    return queries.get_import(request.actor, job_id)


@router.get(
    "/imports/{job_id}/problems", response=list[schemas.RowProblemOut], summary="Rows that were refused"
)
def import_problems(
    request: ActorRequest, job_id: Id, limit: Annotated[int, Query(200, ge=1, le=10_000)] = 200
) -> Any:
    return list(queries.problems_of(request.actor, job_id, limit=limit))
