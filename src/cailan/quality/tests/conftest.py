"""A base, a centre, a laboratory, and a lot on its way between them; imports wait until Django is set up."""

import pytest


@pytest.fixture
def base():
    from cailan.parties.tests.factories import make_actor, make_party

    return make_actor(make_party("base", "绿源种植基地"))


@pytest.fixture
def centre():
    from cailan.parties.tests.factories import make_actor, make_party

    return make_actor(make_party("distribution_centre", "增城配送中心"))


@pytest.fixture
def regulator():
    from cailan.parties.tests.factories import make_actor, make_party

    return make_actor(make_party("regulator", "增城区市场监管局", area="440118"))


@pytest.fixture
def lab():
    from cailan.quality.tests.factories import make_laboratory

    return make_laboratory("粤测检测")


@pytest.fixture
def limits():
    from cailan.lots.tests.factories import make_product
    from cailan.quality.tests.factories import make_limits

    make_product("菜心")
    make_limits()


@pytest.fixture
def lot(base, limits):
    """A harvest of a hundred kilograms that waits for its self-test."""
    from cailan.lots.tests.factories import make_lot

    return make_lot(base, "100", awaits="self-test")


@pytest.fixture
def arrived(base, centre, lot):
    """The lot, tested by its base, at the centre: sixty kilograms that wait."""
    from cailan.quality.tests.factories import make_self_test, send

    make_self_test(base, lot)
    send(base, centre, lot)
    return lot


@pytest.fixture
def now():
    from django.utils import timezone

    return timezone.now()


@pytest.fixture
def world(db, now):
    """A base with a lot, a centre, a laboratory, a market with a stall, a regulator, today."""
    from datetime import timedelta

    from cailan.lots.tests.factories import make_product
    from cailan.parties.tests.factories import make_actor, make_party
    from cailan.quality.tests.factories import lot_with, make_laboratory, make_limits

    make_product("菜心")
    at = now - timedelta(hours=3)
    make_limits(at=at)
    market = make_party("market", "江南批发市场")
    actors = {
        "base": make_actor(make_party("base", "绿源种植基地", phone="13800138000")),
        "centre": make_actor(make_party("distribution_centre", "增城配送中心")),
        "lab": make_laboratory("粤测检测", at=at),
        "stall": make_actor(make_party("merchant", "老陈菜档", market_id=market.pk)),
        "market": make_actor(market),
        "regulator": make_actor(make_party("regulator", "增城监管局", area="440118")),
        "operator": make_actor(make_party("operator", "平台")),
    }
    actors["lot"] = lot_with(actors["base"], at)
    actors["at"] = at
    return actors


@pytest.fixture
def at_centre(world, now):
    """The same world, its lot tested by the base and sixty kilograms of it at the centre."""
    from datetime import timedelta

    from cailan.quality.tests import factories

    factories.make_self_test(world["base"], world["lot"], at=now - timedelta(hours=2))
    factories.send(world["base"], world["centre"], world["lot"], at=now - timedelta(hours=1))
    return world
