"""Parties' own products and lists, and the base library: what is changed past the services is named."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.ledger import queries as seals
from cailan.ledger import services as ledger
from cailan.ledger.models import Record
from cailan.parties.tests.factories import AT, make_actor, make_party
from cailan.products import queries, services
from cailan.products.models import Product

pytestmark = pytest.mark.django_db
CHANGES = (
    ("UPDATE products_product SET name_zh = 'x' WHERE owner_id IS NOT NULL", "name_zh"),
    ("UPDATE products_product SET uom = 'H87' WHERE owner_id IS NOT NULL", "uom"),
    ("UPDATE products_product SET owner_id = NULL WHERE owner_id IS NOT NULL", "owner"),
    ("UPDATE products_product SET shelf_life_days = 99 WHERE owner_id IS NOT NULL", "shelf_life_days"),
    ("DELETE FROM products_productname WHERE name = '小白'", "names/1"),
    ("UPDATE products_mainproduct SET gtin = NULL WHERE gtin IS NOT NULL", "products/0/gtin"),
    ("UPDATE products_mainproduct SET since = since - 1", "products/0/since"),
    ("DELETE FROM products_mainproduct WHERE gtin IS NOT NULL", "products/0"),
    ("UPDATE products_product SET hs_code = '1' WHERE slug = 'carrot'", "hs_code"),
    ("UPDATE products_product SET shelf_life_days = 999 WHERE slug = 'carrot'", "shelf_life_days"),
    ("UPDATE products_product SET slug = 'carrots' WHERE slug = 'carrot'", "missing"),
    ("UPDATE products_category SET is_basket = NOT is_basket WHERE code = 'plants'", "is_basket"),
)


@pytest.fixture
def grower():
    call_command("load_reference", verbosity=0)
    return make_actor(make_party())


def play(grower):
    """Choose, name a number, choose again, register."""
    services.choose_main_products(grower, slugs=["beetroot", "carrot"], at=AT)
    services.name_own_gtin(grower, slug="beetroot", gtin="4006381333931", at=AT)
    services.name_own_gtin(grower, slug="carrot", gtin="4006381333948", at=AT)
    services.choose_main_products(grower, slugs=["carrot"], at=AT)
    named = {"name_zh": "小白菜", "category": "vegetables", "uom": "KGM", "aliases": ["小白"]}
    services.register_product(grower, **named, shelf_life_days=3, at=AT)
    ledger.sequence_once()


def named_after(change: str) -> set[str]:
    """Return what the audit names after a change that is taken back at once."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(change)
            assert cursor.rowcount, change
        found = {one.where for one in ledger.audit(SYSTEM).alterations}
        transaction.set_rollback(True)
    return found


def test_a_row_changed_by_hand_is_named(grower):
    play(grower)
    assert ledger.audit(SYSTEM).alterations == []

    after = {change: named_after(change) for change, _named in CHANGES}
    assert {
        change: after[change]
        for change, named in CHANGES
        if not any(w.startswith(named) for w in after[change])
    } == {}


def test_content_is_read_by_the_owner_and_those_who_oversee_it(grower):
    play(grower)
    town = make_actor(make_party("regulator", area="440118"), role="officer")
    stranger = make_actor(make_party())

    for kind in ("products.registered", "products.chosen", "products.gtin_named"):
        record = Record.objects.filter(kind=kind).latest("pk").pk
        readers = [seals.may_read(actor, record) for actor in (grower, town, SYSTEM, stranger, PUBLIC)]
        assert readers == [True, True, True, False, False]


def test_ones_own_product_shows_its_seal(grower):
    play(grower)
    own = Product.objects.get(owner_id=grower.party_id)
    record = Record.objects.get(kind="products.registered")

    assert queries.seal_of(grower, own.slug).seal.record_id == record.pk
    assert queries.seal_of(grower, "carrot") is None
