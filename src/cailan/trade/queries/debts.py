"""Who owes whom: by counterpart and by order, from the orders and what was paid on them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, clamp, read_cursor, write_cursor
from cailan.parties import queries as parties
from cailan.trade.rules import money
from cailan.trade.rules.money import OWED, OWING

# What is agreed on each order of one side, with what was paid on it.
ORDERS = {
    OWED: """
SELECT o.id, o.number, o.code, o.buyer_id AS party_id, o.buyer_name AS name, o.buyer_phone AS phone,
       o.issued_at AS at, o.due_on,
       CASE o.status WHEN 'void' THEN 0 ELSE o.total_fen END AS total, coalesce(p.paid, 0) AS paid
  FROM trade_ticket o
  LEFT JOIN LATERAL (SELECT sum(amount_fen) AS paid FROM trade_payment WHERE ticket_id = o.id) p ON true
 WHERE o.seller_id = %(owner)s AND o.status <> 'requested'
""",
    OWING: """
SELECT o.id, coalesce(t.number, '') AS number, '' AS code, o.supplier_id AS party_id, o.supplier_name AS name,
       o.supplier_phone AS phone, o.purchased_at AS at, o.due_on, o.total_fen AS total, coalesce(p.paid, 0) AS paid
  FROM trade_purchase o
  LEFT JOIN trade_ticket t ON t.id = o.ticket_id
  LEFT JOIN LATERAL (SELECT sum(amount_fen) AS paid FROM trade_payment WHERE purchase_id = o.id) p ON true
 WHERE o.buyer_id = %(owner)s AND o.total_fen IS NOT NULL
""",
}
_BY_COUNTERPART = """
SELECT party_id, CASE WHEN party_id IS NULL THEN name ELSE '' END AS named, max(name), max(phone),
       sum(total - paid), coalesce(sum(total - paid) FILTER (WHERE due_on < %(today)s AND total > paid), 0),
       min(due_on) FILTER (WHERE total > paid), min(at), min(id), count(*)
  FROM ({orders}) o WHERE total <> paid GROUP BY 1, 2
"""
_OPEN = "SELECT * FROM ({orders}) o WHERE total <> paid AND {who} ORDER BY at, id"
WHO = "party_id IS NOT DISTINCT FROM %(party)s AND (party_id IS NOT NULL OR name = %(name)s)"


@dataclass(frozen=True, slots=True)
class Counterpart:
    """With whom one deals: a party known here, or a name that was written on the order."""

    party_id: int | None
    name: str = ""

    @property
    def as_query(self) -> dict[str, str]:
        """Return how an address names it."""
        return {"party": str(self.party_id)} if self.party_id else {"name": self.name}


@dataclass(frozen=True, slots=True)
class Debt:
    """What stands open with one counterpart; below zero, more was paid than is owed."""

    counterpart: Counterpart
    phone: str
    owed_fen: int
    overdue_fen: int
    due_on: date | None
    since: datetime
    orders: int

    @property
    def paid_over_fen(self) -> int:
        """Return how much more was paid than is owed."""
        return max(0, -self.owed_fen)


@dataclass(frozen=True, slots=True)
class OrderDebt:
    """One order, what was agreed on it and what was paid."""

    id: int
    side: str
    number: str
    code: str
    counterpart: Counterpart
    phone: str
    at: datetime
    due_on: date | None
    total_fen: int
    paid_fen: int

    @property
    def owed_fen(self) -> int:
        return self.total_fen - self.paid_fen

    def is_overdue(self, today: date) -> bool:
        return self.owed_fen > 0 and money.is_overdue(self.due_on, today)


@dataclass(frozen=True, slots=True)
class Totals:
    """All debts of one side together."""

    owed_fen: int
    overdue_fen: int
    counterparts: int


def list_debts(
    actor: Actor, *, side: str, today: date | None = None, cursor: str = "", limit: int | None = None
) -> Page[Debt]:
    """List the counterparts with whom something stands open, that of the oldest order first."""
    actor.require(Permission.MONEY_READ)
    size = clamp(limit)
    sql = _BY_COUNTERPART.format(orders=ORDERS[side])
    parameters: dict[str, Any] = {"owner": actor.acting_party_id, "today": today or timezone.localdate()}
    if cursor:
        at, pk = read_cursor(cursor, 2)
        sql += " HAVING (min(at), min(id)) > (%(at)s::timestamptz, %(id)s)"
        parameters |= {"at": at, "id": pk}
    rows = _rows(f"{sql} ORDER BY min(at), min(id) LIMIT {size + 1}", parameters)
    shown = rows[:size]
    names = _names([row[0] for row in shown])
    debts = tuple(
        Debt(Counterpart(row[0], names.get(row[0]) or row[2] or row[1]), row[3] or "", int(row[4]), int(row[5]),
             row[6], row[7], row[9])
        for row in shown
    )  # fmt: skip
    more = len(rows) > size
    return Page(debts, write_cursor([shown[-1][7].isoformat(), shown[-1][8]]) if more else "")


def totals(actor: Actor, *, side: str, today: date | None = None) -> Totals:
    """Add up what stands open on one side."""
    actor.require(Permission.MONEY_READ)
    by_counterpart = _BY_COUNTERPART.format(orders=ORDERS[side])
    sql = (
        "SELECT coalesce(sum(owed), 0), coalesce(sum(overdue), 0), count(*)"  # noqa: S608 (our own words)
        f" FROM ({by_counterpart}) AS d(party, named, name, phone, owed, overdue, due, since, first, orders)"
    )
    [row] = _rows(sql, {"owner": actor.acting_party_id, "today": today or timezone.localdate()})
    return Totals(int(row[0]), int(row[1]), row[2])


def open_orders(actor: Actor, *, side: str, counterpart: Counterpart) -> tuple[OrderDebt, ...]:
    """Return the orders with a counterpart that are not settled, the oldest first."""
    actor.require(Permission.MONEY_READ)
    sql = _OPEN.format(orders=ORDERS[side], who=WHO)
    return tuple(_order(side, row) for row in _rows(sql, _parameters(actor, counterpart)))


def open_order_ids(actor: Actor, *, side: str, counterpart: Counterpart) -> list[int]:
    """Return the numbers of those orders, the oldest first."""
    return [order.id for order in open_orders(actor, side=side, counterpart=counterpart)]


def owed_on(side: str, ids: Collection[int]) -> dict[int, int]:
    """Return what stands open on orders; for a caller that holds them locked."""
    if side == OWED:
        total, table, column = (
            "CASE o.status WHEN 'void' THEN 0 ELSE o.total_fen END",
            "trade_ticket",
            "ticket_id",
        )
    else:
        total, table, column = "coalesce(o.total_fen, 0)", "trade_purchase", "purchase_id"
    sql = (
        f"SELECT o.id, {total} - coalesce(sum(p.amount_fen), 0) FROM {table} o"  # noqa: S608 (our own words)
        f" LEFT JOIN trade_payment p ON p.{column} = o.id WHERE o.id = ANY(%(ids)s) GROUP BY o.id"
    )
    return {pk: int(owed) for pk, owed in _rows(sql, {"ids": list(ids)})}


def _parameters(actor: Actor, counterpart: Counterpart) -> dict[str, Any]:
    return {"owner": actor.acting_party_id, "party": counterpart.party_id, "name": counterpart.name}


def _order(side: str, row: Sequence[Any]) -> OrderDebt:
    pk, number, code, party_id, name, phone, at, due_on, total, paid = row
    return OrderDebt(
        pk, side, number, code, Counterpart(party_id, name), phone, at, due_on, int(total), int(paid)
    )


def _names(ids: Collection[int | None]) -> dict[int | None, str]:
    """Return what the parties call themselves; the name that was written on an order may be an old one."""
    return {pk: one.name for pk, one in parties.facts([pk for pk in ids if pk is not None]).items()}


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
