"""Rebuild what is sealed of documents: their rows, and the bytes of their files as they lie on the disk."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from cailan.documents.models import Document, Share
from cailan.documents.queries.folder import path_of

_MARK = "#document-"


def subject_of(digest: str, document_id: int) -> str:
    """Return the subject of a document's seals: whoever has the file finds them by its digest."""
    return f"sha256:{digest}{_MARK}{document_id}"


def number_in(subject: str) -> int:
    return int(subject.rpartition(_MARK)[2])


def rebuild_documents(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return documents as they are kept now; `bytes` is the digest of the file itself, "missing" without one."""
    asked = {number_in(subject): subject for subject in subjects}
    rows = Document.objects.filter(pk__in=asked).select_related("file")
    bytes_of: dict[str, str] = {}
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        digest = row.file.digest
        if digest not in bytes_of:
            bytes_of[digest] = _digest_on_disk(digest)
        found[asked[row.pk]] = {
            "sha256": digest,
            "bytes": bytes_of[digest],
            "owner": row.owner_id,
            "kind": row.kind,
            # A file's name may name a person; beside the file's own digest its digest tells nothing.
            "name": hashlib.sha256(f"{digest}\n{row.name}".encode()).hexdigest(),
            "media_type": row.file.media_type,
            "size": row.file.size,
            "width": row.file.width or 0,
            "height": row.file.height or 0,
            "added_by": row.added_by_id or 0,
            "added_at": row.added_at.astimezone(UTC).isoformat(timespec="microseconds"),
        }
    return found


def _digest_on_disk(digest: str) -> str:
    try:
        with path_of(digest).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return "missing"
    except (OSError, ValueError):  # a digest that was changed in the table names no file
        return "unreadable"


def rebuild_shares(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return with whom documents are shared."""
    parties: dict[int, list[int]] = defaultdict(list)
    rows = Share.objects.filter(document_id__in=map(number_in, subjects)).order_by("party_id")
    for document_id, party_id in rows.values_list("document_id", "party_id"):
        parties[document_id].append(party_id)
    return {subject: {"parties": parties[number_in(subject)]} for subject in subjects}
