"""A purchase price follows its goods; what no price reaches stays unknown."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cailan.trade.rules.costing import Drawn, Inflow, Ways, cost_fen, to_fen, unit_costs, unit_price


def ways(*inflows, processes=(), made_by=None):
    return Ways(tuple(inflows), frozenset(processes), made_by or {})


def test_goods_cost_what_was_paid_for_them():
    bought = {1: unit_price(24_000, Decimal(60))}

    assert unit_costs([1], ways(), bought) == {1: Fraction(400)}


def test_a_mix_costs_the_mean_of_its_parts():
    both = ways(Inflow(3, 1, Decimal(10)), Inflow(3, 2, Decimal(30)))

    assert unit_costs([3], both, {1: Fraction(100), 2: Fraction(200)}) == {3: Fraction(175)}


def test_one_part_without_a_price_leaves_the_mix_unknown():
    both = ways(Inflow(3, 1, Decimal(10)), Inflow(3, 2, Decimal(30)))

    assert unit_costs([3], both, {1: Fraction(100), 2: None}) == {3: None}


def test_what_a_count_found_has_no_price_and_changes_none():
    found = ways(Inflow(2, 1, Decimal(10)), Inflow(2, None, Decimal(1), is_found=True))

    assert unit_costs([2], found, {1: Fraction(100)}) == {2: Fraction(100)}


def test_a_harvest_of_ones_own_has_no_price():
    assert unit_costs([1], ways(Inflow(1, None, Decimal(10))), {}) == {1: None}


def test_what_processing_lost_makes_the_rest_dearer():
    washed = ways(
        Inflow(8, 1, Decimal(30)),
        Inflow(9, 8, Decimal(20)),
        Inflow(10, 8, Decimal(4)),
        processes=[8],
        made_by={8: Decimal(24)},
    )

    assert unit_costs([9, 10], washed, {1: Fraction(400)}) == {9: Fraction(500), 10: Fraction(500)}


def test_a_process_into_several_units_names_no_price():
    cut = ways(Inflow(8, 1, Decimal(30)), Inflow(9, 8, Decimal(20)), processes=[8], made_by={8: None})

    assert unit_costs([9], cut, {1: Fraction(400)}) == {9: None}


def test_goods_that_feed_on_themselves_have_no_price_and_do_not_hang():
    loop = ways(Inflow(1, 2, Decimal(1)), Inflow(2, 1, Decimal(1)))

    assert unit_costs([1, 2], loop, {}) == {1: None, 2: None}


def test_a_sale_costs_nothing_known_where_one_part_is_unknown():
    costs = {1: Fraction(100), 2: None}

    assert cost_fen([Drawn(1, Decimal("1.5"))], costs) == 150
    assert cost_fen([Drawn(1, Decimal(1)), Drawn(2, Decimal(1))], costs) is None
    assert cost_fen([], costs) is None


@given(st.fractions(min_value=0, max_value=10**9))
def test_a_fen_is_the_nearest_one(value):
    assert abs(to_fen(value) - value) <= Fraction(1, 2)


@st.composite
def repackings(draw):
    """Draw purchases, then splits and mixes of what is left; return prices, inflows and what is left."""
    bought = {
        pk: (draw(st.integers(1, 50)), draw(st.integers(0, 100_000))) for pk in range(draw(st.integers(1, 4)))
    }
    left = {pk: Fraction(quantity) for pk, (quantity, _fen) in bought.items()}
    inflows = []
    for step in range(draw(st.integers(0, 6))):
        target = 100 + step
        for source in draw(st.lists(st.sampled_from(sorted(left)), min_size=1, max_size=3, unique=True)):
            if part := left[source] * draw(st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 4)])):
                left[source] -= part
                left[target] = left.get(target, Fraction(0)) + part
                inflows.append(Inflow(target, source, Decimal(part.numerator) / Decimal(part.denominator)))
    return bought, tuple(inflows), left


@given(repackings())
def test_no_fen_is_lost_or_made_by_repacking(case):
    bought, inflows, left = case
    prices = {pk: unit_price(fen, Decimal(quantity)) for pk, (quantity, fen) in bought.items()}

    costs = unit_costs(left, Ways(inflows), prices)

    reached = defaultdict(Fraction)
    for holding, quantity in left.items():
        reached["value"] += costs[holding] * quantity
    assert reached["value"] == sum(fen for _quantity, fen in bought.values())
