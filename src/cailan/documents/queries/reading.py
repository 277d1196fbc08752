"""Read documents."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cailan.documents.models import Document, Share
from cailan.documents.queries.folder import path_of
from cailan.documents.queries.integrity import number_in, subject_of
from cailan.documents.rules import JPEG, PDF, PICTURES, SHOWN_IN_BROWSER, DocumentFacts, rendition_size
from cailan.kernel.access import Actor
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.ledger import queries as ledger

Overseer = Callable[[Actor, int], bool]
_overseers: list[Overseer] = []


def add_overseer(oversees: Overseer) -> None:
    """Let an upper floor say who oversees a party and so may open its documents (from an app's `ready`)."""
    if oversees not in _overseers:
        _overseers.append(oversees)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file ready to be sent."""

    path: Path
    media_type: str
    name: str
    digest: str
    is_inline: bool

    def as_response(self) -> dict[str, Any]:
        """Return how to send it: shown when a picture or PDF, else saved; it can run nothing in our name."""
        # Browsers refuse to show a PDF in a sandbox; their viewers run apart from the page anyway.
        sandbox = "" if self.media_type == PDF else "sandbox; "
        return {
            "as_attachment": not self.is_inline,
            "filename": self.name,
            "content_type": self.media_type,
            "headers": {
                "Content-Security-Policy": f"{sandbox}default-src 'none'; frame-ancestors 'none'",
                "X-Content-Type-Options": "nosniff",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Cache-Control": "private, max-age=3600",
            },
        }


def to_facts(row: Document) -> DocumentFacts:
    return DocumentFacts(
        id=row.pk,
        owner_id=row.owner_id,
        name=row.name,
        kind=row.kind,
        digest=row.file.digest,
        media_type=row.file.media_type,
        size=row.file.size,
        width=row.file.width,
        height=row.file.height,
        added_at=row.added_at,
    )


def facts(ids: Collection[int]) -> dict[int, DocumentFacts]:
    """Return documents by id; for rows that the caller may see already."""
    return {row.pk: to_facts(row) for row in Document.objects.filter(pk__in=set(ids)).select_related("file")}


def _find(actor: Actor, document_id: int) -> tuple[Document, bool]:
    """Return a document that the actor may see, and whether it is his own or overseen."""
    row = Document.objects.select_related("file").filter(pk=document_id).first()
    if row is None:
        raise NotFound
    is_own = actor.party_id is not None and row.owner_id == actor.party_id
    if is_own or actor.sees_everything or any(oversees(actor, row.owner_id) for oversees in _overseers):
        return row, True
    if actor.party_id is None or not Share.objects.filter(document=row, party_id=actor.party_id).exists():
        raise NotFound
    return row, False


def get_document(actor: Actor, document_id: int) -> DocumentFacts:
    """Return one document; what the actor does not see is not found."""
    return to_facts(_find(actor, document_id)[0])


def may_read_sealed(actor: Actor, subject: str) -> bool:
    """Say whether the actor may open the document that a seal speaks of."""
    try:
        _find(actor, number_in(subject))
    except NotFound:
        return False
    return True


def list_documents(
    actor: Actor, *, kind: str = "", cursor: str = "", limit: int | None = None
) -> Page[DocumentFacts]:
    """List the documents of the actor's own party, newest first."""
    rows = Document.objects.filter(owner_id=actor.acting_party_id).select_related("file")
    if kind:
        rows = rows.filter(kind=kind)
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(map(to_facts, page.items)), page.next)


def seals_of(actor: Actor, documents: Collection[DocumentFacts]) -> dict[int, ledger.NamedSeal]:
    """Return the newest seal of documents, by id."""
    subjects = {subject_of(one.digest, one.id): one.id for one in documents}
    return {subjects[name]: seal for name, seal in ledger.latest_seals(actor, list(subjects)).items()}


def open_file(actor: Actor, document_id: int, *, size: str = "") -> OpenedFile:
    """Return the file of a document; `size` 320, 1080 or 2160 is a picture's rendition.

    Whom a picture is shared with gets renditions only: the original tells where and with what it was taken.
    """
    row, is_original_open = _find(actor, document_id)
    is_picture = row.file.media_type in PICTURES
    if is_picture and (size or not is_original_open):
        shown, media_type = rendition_size(size), JPEG
        path = path_of(row.file.digest, shown)
        name = f"{row.name.rpartition('.')[0] or row.name}.jpg"
    else:
        path, media_type, name = path_of(row.file.digest), row.file.media_type, row.name
    if not path.is_file():
        raise NotFound
    return OpenedFile(
        path, media_type, name, row.file.digest, is_inline=row.file.media_type in SHOWN_IN_BROWSER
    )


def read_bytes(actor: Actor, document_id: int) -> bytes:
    """Return the original bytes of a document, for imports."""
    row, is_original_open = _find(actor, document_id)
    if not is_original_open:
        raise NotFound
    return path_of(row.file.digest).read_bytes()
