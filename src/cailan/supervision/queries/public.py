"""What anybody may read of recalls: the announcement, and whether a lot is under one."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from cailan.kernel.access import region_prefix
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties
from cailan.parties.rules.masking import public_name
from cailan.supervision.models import Recall, RecallLot, RecallReach

_DISTRICT = 6
MOST_AREAS = 60


@dataclass(frozen=True, slots=True)
class RecallFacts:
    """A recall as anybody may read it; persons masked."""

    number: str
    kind: str
    level: str
    lot: LotFacts
    producer: str
    reason: str
    instruction: str
    refund_place: str
    authority: str
    decided_at: datetime
    finish_due: datetime
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Announcement:
    """The announcement (召回公告) of one recall."""

    facts: RecallFacts
    lots: tuple[LotFacts, ...]
    areas: tuple[str, ...]  # where it was sold or kept
    quantities: tuple[dict[str, str], ...]


def open_recalls_of(lot_ids: Collection[int]) -> dict[int, RecallFacts]:
    """Return the open recall of each of the lots that stands under one; the latest where there are several."""
    rows = list(
        RecallLot.objects.filter(lot_id__in=set(lot_ids), recall__closed_at=None)
        .select_related("recall__authority", "recall__responsible")
        .order_by("recall_id")
    )
    if not rows:
        return {}
    facts = lots.facts_of({row.recall.lot_id for row in rows})
    return {row.lot_id: _facts(row.recall, facts[row.recall.lot_id]) for row in rows}


def list_public(*, cursor: str = "", limit: int | None = None) -> Page[RecallFacts]:
    """List announcements, newest first, also closed ones."""
    rows = Recall.objects.select_related("authority", "responsible")
    page = newest_first(rows, cursor=cursor, limit=limit)
    facts = lots.facts_of({row.lot_id for row in page.items})
    return Page(tuple(_facts(row, facts[row.lot_id]) for row in page.items), page.next)


def announcement(number: str) -> Announcement:
    """Return the announcement of one recall."""
    row = Recall.objects.select_related("authority", "responsible").filter(number=number).first()
    if row is None:
        raise NotFound
    ids = set(RecallLot.objects.filter(recall=row).values_list("lot_id", flat=True)[:500])
    facts = lots.facts_of(ids | {row.lot_id})
    codes = RecallReach.objects.filter(recall=row, region__isnull=False).values_list("region_id", flat=True)
    districts = sorted({code[:_DISTRICT] for code in codes if region_prefix(code)})
    return Announcement(
        _facts(row, facts[row.lot_id]),
        _masked([facts[pk] for pk in sorted(ids)]),
        tuple(dict.fromkeys(_area(code) for code in districts[:MOST_AREAS])),
        tuple(row.quantities),
    )


def _masked(found: list[LotFacts]) -> tuple[LotFacts, ...]:
    names = parties.public_names({lot.maker_id for lot in found})
    return tuple(replace(lot, maker=names[lot.maker_id], attributes={}) for lot in found)


def _area(code: str) -> str:
    return " ".join(one.name for one in parties.region_path(code))


def _facts(row: Recall, lot: LotFacts) -> RecallFacts:
    return RecallFacts(
        row.number,
        row.kind,
        row.level,
        lot,
        public_name(row.responsible.name, row.responsible.kind),
        row.reason,
        row.instruction,
        row.refund_place,
        row.authority.name,
        row.decided_at,
        row.finish_due,
        row.closed_at,
    )
