"""Record events: the only writer of the event store."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from django.db import connection, transaction

from cailan.epcis.models import CaptureJob
from cailan.epcis.rules import read
from cailan.kernel.access import Actor


@dataclass(frozen=True, slots=True)
class Job:
    """A capture job: the document of a party, and how many of its events were new."""

    id: int
    event_count: int
    new_count: int
    is_new: bool


def open_job(actor: Actor, *, document: bytes, media_type: str) -> Job:
    """Keep a document to the byte; a party's second capture of the same document finds the first job."""
    digest = sha256(document).digest()
    row, is_new = CaptureJob.objects.get_or_create(
        owner_id=actor.acting_party_id,
        digest=digest,
        defaults={"media_type": media_type[:80], "document": document},
    )
    return Job(row.pk, row.event_count, row.new_count, is_new)


def close_job(actor: Actor, *, job_id: int, event_count: int, new_count: int) -> None:
    """Write down what a capture job came to."""
    CaptureJob.objects.filter(pk=job_id, owner_id=actor.acting_party_id).update(
        event_count=event_count, new_count=new_count
    )


COLUMNS = (
    "event_id",
    "type",
    "action",
    "event_time",
    "biz_step",
    "disposition",
    "read_point",
    "biz_location",
    "record_time",
    "owner_id",
    "job_id",
    "corrects",
    "body",
)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to record; `body` is its exact JSON text, made from `event` when not given.

    An error declaration repeats the eventID of the event declared wrong (EPCIS 2.0, 7.4.1.2): where that one is
    recorded already, the declaration goes under an id of its own and names the other in `corrects`.
    """

    event: dict[str, Any]
    body: str = field(default="")
    corrects: str = ""

    def text(self) -> str:
        return self.body or orjson.dumps(self.event).decode()


def record(actor: Actor, events: Sequence[NewEvent], *, at: datetime, job_id: int | None = None) -> list[str]:
    """Record events in the caller's transaction, one statement a table; return their texts as stored.

    Raises IntegrityError for an eventID that is recorded already: callers ask `queries.known_ids` first.
    """
    if not transaction.get_connection().in_atomic_block:
        message = "record() runs in the transaction of the fact it tells"
        raise RuntimeError(message)
    texts = [event.text() for event in events]
    rows = [_row(new, text, actor, at, job_id) for new, text in zip(events, texts, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('epcis_event', 'id')) FROM generate_series(1, %s)",
            [len(rows)],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY epcis_event (id, {', '.join(COLUMNS)}) FROM STDIN") as copy,
        ):
            for pk, row in zip(ids, rows, strict=True):
                copy.write_row((pk, *row))
        with (
            connection.wrap_database_errors,
            cursor.copy("COPY epcis_eventkey (event_id, key, role, quantity, uom) FROM STDIN") as copy,
        ):
            for pk, new in zip(ids, events, strict=True):
                for key in read.keys_of(new.event):
                    copy.write_row((pk, key.key, key.role, key.quantity, key.uom))
    return texts


def _row(new: NewEvent, text: str, actor: Actor, at: datetime, job_id: int | None) -> tuple[Any, ...]:
    event = new.event
    corrects = new.corrects or (event["eventID"] if event.get("errorDeclaration") is not None else "")
    return (event["eventID"], *read.columns_of(event), at, actor.party_id or 0, job_id, corrects, text)
