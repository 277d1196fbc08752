"""What leaves this context, as frozen facts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cailan.production.rules.store import LabelInterval


@dataclass(frozen=True, slots=True)
class Ingredient:
    """An active ingredient with its content as the label writes it."""

    name: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class InputFacts:
    """A purchase in the store of inputs, and what remains of it."""

    id: int
    root_id: int
    party_id: int
    kind: str
    name: str
    registration_no: str
    manufacturer: str
    ingredients: tuple[Ingredient, ...]
    label: tuple[LabelInterval, ...]
    batch: str
    quantity: Decimal
    remaining: Decimal
    uom: str
    bought_on: date
    expires_on: date | None
    supplier_id: int | None
    supplier_name: str
    store_id: int | None
    store: str
    document_ids: tuple[int, ...]
    recorded_at: datetime
    corrects_id: int | None
    reason: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class SeedFacts:
    """Where the seed or seedlings of a batch come from."""

    id: int
    name: str
    variety: str
    kind: str
    supplier: str
    batch: str
    certificate_no: str
    certificate_document_id: int | None
    recorded_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """What was found of soil, water or air of a place, when, and in which report."""

    id: int
    aspect: str
    finding: str
    measured_on: date
    report_no: str
    document_id: int | None


@dataclass(frozen=True, slots=True)
class UseFacts:
    """How much of an input went onto the crop."""

    input_id: int
    input_name: str
    registration_no: str
    manufacturer: str
    ingredients: tuple[str, ...]
    quantity: Decimal
    uom: str
    dose: str
    dilution: str
    interval_days: int | None


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """Work on a crop as it holds now; `corrected_at` where it replaces an earlier record."""

    id: int
    batch_id: int
    kind: str
    title: str
    started_at: datetime
    ended_at: datetime
    recorded_at: datetime
    area_mu: Decimal | None
    target: str
    operator: str
    note: str
    latitude: float | None
    longitude: float | None
    photo_ids: tuple[int, ...]
    uses: tuple[UseFacts, ...]
    is_current: bool = True
    is_void: bool = False
    corrects_id: int | None = None
    reason: str = ""

    @property
    def interval_days(self) -> int:
        """Return the longest safety interval of what was used."""
        return max((use.interval_days or 0 for use in self.uses), default=0)


@dataclass(frozen=True, slots=True)
class HarvestFacts:
    """A harvest and the lot it made."""

    id: int
    batch_id: int
    lot_id: int
    lot_code: str
    number: str
    quantity: Decimal
    uom: str
    harvested_at: datetime
    method: str
    operator: str
    photo_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RefusedHarvest:
    """A harvest that was tried and refused; `allowed_from` None: never."""

    id: int
    batch_id: int
    tried_at: datetime
    allowed_from: date | None
    cause: str


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A crop on a plot from opening to closing (生产批次)."""

    id: int
    party_id: int
    producer: str
    number: str
    product_id: int
    product: str
    category: str
    site_id: int
    site: str
    region: str
    area_mu: Decimal
    planted_on: date
    opened_at: datetime
    closed_at: datetime | None
    closing_note: str
    seed: SeedFacts | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class BatchFile:
    """All of one batch: its record, in the order of the work, and from when it may be harvested."""

    batch: BatchFacts
    environment: tuple[EnvironmentFacts, ...]
    operations: tuple[OperationFacts, ...]
    harvests: tuple[HarvestFacts, ...]
    refusals: tuple[RefusedHarvest, ...]
    allowed_from: date | None = None
    barred_by: str = ""
    is_barred_for_ever: bool = False


@dataclass(frozen=True, slots=True)
class Growth:
    """How a harvested lot grew, as anybody who holds its code may read it."""

    lot_id: int
    batch_number: str
    producer: str
    product: str
    site: str
    region: str
    area_mu: Decimal
    planted_on: date
    seed: SeedFacts | None
    environment: tuple[EnvironmentFacts, ...]
    operations: tuple[OperationFacts, ...]
    harvested_at: datetime
    harvest_method: str
    photo_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Template:
    """Work that can be logged again: from the list for the crop, or as it was last done here."""

    key: str
    kind: str
    title: str
    target: str = ""
    uses: tuple[UseFacts, ...] = ()
    last_done_at: datetime | None = None
