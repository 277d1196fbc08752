"""What machines send and get about alerts, recalls and notices."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from cailan.supervision.queries import BoardRow, NoticeFile
from cailan.supervision.rules.deadlines import Level
from cailan.supervision.rules.measures import Decision, Measure
from cailan.supervision.rules.sums import Account, Figures
from cailan.supervision.services import Said

BIGINT = 2**63 - 1
Id = Annotated[int, Field(gt=0, le=BIGINT)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{21}$")]
Quantity = Annotated[Decimal, Field(ge=0, max_digits=24, decimal_places=12, allow_inf_nan=False)]
MaybeText100 = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
Text100 = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
MaybeText1000 = Annotated[str, StringConstraints(max_length=1000, strip_whitespace=True)]
Text1000 = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
MaybeText200 = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Text200 = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Text30 = Annotated[str, StringConstraints(min_length=1, max_length=30, strip_whitespace=True)]
MaybeText300 = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]
MaybeText500 = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]
Text500 = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Text60 = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class LotBrief(Schema):
    code: str
    product: str
    number: str
    maker: str
    uom: str
    is_held: bool


class AlertOut(Schema):
    id: int
    kind: str
    severity: str
    state: str
    lot: LotBrief | None
    product: str
    text: str
    refused_by: list[str]
    recall: str
    at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    handled_at: datetime | None
    handled_by: str
    note: str


class AlertsOut(Schema):
    items: list[AlertOut]
    next: str


class NoteIn(Strict):
    note: Text500


class LimitsOut(Schema):
    level: str
    start_due: datetime
    finish_due: datetime


class CandidateOut(Schema):
    party_id: int
    name: str
    why: str


class WhereOut(Schema):
    uom: str
    in_stock: Decimal
    in_transit: Decimal
    sold: Decimal
    lost: Decimal


class ProposalOut(Schema):
    lot: LotBrief
    place: str
    happened_at: datetime
    known_at: datetime
    measure: str
    level: str
    why: str
    limits: list[LimitsOut]
    units: list[LotBrief]
    responsible: list[CandidateOut]
    where: list[WhereOut]
    holders: int
    lots_in_scope: int


class DecisionIn(Strict):
    lot: Code = Field(description="Trace code of the trace unit.")
    kind: Measure
    level: Level
    place: Text200
    happened_at: AwareDatetime
    known_at: AwareDatetime
    responsible_id: Id
    reason: Text1000
    instruction: Text1000
    refund_place: MaybeText300 = ""
    alert_id: Id | None = None

    def decision(self) -> Decision:
        return Decision(**self.model_dump())


class NumberOut(Schema):
    number: str


class RecallRowOut(Schema):
    number: str
    kind: str
    level: str
    lot: LotBrief
    responsible_id: int
    responsible: str
    authority: str
    decided_at: datetime
    finish_due: datetime
    closed_at: datetime | None


class RecallsOut(Schema):
    items: list[RecallRowOut]
    next: str


class RecallOut(Schema):
    number: str
    kind: str
    level: str
    responsible_id: int
    place: str
    happened_at: datetime
    known_at: datetime
    decided_at: datetime
    start_due: datetime
    finish_due: datetime
    reason: str
    instruction: str
    refund_place: str
    scope_sha256: str
    closed_at: datetime | None
    closing_reason: str
    report_id: int | None
    report_sha256: str
    released_at: datetime | None


class BarOut(Schema):
    uom: str
    start: Decimal
    recovered: Decimal
    secured: Decimal
    missing: Decimal
    open: Decimal
    sold: Decimal
    taken_back: Decimal
    outside: Decimal
    outside_recovered: Decimal
    recovered_share: Decimal
    has_unstated: bool


class CountsOut(Schema):
    notified: int
    read: int
    confirmed: int
    answered: int
    silent: int


class TierOut(Schema):
    tier: int
    counts: CountsOut


class ProgressOut(Schema):
    number: str
    is_closed: bool
    bars: list[BarOut]
    counts: CountsOut
    tiers: list[TierOut]


class AccountOut(Schema):
    line_id: int | None = None
    lot: LotBrief
    uom: str
    start: Decimal | None
    received: Decimal
    secured: Decimal
    returned: Decimal
    destroyed: Decimal
    missing: Decimal
    sold: Decimal
    taken_back: Decimal


class HolderOut(Schema):
    id: int
    name: str
    contact_name: str
    phone: str
    role: str
    tier: int
    state: str
    due_at: datetime
    confirmed_at: datetime | None
    answered_at: datetime | None
    escalations: int
    accounts: list[AccountOut]


class HoldersOut(Schema):
    items: list[HolderOut]
    next: str


def account(lot: Any, one: Account, line_id: int | None = None) -> dict[str, Any]:
    """Return a line of a notice as machines get it."""
    names = ("uom", "start", "received", "secured", "returned", "destroyed", "missing", "sold", "taken_back")
    return {"line_id": line_id, "lot": lot, **{name: getattr(one, name) for name in names}}


def holder(row: BoardRow) -> dict[str, Any]:
    """Return a holder of the board as machines get it."""
    names = ("id", "name", "contact_name", "phone", "role", "tier", "due_at", "confirmed_at", "answered_at")
    return {
        **{name: getattr(row.notice, name) for name in names},
        "escalations": row.notice.escalations,
        "state": row.state,
        "accounts": [account(lot, one) for lot, one in row.accounts],
    }


class NoticeRowOut(Schema):
    id: int
    number: str
    kind: str
    level: str
    lot: LotBrief
    reason: str
    due_at: datetime
    confirmed_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None


class NoticesOut(Schema):
    items: list[NoticeRowOut]
    next: str


class ReturnOut(Schema):
    id: int
    sender: str
    quantity: Decimal
    uom: str
    sent_at: datetime
    accepted_at: datetime | None


class NoticeOut(Schema):
    id: int
    number: str
    kind: str
    level: str
    reason: str
    instruction: str
    responsible: str
    role: str
    is_open: bool
    due_at: datetime
    confirmed_at: datetime | None
    answered_at: datetime | None
    lines: list[AccountOut]
    returns: list[ReturnOut]


def notice(file: NoticeFile) -> dict[str, Any]:
    """Return a notice as its receiver's machine gets it."""
    recall, row = file.recall, file.notice
    return {
        "id": row.pk,
        "number": recall.number,
        "kind": recall.kind,
        "level": recall.level,
        "reason": recall.reason,
        "instruction": recall.instruction,
        "responsible": recall.responsible.name,
        "role": row.role,
        "is_open": file.is_open,
        "due_at": row.due_at,
        "confirmed_at": row.confirmed_at,
        "answered_at": row.answered_at,
        "lines": [account(line.lot, line.account, line.id) for line in file.lines],
        "returns": list(file.returns),
    }


class FiguresIn(Strict):
    line_id: Id
    set_aside: Quantity = Decimal(0)
    returned: Quantity = Decimal(0)
    destroyed: Quantity = Decimal(0)
    missing: Quantity = Decimal(0)
    taken_back: Quantity = Decimal(0)


class AnswerIn(Strict):
    occurred_at: AwareDatetime
    lines: list[FiguresIn] = Field(max_length=200)
    returned_to: MaybeText200 = ""
    note: MaybeText500 = ""
    by_name: MaybeText100 = ""
    photo_id: Id | None = Field(None, description="One of your documents; not for answers by a link.")

    def said(self) -> Said:
        lines = tuple((line.line_id, Figures(**line.model_dump(exclude={"line_id"}))) for line in self.lines)
        return Said(
            lines, self.occurred_at, self.returned_to, self.note, self.by_name, photo_id=self.photo_id
        )


class AnswerOut(Schema):
    answer_id: int


class ConfirmIn(Strict):
    by_name: Text100


class ForwardLineIn(Strict):
    line_id: Id
    quantity: Quantity


class ForwardIn(Strict):
    name: Text200
    phone: Text30
    lines: list[ForwardLineIn] = Field(default_factory=list, max_length=200)

    def fields(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "phone": self.phone,
            "quantities": {line.line_id: line.quantity for line in self.lines},
        }


class ForwardOut(Schema):
    notice_id: int
    token: str = Field(description="The secret of the buyer's link /r/…; shown once.")


class ReturnsIn(Strict):
    return_ids: list[Id] = Field(min_length=1, max_length=500)


class CountOut(Schema):
    count: int


class ReasonIn(Strict):
    reason: MaybeText1000 = ""


class ReportOut(Schema):
    report_id: int


class CodesOut(Schema):
    lot_codes: list[str]


class PublicRecallOut(Schema):
    number: str
    kind: str
    level: str
    product: str
    lot_number: str
    producer: str
    reason: str
    instruction: str
    refund_place: str
    authority: str
    decided_at: datetime
    finish_due: datetime
    closed_at: datetime | None


class PublicRecallsOut(Schema):
    items: list[PublicRecallOut]
    next: str


class QuantityOut(Schema):
    what: str
    uom: str
    quantity: Decimal


class AnnouncementOut(PublicRecallOut):
    lot_codes: list[str]
    areas: list[str]
    quantities: list[QuantityOut]


class MessageOut(Schema):
    id: int
    notice_id: int
    name: str
    channel: str
    address: str
    state: str
    detail: str
    queued_at: datetime
    settled_at: datetime | None


class MessagesOut(Schema):
    items: list[MessageOut]
    next: str


class WorkDayOut(Schema):
    day: date
    is_workday: bool
    name: str
    source: str
    is_verified: bool


class WorkDayIn(Strict):
    is_workday: bool
    name: Text60
    source: Text200
    is_verified: bool = False
