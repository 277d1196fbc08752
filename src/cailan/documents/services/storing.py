"""Keep a file once, by its content, and the documents that parties make of it."""

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cailan.documents.models import Document, Share, StoredFile
from cailan.documents.queries.folder import home, path_of
from cailan.documents.queries.integrity import rebuild_documents, rebuild_shares, subject_of
from cailan.documents.rules import EMPTY, DocumentKind
from cailan.documents.services.inspecting import FileRefused, Inspected, inspect
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotFound, TooLarge
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry

__all__ = ["FileRefused", "share", "store"]
_BLOCK = 1 << 18
_LONGEST_NAME = 200


def store(actor: Actor, *, file: IO[bytes], name: str, kind: str, at: datetime) -> int:
    """Keep a file for the actor's party and return its document's id; the same file again gives the same id.

    The content decides what it is; a name that says otherwise is refused. Its digest is sealed in the ledger.
    """
    actor.require(Permission.DOCUMENT_ADD)
    owner_id = actor.acting_party_id
    if kind not in set(DocumentKind):
        raise InvalidInput(
            errors=[{"where": "kind", "what": _("Choose the kind of document from the list.")}]
        )
    name = clean_name(name)
    with _received(file) as (path, digest, size):
        found = inspect(path, name)
        _settle(path, digest, found)
    return _record(actor, owner_id, digest=digest, size=size, found=found, name=name, kind=str(kind), at=at)


def clean_name(name: str) -> str:
    """Return the last part of a name, without what is not printed, its end kept when it is cut."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(character for character in last if character.isprintable()).strip() or "file"
    stem, dot, extension = plain.rpartition(".")
    if not dot:
        return plain[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(extension) - 1]}.{extension}"[-_LONGEST_NAME:]


@contextmanager
def _received(file: IO[bytes]) -> Iterator[tuple[Path, str, int]]:
    """Stream a file into a temporary one, counting and hashing; all of it is gone afterwards."""
    home().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home(), prefix=".incoming-") as folder:
        path = Path(folder) / "file"
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as target:
            while block := file.read(_BLOCK):
                size += len(block)
                if size > settings.CAILAN.upload_limit_bytes:
                    raise TooLarge(where="file", limit_bytes=settings.CAILAN.upload_limit_bytes)
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        if not size:
            raise FileRefused(EMPTY)
        yield path, digest.hexdigest(), size


def _settle(path: Path, digest: str, found: Inspected) -> None:
    """Move a file and its renditions to where their digest says, each in one step."""
    target = path_of(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    for size, rendition in found.renditions:
        _sync(rendition)
        rendition.replace(path_of(digest, size))
    path.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@transaction.atomic
def _record(
    actor: Actor,
    owner_id: int,
    *,
    digest: str,
    size: int,
    found: Inspected,
    name: str,
    kind: str,
    at: datetime,
) -> int:
    described: dict[str, Any] = {"media_type": found.media_type, "size": size}
    file, _is_new = StoredFile.objects.get_or_create(
        digest=digest, defaults={**described, "width": found.width, "height": found.height}
    )
    document, is_new = Document.objects.get_or_create(
        owner_id=owner_id,
        file=file,
        kind=kind,
        defaults={"name": name, "added_by_id": actor.user_id, "added_at": at},
    )
    if is_new:
        audit.record(actor, "documents.document.stored", f"document:{document.pk}", kind=kind, **described)
        subject = subject_of(digest, document.pk)
        ledger.append(
            actor, [Entry("documents.stored", subject, rebuild_documents([subject])[subject])], at=at
        )
    return document.pk


@transaction.atomic
def share(actor: Actor, *, document_id: int, party_ids: Collection[int], at: datetime) -> None:
    """Let other parties open one's own document."""
    actor.require(Permission.DOCUMENT_ADD)
    own = Document.objects.filter(pk=document_id, owner_id=actor.acting_party_id)
    digest = own.values_list("file__digest", flat=True).first()
    if digest is None:
        raise NotFound
    Share.objects.bulk_create(
        [Share(document_id=document_id, party_id=party_id, since=at) for party_id in set(party_ids)],
        ignore_conflicts=True,
    )
    audit.record(
        actor, "documents.document.shared", f"document:{document_id}", parties=sorted(set(party_ids))
    )
    subject = subject_of(digest, document_id)
    ledger.append(actor, [Entry("documents.shared", subject, rebuild_shares([subject])[subject])], at=at)
