"""Read the event store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from cailan.epcis.models import Event, EventKey
from cailan.epcis.rules import build


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
