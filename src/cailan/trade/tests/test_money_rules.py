"""Amounts as people write them, and how a sum settles several orders."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cailan.trade.rules.money import (
    MoneyError,
    MoreThanIsOwed,
    OpenOrder,
    allocate,
    direction_of,
    is_overdue,
    parse_yuan,
    yuan,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("128.5", 12850), ("1,234.56", 123456), ("１２８．５０元", 12850), ("¥ 3", 300), (" 0.01 ", 1), ("-2", -200),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_type_it(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "abc", "1.234", "1e5", "٣", "--1", "9" * 40, "NaN", "\x00", "1..2"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(MoneyError):
        parse_yuan(text)


@given(st.integers(-(10**12), 10**12))
def test_what_is_written_reads_back(fen):
    assert parse_yuan(yuan(fen)) == fen


ORDERS = st.lists(st.integers(0, 10_000), max_size=8)


@given(ORDERS, st.integers(1, 80_000))
def test_a_sum_settles_the_first_order_wholly_before_the_next(owed, amount):
    orders = [OpenOrder(pk, fen) for pk, fen in enumerate(owed)]
    if amount > sum(owed):
        with pytest.raises(MoreThanIsOwed):
            allocate(amount, orders)
        return

    parts = allocate(amount, orders)

    assert sum(fen for _pk, fen in parts) == amount
    assert all(0 < fen <= owed[pk] for pk, fen in parts)
    last = parts[-1][0]
    assert all(dict(parts).get(pk, 0) == owed[pk] for pk in range(last))


def test_a_debt_is_overdue_on_the_day_after():
    assert not is_overdue(date(2026, 11, 20), date(2026, 11, 20))
    assert is_overdue(date(2026, 11, 20), date(2026, 11, 21))
    assert not is_overdue(None, date(2026, 11, 21))


def test_every_kind_says_whether_money_comes_or_goes():
    assert direction_of("sales") == direction_of("compensation") == "in"
    assert direction_of("purchases") == direction_of("rent") == "out"
