"""The day of a stall: what it took, what that had cost, what sold best, what stands open; beside the day before."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from cailan.kernel.access import Actor, Permission
from cailan.trade.models.tickets import Purchase, PurchaseLine, Ticket, TicketLine
from cailan.trade.queries import debts
from cailan.trade.queries.cash import Flow, cash_by_kind, day_bounds
from cailan.trade.queries.costing import costs_of
from cailan.trade.queries.stock import StockValue, stock_value
from cailan.trade.rules import costing, takings
from cailan.trade.rules.money import OWED, OWING
from cailan.trade.rules.takings import Margin, Seller, Sold

_NO_SALE = ("void", "requested")


@dataclass(frozen=True, slots=True)
class DayTrade:
    """What one day brought and took, as far as everybody at the stall may know."""

    day: date
    takings_fen: int
    tickets: int
    bought_fen: int
    purchases: int
    sold: tuple[Sold, ...]
    came_in: tuple[tuple[Decimal, str], ...]
    lost: tuple[tuple[Decimal, str], ...]

    @property
    def went_out(self) -> tuple[tuple[Decimal, str], ...]:
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for one in self.sold:
            totals[one.uom] += one.quantity
        return tuple((amount, uom) for uom, amount in sorted(totals.items()))

    @property
    def margin(self) -> Margin:
        return takings.margin(self.sold)

    @property
    def sellers(self) -> tuple[Seller, ...]:
        return takings.by_product(self.sold)


@dataclass(frozen=True, slots=True)
class DayMoney:
    """What only who may see money sees of a day."""

    cash: Flow
    stock: StockValue
    owed: debts.Totals
    owing: debts.Totals


@dataclass(frozen=True, slots=True)
class Day:
    today: DayTrade
    before: DayTrade
    money: DayMoney | None

    @property
    def takings_change_fen(self) -> int:
        return self.today.takings_fen - self.before.takings_fen

    @property
    def takings_less_fen(self) -> int:
        return -self.takings_change_fen


def day_of(actor: Actor, day: date) -> Day:
    """Return a day and the day before; cost, margin, debts and money only to who may see money."""
    actor.require(Permission.LOT_READ)
    sees_money = actor.may(Permission.MONEY_READ)
    days = (day - timedelta(days=1), day)
    start, end = day_bounds(days[0])[0], day_bounds(days[1])[1]
    before, today = _trade(actor, days, start, end, with_cost=sees_money)
    if not sees_money:
        return Day(today, before, None)
    own_start, own_end = day_bounds(day)
    local = timezone.localdate()
    money = DayMoney(
        cash=cash_by_kind(actor, start=own_start, end=own_end),
        stock=stock_value(actor),
        owed=debts.totals(actor, side=OWED, today=local),
        owing=debts.totals(actor, side=OWING, today=local),
    )
    return Day(today, before, money)


def _trade(
    actor: Actor, days: tuple[date, date], start: datetime, end: datetime, *, with_cost: bool
) -> list[DayTrade]:
    owner_id = actor.acting_party_id
    tickets = Ticket.objects.filter(seller_id=owner_id, issued_at__gte=start, issued_at__lt=end)
    tickets = tickets.exclude(status__in=_NO_SALE).exclude(kind="dispatch", total_fen=0)
    taken = _per_day(tickets, "issued_at", "total_fen")
    bought = _per_day(
        Purchase.objects.filter(buyer_id=owner_id, purchased_at__gte=start, purchased_at__lt=end),
        "purchased_at", "total_fen",
    )  # fmt: skip
    sold = _sold(actor, start, end, with_cost=with_cost)
    came = _came_in(owner_id, start, end)
    lost = _lost(owner_id, start, end)
    return [
        DayTrade(day, *taken.get(day, (0, 0)), *bought.get(day, (0, 0)), tuple(sold[day]), tuple(came[day]),
                 tuple(lost[day]))
        for day in days
    ]  # fmt: skip


def _per_day(rows: "QuerySet[Any]", field: str, amount: str) -> dict[date, tuple[int, int]]:
    zone = timezone.get_current_timezone()
    grouped = rows.annotate(day=TruncDate(field, tzinfo=zone)).values("day")
    return {
        one["day"]: (int(one["fen"] or 0), one["count"])
        for one in grouped.annotate(fen=Sum(amount), count=Count("pk")).order_by()
    }


def _sold(actor: Actor, start: datetime, end: datetime, *, with_cost: bool) -> dict[date, list[Sold]]:
    """Return what was sold, by ticket and lot, each with the cost of the very goods that left the stock."""
    owner_id = actor.acting_party_id
    drawn = _drawn(owner_id, start, end) if with_cost else {}
    costs = costs_of(actor, {part.holding_id for parts in drawn.values() for part in parts}) if drawn else {}
    groups: dict[tuple[int, int], list[TicketLine]] = defaultdict(list)
    for line in _sale_lines(owner_id, start, end).select_related("ticket").order_by("pk"):
        groups[line.ticket_id, line.lot_id].append(line)
    found: dict[date, list[Sold]] = defaultdict(list)
    for key, parts in groups.items():
        first = parts[0]
        dispatched = sum((line.quantity for line in parts), Decimal(0))
        kept = sum((_kept(line) for line in parts), Decimal(0))
        cost = costing.cost_fen(drawn.get(key, ()), costs)
        if cost is not None and kept != dispatched and dispatched:
            cost = costing.to_fen(Fraction(cost) * Fraction(kept) / Fraction(dispatched))
        amount = sum(line.amount_fen or 0 for line in parts)
        day = timezone.localtime(first.ticket.issued_at).date()
        found[day].append(Sold(*key, first.product_name, kept, first.uom, amount, cost))
    return found


def _sale_lines(owner_id: int, start: datetime, end: datetime) -> "QuerySet[TicketLine]":
    lines = TicketLine.objects.filter(
        ticket__seller_id=owner_id, ticket__issued_at__gte=start, ticket__issued_at__lt=end
    )
    # Goods that were sent without a price are no sale.
    return lines.exclude(ticket__status__in=_NO_SALE).filter(amount_fen__isnull=False)


def _kept(line: TicketLine) -> Decimal:
    """Return how much of a line the buyer kept."""
    return line.quantity if line.accepted_quantity is None else line.accepted_quantity


def _drawn(owner_id: int, start: datetime, end: datetime) -> dict[tuple[int, int], list[costing.Drawn]]:
    """Return what left the stock for each lot of each ticket: the flows that the ticket's own event tells."""
    flow = "lot__holdings__outflows"
    rows = _sale_lines(owner_id, start, end).filter(
        **{"lot__holdings__holder_id": owner_id, f"{flow}__event_id": F("ticket__event_id")}
    )
    wanted = ("ticket_id", "lot_id", "lot__holdings__id", f"{flow}__quantity", f"{flow}__id")
    found: dict[tuple[int, int], list[costing.Drawn]] = defaultdict(list)
    # Two lines of one lot name the same flows: each counts once.
    for ticket_id, lot_id, holding_id, quantity, _flow in rows.values_list(*wanted).distinct():
        found[ticket_id, lot_id].append(costing.Drawn(holding_id, quantity))
    return found


def _came_in(owner_id: int, start: datetime, end: datetime) -> dict[date, list[tuple[Decimal, str]]]:
    rows = PurchaseLine.objects.filter(
        purchase__buyer_id=owner_id, purchase__purchased_at__gte=start, purchase__purchased_at__lt=end
    )
    return _quantities(rows, "purchase__purchased_at", "quantity")


def _lost(owner_id: int, start: datetime, end: datetime) -> dict[date, list[tuple[Decimal, str]]]:
    """Return what of the bought goods was lost: the flows out of the holdings that purchases made."""
    rows = PurchaseLine.objects.filter(
        purchase__buyer_id=owner_id,
        holding__outflows__kind="loss",
        holding__outflows__occurred_at__gte=start,
        holding__outflows__occurred_at__lt=end,
    )
    return _quantities(rows, "holding__outflows__occurred_at", "holding__outflows__quantity")


def _quantities(rows: "QuerySet[Any]", field: str, quantity: str) -> dict[date, list[tuple[Decimal, str]]]:
    zone = timezone.get_current_timezone()
    found: dict[date, list[tuple[Decimal, str]]] = defaultdict(list)
    grouped = rows.annotate(day=TruncDate(F(field), tzinfo=zone)).values("day", "lot__uom")
    for one in grouped.annotate(total=Sum(quantity)).order_by("lot__uom"):
        if one["total"] is not None:
            found[one["day"]].append((one["total"], one["lot__uom"]))
    return found
