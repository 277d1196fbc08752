"""The day of a stall: takings, the cost of the very lots sold, what nobody knows said as unknown."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.rules.requests import Line, Lose, NewLot, Parcel, TakeBack, Transfer, Transform
from cailan.lots.tests.factories import AT, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_site
from cailan.trade import queries, services
from cailan.trade.models import Ticket
from cailan.trade.queries.stock import stock_value
from cailan.trade.rules.takings import by_product, margin
from cailan.trade.tests.orders import buy, know, lot_of, make_stall, sell

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def stall():
    return make_stall()


def test_cost_is_what_was_paid_for_the_very_lot_sold(stall):
    cheap, dear = buy(stall, "100", 20_000), buy(stall, "100", 60_000)
    sell(stall, lot_of(cheap), "10", 5_000)
    sell(stall, lot_of(dear), "10", 9_000, buyer_name="王师傅")

    day = queries.day_of(stall, DAY)

    assert day.today.takings_fen == 14_000
    assert (day.today.margin.cost_fen, day.today.margin.margin_fen) == (2_000 + 6_000, 6_000)
    assert day.today.margin.is_known


def test_the_cost_of_a_harvest_is_unknown_and_is_not_guessed(stall):
    own, bought = make_lot(stall, "100"), buy(stall, "100", 20_000)
    sell(stall, own, "10", 5_000)
    sell(stall, lot_of(bought), "10", 3_000)

    found = queries.day_of(stall, DAY).today.margin

    assert (found.cost_fen, found.margin_fen, found.unknown_fen) == (2_000, 1_000, 5_000)


def test_a_price_follows_goods_through_repacking_and_moving(stall):
    lot = lot_of(buy(stall, "100", 40_000))
    store = make_site(stall_party(stall), "warehouse")
    move = Transfer(
        occurred_at=AT,
        lines=(Line(lot.code, Decimal(50), "KGM"),),
        to_party_id=stall.party_id,
        to_site_id=store.pk,
    )
    goods.record(stall, move, at=AT)
    [moved] = [one for one in lots.stock(stall).items if one.site == store.name]
    packed = NewLot(number="B-1", quantity=Decimal(20), uom="KGM", product_id=make_product("净菜"))
    wash = Transform(
        occurred_at=AT, inputs=(Line(lot.code, Decimal(25), "KGM", moved.id),), outputs=(packed,)
    )
    outcome = goods.record(stall, wash, at=AT)
    bags = lots.get_lot(stall, outcome.lot_codes[0])

    sell(stall, bags, "10", 9_000)

    # 25 kg at 4.00 yuan made 20 kg: 5.00 yuan a kilogram.
    assert queries.day_of(stall, DAY).today.margin.cost_fen == 5_000


def test_what_the_buyer_gave_back_is_neither_sold_nor_cost(stall):
    lot = lot_of(buy(stall, "100", 40_000))
    ticket = sell(stall, lot, "10", 9_000, buyer_name="王师傅")
    line = ticket.lines.get()
    back = TakeBack(
        occurred_at=AT + timedelta(hours=1), parcels=(Parcel(line.holding_id, Decimal(4), "KGM"),)
    )
    goods.record(stall, back, at=AT + timedelta(hours=1))
    ticket.lines.update(accepted_quantity=Decimal(6), amount_fen=5_400)
    Ticket.objects.update(goods_fen=5_400, total_fen=5_400)

    day = queries.day_of(stall, DAY)

    assert (day.today.takings_fen, day.today.margin.cost_fen) == (5_400, 2_400)
    assert stock_value(stall).value_fen == 94 * 400  # 90 kg and the 4 kg that came back, at their old price


def test_one_lot_on_two_lines_counts_once(stall):
    lot = lot_of(buy(stall, "100", 40_000))
    ticket = sell(stall, lot, "10", 9_000, buyer_name="王师傅")
    line = ticket.lines.get()
    ticket.lines.update(quantity=Decimal(6), amount_fen=5_400)
    line.pk, line.quantity, line.amount_fen = None, Decimal(4), 3_600
    line.save()

    assert queries.day_of(stall, DAY).today.margin.cost_fen == 4_000


def test_void_tickets_and_goods_sent_without_a_price_are_no_sale(stall):
    lot = lot_of(buy(stall, "100", 40_000))
    sell(stall, lot, "10", 9_000, buyer_name="王师傅", status="void")
    sell(stall, lot, "10", None, buyer_name="王师傅", kind="dispatch")

    day = queries.day_of(stall, DAY).today

    assert (day.takings_fen, day.tickets, day.sold) == (0, 0, ())


def test_says_what_came_in_went_out_and_was_lost_beside_the_day_before(stall):
    before = AT - timedelta(days=1)
    lot = lot_of(buy(stall, "100", 40_000, at=before))
    sell(stall, lot, "10", 4_500, at=before)
    sell(stall, lot, "20", 9_000)
    buy(stall, "30", 10_000)
    spoiled = Lose(occurred_at=AT, lines=(Line(lot.code, Decimal(3), "KGM"),), reason="spoiled")
    goods.record(stall, spoiled, at=AT)

    day = queries.day_of(stall, DAY)

    assert day.today.came_in == ((Decimal(30), "KGM"),)
    assert day.today.went_out == ((Decimal(20), "KGM"),)
    assert day.today.lost == ((Decimal(3), "KGM"),)
    assert day.takings_change_fen == 4_500
    assert (day.before.bought_fen, day.before.takings_fen) == (40_000, 4_500)


def test_best_sellers_stand_by_what_they_brought(stall):
    sell(stall, lot_of(buy(stall, "100", 20_000, product="菜心")), "10", 5_000)
    sell(stall, lot_of(buy(stall, "100", 20_000, product="番茄")), "10", 8_000)

    assert [one.product for one in queries.day_of(stall, DAY).today.sellers] == ["番茄", "菜心"]


def test_stock_is_worth_what_is_left_at_its_own_price(stall):
    lot = lot_of(buy(stall, "100", 40_000))
    make_lot(stall, "5")
    sell(stall, lot, "10", 9_000)

    found = stock_value(stall)

    assert (found.value_fen, found.lots, found.unknown) == (36_000, 2, 1)


def test_a_clerk_sees_takings_but_neither_cost_nor_debts(stall):
    lot = lot_of(buy(stall, "100", 40_000))
    ticket = sell(stall, lot, "10", 9_000)

    day = queries.day_of(make_actor(ticket.seller, "clerk"), DAY)

    assert day.today.takings_fen == 9_000
    assert day.money is None
    assert all(one.cost_fen is None for one in day.today.sold)


def test_debts_and_money_of_the_day_stand_on_it(stall):
    lot = lot_of(buy(stall, "100", 40_000))
    ticket = sell(stall, lot, "10", 9_000, buyer_id=know(stall, "好味酒楼"))
    services.record_payment(stall, ticket_id=ticket.pk, amount_fen=4_000, method="cash", at=AT)
    services.add_cash_entry(stall, kind="rent", amount_fen=1_000, method="cash", at=AT)

    money = queries.day_of(stall, DAY).money

    assert (money.owed.owed_fen, money.owing.owed_fen) == (5_000, 40_000)
    assert (money.cash.in_fen, money.cash.out_fen) == (4_000, 1_000)


def stall_party(actor):
    from cailan.parties.models import Party

    return Party.objects.get(pk=actor.party_id)


SALES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 20), st.integers(0, 9_999), st.booleans()), max_size=8
)


class TestSumsClose(TestCase):
    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(SALES)
    def test_margin_is_the_sum_of_its_lines(self, sales):
        stall = make_stall()
        bought = [lot_of(buy(stall, "200", fen)) for fen in (20_000, 33_333)] + [make_lot(stall, "200")]
        for place, quantity, fen, is_retail in sales:
            who = {} if is_retail else {"buyer_name": "王师傅"}
            sell(stall, bought[place], str(quantity), fen, **who)

        today = queries.day_of(stall, DAY).today

        assert today.takings_fen == sum(fen for _place, _quantity, fen, _retail in sales)
        total = margin(today.sold)
        assert total.known_fen + total.unknown_fen == today.takings_fen
        known = [one for one in today.sold if one.cost_fen is not None]
        assert total.margin_fen == sum(one.amount_fen - one.cost_fen for one in known)
        assert sum(one.amount_fen for one in by_product(today.sold)) == today.takings_fen
        exact = sum(
            Decimal((20_000, 33_333)[place]) / 200 * quantity for place, quantity, *_ in sales if place < 2
        )
        assert abs(total.cost_fen - exact) <= Decimal("0.5") * len(known)
