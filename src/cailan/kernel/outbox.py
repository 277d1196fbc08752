"""Upward news: events are written with the fact, and delivered to listeners at least once."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Protocol

import orjson
from django.db import connection, transaction
from procrastinate.contrib.django import app

Listener = Callable[[dict[str, Any]], None]
_listeners: dict[str, dict[str, Listener]] = defaultdict(dict)


class DomainEvent(Protocol):
    """A frozen dataclass with a dotted past-tense name, e.g. `lots.lot.held`."""

    name: ClassVar[str]


def listen(event_name: str, listener: Listener) -> None:
    """Register a listener (from an app's `ready`); it must be idempotent."""
    _listeners[event_name][f"{listener.__module__}.{listener.__qualname__}"] = listener


def publish(events: Sequence[DomainEvent]) -> None:
    """Write events to the outbox in the present transaction, and enqueue their deliveries."""
    if not events:
        return
    if not transaction.get_connection().in_atomic_block:
        message = "publish() runs in the transaction of the fact it tells"
        raise RuntimeError(message)
    payloads = [asdict(event) for event in events]  # type: ignore[call-overload]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_outboxevent (at, name, payload)"
            " SELECT now(), name, payload::jsonb FROM unnest(%s::text[], %s::text[]) AS e(name, payload)",
            [[event.name for event in events], [orjson.dumps(p, default=str).decode() for p in payloads]],
        )
    for event, payload in zip(events, payloads, strict=True):
        for key in _listeners[event.name]:
            deliver.defer(
                name=event.name, listener=key, payload=orjson.loads(orjson.dumps(payload, default=str))
            )


@app.task(name="kernel.deliver", retry=10)
def deliver(name: str, listener: str, payload: dict[str, Any]) -> None:
    """Hand one event to one listener."""
    _listeners[name][listener](payload)
