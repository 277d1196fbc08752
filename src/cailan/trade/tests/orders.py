"""Orders for tests of money: goods move through the services of lots, tickets and purchases are written beside them."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from cailan.kernel.access import Actor
from cailan.kernel.ids import new_trace_code
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.queries import LotFacts
from cailan.lots.rules.requests import Dispatch, Line, NewLot, Receive, Retail
from cailan.lots.tests.factories import AT, make_product
from cailan.parties.models import Counterparty
from cailan.parties.tests.factories import make_actor, make_party
from cailan.trade.models import Purchase, PurchaseLine, Ticket, TicketLine

_numbers = count(1)


def make_stall(name: str = "老陈菜档", **fields: Any) -> Actor:
    """Return the owner of a stall."""
    return make_actor(make_party("merchant", name, **fields))


def know(owner: Actor, name: str, **fields: Any) -> int:
    """Put a party into the owner's book and return its number."""
    party = make_party("merchant", name, status="external", **fields)
    Counterparty.objects.create(
        owner_id=owner.party_id, party=party, name=name, is_supplier=True, is_customer=True
    )
    return party.pk


def buy(
    buyer: Actor, quantity: str = "100", fen: int | None = 30_000, *, at: datetime = AT, **fields: Any
) -> Purchase:
    """Buy goods of an outside supplier by hand."""
    product = fields.pop("product", "菜心")
    supplier_id = fields.pop("supplier_id", None) or know(buyer, fields.get("supplier_name", "元谋合作社"))
    new = NewLot(
        number=f"P{next(_numbers)}",
        quantity=Decimal(quantity),
        uom="KGM",
        product_id=make_product(product),
        product_name=product,
    )
    outcome = goods.record(buyer, Receive(occurred_at=at, lot=new, supplier_id=supplier_id), at=at)
    lot = lots.get_lot(buyer, outcome.lot_codes[0])
    line = {
        "price_fen": None if fen is None else 300,
        "price_uom": "KGM",
        "origin_text": fields.pop("origin", ""),
    }
    line |= {"pieces": fields.pop("pieces", None)}
    purchase = Purchase.objects.create(
        buyer_id=buyer.party_id, supplier_id=supplier_id, purchased_at=at, recorded_at=at, total_fen=fen,
        event_id=outcome.event_id, **fields,
    )  # fmt: skip
    PurchaseLine.objects.create(
        purchase=purchase, lot_id=lot.id, holding_id=outcome.holding_ids[0], product_name=product,
        quantity=Decimal(quantity), uom="KGM", amount_fen=fen, **line,
    )  # fmt: skip
    return purchase


def lot_of(purchase: Purchase) -> LotFacts:
    return lots.facts_of([purchase.lines.get().lot_id])[purchase.lines.get().lot_id]


def sell(
    seller: Actor, lot: LotFacts, quantity: str, fen: int | None, *, at: datetime = AT, **fields: Any
) -> Ticket:
    """Sell goods with a ticket: to a buyer who will confirm, or to consumers where nobody is named."""
    at = at + timedelta(minutes=5)
    lines = (Line(lot.code, Decimal(quantity), lot.uom),)
    buyer_id = fields.get("buyer_id")
    is_retail = buyer_id is None and not fields.get("buyer_name")
    request = Retail(occurred_at=at, lines=lines) if is_retail else Dispatch(
        occurred_at=at, lines=lines, to_party_id=None
    )  # fmt: skip
    outcome = goods.record(seller, request, at=at)
    number = next(_numbers)
    line = {"origin": fields.pop("origin", ""), "pieces": fields.pop("pieces", None)}
    line |= {"price_fen": fields.pop("price_fen", None), "price_uom": "KGM"}
    ticket = Ticket.objects.create(
        code=new_trace_code(at.date()), number=fields.pop("number", f"XS-{number:05d}"),
        kind=fields.pop("kind", "retail" if is_retail else "sale"), status=fields.pop("status", "open"),
        seller_id=seller.party_id, issued_at=at, recorded_at=at, changed_at=at, goods_fen=fen or 0,
        total_fen=fen or 0, event_id=outcome.event_id, **fields,
    )  # fmt: skip
    TicketLine.objects.create(
        ticket=ticket, lot_id=lot.id, holding_id=outcome.holding_ids[0] if outcome.holding_ids else None,
        product_name=lot.product, quantity=Decimal(quantity), uom=lot.uom, amount_fen=fen, **line,
    )  # fmt: skip
    return ticket
