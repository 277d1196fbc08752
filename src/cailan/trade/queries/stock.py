"""The stock of a stall, by acquisition: what it is, from whom, since when, what is left, what it cost."""

from dataclasses import dataclass
from fractions import Fraction

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page
from cailan.lots import queries as lots
from cailan.trade.models.tickets import PurchaseLine
from cailan.trade.queries.costing import costs_of
from cailan.trade.rules.costing import to_fen

MOST = 2_000


@dataclass(frozen=True, slots=True)
class StockLine:
    """Some of a lot in stock, from one acquisition."""

    holding: lots.HoldingFacts
    supplier: str  # of whom it was bought; "" where it was harvested, made, or came without a purchase
    purchase_id: int | None
    unit_cost: Fraction | None

    @property
    def value_fen(self) -> int | None:
        """Return what the rest of it cost; None where that is unknown."""
        if self.unit_cost is None or self.holding.remaining is None:
            return None
        return to_fen(self.unit_cost * Fraction(self.holding.remaining))


def stock_lines(
    actor: Actor, *, text: str = "", cursor: str = "", limit: int | None = None
) -> Page[StockLine]:
    """List the stock of the actor's party, newest first; what it cost only to who may see money."""
    actor.require(Permission.LOT_READ)
    page = lots.stock(actor, text=text, cursor=cursor, limit=limit)
    ids = [holding.id for holding in page.items]
    bought = bought_from(actor, ids)
    costs = costs_of(actor, ids) if actor.may(Permission.MONEY_READ) else {}
    rows = (
        StockLine(holding, *bought.get(holding.id, ("", None)), costs.get(holding.id))
        for holding in page.items
    )
    return Page(tuple(rows), page.next)


def bought_from(actor: Actor, holding_ids: list[int]) -> dict[int, tuple[str, int | None]]:
    """Return of whom and by which purchase holdings were bought."""
    rows = PurchaseLine.objects.filter(
        holding_id__in=holding_ids, purchase__buyer_id=actor.acting_party_id
    ).values_list("holding_id", "purchase__supplier_name", "purchase__supplier__name", "purchase_id")
    return {pk: (name or known or "", purchase) for pk, name, known, purchase in rows}


@dataclass(frozen=True, slots=True)
class StockValue:
    """What the stock cost, as far as it is known."""

    value_fen: int
    lots: int
    unknown: int  # acquisitions whose cost nobody knows
    is_partial: bool  # there is more stock than was added up


def stock_value(actor: Actor) -> StockValue:
    """Add up what the stock cost; at most two thousand acquisitions are looked at."""
    holdings: list[lots.HoldingFacts] = []
    cursor = ""
    while len(holdings) < MOST:
        page = lots.stock(actor, cursor=cursor, limit=500)
        holdings += page.items
        cursor = page.next
        if not cursor:
            break
    costs = costs_of(actor, [one.id for one in holdings])
    lines = [StockLine(one, "", None, costs.get(one.id)) for one in holdings]
    values = [line.value_fen for line in lines]
    return StockValue(
        value_fen=sum(value for value in values if value is not None),
        lots=len({one.lot.id for one in holdings}),
        unknown=values.count(None),
        is_partial=bool(cursor),
    )
