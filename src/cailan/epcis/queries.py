"""Read the event store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from cailan.epcis.models import CaptureJob, Event, EventKey
from cailan.epcis.rules import build
from cailan.kernel.access import Actor
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound


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
