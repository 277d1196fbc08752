"""Two buyers, one last crate: exactly one wins; a hold and a sale never both get their way."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from cailan.kernel.problems import Problem
from cailan.lots import queries, services
from cailan.lots.models import Holding
from cailan.lots.rules.requests import (
    Accept,
    Create,
    Dispatch,
    Line,
    NewLot,
    Parcel,
    Retail,
    TakeBack,
    Transform,
)
from cailan.lots.tests.factories import AT, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party

pytestmark = pytest.mark.django_db


def at_once(*calls):
    """Run calls in threads of their own, each on its own connection; return what each gave or refused with."""

    def run(call):
        try:
            return call()
        except Problem as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def sell(actor, lot, quantity, **more):
    request = Retail(occurred_at=AT, lines=(Line(lot.code, Decimal(quantity), "KGM"),))
    return lambda: services.record(actor, request, at=AT, **more)


def test_of_many_buyers_of_the_last_crates_as_many_win_as_there_are_crates():
    stall = make_actor(make_party("merchant"))
    lot = make_lot(stall, "30")
    answers = at_once(*[sell(stall, lot, 10) for _ in range(8)])
    assert sum(not isinstance(a, Problem) for a in answers) == 3
    assert sum(isinstance(a, services.NotEnough | services.NotYours) for a in answers) == 5
    assert Holding.objects.get(lot_id=lot.id).remaining_quantity == 0
    assert queries.unbalanced() == ()


def test_the_same_client_key_sent_at_once_is_booked_once():
    stall = make_actor(make_party("merchant"))
    lot = make_lot(stall, "30")
    answers = at_once(*[sell(stall, lot, 10, client_key="ticket-1") for _ in range(5)])
    assert len({a.event_id for a in answers}) == 1
    assert sorted(a.was_known for a in answers) == [False, True, True, True, True]
    assert Holding.objects.get(lot_id=lot.id).remaining_quantity == 20


def test_two_lots_with_one_number_at_once_become_one_lot_and_one_refusal():
    grower = make_actor(make_party("base"))
    product = make_product()
    new = NewLot(number="7", quantity=Decimal(1), uom="KGM", product_id=product)
    answers = at_once(*[lambda: services.record(grower, Create(occurred_at=AT, lot=new), at=AT)] * 4)
    assert sum(isinstance(a, services.NumberTaken) for a in answers) == 3


def test_a_hold_with_everything_made_from_it_misses_nothing_that_is_being_made():
    grower = make_actor(make_party("base"))
    product = make_product("净菜")
    for round_number in range(4):
        lot = make_lot(grower, "30")
        new = NewLot(number=f"P{round_number}", quantity=Decimal(1), uom="KGM", product_id=product)
        request = Transform(occurred_at=AT, inputs=(Line(lot.code, Decimal(1), "KGM"),), outputs=(new,))
        made, held = at_once(
            lambda request=request: services.record(grower, request, at=AT),
            lambda lot=lot: services.hold(grower, lot=lot.code, reason="x", at=AT, with_derived=True),
        )
        if isinstance(made, services.LotOnHold):
            assert held == (lot.code,)
        else:
            assert (
                set(held) == {lot.code, *made.lot_codes}
                or not queries.get_lot(grower, made.lot_codes[0]).is_held
            )
            assert set(held) == {lot.code, *made.lot_codes}


def on_its_way(seller, quantity="30"):
    lot = make_lot(seller, quantity)
    sent = Dispatch(occurred_at=AT, lines=(Line(lot.code, Decimal(quantity), "KGM"),))
    return lot, services.record(seller, sent, at=AT).holding_ids[0]


def test_of_several_who_scan_one_open_ticket_exactly_one_gets_the_goods():
    seller = make_actor(make_party("merchant"))
    buyers = [make_actor(make_party("merchant", f"买家{n}")) for n in range(5)]
    lot, holding_id = on_its_way(seller)
    take = Accept(occurred_at=AT, parcels=(Parcel(holding_id, Decimal(30), "KGM"),))

    answers = at_once(*[lambda buyer=buyer: services.record(buyer, take, at=AT) for buyer in buyers])

    assert sum(not isinstance(a, Problem) for a in answers) == 1
    assert sum(isinstance(a, services.NotEnough) for a in answers) == 4
    assert queries.remaining_everywhere([lot.id])[lot.id] == 30
    assert queries.unbalanced() == ()


def test_a_seller_who_takes_back_and_a_buyer_who_accepts_do_not_both_get_the_goods():
    seller, buyer = make_actor(make_party("merchant")), make_actor(make_party("merchant"))
    for _ in range(4):
        lot, holding_id = on_its_way(seller)
        parcels = (Parcel(holding_id, Decimal(30), "KGM"),)
        answers = at_once(
            lambda parcels=parcels: services.record(buyer, Accept(occurred_at=AT, parcels=parcels), at=AT),
            lambda parcels=parcels: services.record(seller, TakeBack(occurred_at=AT, parcels=parcels), at=AT),
        )
        assert sum(isinstance(a, services.NotEnough) for a in answers) == 1
        assert queries.remaining_everywhere([lot.id])[lot.id] == 30


def test_a_hold_and_an_acceptance_come_in_one_order_or_the_other():
    seller, buyer = make_actor(make_party("merchant")), make_actor(make_party("merchant"))
    for _ in range(4):
        lot, holding_id = on_its_way(seller)
        parcels = (Parcel(holding_id, Decimal(30), "KGM"),)
        accepted, held = at_once(
            lambda parcels=parcels: services.record(buyer, Accept(occurred_at=AT, parcels=parcels), at=AT),
            lambda lot=lot: services.hold(seller, lot=lot.code, reason="x", at=AT),
        )
        assert held == (lot.code,)
        holder = Holding.objects.get(lot_id=lot.id, remaining_quantity=30).holder_id
        assert holder == (seller.party_id if isinstance(accepted, services.LotOnHold) else buyer.party_id)
