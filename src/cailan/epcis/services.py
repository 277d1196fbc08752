"""Record events: the only writer of the event store."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from cailan.epcis.rules import read
from cailan.kernel.access import Actor

COLUMNS = {
    "event_id": "text",
    "type": "text",
    "action": "text",
    "event_time": "timestamptz",
    "record_time": "timestamptz",
    "biz_step": "text",
    "disposition": "text",
    "read_point": "text",
    "biz_location": "text",
    "owner_id": "bigint",
    "job_id": "bigint",
    "corrects": "text",
    "body": "text",
}


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to record; `body` is its exact JSON text, made from `event` when not given."""

    event: dict[str, Any]
    body: str = field(default="")

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
    rows = [_row(new.event, text, actor, at, job_id) for new, text in zip(events, texts, strict=True)]
    unnest = ", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO epcis_event ({', '.join(COLUMNS)}) SELECT * FROM unnest({unnest}) RETURNING id, event_id",  # noqa: S608 (names are our own)
            [list(column) for column in zip(*rows, strict=True)],
        )
        ids = {event_id: pk for pk, event_id in cursor.fetchall()}
        keys = [
            (ids[new.event["eventID"]], key.key, key.role, key.quantity, key.uom)
            for new in events
            for key in read.keys_of(new.event)
        ]
        if keys:
            cursor.execute(
                "INSERT INTO epcis_eventkey (event_id, key, role, quantity, uom)"
                " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::numeric[], %s::text[])",
                [list(column) for column in zip(*keys, strict=True)],
            )
    return texts


def _row(event: dict[str, Any], text: str, actor: Actor, at: datetime, job_id: int | None) -> tuple[Any, ...]:
    correction = event.get("errorDeclaration")
    return (
        event["eventID"],
        event["type"],
        event.get("action", ""),
        read.moment(event["eventTime"]),
        at,
        read.vocabulary(event.get("bizStep")),
        read.vocabulary(event.get("disposition")),
        read.place(event, "readPoint"),
        read.place(event, "bizLocation"),
        actor.party_id or 0,
        job_id,
        event["eventID"] if correction is not None else "",
        text,
    )
