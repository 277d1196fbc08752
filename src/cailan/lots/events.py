"""What lots tells upwards."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class LotsMoved:
    """Goods came, went or changed; one event a recorded fact."""

    name: ClassVar[str] = "lots.moved"
    event_id: str
    lot_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LotHeld:
    name: ClassVar[str] = "lots.held"
    lot_ids: tuple[int, ...]
    root_lot_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class LotReleased:
    name: ClassVar[str] = "lots.released"
    lot_ids: tuple[int, ...]
    root_lot_id: int
