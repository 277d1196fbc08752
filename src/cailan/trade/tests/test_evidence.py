"""“My evidence” for a lot: only for who had it, and all that stands behind it."""

from decimal import Decimal

import pytest

from cailan.kernel.problems import NotAllowed, NotFound
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.rules.requests import Line, NewLot, Transform
from cailan.lots.tests.factories import AT, hand_over, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party
from cailan.trade import queries
from cailan.trade.tests.orders import buy, lot_of, make_stall

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain():
    base = make_actor(make_party("processor", "绿源基地"))
    wholesaler, stall, other = make_stall("批发行"), make_stall(), make_stall("别家")
    lot = make_lot(base, "100")
    hand_over(base, wholesaler, lot, "80", document="T-1")
    hand_over(wholesaler, stall, lot, "30", document="T-2")
    hand_over(wholesaler, other, lot, "20", document="T-3")
    return base, wholesaler, stall, other, lot


def test_tells_the_way_here_and_not_the_way_to_others(chain):
    _base, _wholesaler, stall, _other, lot = chain

    found = queries.evidence(stall, lot.code)

    assert [(step.giver, step.taker, step.document) for step in found.steps] == [
        ("", "绿源基地", ""), ("绿源基地", "批发行", "T-1"), ("批发行", "老陈菜档", "T-2"),
    ]  # fmt: skip
    assert (found.had, found.left) == (Decimal(30), Decimal(30))
    assert {seal.party for seal in found.seals} == {"绿源基地", "批发行"}
    assert all(seal.file_name == f"cailan-proof-{seal.record_id}.json" for seal in found.seals)


def test_names_supplier_contact_and_price_of_a_purchase():
    stall = make_stall()
    purchase = buy(
        stall, "100", 30_000, supplier_name="元谋合作社", supplier_phone="13811112222", origin="云南元谋"
    )

    [one] = queries.evidence(stall, lot_of(purchase).code).purchases

    assert (one.row.partner, one.row.phone, one.row.lines[0].origin) == (
        "元谋合作社",
        "13811112222",
        "云南元谋",
    )


def test_goes_back_over_repacking_to_what_was_bought():
    stall = make_stall()
    purchase = buy(stall, "100", 30_000, supplier_name="元谋合作社")
    new = NewLot(number="M-1", quantity=Decimal(9), uom="KGM", product_id=make_product("净菜"))
    line = Line(lot_of(purchase).code, Decimal(10), "KGM")
    outcome = goods.record(stall, Transform(occurred_at=AT, inputs=(line,), outputs=(new,)), at=AT)

    found = queries.evidence(stall, outcome.lot_codes[0])

    assert [one.row.id for one in found.purchases] == [purchase.pk]
    assert "transform" in {step.kind for step in found.steps}


def test_only_who_has_or_had_the_lot_gets_it(chain):
    _base, _wholesaler, _stall, other, lot = chain
    assert queries.evidence(other, lot.code).had == Decimal(20)
    with pytest.raises(NotAllowed):
        queries.evidence(make_actor(make_party("regulator", area="440118")), lot.code)
    with pytest.raises(NotFound):
        queries.evidence(make_stall("没买过"), lot.code)


def test_in_a_fixed_number_of_statements(chain, django_assert_max_num_queries):
    _base, _wholesaler, stall, _other, lot = chain
    lots.get_lot(stall, lot.code)

    with django_assert_max_num_queries(20):
        queries.evidence(stall, lot.code)
