"""What production tells upwards."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class HarvestRefused:
    """Somebody tried to harvest inside a safety interval, or after a banned substance."""

    name: ClassVar[str] = "production.harvest.refused"
    refusal_id: int
    batch_id: int
    batch_number: str
    party_id: int
    product: str
    operation_id: int
    cause: str
    allowed_from: str  # ISO date; "" never
    is_banned: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class HarvestContradicted:
    """A record that came late shows that lots were harvested when they should not have been; they are on hold."""

    name: ClassVar[str] = "production.harvest.contradicted"
    batch_id: int
    batch_number: str
    party_id: int
    operation_id: int
    lot_ids: tuple[int, ...]
    cause: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Harvested:
    name: ClassVar[str] = "production.harvested"
    harvest_id: int
    batch_id: int
    party_id: int
    lot_id: int
    lot_code: str
    at: datetime
