"""What officials send and get, and what everybody may read."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from cailan.supervision.queries import BoardRow
from cailan.supervision.rules.deadlines import Level
from cailan.supervision.rules.measures import Decision, Measure
from cailan.supervision.schemas.base import (
    AccountOut,
    Code,
    Id,
    LotBrief,
    MaybeText300,
    MaybeText1000,
    Strict,
    Text60,
    Text200,
    Text500,
    Text1000,
    account,
)


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


def holder(row: BoardRow) -> dict[str, Any]:
    """Return a holder of the board as machines get it."""
    names = ("id", "name", "contact_name", "phone", "role", "tier", "due_at", "confirmed_at", "answered_at")
    return {
        **{name: getattr(row.notice, name) for name in names},
        "escalations": row.notice.escalations,
        "state": row.state,
        "accounts": [account(lot, one) for lot, one in row.accounts],
    }


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
