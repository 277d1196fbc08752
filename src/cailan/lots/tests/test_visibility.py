"""Who sees which lots: one rule for a single lot and for lists, whatever way each asks the database."""

import pytest

from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.lots import queries
from cailan.lots.queries.reading import listed, visible
from cailan.lots.tests.events import ELSEWHERE, see, tell
from cailan.lots.tests.factories import hand_over, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party

pytestmark = pytest.mark.django_db


def test_lists_hold_exactly_the_lots_that_may_be_opened():
    market = make_party("market", region="440106")
    stall = make_actor(make_party("merchant", region="440106", market_id=market.pk))
    grower, other = (make_actor(make_party("base", region=code)) for code in ("440118", "430100"))
    captor = make_actor(make_party("circulation", region="110101"))
    town = make_actor(make_party("base", region="440118107"))
    goods = [make_lot(grower), make_lot(grower), make_lot(other), make_lot(town)]
    hand_over(grower, stall, goods[1], "1")
    mine, sold, far, his = (lot.id for lot in goods)
    link = "https://id.gs1.org/01/06901234567892/10/Z"
    assert tell(captor, see(link, 5, action="ADD", at=ELSEWHERE)) == ""
    told = queries.find_public(link).id
    areas = {"CN": "CN", "province": "440000", "city": "440100", "district": "440118", "town": "440118107"}
    officer = {name: make_actor(make_party("regulator", area=code)) for name, code in areas.items()}
    nobody = make_actor(make_party("regulator"))

    expected = (
        (grower, {mine, sold}),
        (stall, {sold}),
        (make_actor(market), {sold}),
        (captor, {told}),
        (officer["CN"], {mine, sold, far, his}),
        (officer["province"], {mine, sold, his}),
        (officer["city"], {mine, sold, his}),
        (officer["district"], {mine, sold, his}),
        (officer["town"], {his}),
        (nobody, set()),
        (PUBLIC, set()),
        (SYSTEM, {mine, sold, far, his, told}),
    )
    for actor, ids in expected:
        assert {row.pk for row in visible(actor)} == ids, actor
        assert {row.pk for row in listed(actor)} == ids, actor
        assert {lot.id for lot in queries.list_lots(actor).items} == ids, actor


def test_lists_are_searched_by_any_name_of_the_product_in_any_width_and_by_its_branch():
    grower = make_actor(make_party("base"))
    lot = make_lot(grower, product_id=make_product("菜心ABC"))
    make_lot(grower, product_id=make_product("番茄", category="fruits"))

    for text in ("菜心", "ａｂｃ", lot.number.lower(), lot.code):
        assert [one.id for one in queries.list_lots(grower, text=text).items] == [lot.id]
        assert [one.lot.id for one in queries.stock(grower, text=text).items] == [lot.id]
    assert [one.id for one in queries.list_lots(grower, category="vegetables").items] == [lot.id]
    assert queries.list_lots(grower, text="nothing of this").items == ()
