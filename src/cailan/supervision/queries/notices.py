"""Notices as those read them to whom they were sent: signed in, or by a link."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.supervision.models import Answer, AnswerLine, Notice, NoticeLine, NoticeLink, Recall, Return
from cailan.supervision.queries.accounts import account_of
from cailan.supervision.rules.sealed import digest_of_token
from cailan.supervision.rules.sums import Account

LONGEST_TOKEN = 60


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a notice says of one lot, and how its holder stands with it."""

    id: int
    lot: LotFacts
    in_transit: Decimal
    account: Account


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """One answer, with its figures by lot."""

    id: int
    occurred_at: datetime
    recorded_at: datetime
    is_by_link: bool
    by_name: str
    returned_to: str
    note: str
    photo_id: int | None
    lines: tuple[tuple[LotFacts, AnswerLine], ...]


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """Goods on their way back to the responsible party, or arrived there."""

    id: int
    lot: LotFacts
    sender: str
    quantity: Decimal
    uom: str
    sent_at: datetime
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """All that the receiver of a notice sees."""

    notice: Notice
    recall: Recall
    lot: LotFacts  # the trace unit
    lines: tuple[LineFacts, ...]
    answers: tuple[AnswerFacts, ...]
    children: tuple[Notice, ...]
    returns: tuple[ReturnFacts, ...]  # to the responsible party only

    @property
    def is_open(self) -> bool:
        return self.recall.closed_at is None

    @property
    def is_responsible(self) -> bool:
        return self.notice.role == Notice.Role.RESPONSIBLE


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in the receiver's list."""

    id: int
    number: str
    kind: str
    level: str
    lot: LotFacts
    reason: str
    due_at: datetime
    confirmed_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    escalations: int


def _own(actor: Actor) -> "QuerySet[Notice]":
    if actor.party_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(holder_id=actor.party_id).select_related(
        "recall__responsible", "recall__authority"
    )


def list_notices(
    actor: Actor, *, is_open: bool | None = None, cursor: str = "", limit: int | None = None
) -> Page[NoticeRow]:
    """List the notices to the actor's own party, newest first."""
    actor.require(Permission.LOT_READ)
    rows = _own(actor)
    if is_open is not None:
        rows = rows.filter(recall__closed_at__isnull=is_open)
    page = newest_first(rows, cursor=cursor, limit=limit)
    facts = lots.facts_of({row.recall.lot_id for row in page.items})
    return Page(tuple(_row(row, facts[row.recall.lot_id]) for row in page.items), page.next)


def _row(row: Notice, lot: LotFacts) -> NoticeRow:
    recall = row.recall
    return NoticeRow(
        row.pk,
        recall.number,
        recall.kind,
        recall.level,
        lot,
        recall.reason,
        row.due_at,
        row.confirmed_at,
        row.answered_at,
        recall.closed_at,
        row.escalations,
    )


def count_open_notices(actor: Actor) -> int:
    """Count the notices that wait for the actor's party, for the menu and the home page."""
    if not actor.may(Permission.LOT_READ):
        return 0
    return _own(actor).filter(recall__closed_at__isnull=True, answered_at__isnull=True).count()


def get_notice(actor: Actor, notice_id: int) -> NoticeFile:
    """Return one notice to the actor's own party."""
    actor.require(Permission.LOT_READ)
    row = _own(actor).filter(pk=notice_id).first()
    if row is None:
        raise NotFound
    return _file(row)


def notice_of_link(token: str) -> NoticeFile:
    """Return the notice behind a link; whoever holds the link is its receiver."""
    if len(token) > LONGEST_TOKEN:
        raise NotFound
    link = (
        NoticeLink.objects.filter(digest=digest_of_token(token))
        .select_related("notice__recall__responsible", "notice__recall__authority")
        .first()
    )
    if link is None:
        raise NotFound
    return _file(link.notice)


def _file(row: Notice) -> NoticeFile:
    recall = row.recall
    lines = list(NoticeLine.objects.filter(notice=row).order_by("pk"))
    answers = list(Answer.objects.filter(notice=row).prefetch_related("lines").order_by("-pk")[:100])
    is_responsible = row.role == Notice.Role.RESPONSIBLE
    returns = (
        list(
            Return.objects.filter(line__answer__notice__recall=recall)
            .select_related("line__line", "line__answer__notice")
            .order_by("pk")[:500]
        )
        if is_responsible
        else []
    )
    ids = {line.lot_id for line in lines} | {recall.lot_id} | {one.line.line.lot_id for one in returns}
    facts = lots.facts_of(ids)
    lot_of = {line.pk: facts[line.lot_id] for line in lines}
    return NoticeFile(
        row,
        recall,
        facts[recall.lot_id],
        tuple(
            LineFacts(line.pk, facts[line.lot_id], line.in_transit, account_of(line, is_outside=row.tier > 0))
            for line in lines
        ),
        tuple(_answer(one, lot_of) for one in answers),
        tuple(Notice.objects.filter(parent=row).order_by("pk")[:200]),
        tuple(_return(one, facts) for one in returns),
    )


def _answer(row: Answer, lot_of: dict[int, LotFacts]) -> AnswerFacts:
    return AnswerFacts(
        row.pk,
        row.occurred_at,
        row.recorded_at,
        row.is_by_link,
        row.by_name,
        row.returned_to,
        row.note,
        row.photo_id,
        tuple((lot_of[line.line_id], line) for line in row.lines.all()),
    )


def _return(row: Return, facts: dict[int, LotFacts]) -> ReturnFacts:
    return ReturnFacts(
        row.pk,
        facts[row.line.line.lot_id],
        row.line.answer.notice.name,
        row.quantity,
        row.uom,
        row.sent_at,
        row.accepted_at,
    )
