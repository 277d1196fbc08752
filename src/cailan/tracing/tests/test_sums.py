"""Sums over a chain hold: in circles, in a walk that was cut, and where a supplier's books say nothing."""

from decimal import Decimal

import pytest

from cailan.lots import queries as lots
from cailan.lots import services
from cailan.lots.rules.requests import Line, NewLot, Receive, Retail, Transform
from cailan.lots.tests.events import ELSEWHERE, pack, see, tell
from cailan.lots.tests.factories import AT, hand_over, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party
from cailan.tracing import queries
from cailan.tracing.rules import measures

pytestmark = pytest.mark.django_db


@pytest.fixture
def grower():
    return make_actor(make_party("base"))


@pytest.fixture
def stall():
    return make_actor(make_party("merchant"))


def wrong(event):
    return {**event, "errorDeclaration": {"declarationTime": AT.isoformat()}}


def test_depth_goes_past_a_hand_over_that_was_taken_back(grower, stall):
    lot = make_lot(grower)
    moved = see(lot.uri, 40, at=ELSEWHERE)
    tell(grower, moved)
    tell(grower, wrong(moved))
    hand_over(grower, stall, lot, "30")

    assert queries.trace(grower, lot.code).depth.hand_overs == 1


def test_what_was_taken_back_is_not_lost(grower):
    lot = make_lot(grower)
    moved = see(lot.uri, 40, at=ELSEWHERE)
    tell(grower, moved)
    tell(grower, wrong(moved))

    scope = queries.scope(grower, lot.code)
    assert sum(row.lost for row in scope.holders) == 0
    assert {row.holder_id: row.in_stock for row in scope.holders}[grower.party_id] == 100
    for row in scope.holders:
        assert row.received == row.in_stock + row.retailed + row.lost + row.passed_on


def test_the_scope_of_a_box_has_what_is_in_it_and_where_that_went(grower, stall):
    lot = make_lot(grower)
    box = pack(grower, lot, 60)
    tell(grower, box)
    tell(grower, {**see(None, kind="AggregationEvent", action="DELETE", parentID=box["parentID"])})
    hand_over(grower, stall, lot, "90")

    scope = queries.scope(grower, box["parentID"])
    taken = {row.holder_id: row.received for row in scope.holders if row.uom == "KGM"}
    assert set(taken) == {grower.party_id, stall.party_id}
    assert taken[stall.party_id] <= 60


def test_a_walk_that_is_cut_says_so_and_the_balance_of_its_lot_still_closes(grower, stall):
    lot = make_lot(grower)
    hand_over(grower, stall, lot, "20")
    services.record(stall, Retail(occurred_at=AT, lines=(Line(lot.code, Decimal(15), "KGM"),)), at=AT)
    new = NewLot(number="P", quantity=Decimal(9), uom="KGM", product_id=make_product("净菜"))
    inputs = (Line(lot.code, Decimal(10), "KGM"),)
    services.record(grower, Transform(occurred_at=AT, inputs=inputs, outputs=(new,)), at=AT)

    chain = queries.describe(lots.walk(lots.starts_of([lot.id]), limit=0))

    assert chain.is_truncated
    assert measures.balance(chain, lot.id).closes
    assert measures.gaps(chain) == ()


def test_goods_that_a_registered_supplier_did_not_record_begin_with_a_gap(grower, stall):
    new = NewLot(number="1", quantity=Decimal(9), uom="KGM", product_id=make_product())
    request = Receive(occurred_at=AT, lot=new, supplier_id=grower.party_id)
    [code] = services.record(stall, request, at=AT).lot_codes

    trace = queries.trace(stall, code)
    assert [gap.code for gap in trace.gaps] == ["unknown-origin"]
    assert not trace.stages[measures.Stage.PRODUCTION]
