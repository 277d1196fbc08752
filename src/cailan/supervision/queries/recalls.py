"""Recalls as officials see them: the list, the live board, every holder with what became of its goods."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from cailan.kernel.access import Actor, Permission, region_prefix
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotAllowed, NotFound
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.supervision.models import Notice, NoticeLine, Recall, RecallReach
from cailan.supervision.queries.accounts import account_of
from cailan.supervision.queries.alerts import reaches
from cailan.supervision.rules.sums import Account, Bar, bars


@dataclass(frozen=True, slots=True)
class RecallRow:
    """A recall in a list."""

    number: str
    kind: str
    level: str
    lot: LotFacts
    responsible_id: int
    responsible: str
    authority: str
    decided_at: datetime
    finish_due: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How far the notices are; `silent` are past their time without an answer."""

    notified: int = 0
    read: int = 0
    confirmed: int = 0
    answered: int = 0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    """The same for one tier: 0 are the holders in our books, 1 their buyers outside, and so on."""

    tier: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One holder on the board."""

    notice: Notice
    accounts: tuple[tuple[LotFacts, Account], ...]
    bars: tuple[Bar, ...]
    state: str  # sent, read, confirmed, answered, silent


@dataclass(frozen=True, slots=True)
class Progress:
    """The light part of a board, asked for every two seconds."""

    number: str
    is_closed: bool
    bars: tuple[Bar, ...]
    counts: Counts
    tiers: tuple[Tier, ...]


def visible_recalls(actor: Actor) -> "QuerySet[Recall]":
    """Return the recalls that touch an actor's area or market."""
    if actor.sees_everything:
        return Recall.objects.all()
    mine = reaches(actor)
    if mine is None:
        return Recall.objects.none()
    return Recall.objects.filter(Exists(RecallReach.objects.filter(mine, recall=OuterRef("pk"))))


def list_recalls(
    actor: Actor, *, is_open: bool | None = None, cursor: str = "", limit: int | None = None
) -> Page[RecallRow]:
    """List the recalls of an area, newest first."""
    actor.require(Permission.ALERT_READ)
    rows = visible_recalls(actor).select_related("responsible", "authority")
    if is_open is not None:
        rows = rows.filter(closed_at__isnull=is_open)
    page = newest_first(rows, cursor=cursor, limit=limit)
    found = lots.facts_of({row.lot_id for row in page.items})
    return Page(tuple(_row(row, found[row.lot_id]) for row in page.items), page.next)


def _row(row: Recall, lot: LotFacts) -> RecallRow:
    return RecallRow(
        row.number,
        row.kind,
        row.level,
        lot,
        row.responsible_id,
        row.responsible.name,
        row.authority.name,
        row.decided_at,
        row.finish_due,
        row.closed_at,
    )


def get_recall(actor: Actor, number: str) -> Recall:
    """Return one recall that touches the actor's area."""
    actor.require(Permission.ALERT_READ)
    row = (
        visible_recalls(actor)
        .select_related("responsible", "authority", "lot__product")
        .filter(number=number)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def sees_recall(actor: Actor, number: str) -> bool:
    """Say whether the actor may open the board of a recall; its announcement is for everybody."""
    return actor.may(Permission.ALERT_READ) and visible_recalls(actor).filter(number=number).exists()


def may_manage(actor: Actor, recall: Recall) -> bool:
    """Say whether the actor decides here: the authority itself, or one whose area takes in its area."""
    if actor.sees_everything:
        return True
    if not actor.may(Permission.RECALL_MANAGE) or not actor.region:
        return False
    above = region_prefix(recall.authority_region).startswith(actor.region_prefix)
    return recall.authority_id == actor.party_id or above


def managed(actor: Actor, number: str) -> Recall:
    """Return a recall whose authority the actor is, or stands above."""
    recall = get_recall(actor, number)
    actor.require(Permission.RECALL_MANAGE)
    if not may_manage(actor, recall):
        raise NotAllowed(_("Only the authority that decided this recall, or one above it, may do this."))
    return recall


def notices_of(actor: Actor, recall: Recall) -> "QuerySet[Notice]":
    """Return the notices that the actor may see: a market those of its own stallholders."""
    rows = Notice.objects.filter(recall=recall)
    if actor.party_kind == "market":
        rows = rows.filter(holder__market_id=actor.party_id)
    return rows


def progress(actor: Actor, recall: Recall, *, at: datetime) -> Progress:
    """Add up how far a recall is."""
    notices = list(notices_of(actor, recall).only(*_OF_PROGRESS))
    lines = NoticeLine.objects.filter(notice__in=[one.pk for one in notices])
    outside = {one.pk for one in notices if one.tier}
    return Progress(
        recall.number,
        recall.closed_at is not None,
        bars(account_of(line, is_outside=line.notice_id in outside) for line in lines),
        _count(notices, at),
        tuple(
            Tier(tier, _count([one for one in notices if one.tier == tier], at))
            for tier in sorted({one.tier for one in notices})
        ),
    )


_OF_PROGRESS = ("id", "tier", "read_at", "confirmed_at", "answered_at", "due_at", "escalations", "role")


def _count(notices: Iterable[Notice], at: datetime) -> Counts:
    notices = list(notices)
    return Counts(
        len(notices),
        sum(one.read_at is not None or one.confirmed_at is not None for one in notices),
        sum(one.confirmed_at is not None for one in notices),
        sum(one.answered_at is not None for one in notices),
        sum(is_silent(one, at) for one in notices),
    )


def is_silent(notice: Notice, at: datetime) -> bool:
    """Say whether a holder let its time pass without an answer."""
    is_done = notice.answered_at is not None or (
        notice.role == Notice.Role.CONSIGNEE and notice.confirmed_at is not None
    )
    return not is_done and (notice.due_at <= at or notice.escalations > 0)


def state_of(notice: Notice, at: datetime) -> str:
    """Return how far a notice is, in one word."""
    if notice.answered_at is not None:
        return "answered"
    if is_silent(notice, at):
        return "silent"
    if notice.confirmed_at is not None:
        return "confirmed"
    return "read" if notice.read_at is not None else "sent"


def board_rows(
    actor: Actor, recall: Recall, *, at: datetime, cursor: str = "", limit: int | None = None
) -> Page[BoardRow]:
    """List the holders of a recall with what became of their goods, in the order in which they were told."""
    rows = notices_of(actor, recall)
    page = newest_first(rows, cursor=cursor, limit=limit)
    lines: dict[int, list[NoticeLine]] = defaultdict(list)
    for line in NoticeLine.objects.filter(notice__in=[one.pk for one in page.items]).order_by("pk"):
        lines[line.notice_id].append(line)
    facts = lots.facts_of({line.lot_id for some in lines.values() for line in some})
    made = []
    for notice in page.items:
        accounts = tuple(
            (facts[line.lot_id], account_of(line, is_outside=notice.tier > 0)) for line in lines[notice.pk]
        )
        sums = bars(account_of(line) for line in lines[notice.pk])
        made.append(BoardRow(notice, accounts, sums, state_of(notice, at)))
    return Page(tuple(made), page.next)
