"""Read the event store."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain, islice, zip_longest
from typing import Any

import orjson
from django.db import connection

from cailan.epcis.models import CaptureJob, Event, EventKey
from cailan.epcis.rules import build, read
from cailan.kernel.access import Actor
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.ledger.rules.alterations import Alteration, Part


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event as recorded; `body` is its exact JSON text."""

    event_id: str
    type: str
    action: str
    event_time: datetime
    record_time: datetime
    biz_step: str
    disposition: str
    read_point: str
    biz_location: str
    owner_id: int
    corrects: str
    body: str


def known_ids(event_ids: Collection[str]) -> frozenset[str]:
    """Return those of the event ids that are recorded already."""
    return frozenset(Event.objects.filter(event_id__in=event_ids).values_list("event_id", flat=True))


def bodies(event_ids: Collection[str]) -> dict[str, str]:
    """Return the stored texts of events."""
    return dict(Event.objects.filter(event_id__in=event_ids).values_list("event_id", "body"))


def owners(event_ids: Collection[str]) -> dict[str, int]:
    """Return the parties that recorded events, by event id."""
    return dict(Event.objects.filter(event_id__in=event_ids).values_list("event_id", "owner_id"))


def corrected(event_ids: Collection[str]) -> frozenset[str]:
    """Return those of the events that were declared wrong (EPCIS 2.0, 7.4.1.2)."""
    return frozenset(Event.objects.filter(corrects__in=event_ids).values_list("corrects", flat=True))


def biz_steps(event_ids: Collection[str]) -> dict[str, str]:
    """Return the business steps of events."""
    return dict(Event.objects.filter(event_id__in=event_ids).values_list("event_id", "biz_step"))


@dataclass(frozen=True, slots=True)
class JobFacts:
    """A capture job (EPCIS 2.0, 8.2.6): captures are carried out wholly or not at all."""

    id: int
    created_at: datetime
    event_count: int
    new_count: int


def get_job(actor: Actor, job_id: int) -> JobFacts:
    """Return a capture job of the actor's own party."""
    row = CaptureJob.objects.filter(pk=job_id, owner_id=actor.acting_party_id).defer("document").first()
    if row is None:
        raise NotFound
    return JobFacts(row.pk, row.created_at, row.event_count, row.new_count)


def list_jobs(actor: Actor, *, cursor: str = "", limit: int | None = None) -> Page[JobFacts]:
    """List the capture jobs of the actor's own party, newest first."""
    rows = CaptureJob.objects.filter(owner_id=actor.acting_party_id).defer("document")
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(
        tuple(JobFacts(row.pk, row.created_at, row.event_count, row.new_count) for row in page.items),
        page.next,
    )


def find(event_id: str) -> EventFacts | None:
    """Return one event; who may see it is for the caller to say."""
    row = Event.objects.filter(event_id=event_id).first()
    return facts(row) if row else None


def keys_about(event_id: str) -> frozenset[str]:
    """Return the canonical keys that an event speaks of."""
    return frozenset(EventKey.objects.filter(event__event_id=event_id).values_list("key", flat=True))


def events_about(keys: Collection[str], *, limit: int = 500) -> tuple[EventFacts, ...]:
    """Return the events that speak of any of these canonical keys, oldest first."""
    ids = EventKey.objects.filter(key__in=keys).values("event_id")
    rows = Event.objects.filter(pk__in=ids).order_by("event_time", "id")[:limit]
    return tuple(facts(row) for row in rows)


def facts(row: Event) -> EventFacts:
    return EventFacts(
        row.event_id,
        row.type,
        row.action,
        row.event_time,
        row.record_time,
        row.biz_step,
        row.disposition,
        row.read_point,
        row.biz_location,
        row.owner_id,
        row.corrects,
        row.body,
    )


def as_document(events: Sequence[EventFacts], created: datetime) -> dict[str, object]:
    """Return the events as an EPCIS 2.0 JSON-LD document."""
    return build.document([orjson.loads(event.body) for event in events], created)


_CHUNK = 5_000
_MOST = 1_000
_SIX_PLACES = Decimal("0.000001")
_EVENTS = """
SELECT id, event_id, corrects, body, type, action, event_time, biz_step, disposition, read_point, biz_location
  FROM epcis_event WHERE id > %s ORDER BY id LIMIT %s
"""
_KEYS = """
SELECT event_id, role, key, quantity, uom FROM epcis_eventkey WHERE event_id BETWEEN %s AND %s ORDER BY event_id, id
"""


def misindexed() -> Iterator[Alteration]:
    """Name events whose columns or keys do not say what their texts say, and documents that were changed.

    The texts themselves are held to their seals by `lots`. Some 20 000 events a second; names the first thousand.
    """
    yield from islice(chain(_misindexed_events(), _changed_documents()), _MOST)


def _misindexed_events() -> Iterator[Alteration]:
    after = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_EVENTS, [after, _CHUNK])
            events = cursor.fetchall()
            if not events:
                return
            cursor.execute(_KEYS, [events[0][0], events[-1][0]])
            keys: dict[int, list[tuple[str, str, Decimal | None, str]]] = defaultdict(list)
            for pk, *key in cursor.fetchall():
                keys[pk].append(tuple(key))
            after = events[-1][0]
            for pk, event_id, corrects, body, *columns in events:
                try:
                    event = orjson.loads(body)
                    is_right = _is_right(event, event_id, corrects, columns, keys[pk])
                except (ValueError, KeyError, TypeError, AttributeError):
                    yield Alteration(Part.FACT, "body", stored=body[:80], subject=f"epcis_event {event_id}")
                    continue
                if not is_right:
                    yield from _differing(event, event_id, corrects, columns, keys[pk])


def _is_right(
    event: dict[str, Any], event_id: str, corrects: str, columns: Sequence[Any], keys: Sequence[Any]
) -> bool:
    return (
        _ids(event, event_id) == (event_id, corrects)
        and read.columns_of(event) == tuple(columns)
        and _keys(event) == keys
    )


def _ids(event: dict[str, Any], event_id: str) -> tuple[str, str]:
    """Return an event's id and what it corrects: a declaration may stand under an id of its own."""
    named = event["eventID"]
    return (named, "") if event.get("errorDeclaration") is None else (event_id, named)


def _keys(event: dict[str, Any]) -> list[tuple[str, str, Decimal | None, str]]:
    return [
        (
            key.role,
            key.key,
            None if key.quantity is None else key.quantity.quantize(_SIX_PLACES, ROUND_HALF_UP),
            key.uom,
        )
        for key in read.keys_of(event)
    ]


def _differing(
    event: dict[str, Any], event_id: str, corrects: str, columns: Sequence[Any], keys: Sequence[Any]
) -> Iterator[Alteration]:
    said = (*_ids(event, event_id), *read.columns_of(event))
    names = ("event_id", "corrects", *read.Columns._fields)
    for name, wanted, stored in zip(names, said, (event_id, corrects, *columns), strict=True):
        if wanted != stored:
            yield Alteration(Part.FACT, name, str(wanted), str(stored), subject=f"epcis_event {event_id}")
    for wanted, stored in zip_longest(_keys(event), keys):
        if wanted != stored:
            follows, found = ("" if one is None else " ".join(map(str, one)) for one in (wanted, stored))
            yield Alteration(Part.FACT, "keys", follows, found, subject=f"epcis_event {event_id}")


def _changed_documents() -> Iterator[Alteration]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, encode(digest, 'hex'), encode(sha256(document), 'hex') FROM epcis_capturejob"
            " WHERE sha256(document) <> digest ORDER BY id LIMIT %s",
            [_MOST],
        )
        for pk, wanted, stored in cursor.fetchall():
            yield Alteration(Part.FACT, "document", wanted, stored, subject=f"epcis_capturejob {pk}")
