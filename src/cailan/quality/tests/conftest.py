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
