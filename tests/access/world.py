"""One small world for the tests of doors: a chain over four parties, those who oversee them, and a stranger."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from cailan.accounts import services as accounts
from cailan.accounts.models import ApiKey, User
from cailan.documents import services as documents
from cailan.kernel.access import SYSTEM, Actor
from cailan.ledger.models import Record
from cailan.lots import queries as lots
from cailan.lots import services
from cailan.lots.rules.requests import Line, Lose, NewLot, Retail, Transform
from cailan.lots.tests.factories import hand_over, make_lot, make_product
from cailan.parties import services as parties
from cailan.parties.models import Party
from cailan.parties.tests.factories import make_actor, make_party, make_site
from cailan.products.models import Product


def _png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(stream, "PNG")
    return stream.getvalue()


PNG = _png()


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("plot.png", content)


@dataclass
class World:
    """Actors by name, and clients that are signed in as them."""

    actors: dict[str, Actor] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def sign_in(self, name: str, party: Party | None, role: str = "owner", **fields: Any) -> Actor | None:
        now = timezone.now()
        user = User.objects.create(username=name, display_name=name, password_changed_at=now, **fields)
        client = Client(raise_request_exception=True)
        if party is not None:
            accounts.grant(
                SYSTEM,
                user_id=user.pk,
                party_id=party.pk,
                party_name=party.name,
                party_kind=party.kind,
                region=party.area_id or "",
                role=role,
            )
            self.actors[name] = make_actor(party, role, user_id=user.pk)
        client.force_login(user)
        self.clients[name] = client
        return self.actors.get(name)


def build():
    """A harvest of 100 kg: 60 to a stall, 10 of which sold and 2 lost; 30 packed into bags, 5 lost."""
    world = World()
    at = timezone.now() - timedelta(hours=6)
    base = make_party("base", "绿源基地", contact_name="黄志强", phone="13800138000")
    site = make_site(base, "base", "7号地块", latitude=23.29, longitude=113.83)
    market = make_party("market", "江南市场", region="440118")
    stall = make_party(
        "merchant", "老陈菜档", market_id=market.pk, contact_name="陈大文", phone="13900139000"
    )
    owner = world.sign_in("owner", base)
    world.sign_in("partner", stall)
    world.sign_in("clerk", base, "clerk")
    world.sign_in("stranger", make_party("merchant", "别家菜档", region="440305"))
    world.sign_in("regulator", make_party("regulator", "增城市监局", area="440118"))
    world.sign_in("far_regulator", make_party("regulator", "从化市监局", region="440117", area="440117"))
    world.sign_in("market", market)
    world.sign_in("lab", make_party("lab", "粤测检测", region="440305"))
    world.sign_in("operator", make_party("operator", "菜篮平台", region="440118"))
    world.sign_in("newcomer", None)
    world.clients["public"] = Client()
    buyer = parties.add_counterparty(owner, name="老陈菜档", at=at, is_customer=True, is_supplier=True)
    lot = make_lot(
        owner, "100", at=at, number="7-1120", site_id=site.pk, product_id=product("choysum", "菜心")
    )
    hand_over(owner, world.actors["partner"], lot, "60", at=at + timedelta(hours=1), document="SO-1")
    stall_actor = world.actors["partner"]
    record(
        stall_actor, Retail(occurred_at=at + timedelta(hours=2), lines=(Line(lot.code, Decimal(10), "KGM"),))
    )
    record(
        stall_actor,
        Lose(
            occurred_at=at + timedelta(hours=2), lines=(Line(lot.code, Decimal(2), "KGM"),), reason="spoiled"
        ),
    )
    bags = NewLot(number="B-1", quantity=Decimal(28), uom="KGM", product_id=product("washedgreens", "净菜"))
    outcome = record(
        owner,
        Transform(
            occurred_at=at + timedelta(hours=3), inputs=(Line(lot.code, Decimal(30), "KGM"),), outputs=(bags,)
        ),
    )
    record(
        owner,
        Lose(
            occurred_at=at + timedelta(hours=3), lines=(Line(lot.code, Decimal(5), "KGM"),), reason="spoiled"
        ),
    )
    pending = make_party("base", "新来的基地", status="pending")
    document = documents.store(owner, file=io.BytesIO(PNG), name="plot.png", kind="photo", at=timezone.now())
    key = accounts.create_api_key(owner, name="scale", at=timezone.now())
    world.clients["device"] = Client(headers={"authorization": f"Bearer {key}"})
    world.facts = {
        "lot": lot, "bags": outcome.lot_codes[0], "buyer": buyer, "stall": stall.pk, "base": base.pk, "site": site.pk,
        "at": at, "product": lot.product_id,
        "pending": pending.pk, "document": document, "key": ApiKey.objects.get().pk,
        "record": Record.objects.filter(party_id=base.pk).first().pk,
        "holding": lots.stock(owner, text=lot.code).items[0].id,
    }  # fmt: skip
    return world


def product(slug, name):
    pk = make_product(slug)
    Product.objects.filter(pk=pk).update(name_zh=name)
    return pk


def record(actor, request):
    return services.record(actor, request, at=timezone.now())


def owner_key():
    """Build the world and return a key with all of the first party's rights."""
    world = build()
    return accounts.create_api_key(world.actors["owner"], name="owner", role="owner", at=timezone.now())
