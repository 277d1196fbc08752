"""Stalls, stock, tickets and purchases, for everybody's tests: all booked through the services."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cailan.kernel.access import Actor
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.lots.tests.factories import AT, make_lot, make_product
from cailan.parties.models import Counterparty
from cailan.parties.tests.factories import make_actor, make_party, make_site
from cailan.trade.rules.tickets import Goods, HandPurchase, Kind, Order, OrderLine, Payment
from cailan.trade.services.buying import buy_by_hand
from cailan.trade.services.issuing import Issued, issue_ticket
from cailan.trade.services.receiving import Booked, accept_ticket

LATER = AT + timedelta(hours=1)


def make_stall(name: str = "阿强蔬菜行", **fields: Any) -> Actor:
    """Return the owner of a stall with one place to sell at."""
    party = make_party("merchant", name, **fields)
    make_site(party, "warehouse", f"{name}仓", code="A12")
    return make_actor(party)


def know(actor: Actor, other: Actor) -> int:
    """Let a stall have another one in its book; return the other's party."""
    Counterparty.objects.get_or_create(
        owner_id=actor.acting_party_id, party_id=other.acting_party_id,
        defaults={"name": other.party_name, "is_customer": True, "is_supplier": True},
    )  # fmt: skip
    return other.acting_party_id


def line(lot: LotFacts, quantity: str = "10", price_fen: int | None = 400, **fields: Any) -> OrderLine:
    """Return a line of an order, priced for one unit of the lot."""
    return OrderLine(
        lot=lot.code, quantity=Decimal(quantity), uom=lot.uom, price_fen=price_fen,
        price_uom=fields.pop("price_uom", lot.uom if price_fen is not None else ""), **fields,
    )  # fmt: skip


def order(*lines: OrderLine, at: datetime = AT, **fields: Any) -> Order:
    """Return an order on credit, for whoever scans it."""
    kind = fields.pop("kind", Kind.SALE)
    payment = fields.pop("payment", Payment.NONE if kind == Kind.DISPATCH else Payment.CREDIT)
    return Order(kind=kind, lines=lines, issued_at=at, payment=payment, **fields)


def make_ticket(
    seller: Actor,
    buyer: Actor | None = None,
    *,
    lot: LotFacts | None = None,
    at: datetime = AT,
    **fields: Any,
) -> Issued:
    """Issue a ticket over 10 kg of choy sum at 4 yuan."""
    if buyer is not None:
        fields["buyer_id"] = know(seller, buyer)
    lines = fields.pop("lines", None)
    if lines is None:
        lot = lot or make_lot(seller, "100", at=at)
        lines = (line(lot, fields.pop("quantity", "10"), fields.pop("price_fen", 400)),)
    return issue_ticket(seller, order=order(*lines, at=at, **fields), at=at)


def confirm(buyer: Actor, ticket: Issued, *, at: datetime = LATER, **fields: Any) -> Booked:
    return accept_ticket(buyer, code=ticket.code, at=at, **fields)


def hand_purchase(quantity: str = "20", price_fen: int | None = 300, **fields: Any) -> HandPurchase:
    """Return a purchase of choy sum from a grower whose books are not here."""
    goods = Goods(
        quantity=Decimal(quantity), uom="KGM", product_id=fields.pop("product_id", None) or make_product(),
        batch_number=fields.pop("batch_number", ""), origin_text=fields.pop("origin_text", "广东省广州市增城区"),
        price_fen=price_fen, price_uom="KGM" if price_fen is not None else "",
    )  # fmt: skip
    fields.setdefault("payment", Payment.CREDIT if price_fen is not None else Payment.NONE)
    return HandPurchase(
        lines=fields.pop("lines", (goods,)), purchased_at=fields.pop("at", AT),
        supplier_name=fields.pop("supplier_name", "从化李叔"), **fields,
    )  # fmt: skip


def make_purchase(buyer: Actor, quantity: str = "20", *, at: datetime = AT, **fields: Any) -> Booked:
    return buy_by_hand(buyer, purchase=hand_purchase(quantity, at=at, **fields), at=at)


def in_stock(actor: Actor) -> Decimal:
    """Return how many units the actor has in stock, over all lots."""
    return sum((holding.remaining or Decimal(0) for holding in lots.stock(actor).items), Decimal(0))
