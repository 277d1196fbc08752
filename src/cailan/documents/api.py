"""Documents for machines."""

from typing import Annotated

from django.http import FileResponse
from django.utils import timezone
from ninja import File, Form, Path, Query, Router, Status
from ninja.files import UploadedFile

from cailan.documents import queries, services
from cailan.documents.rules import DocumentFacts
from cailan.documents.schemas import DocumentOut, DocumentsOut, ShareIn
from cailan.kernel.access import ActorRequest
from cailan.kernel.paging import Page

router = Router(tags=["documents"])
DocumentId = Annotated[int, Path(ge=1, lt=2**63)]


@router.post("/documents", response={201: DocumentOut})
def store(
    request: ActorRequest,
    file: Annotated[UploadedFile, File()],
    kind: Annotated[str, Form(max_length=20)],
) -> Status[DocumentFacts]:
    """Keep a file; its content decides what it is. The same file again gives the same id."""
    document_id = services.store(request.actor, file=file, name=file.name or "", kind=kind, at=timezone.now())
    return Status(201, queries.get_document(request.actor, document_id))


@router.get("/documents", response=DocumentsOut)
def list_documents(
    request: ActorRequest,
    kind: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str, Query(max_length=400)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Page[DocumentFacts]:
    """List the documents of one's own party, newest first."""
    return queries.list_documents(request.actor, kind=kind, cursor=cursor, limit=limit)


@router.get("/documents/{document_id}", response=DocumentOut)
def get_document(request: ActorRequest, document_id: DocumentId) -> DocumentFacts:
    """Show one document."""
    return queries.get_document(request.actor, document_id)


@router.get("/documents/{document_id}/file", response=bytes)
def download(
    request: ActorRequest,
    document_id: DocumentId,
    size: Annotated[str, Query(pattern="^(320|1080|2160)?$")] = "",
) -> FileResponse:
    """Download a document; `size` gives a picture's rendition."""
    opened = queries.open_file(request.actor, document_id, size=size)
    return FileResponse(opened.path.open("rb"), **opened.as_response())


@router.post("/documents/{document_id}/shares", response={204: None})
def share(request: ActorRequest, document_id: DocumentId, body: ShareIn) -> Status[None]:
    """Let other parties open one's own document."""
    services.share(request.actor, document_id=document_id, party_ids=body.party_ids, at=timezone.now())
    return Status(204, None)
