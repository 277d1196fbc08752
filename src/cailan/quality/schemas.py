"""What machines send and get about tests; strict: unknown members, absurd lengths and numbers are refused."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from cailan.quality.rules.entries import ItemEntry
from cailan.quality.rules.quick import Reading

Id = Annotated[int, Field(gt=0, lt=2**63)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=6, allow_inf_nan=False)]
Percent = Annotated[Decimal, Field(ge=-100, le=100, max_digits=6, decimal_places=3, allow_inf_nan=False)]
Quantity = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=6, allow_inf_nan=False)]
PLAIN = r"^[^\x00-\x1f]*$"
Words = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True, pattern=PLAIN)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=PLAIN)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True, pattern=PLAIN)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True, pattern=PLAIN)]
Method = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True, pattern=PLAIN)]
Unit = Literal["mg/kg", "µg/kg"]
Uom = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class ReadingIn(Strict):
    """Of a quick test: percentages of a reader, the pad of a card, the lines of a strip."""

    inhibition: list[Percent] = Field(default_factory=list, max_length=6)
    pad: Literal["", "white", "faint", "blue"] = ""
    has_control_line: bool = True
    line: Literal["", "darker", "equal", "lighter", "none"] = ""


class ItemIn(Strict):
    item: Name = Field(description="Substance, by any of its names.")
    method: Method = Field(
        description="Standard number, or enzyme, enzyme-ny448, card, colloidal-gold for quick tests."
    )
    value: Amount | None = Field(None, description="Null: not detected.")
    unit: Unit = "mg/kg"
    lod: Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=6, allow_inf_nan=False)] | None = None
    reading: ReadingIn = Field(default_factory=ReadingIn)

    def entry(self) -> ItemEntry:
        said = self.reading
        reading = Reading(tuple(said.inhibition), said.pad, said.has_control_line, said.line)
        return ItemEntry(self.item, self.method, self.value, self.unit, self.lod, reading)


class TestIn(Strict):
    items: list[ItemIn] = Field(min_length=1, max_length=60)
    tested_at: AwareDatetime | None = None
    kit: Annotated[str, StringConstraints(max_length=120, pattern=PLAIN)] = ""
    photo_id: Id | None = Field(None, description="One of your documents.")


class TestOut(Schema):
    id: int


class PlaceOut(Schema):
    place: str
    limit: str = Field(description='"0": must not be detected; "": no limit known.')
    unit: str
    reason: str
    verdict: str
    source: str
    is_verified: bool


class ItemOut(Schema):
    item: str
    method: str
    is_quick: bool
    value: Decimal | None
    unit: str
    lod: Decimal | None
    reading: str
    verdict: str
    places: list[PlaceOut]
    refused_by: list[str]


class ReportOut(Schema):
    id: int
    kind: str
    lot_id: int
    sample_number: str
    lab: str
    cma_number: str
    tested_at: datetime
    items: list[ItemOut]
    verdict: str
    refused_by: list[str]
    may_go_to: list[str]
    report_id: int | None
    report_number: str
    digest: str
    superseded_by: int | None


class StateOut(Schema):
    self_test: str
    incoming: str
    report: str
    refused_by: list[str]
    may_go_to: list[str]


class LotTestsOut(Schema):
    state: StateOut
    basket: str = Field(description='"passed", "failed", or "" where a report is missing.')
    tests: list[ReportOut]


class RequestIn(Strict):
    lab_id: Id
    quantity: Quantity | None = None
    note: Words = ""


class SampleIn(RequestIn):
    holder_id: Id
    place: Annotated[str, StringConstraints(max_length=120, pattern=PLAIN)] = ""
    taken_at: AwareDatetime | None = None


class AcceptIn(Strict):
    lab_number: Short
    condition: Words = ""


class SampleOut(Schema):
    id: int
    number: str
    purpose: str
    status: str
    lot_code: str
    product: str
    holder_id: int
    holder: str
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
    due_at: datetime | None


class SamplesOut(Schema):
    items: list[SampleOut]
    next: str


class BenchTestOut(Schema):
    id: int
    kind: str
    tested_at: datetime
    verdict: str
    items: list[ItemOut]
    objection_closes: datetime | None
    objected_at: datetime | None


class SampleFileOut(Schema):
    sample: SampleOut
    tests: list[BenchTestOut]
    reports: list[ReportOut]


class ReasonIn(Strict):
    reason: Reason


class HandlingIn(Strict):
    text: Annotated[
        str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True, pattern=PLAIN)
    ]
    handled_at: AwareDatetime | None = None


class LaboratoryIn(Strict):
    cma_number: Short
    cma_valid_to: date
    scope: Annotated[str, StringConstraints(max_length=300, pattern=PLAIN)] = ""


class LaboratoryOut(Schema):
    party_id: int
    name: str
    cma_number: str
    cma_valid_to: str
    scope: str


class ResultOut(Schema):
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
    failing: list[ItemOut]
    handling: list[tuple[datetime, str]]
    is_held: bool
    superseded_by: int | None


class ResultsOut(Schema):
    items: list[ResultOut]
    next: str


class LimitOut(Schema):
    place: str
    value: Decimal | None = Field(description="Null: must not be detected.")
    unit: str
    residue: str
    source: str
    edition: str
    basis: str
    valid_from: date
    valid_to: date | None
    is_verified: bool


class SideBySideOut(Schema):
    substance: str
    scope: str
    cells: list[LimitOut | None] = Field(description="Mainland, Hong Kong, Macao.")
    own: LimitOut | None
    strictest: LimitOut | None


class LimitsOut(Schema):
    items: list[SideBySideOut]
    next: str


class JudgementOut(Schema):
    verdict: str
    refused_by: list[str]
    places: list[PlaceOut]


class RowProblemOut(Schema):
    line: int
    where: str
    what: str


class LoadOut(Schema):
    new: int
    same: int
    changed: int
    refused: int
    problems: list[RowProblemOut]
    is_dry_run: bool


class CertificateIn(Strict):
    bases: list[Literal["control", "self-test", "entrusted-test", "own-word"]] = Field(
        min_length=1, max_length=4
    )
    quantity: Quantity
    uom: Uom
    signature: Annotated[
        str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True, pattern=PLAIN)
    ]
    origin: Words = ""
    contact: Annotated[str, StringConstraints(max_length=40, pattern=PLAIN)] = ""
    source_ids: list[Id] = Field(default_factory=list, max_length=60)
    issued_at: AwareDatetime | None = None
    replaces_id: Id | None = None


class CertificateOut(Schema):
    id: int
    number: str
    pattern: str
    form: str
    bases: list[str]
    product: str
    quantity: Decimal
    uom: str
    origin: str
    issued_at: datetime
    issuer: str
    contact: str
    signature: str
    sources: list[int]
    voided_at: datetime | None
    void_reason: str
