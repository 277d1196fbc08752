"""What a seller needs on one screen: today's goods, the oldest first, the usual buyers, the last prices, the mode."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from cailan.kernel.access import Actor, Permission
from cailan.lots import queries as lots
from cailan.lots.queries import HoldingFacts
from cailan.parties import queries as parties
from cailan.parties.rules.kinds import PartyKind
from cailan.trade.models.tickets import MarketMode
from cailan.trade.rules.tickets import Mode

MOST_GOODS = 60
MOST_BUYERS = 12
_RECENT = 300  # tickets among which buyers and prices are looked for: weeks of a stall's work
_BUYERS = """
SELECT buyer_id, buyer_name, max(buyer_phone), max(id) FROM (
    SELECT id, buyer_id, CASE WHEN buyer_id IS NULL THEN buyer_name ELSE '' END AS buyer_name, buyer_phone
      FROM trade_ticket WHERE seller_id = %s ORDER BY issued_at DESC, id DESC LIMIT %s
) recent WHERE buyer_id IS NOT NULL GROUP BY 1, 2 ORDER BY 4 DESC LIMIT %s
"""
_PRICES = """
SELECT DISTINCT ON (l.product_name) l.product_name, l.price_fen, l.price_uom
  FROM trade_ticketline l
  JOIN (SELECT id, buyer_id, issued_at FROM trade_ticket WHERE seller_id = %(seller)s AND status <> 'requested'
         ORDER BY issued_at DESC, id DESC LIMIT %(recent)s) t ON t.id = l.ticket_id
 WHERE l.price_fen IS NOT NULL AND l.product_name = ANY(%(names)s)
 ORDER BY l.product_name, (t.buyer_id IS NOT DISTINCT FROM %(buyer)s) DESC, t.issued_at DESC, l.id DESC
"""
_PAID = """
SELECT l.price_fen, l.price_uom FROM trade_purchaseline l JOIN trade_purchase p ON p.id = l.purchase_id
 WHERE p.buyer_id = %s AND p.supplier_id = %s AND l.product_name = %s AND l.price_fen IS NOT NULL
 ORDER BY p.purchased_at DESC, l.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Goods:
    """One lot of the stall: how much of it may be sold, or why none may."""

    code: str
    product: str
    name: str
    number: str
    maker: str
    uom: str
    left: Decimal | None  # None: nobody has stated how much there is
    acquired_at: datetime
    reason: str = ""  # "" may be sold; else held, self-test, incoming-test

    @property
    def may_go(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True)
class Buyer:
    party_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Price:
    fen: int
    uom: str


def goods_of(actor: Actor) -> tuple[Goods, ...]:
    """Return what the actor's party has, one entry a lot, the oldest first; what may not go stands at the end."""
    actor.require(Permission.LOT_READ)
    groups: dict[int, list[HoldingFacts]] = {}
    for holding in lots.stock(actor, limit=500).items:
        groups.setdefault(holding.lot.id, []).append(holding)
    found = [_goods(group) for group in groups.values()]
    return tuple(sorted(found, key=lambda one: (not one.may_go, one.acquired_at)))[:MOST_GOODS]


def _goods(group: list[HoldingFacts]) -> Goods:
    lot = group[0].lot
    free = [one for one in group if not one.is_waiting]
    reason = "held" if lot.is_held else "" if free else group[0].awaits
    shown = group if reason else free
    known = [one.remaining for one in shown if one.remaining is not None]
    return Goods(
        lot.code, lot.product, lot.name, lot.number, lot.maker, lot.uom,
        sum(known, Decimal(0)) if len(known) == len(shown) else None, min(one.acquired_at for one in shown), reason,
    )  # fmt: skip


def usual_buyers(actor: Actor) -> tuple[Buyer, ...]:
    """Return to whom was sold lately, the latest first, then the customers of the book."""
    party = actor.acting_party_id
    with connection.cursor() as cursor:
        cursor.execute(_BUYERS, [party, _RECENT, MOST_BUYERS])
        latest = [pk for pk, _name, _phone, _id in cursor.fetchall()]
    book = parties.counterparties(actor, kind="customer", limit=MOST_BUYERS).items
    called = {entry.party_id: entry.name for entry in book}
    names = {pk: one.name for pk, one in parties.facts(latest).items()}
    order = dict.fromkeys([*latest, *called])
    return tuple(Buyer(pk, called.get(pk) or names[pk]) for pk in order)[:MOST_BUYERS]


def last_prices(actor: Actor, names: Collection[str], *, buyer_id: int | None = None) -> dict[str, Price]:
    """Return for each product what this buyer paid last, else what anybody did."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PRICES,
            {"seller": actor.acting_party_id, "recent": _RECENT, "names": list(names), "buyer": buyer_id},
        )
        return {name: Price(fen, uom) for name, fen, uom in cursor.fetchall()}


def last_paid(actor: Actor, *, seller_id: int, product: str) -> Price | None:
    """Return what the actor's party paid this seller for a product last."""
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [actor.acting_party_id, seller_id, product])
        found = cursor.fetchone()
    return Price(*found) if found else None


def market_mode(market_id: int | None) -> str:
    """Return how the stalls of a market sell; wholesale where the market has not said."""
    found = MarketMode.objects.filter(market_id=market_id).values_list("mode", flat=True).first()
    return found or str(Mode.WHOLESALE)


def selling_mode(actor: Actor) -> str:
    """Return which screen a seller gets: its market decides; who has no market sells by ticket."""
    if actor.party_kind == PartyKind.MARKET:
        return market_mode(actor.party_id)
    own = parties.facts([actor.acting_party_id]).get(actor.acting_party_id)
    return market_mode(own.market_id) if own and own.market_id else str(Mode.WHOLESALE)
