"""The account with one counterpart (对账单): what stood open, was ordered and paid in a time, and stands open now."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db import connection
from django.utils import timezone

from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import NotFound
from cailan.parties import queries as parties
from cailan.trade.queries import debts
from cailan.trade.queries.cash import day_bounds
from cailan.trade.queries.debts import Counterpart, OrderDebt
from cailan.trade.rules.money import OWED, OWING

MOST_LINES = 500
_SALT = "cailan.statement"
_VALID_DAYS = 30
_BEFORE = """
SELECT coalesce(sum(total) FILTER (WHERE at < %(start)s), 0) FROM ({orders}) o WHERE {who}
"""
_PAID_BEFORE = """
SELECT coalesce(sum(p.amount_fen), 0) FROM ({orders}) o JOIN trade_payment p ON p.{column} = o.id
 WHERE {who} AND p.occurred_at < %(start)s
"""
_LINES = """
SELECT at, 'order' AS what, id, number, code, total, '' AS method, '' AS note FROM ({orders}) o
 WHERE {who} AND at >= %(start)s AND at < %(end)s
UNION ALL
SELECT p.occurred_at, 'payment', o.id, o.number, o.code, -p.amount_fen, p.method, p.note
  FROM ({orders}) o JOIN trade_payment p ON p.{column} = o.id
 WHERE {who} AND p.occurred_at >= %(start)s AND p.occurred_at < %(end)s
ORDER BY 1, 2, 3 LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """An order, or a payment for one; the amount is what it added to the debt."""

    at: datetime
    what: str  # order, payment
    order_id: int
    number: str
    code: str
    amount_fen: int
    method: str
    note: str
    balance_fen: int


@dataclass(frozen=True, slots=True)
class Statement:
    owner_id: int
    owner: str
    side: str
    counterpart: Counterpart
    phone: str
    since: date
    until: date
    opening_fen: int
    lines: tuple[StatementLine, ...]
    open: tuple[OrderDebt, ...]
    today: date
    is_cut: bool

    @property
    def closing_fen(self) -> int:
        return self.lines[-1].balance_fen if self.lines else self.opening_fen

    @property
    def owed_fen(self) -> int:
        """Return what stands open now, whatever time the lines cover."""
        return sum(order.owed_fen for order in self.open)

    @property
    def overdue_fen(self) -> int:
        return sum(order.owed_fen for order in self.open if order.is_overdue(self.today))

    @property
    def due_on(self) -> date | None:
        return min((order.due_on for order in self.open if order.due_on and order.owed_fen > 0), default=None)


def statement(
    actor: Actor, *, side: str, counterpart: Counterpart, since: date | None = None, until: date | None = None
) -> Statement:
    """Return the account with one counterpart; without dates from the oldest open order, or of the last month."""
    actor.require(Permission.MONEY_READ)
    if side not in {OWED, OWING}:
        raise NotFound
    open_now = debts.open_orders(actor, side=side, counterpart=counterpart)
    today = timezone.localdate()
    until = until or today
    since = since or min(
        [timezone.localtime(order.at).date() for order in open_now[:1]] + [until.replace(day=1)]
    )
    start, end = day_bounds(since)[0], day_bounds(until)[1]
    orders, column = debts.ORDERS[side], "ticket_id" if side == OWED else "purchase_id"
    values: dict[str, Any] = {
        "owner": actor.acting_party_id, "party": counterpart.party_id, "name": counterpart.name,
        "start": start, "end": end, "limit": MOST_LINES + 1,
    }  # fmt: skip
    words = {"orders": orders, "who": debts.WHO, "column": column}
    [(ordered,)] = _rows(_BEFORE.format(**words), values)
    [(paid,)] = _rows(_PAID_BEFORE.format(**words), values)
    rows = _rows(_LINES.format(**words), values)
    name, phone = _called(counterpart, open_now)
    if not (rows or open_now or ordered):
        raise NotFound
    return Statement(
        owner_id=actor.acting_party_id,
        owner=actor.party_name,
        side=side,
        counterpart=Counterpart(counterpart.party_id, name),
        phone=phone,
        since=since,
        until=until,
        opening_fen=int(ordered - paid),
        lines=_lines(rows[:MOST_LINES], int(ordered - paid)),
        open=open_now,
        today=today,
        is_cut=len(rows) > MOST_LINES,
    )


def _lines(rows: list[tuple[Any, ...]], balance: int) -> tuple[StatementLine, ...]:
    found = []
    for at, what, pk, number, code, amount, method, note in rows:
        balance += int(amount)
        found.append(StatementLine(at, what, pk, number, code, int(amount), method, note, balance))
    return tuple(found)


def _called(counterpart: Counterpart, orders: tuple[OrderDebt, ...]) -> tuple[str, str]:
    """Return the name and phone of a counterpart; those written on the orders come first."""
    phone = next((order.phone for order in orders if order.phone), "")
    if counterpart.party_id is None:
        return counterpart.name, phone
    known = parties.contacts([counterpart.party_id]).get(counterpart.party_id)
    if known is None:
        raise NotFound
    return known.name, phone or known.phone


def share_token(actor: Actor, found: Statement) -> str:
    """Return what opens a statement for whoever is sent it, without an account, for thirty days."""
    actor.require(Permission.MONEY_READ)
    one = found.counterpart
    return signing.dumps(
        [
            found.owner_id,
            found.side,
            one.party_id,
            one.name,
            found.since.isoformat(),
            found.until.isoformat(),
        ],
        salt=_SALT,
        compress=True,
    )


def shared_statement(token: str) -> Statement:
    """Return the statement that a link opens."""
    try:
        owner_id, side, party_id, name, since, until = signing.loads(
            token, salt=_SALT, max_age=_VALID_DAYS * 86_400
        )
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    owner = parties.facts([owner_id]).get(owner_id)
    if owner is None:
        raise NotFound
    # The link stands for its maker, who saw this very account and sent it on.
    sender = Actor(
        party_id=owner_id, party_name=owner.name, party_kind=str(owner.kind), means="link",
        permissions=frozenset({Permission.MONEY_READ}),
    )  # fmt: skip
    return statement(
        sender, side=side, counterpart=Counterpart(party_id, name), since=date.fromisoformat(since),
        until=date.fromisoformat(until),
    )  # fmt: skip


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
