"""Lots, chains and a library product, for everybody's tests: all booked through the services."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from cailan.kernel.access import Actor
from cailan.lots import queries, services
from cailan.lots.queries import LotFacts
from cailan.lots.rules.requests import Create, Line, NewLot, Transfer
from cailan.products.models import Category, Product, ProductName

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
_numbers = count(1)


def make_product(name: str = "菜心", uom: str = "KGM", category: str = "vegetables") -> int:
    """Return the id of a library product."""
    Category.objects.get_or_create(code=category, defaults={"name_zh": "蔬菜", "name_en": category})
    product, _ = Product.objects.get_or_create(
        slug=f"{name}-{uom}".lower(),
        defaults={"category_id": category, "name_zh": name, "name_en": name, "pinyin": name, "uom": uom},
    )
    ProductName.objects.get_or_create(product=product, name=name, key=name.lower(), kind="official")
    return product.pk


def make_lot(actor: Actor, quantity: str = "100", *, at: datetime = AT, **fields: Any) -> LotFacts:
    """Harvest a lot of choy sum and return it."""
    uom = fields.pop("uom", "KGM")
    number = fields.pop("number", f"L{next(_numbers)}")
    product_id = fields.pop("product_id", None) or make_product(uom=uom)
    new = NewLot(number=number, quantity=Decimal(quantity), uom=uom, product_id=product_id)
    outcome = services.record(actor, Create(occurred_at=at, lot=new, **fields), at=at)
    return queries.get_lot(actor, outcome.lot_codes[0])


def hand_over(
    giver: Actor, taker: Actor, lot: LotFacts, quantity: str, *, at: datetime = AT, **fields: Any
) -> str:
    """Move goods from one party to another and return the event id."""
    request = Transfer(
        occurred_at=at + timedelta(minutes=1),
        lines=(Line(lot.code, Decimal(quantity), lot.uom),),
        to_party_id=taker.acting_party_id,
        **fields,
    )
    return services.record(giver, request, at=at + timedelta(minutes=1)).event_id
