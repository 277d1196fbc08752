"""Inputs, crop batches, work and harvested lots, for everybody's tests: all booked through the services."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from cailan.kernel.access import Actor
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.lots.tests.factories import make_product
from cailan.parties.models import Party
from cailan.parties.tests.factories import AT, make_site
from cailan.production import queries, services
from cailan.production.rules.facts import Ingredient
from cailan.production.rules.store import LabelInterval
from cailan.production.services.batches import Seed

_numbers = count(1)
SEED = Seed(
    name="菜心种子",
    variety="四九-19号",
    kind="bought_seed",
    supplier="粤穗种业",
    batch="ZZ2609",
    certificate_no="粤种检2026-0918",
)


def make_input(actor: Actor, name: str = "吡虫啉可湿性粉剂", *, at: datetime = AT, **fields: Any) -> int:
    """Buy a pesticide with an interval of seven days on every crop, and return its id."""
    days = fields.pop("days", 7)
    values: dict[str, Any] = {
        "kind": "pesticide",
        "name": name,
        "registration_no": "PD20261234",
        "manufacturer": "粤农生化有限公司",
        "ingredients": (Ingredient("吡虫啉", "10%"),),
        "label": (LabelInterval(None, days),),
        "batch": f"B{next(_numbers)}",
        "quantity": Decimal(5),
        "uom": "KGM",
        "bought_on": at.date() - timedelta(days=30),
        "expires_on": at.date() + timedelta(days=365),
        "supplier_name": "增城农资店",
        **fields,
    }
    return services.buy_input(actor, at=at, **values)


def make_fertiliser(actor: Actor, name: str = "有机肥", *, at: datetime = AT, **fields: Any) -> int:
    """Buy a fertiliser, which has no interval."""
    plain: dict[str, Any] = {"kind": "fertiliser", "ingredients": (), "label": (), "registration_no": ""}
    return make_input(actor, name, at=at, **{**plain, "quantity": Decimal(500), **fields})


def open_batch(actor: Actor, *, at: datetime = AT, site_id: int | None = None, **fields: Any) -> int:
    """Open a batch of choy sum on a plot of its own, planted forty days ago, and return its id."""
    if site_id is None:
        party = Party.objects.get(pk=actor.acting_party_id)
        number = next(_numbers)
        site_id = make_site(party, "plot", f"{number}号地块", code=f"P{number}").pk
    values: dict[str, Any] = {
        "product_id": fields.pop("product_id", None) or make_product(),
        "site_id": site_id,
        "area_mu": Decimal("2.5"),
        "planted_on": at.date() - timedelta(days=40),
        "seed": SEED,
        **fields,
    }
    return services.open_batch(actor, at=at, **values)


def spray(actor: Actor, batch_id: int, input_id: int, *, at: datetime = AT, **fields: Any) -> int:
    """Spray 100 g against aphids and return the operation's id."""
    values: dict[str, Any] = {
        "kind": "spraying",
        "occurred_at": fields.pop("occurred_at", at),
        "target": "蚜虫",
        "operator": "黄志强",
        "materials": (services.Material(input_id, Decimal(100), "GRM", "40 g/亩", "1:1000"),),
        **fields,
    }
    return services.log_operation(actor, batch_id=batch_id, at=at, **values)


def harvest(
    actor: Actor, batch_id: int, quantity: str = "100", *, at: datetime = AT, **fields: Any
) -> LotFacts:
    """Harvest a batch and return the lot, which waits for its self-test."""
    values: dict[str, Any] = {"uom": "KGM", "method": "by_hand", "occurred_at": at, **fields}
    harvest_id = services.harvest(actor, batch_id=batch_id, quantity=Decimal(quantity), at=at, **values)
    return lots.get_lot(actor, queries.get_harvest(actor, harvest_id).lot_code)


def harvested_lot(
    actor: Actor, quantity: str = "100", *, at: datetime = AT, site_id: int | None = None, **fields: Any
) -> LotFacts:
    """Return a lot with everything behind it: seed, one spraying ten days before, harvest."""
    batch_id = open_batch(actor, at=at - timedelta(days=20), site_id=site_id, planted_on=_before(at, 45))
    input_id = make_input(actor, at=at - timedelta(days=15))
    spray(actor, batch_id, input_id, at=at - timedelta(days=10))
    return harvest(actor, batch_id, quantity, at=at, **fields)


def _before(at: datetime, days: int) -> date:
    return at.date() - timedelta(days=days)
