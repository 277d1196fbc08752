"""Events of others at the service itself: whose goods they may move, and what is packed in what."""

from decimal import Decimal

import pytest

from cailan import gs1
from cailan.lots import queries, services
from cailan.lots.models import Flow, Holding
from cailan.lots.rules.requests import Adjust, Line, Lose, NewLot, Retail, Transfer, Transform
from cailan.lots.tests.events import BOX, ELSEWHERE, pack, see, tell, uri_of
from cailan.lots.tests.factories import AT, hand_over, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party

pytestmark = pytest.mark.django_db


def left(lot, actor):
    rows = Holding.objects.filter(lot__uri=getattr(lot, "uri", lot), holder_id=actor.party_id)
    return sum(row.remaining_quantity for row in rows)


@pytest.fixture
def grower():
    return make_actor(make_party("base", "绿源基地"))


@pytest.fixture
def stall():
    return make_actor(make_party("merchant", "老陈菜档"))


class TestWhoseGoods:
    def test_a_stranger_does_not_move_goods_of_a_party_that_its_event_does_not_name(self, grower, stall):
        lot = make_lot(grower)

        tell(stall, see(lot.uri, 40, at=ELSEWHERE))

        assert left(lot, grower) == 100

    def test_a_giver_does_not_take_back_from_a_registered_taker_by_calling_the_sale_wrong(
        self, grower, stall
    ):
        lot = make_lot(grower)
        sale = see(lot.uri, 40, eventID=hand_over(grower, stall, lot, "40"), at=ELSEWHERE)
        declared = {**sale, "errorDeclaration": {"declarationTime": AT.isoformat()}}

        assert tell(grower, declared) == "not-in-your-stock"
        assert left(lot, stall) == 40

    def test_a_correction_moves_nothing_that_is_on_hold(self, grower):
        lot = make_lot(grower)
        moved = see(lot.uri, 40, at=ELSEWHERE)
        tell(grower, moved)
        services.hold(grower, lot=lot.code, reason="residue", at=AT)

        declared = {**moved, "errorDeclaration": {"declarationTime": AT.isoformat()}}

        assert tell(grower, declared) == "lot-on-hold"

    def test_taking_back_what_states_no_quantity_makes_nothing_unknown(self, grower):
        lot = make_lot(grower)
        sold = see(lot.uri, bizStep="retail_selling", party=uri_of(grower))
        tell(grower, sold)

        tell(grower, {**sold, "errorDeclaration": {"declarationTime": AT.isoformat()}})

        assert left(lot, grower) == 100

    def test_goods_named_twice_in_one_event_are_added_up(self, grower):
        lot = make_lot(grower)
        event = see(lot.uri, 10, at=ELSEWHERE)
        event["quantityList"] *= 2

        tell(grower, event)

        assert left(lot, grower) == 80


class TestPacked:
    def test_a_box_handed_over_takes_along_what_is_in_it(self, grower, stall):
        lot = make_lot(grower)
        tell(grower, pack(grower, lot, 60))

        services.record(grower, transfer(stall, BOX), at=AT)

        assert (left(lot, grower), left(lot, stall), left(BOX, stall)) == (40, 60, 1)
        assert Holding.objects.get(holder_id=stall.party_id, lot__uri=lot.uri).container.uri == BOX
        assert queries.unbalanced() == ()

    def test_a_box_and_part_of_what_is_in_it_are_counted_once(self, grower, stall):
        lot = make_lot(grower, "60")
        tell(grower, pack(grower, lot, 60))
        lines = (Line(BOX, Decimal(1), "H87"), Line(lot.code, Decimal(10), "KGM"))

        services.record(grower, Transfer(occurred_at=AT, lines=lines, to_party_id=stall.party_id), at=AT)

        assert (left(lot, grower), left(lot, stall)) == (0, 60)

    @pytest.mark.parametrize("verb", [Retail, Lose, Transform])
    def test_a_box_that_leaves_takes_its_contents_along(self, grower, verb):
        lot = make_lot(grower)
        tell(grower, pack(grower, lot, 60))
        lines = (Line(BOX, Decimal(1), "H87"),)
        new = NewLot(number="P", quantity=Decimal(50), uom="KGM", product_id=make_product("净菜"))
        more = {"lines": lines, "reason": "x"} if verb is Lose else {"lines": lines}
        more = {"inputs": lines, "outputs": (new,)} if verb is Transform else more

        services.record(grower, verb(occurred_at=AT, **more), at=AT)

        assert (left(lot, grower), left(BOX, grower)) == (40, 0)

    def test_what_comes_out_of_a_box_is_drawn_from_the_box(self, grower):
        lot = make_lot(grower)
        tell(grower, pack(grower, lot, 60))
        tell(grower, {**pack(grower, lot, 20), "action": "DELETE"})

        packed = Holding.objects.filter(lot__uri=lot.uri, container__isnull=False)
        assert sum(row.remaining_quantity for row in packed) == 40

    def test_a_hold_on_a_box_stops_what_is_in_it(self, grower):
        lot = make_lot(grower, "60")
        tell(grower, pack(grower, lot, 60))
        box = queries.get_lot(grower, BOX)
        services.hold(grower, lot=box.code, reason="residue", at=AT)

        sale = Retail(occurred_at=AT, lines=(Line(lot.code, Decimal(1), "KGM"),))
        with pytest.raises(services.LotOnHold):
            services.record(grower, sale, at=AT)
        assert tell(grower, see(lot.uri, 10, at=ELSEWHERE)) == "lot-on-hold"

    def test_a_hold_on_what_is_in_a_box_stops_the_box(self, grower, stall):
        lot = make_lot(grower)
        tell(grower, pack(grower, lot, 60))
        services.hold(grower, lot=lot.code, reason="residue", at=AT)

        with pytest.raises(services.LotOnHold):
            services.record(grower, transfer(stall, BOX), at=AT)

    def test_a_hold_with_all_made_from_a_box_reaches_what_was_packed_in_it(self, grower):
        lot = make_lot(grower)
        tell(grower, pack(grower, lot, 60))
        tell(grower, {**pack(grower, lot, 60), "action": "DELETE"})
        box = queries.get_lot(grower, BOX)

        held = services.hold(grower, lot=box.code, reason="residue", at=AT, with_derived=True)

        assert set(held) == {box.code, lot.code}


class TestUnstated:
    def test_a_count_states_what_nobody_stated(self, grower):
        uri = f"https://id.gs1.org/01/{gs1.with_check_digit('0690123456789')}/10/A1"
        tell(grower, see(uri, action="ADD", party=uri_of(grower)))
        lot = queries.get_lot(grower, uri)
        [holding] = queries.stock(grower).items

        for counted, expected in (("12", [12]), ("12", [12]), ("9", [9]), ("0", [])):
            [holding] = queries.stock(grower).items
            services.record(grower, count_of(lot, holding, counted), at=AT)
            assert [one.remaining for one in queries.stock(grower).items] == expected
        assert queries.unbalanced() == ()

    def test_a_count_of_nothing_empties_what_nobody_stated(self, grower):
        uri = f"https://id.gs1.org/01/{gs1.with_check_digit('0690123456789')}/10/A1"
        tell(grower, see(uri, action="ADD", party=uri_of(grower)))
        [holding] = queries.stock(grower).items

        services.record(grower, count_of(queries.get_lot(grower, uri), holding, "0"), at=AT)

        assert queries.stock(grower).items == ()
        assert Flow.objects.get(kind="adjust").quantity is None


def transfer(taker, name, quantity="1", uom="H87"):
    lines = (Line(name, Decimal(quantity), uom),)
    return Transfer(occurred_at=AT, lines=lines, to_party_id=taker.party_id)


def count_of(lot, holding, counted):
    return Adjust(
        occurred_at=AT,
        lot=lot.code,
        holding_id=holding.id,
        counted=Decimal(counted),
        uom=lot.uom,
        reason="盘点",
    )
