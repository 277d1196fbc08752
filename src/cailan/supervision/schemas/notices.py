"""What holders send and get."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from cailan.supervision.queries import NoticeFile
from cailan.supervision.rules.sums import Figures
from cailan.supervision.schemas.base import (
    AccountOut,
    Id,
    LotBrief,
    MaybeText100,
    MaybeText200,
    MaybeText500,
    Quantity,
    Strict,
    Text30,
    Text100,
    Text200,
    account,
)
from cailan.supervision.services import Said


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
