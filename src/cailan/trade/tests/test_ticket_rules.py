"""Sums to the fen, units of price, numbers, and what may become of a ticket."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.trade.rules import sums, tickets
from cailan.trade.rules.tickets import Act, Status

WEIGHTS = st.decimals(min_value="0.001", max_value="9999.999", places=3)
PRICES = st.integers(0, 1_000_000)


@pytest.mark.parametrize(
    ("quantity", "uom", "price", "per", "fen"),
    [
        ("2.5", "KGM", 400, "KGM", 1000),
        ("2.5", "KGM", 200, "JIN", 1000),  # five 斤 at two yuan
        ("0.125", "KGM", 4, "KGM", 1),  # half a fen goes up
        ("0.1", "KGM", 4, "KGM", 0),
        ("3", "H87", 1250, "H87", 3750),
        ("1", "TNE", 300, "KGM", 300_000),
        ("500", "GRM", 380, "JIN", 380),
    ],
)
def test_a_line_costs_weight_times_price(quantity, uom, price, per, fen):
    assert sums.amount_fen(Decimal(quantity), uom, price, per) == fen


@pytest.mark.parametrize(("uom", "per"), [("KGM", "H87"), ("XBX", "XCT"), ("KGM", "???"), ("H87", "JIN")])
def test_a_price_in_another_measure_is_refused(uom, per):
    with pytest.raises(sums.SumError):
        sums.amount_fen(Decimal(1), uom, 100, per)


@given(WEIGHTS, PRICES)
def test_a_line_is_never_more_than_half_a_fen_off(weight, price):
    exact = Fraction(weight) * price

    assert abs(sums.amount_fen(weight, "KGM", price, "KGM") - exact) <= Fraction(1, 2)


@given(WEIGHTS, PRICES)
def test_jin_and_kilogram_cost_the_same(weight, price):
    kilograms, uom = sums.coded(weight, "JIN")

    assert sums.amount_fen(kilograms, uom, price, "JIN") == sums.amount_fen(weight, "KGM", price, "KGM")


@given(st.lists(st.tuples(WEIGHTS, PRICES), min_size=1, max_size=20))
def test_a_total_is_the_sum_of_what_stands_on_its_lines(lines):
    amounts = [sums.amount_fen(weight, "KGM", price, "KGM") for weight, price in lines]

    total = sums.total_fen(amounts)

    assert total == sum(amounts)
    assert abs(total - sum(Fraction(weight) * price for weight, price in lines)) <= Fraction(len(lines), 2)


@given(st.lists(WEIGHTS, min_size=1, max_size=5), PRICES)
def test_parts_that_come_one_after_another_cost_what_the_whole_does(parts, price):
    paid, before = 0, Decimal(0)
    for part in parts:
        paid += sums.part_fen(part, before, "KGM", price, "JIN")
        before += part

    assert paid == sums.amount_fen(before, "KGM", price, "JIN")


@given(st.integers(0, 10**6))
def test_a_suggested_price_survives_the_way_to_kilograms_and_back(price):
    assert sums.convert_price(sums.convert_price(price, "JIN", "KGM"), "KGM", "JIN") == price


def test_an_absurd_amount_is_refused():
    with pytest.raises(sums.SumError):
        sums.amount_fen(Decimal(10**9), "KGM", 10**12, "KGM")


def test_each_kind_counts_under_its_own_letters():
    day = date(2026, 11, 20)

    assert tickets.number("sale", day, 7) == "XS-261120-0007"
    assert tickets.number("dispatch", day, 12) == "FH-261120-0012"
    assert tickets.number("retail", day, 12345) == "LS-261120-12345"


@pytest.mark.parametrize("status", list(Status))
def test_only_what_is_on_its_way_can_be_confirmed_or_closed(status):
    assert tickets.may(Act.ACCEPT, status) == tickets.may(Act.CLOSE, status) == (status == Status.OPEN)
    assert tickets.may(Act.VOID, status) == (status in {Status.OPEN, Status.REQUESTED})
    assert tickets.may(Act.CONFIRM, status) == (status == Status.REQUESTED)


@given(st.integers(0, 3), st.booleans(), st.lists(st.integers(0, 2).map(Decimal), min_size=1, max_size=4))
def test_a_ticket_is_disputed_as_long_as_one_line_is(open_disputes, ever_disputed, kept):
    status = tickets.status_after(open_disputes=open_disputes, ever_disputed=ever_disputed, kept=kept)

    assert (status == Status.DISPUTED) == (open_disputes > 0)
    assert (status == Status.VOID) == (not open_disputes and not any(kept))
