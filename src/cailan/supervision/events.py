"""What supervision tells upwards."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class AlertRaised:
    name: ClassVar[str] = "supervision.alert.raised"
    alert_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class RecallStarted:
    name: ClassVar[str] = "supervision.recall.started"
    number: str
    lot_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecallClosed:
    name: ClassVar[str] = "supervision.recall.closed"
    number: str
    lot_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MessagesQueued:
    """Messages wait to be sent."""

    name: ClassVar[str] = "supervision.messages.queued"
    number: str
    count: int
