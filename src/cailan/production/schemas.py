"""What machines send and get about a farm's record; strict: unknown members and absurd values are refused."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from cailan.production.rules.facts import Ingredient
from cailan.production.rules.store import LabelInterval
from cailan.production.services import Material
from cailan.production.services.batches import Seed

Id = Annotated[int, Field(gt=0, le=2**63 - 1)]
Quantity = Annotated[Decimal, Field(max_digits=15, decimal_places=6, allow_inf_nan=False)]
Mu = Annotated[Decimal, Field(max_digits=9, decimal_places=2, gt=0, allow_inf_nan=False)]
Uom = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")]
PRINTED = r"^[^\x00-\x1f]*$"
Short = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True, pattern=PRINTED)]
Line = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True, pattern=PRINTED)]
Words = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True, pattern=PRINTED)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Documents = Annotated[list[Id], Field(max_length=9)]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class IngredientIn(Strict):
    name: Short
    content: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] = ""


class LabelIn(Strict):
    product_id: Id | None = Field(None, description="Left out: every other crop on the label.")
    days: Annotated[int, Field(ge=0, le=400)]


class InputIn(Strict):
    kind: Literal["pesticide", "fertiliser", "growth_regulator", "other"]
    name: Line
    registration_no: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] = Field(
        "", description="登记证号; a pesticide has one."
    )
    manufacturer: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""
    ingredients: list[IngredientIn] = Field(default_factory=list, max_length=20)
    label: list[LabelIn] = Field(
        default_factory=list, max_length=20, description="Safety intervals that the label gives."
    )
    batch: Short = ""
    quantity: Quantity
    uom: Uom = Field(description="UN/ECE Rec 20: KGM, LTR, GRM, MLT …")
    bought_on: date
    expires_on: date | None = None
    supplier_name: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)]
    supplier_id: Id | None = None
    store_id: Id | None = Field(None, description="One of your places.")
    document_ids: Documents = Field(default_factory=list)

    def said(self) -> dict[str, Any]:
        """Return the fields of a purchase."""
        plain = self.model_dump(exclude={"ingredients", "label", "document_ids", "reason"})
        return plain | {
            "ingredients": tuple(Ingredient(one.name, one.content) for one in self.ingredients),
            "label": tuple(LabelInterval(line.product_id, line.days) for line in self.label),
            "document_ids": tuple(self.document_ids),
        }


class CorrectInputIn(InputIn):
    reason: Reason


class SeedIn(Strict):
    kind: Literal["bought_seed", "bought_seedlings", "own_seedlings", "own_seed"]
    name: Line
    variety: Line
    supplier: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""
    batch: Short = ""
    certificate_no: Line = ""
    certificate_document_id: Id | None = None

    def seed(self) -> Seed:
        return Seed(**self.model_dump(exclude={"reason"}))


class CorrectSeedIn(SeedIn):
    reason: Reason


class BatchIn(Strict):
    product_id: Id
    site_id: Id = Field(description="One of your plots.")
    area_mu: Mu = Field(description="Area in mu (亩), a fifteenth of a hectare.")
    planted_on: date
    seed: SeedIn
    number: Line = ""
    occurred_at: AwareDatetime | None = None


class EnvironmentIn(Strict):
    site_id: Id
    aspect: Literal["soil", "water", "air"]
    finding: Words
    measured_on: date
    report_no: Line = ""
    document_id: Id | None = None


class MaterialIn(Strict):
    input_id: Id
    quantity: Quantity
    uom: Uom
    dose: Short = ""
    dilution: Short = ""


class WorkIn(Strict):
    kind: Literal[
        "sowing", "tilling", "fertilising", "irrigating", "spraying", "weeding", "pest_observation", "pruning", "other"
    ]  # fmt: skip
    occurred_at: AwareDatetime = Field(description="When it was done: RFC 3339 with an offset.")
    ended_at: AwareDatetime | None = None
    title: Line = ""
    area_mu: Mu | None = None
    target: Line = Field("", description="The pest or disease; spraying has one.")
    operator: Short = ""
    note: Words = ""
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    photo_ids: Documents = Field(default_factory=list)
    materials: list[MaterialIn] = Field(default_factory=list, max_length=6)

    def said(self) -> dict[str, Any]:
        """Return the fields of a piece of work."""
        plain = self.model_dump(exclude={"materials", "photo_ids", "reason", "is_void"})
        return plain | {
            "photo_ids": tuple(self.photo_ids),
            "materials": tuple(Material(**one.model_dump()) for one in self.materials),
        }


class CorrectWorkIn(WorkIn):
    reason: Reason
    is_void: bool = Field(False, description="It was not done at all.")


class HarvestIn(Strict):
    quantity: Quantity
    uom: Uom = "KGM"
    method: Literal["by_hand", "by_knife", "by_machine"]
    occurred_at: AwareDatetime
    number: Line = Field("", description="Left empty: made of plot and day.")
    operator: Short = ""
    photo_ids: Documents = Field(default_factory=list)


class CloseIn(Strict):
    note: Words = ""
    occurred_at: AwareDatetime | None = None


class IdOut(Schema):
    id: int


class IngredientOut(Schema):
    name: str
    content: str


class LabelOut(Schema):
    product_id: int | None
    days: int


class InputOut(Schema):
    id: int
    kind: str
    name: str
    registration_no: str
    manufacturer: str
    ingredients: list[IngredientOut]
    label: list[LabelOut]
    batch: str
    quantity: Decimal
    remaining: Decimal
    uom: str
    bought_on: date
    expires_on: date | None
    supplier_id: int | None
    supplier_name: str
    store: str
    document_ids: list[int]
    recorded_at: datetime
    corrects_id: int | None
    reason: str
    is_current: bool


class InputsOut(Schema):
    items: list[InputOut]
    next: str


class SeedOut(Schema):
    name: str
    variety: str
    kind: str
    supplier: str
    batch: str
    certificate_no: str
    certificate_document_id: int | None
    reason: str


class BatchOut(Schema):
    id: int
    producer: str
    number: str
    product_id: int
    product: str
    site_id: int
    site: str
    region: str
    area_mu: Decimal
    planted_on: date
    opened_at: datetime
    closed_at: datetime | None
    seed: SeedOut | None


class BatchesOut(Schema):
    items: list[BatchOut]
    next: str


class EnvironmentOut(Schema):
    aspect: str
    finding: str
    measured_on: date
    report_no: str


class UseOut(Schema):
    input_name: str
    registration_no: str
    manufacturer: str
    ingredients: list[str]
    quantity: Decimal
    uom: str
    dose: str
    dilution: str
    interval_days: int | None


class WorkOut(Schema):
    id: int
    kind: str
    title: str
    started_at: datetime
    ended_at: datetime
    recorded_at: datetime
    area_mu: Decimal | None
    target: str
    operator: str
    note: str
    photo_ids: list[int]
    uses: list[UseOut]
    is_current: bool
    is_void: bool
    corrects_id: int | None
    reason: str


class HarvestOut(Schema):
    id: int
    lot_code: str
    number: str
    quantity: Decimal
    uom: str
    harvested_at: datetime
    method: str
    operator: str


class RefusalOut(Schema):
    tried_at: datetime
    allowed_from: date | None
    cause: str


class FileOut(Schema):
    batch: BatchOut
    environment: list[EnvironmentOut]
    operations: list[WorkOut]
    harvests: list[HarvestOut]
    refusals: list[RefusalOut]
    allowed_from: date | None
    is_barred_for_ever: bool


class TemplateOut(Schema):
    key: str
    kind: str
    title: str
    target: str
    uses: list[UseOut]
    last_done_at: datetime | None


class TemplatesOut(Schema):
    items: list[TemplateOut]


class GrowthOut(Schema):
    batch_number: str
    producer: str
    product: str
    site: str
    region: str
    area_mu: Decimal
    planted_on: date
    seed: SeedOut | None
    environment: list[EnvironmentOut]
    operations: list[WorkOut]
    harvested_at: datetime
    harvest_method: str
