"""What leaves this context: the state of lots, tests, reports, certificates."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How a kind of test stands for a lot."""

    NONE = "none"
    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TestState:
    """Whether a lot passed its self-test, its test on arrival, and whatever was reported last."""

    self_test: str = "none"
    incoming: str = "none"
    report: str = "none"  # the newest report of any kind; one that still stands as failed comes first
    refused_by: tuple[str, ...] = ()
    may_go_to: tuple[str, ...] = ()

    @property
    def has_failed(self) -> bool:
        return State.FAILED in {self.self_test, self.incoming, self.report}

    @property
    def has_passed_report(self) -> bool:
        return self.report == State.PASSED


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What one place says of one result, as it was judged on its day; `limit` in words for reading."""

    place: str
    limit: str  # "0.05", "0" for not to be detected, "" for no limit known
    unit: str
    reason: str
    verdict: str
    source: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One result: what was looked for, what was found, what each place says."""

    id: int
    item: str
    method: str
    is_quick: bool
    value: Decimal | None
    unit: str
    lod: Decimal | None
    reading: str  # of a quick test: negative, positive, repeat, invalid
    verdict: str
    places: tuple[PlaceFacts, ...]
    refused_by: tuple[str, ...]

    @property
    def strictest(self) -> str:
        """Return the limit that decides, in words: the lowest of those known."""
        known = [one for one in self.places if one.limit]
        least = min(
            known,
            key=lambda one: Decimal(one.limit) * (Decimal("0.001") if one.unit == "µg/kg" else 1),
            default=None,
        )
        return "" if least is None else least.limit


@dataclass(frozen=True, slots=True)
class TestFacts:
    """A test or report of a lot, without names of persons."""

    id: int
    kind: str  # self-test, incoming, entrusted, official
    lot_id: int
    sample_number: str
    lab: str
    cma_number: str
    tested_at: datetime
    items: tuple[ItemFacts, ...]
    verdict: str
    refused_by: tuple[str, ...]
    may_go_to: tuple[str, ...]
    report_id: int | None = None
    report_number: str = ""
    document_id: int | None = None
    digest: str = ""
    signer: str = ""
    superseded_by: int | None = None
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A promise certificate; contacts as its reader may see them."""

    id: int
    number: str
    lot_id: int
    pattern: str
    form: str
    bases: tuple[str, ...]
    product: str
    quantity: Decimal
    uom: str
    origin: str
    issued_at: datetime
    issuer_id: int
    issuer: str
    contact: str
    signature: str
    sources: tuple[int, ...]
    voided_at: datetime | None
    void_reason: str

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """One line of the public list of results (抽检公示); no names of persons."""

    report_id: int
    number: str
    published_at: datetime
    purpose: str
    lot_code: str
    product: str
    lot_number: str
    market: str
    holder: str
    lab: str
    verdict: str
    failing: tuple[ItemFacts, ...]
    handling: tuple[tuple[datetime, str], ...]
    is_held: bool
    superseded_by: int | None


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """A sample on its way through a laboratory."""

    id: int
    number: str
    purpose: str
    status: str
    lot_id: int
    lot_code: str
    product: str
    holder_id: int
    holder: str
    requester_id: int
    requester: str
    lab_id: int
    lab: str
    quantity: Decimal | None
    uom: str
    place: str
    note: str
    taken_at: datetime
    lab_number: str
    condition: str
    accepted_at: datetime | None
    reopen_reason: str
    due_at: datetime | None = None
    objection: dict[str, Any] | None = None
