"""Income and expense (收支): one journal over payments for orders and entries beside them, and totals by kind."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, clamp, read_cursor, write_cursor
from cailan.kernel.problems import NotFound
from cailan.trade.rules import money

_PAYMENTS = """
SELECT p.occurred_at, 'payment' AS source, p.id,
       CASE WHEN p.ticket_id IS NULL THEN 'purchases' ELSE 'sales' END AS kind, p.amount_fen, p.method,
       coalesce(t.buyer_name, u.supplier_name, '') AS name, coalesce(t.buyer_id, u.supplier_id) AS party_id, p.note,
       p.ticket_id, t.code, t.number, p.purchase_id, p.corrects_id,
       EXISTS (SELECT 1 FROM trade_payment c WHERE c.corrects_id = p.id) AS is_corrected
  FROM trade_payment p LEFT JOIN trade_ticket t ON t.id = p.ticket_id
  LEFT JOIN trade_purchase u ON u.id = p.purchase_id
 WHERE p.owner_id = %(owner)s
"""
_ENTRIES = """
SELECT e.occurred_at, 'entry', e.id, e.kind, e.amount_fen, e.method, e.counterpart_name, e.counterpart_id, e.note,
       e.ticket_id, t.code, t.number, e.purchase_id, e.corrects_id,
       EXISTS (SELECT 1 FROM trade_cashentry c WHERE c.corrects_id = e.id)
  FROM trade_cashentry e LEFT JOIN trade_ticket t ON t.id = e.ticket_id
 WHERE e.owner_id = %(owner)s
"""
# Each arm walks its own index and is cut before the two are merged.
_JOURNAL = f"""
({_PAYMENTS} AND p.occurred_at >= %(start)s AND p.occurred_at < %(end)s
    AND (%(kind)s = '' OR %(kind)s = CASE WHEN p.ticket_id IS NULL THEN 'purchases' ELSE 'sales' END)
    AND (p.occurred_at, 'payment'::text, p.id) < (%(at)s, %(source)s, %(id)s)
  ORDER BY p.occurred_at DESC, p.id DESC LIMIT %(limit)s)
UNION ALL
({_ENTRIES} AND e.occurred_at >= %(start)s AND e.occurred_at < %(end)s AND (%(kind)s = '' OR e.kind = %(kind)s)
    AND (e.occurred_at, 'entry'::text, e.id) < (%(at)s, %(source)s, %(id)s)
  ORDER BY e.occurred_at DESC, e.id DESC LIMIT %(limit)s)
ORDER BY occurred_at DESC, source DESC, id DESC LIMIT %(limit)s
"""
_ONE = {"payment": f"{_PAYMENTS} AND p.id = %(id)s", "entry": f"{_ENTRIES} AND e.id = %(id)s"}
_BY_KIND = """
SELECT kind, sum(amount_fen), count(*) FROM (
  SELECT CASE WHEN ticket_id IS NULL THEN 'purchases' ELSE 'sales' END AS kind, amount_fen FROM trade_payment
   WHERE owner_id = %(owner)s AND occurred_at >= %(start)s AND occurred_at < %(end)s
  UNION ALL
  SELECT kind, amount_fen FROM trade_cashentry
   WHERE owner_id = %(owner)s AND occurred_at >= %(start)s AND occurred_at < %(end)s
) AS all_money GROUP BY kind
"""
_FOREVER = datetime(9999, 1, 1, tzinfo=timezone.get_fixed_timezone(0))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal; the amount is above zero in the direction of its kind."""

    occurred_at: datetime
    source: str  # payment, entry
    id: int
    kind: str
    amount_fen: int
    method: str
    counterpart: str
    counterpart_id: int | None
    note: str
    ticket_id: int | None
    ticket_code: str
    ticket_number: str
    purchase_id: int | None
    corrects_id: int | None
    is_corrected: bool

    @property
    def direction(self) -> str:
        return str(money.direction_of(self.kind))

    @property
    def signed_fen(self) -> int:
        """Return what it did to the purse."""
        return self.amount_fen if self.direction == "in" else -self.amount_fen

    @property
    def may_be_corrected(self) -> bool:
        return self.corrects_id is None and not self.is_corrected


@dataclass(frozen=True, slots=True)
class KindTotal:
    kind: str
    direction: str
    amount_fen: int
    entries: int


@dataclass(frozen=True, slots=True)
class Flow:
    """What came in and went out in a time, by kind."""

    kinds: tuple[KindTotal, ...]

    @property
    def in_fen(self) -> int:
        return sum(one.amount_fen for one in self.kinds if one.direction == "in")

    @property
    def out_fen(self) -> int:
        return sum(one.amount_fen for one in self.kinds if one.direction == "out")

    @property
    def balance_fen(self) -> int:
        return self.in_fen - self.out_fen


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a business day begins and ends: a day in Shanghai."""
    start = timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 (made aware at once)
    return start, start + timedelta(days=1)


def month_bounds(day: date) -> tuple[datetime, datetime]:
    """Return when the month of a day begins and ends."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return day_bounds(first)[0], day_bounds(following)[0]


def list_cash(
    actor: Actor,
    *,
    start: datetime,
    end: datetime,
    kind: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> Page[Entry]:
    """List what came in and went out in a time, newest first."""
    actor.require(Permission.MONEY_READ)
    size = clamp(limit)
    at, source, pk = read_cursor(cursor, 3) if cursor else (_FOREVER.isoformat(), "~", 0)
    parameters = {
        "owner": actor.acting_party_id, "start": start, "end": end, "kind": kind,
        "at": datetime.fromisoformat(at), "source": source, "id": pk, "limit": size + 1,
    }  # fmt: skip
    rows = [_entry(row) for row in _rows(_JOURNAL, parameters)]
    shown, more = rows[:size], len(rows) > size
    last = shown[-1] if more else None
    following = write_cursor([last.occurred_at.isoformat(), last.source, last.id]) if last else ""
    return Page(tuple(shown), following)


def cash_by_kind(actor: Actor, *, start: datetime, end: datetime) -> Flow:
    """Add up what came in and went out in a time, by kind."""
    actor.require(Permission.MONEY_READ)
    rows = _rows(_BY_KIND, {"owner": actor.acting_party_id, "start": start, "end": end})
    kinds = [KindTotal(kind, str(money.direction_of(kind)), int(fen), count) for kind, fen, count in rows]
    return Flow(tuple(sorted(kinds, key=lambda one: (one.direction, -one.amount_fen))))


def get_cash(actor: Actor, *, source: str, entry_id: int) -> Entry:
    """Return one line of one's own journal."""
    actor.require(Permission.MONEY_READ)
    if source not in _ONE:
        raise NotFound
    rows = _rows(_ONE[source], {"owner": actor.acting_party_id, "id": entry_id})
    if not rows:
        raise NotFound
    return _entry(rows[0])


def _entry(row: tuple[Any, ...]) -> Entry:
    (
        at,
        source,
        pk,
        kind,
        fen,
        method,
        name,
        party,
        note,
        ticket,
        code,
        number,
        purchase,
        corrects,
        corrected,
    ) = row
    return Entry(
        at, source, pk, kind, int(fen), method, name, party, note, ticket, code or "", number or "", purchase,
        corrects, corrected,
    )  # fmt: skip


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
