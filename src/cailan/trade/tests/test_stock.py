"""Counting many lots at once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import KeyReused
from cailan.ledger import services as ledger
from cailan.lots import queries as lots
from cailan.lots.tests.factories import AT, make_lot
from cailan.trade import queries, services
from cailan.trade.models import StockTake
from cailan.trade.services import Count
from cailan.trade.tests.orders import buy, lot_of, make_stall, sell

pytestmark = pytest.mark.django_db


@pytest.fixture
def stall():
    return make_stall()


def left(stall):
    return {one.id: one.remaining for one in lots.stock(stall).items}


def test_differences_are_booked_with_their_reasons(stall):
    first, second = (buy(stall, "100", 40_000).lines.get() for _ in range(2))
    counts = [
        Count(first.holding_id, Decimal(97), Decimal(100), "自然损耗"),
        Count(second.holding_id, Decimal(100), Decimal(100)),
    ]

    number = services.take_stock(stall, counts=counts, occurred_at=AT, at=AT)

    assert left(stall) == {first.holding_id: 97, second.holding_id: 100}
    assert StockTake.objects.get(pk=number).number.startswith("PD-261120")
    ledger.sequence_once()
    assert ledger.audit(SYSTEM).alterations == []


def test_one_line_that_cannot_be_booked_leaves_all_as_it_was(stall):
    line = buy(stall, "100", 40_000).lines.get()
    foreign = buy(make_stall("别家"), "100", 40_000).lines.get()
    counts = [
        Count(line.holding_id, Decimal(97), Decimal(100), "自然损耗"),
        Count(foreign.holding_id, Decimal(1), Decimal(100), "想拿走"),
    ]

    with pytest.raises(services.CountNotTaken) as refused:
        services.take_stock(stall, counts=counts, occurred_at=AT, at=AT)

    assert refused.value.extra["errors"][0]["where"] == f"counted_{foreign.holding_id}"
    assert left(stall) == {line.holding_id: 100}
    assert not StockTake.objects.exists()


def test_a_difference_needs_a_reason(stall):
    line = buy(stall, "100", 40_000).lines.get()

    with pytest.raises(services.CountNotTaken) as refused:
        services.take_stock(
            stall, counts=[Count(line.holding_id, Decimal(1), Decimal(100))], occurred_at=AT, at=AT
        )
    assert refused.value.extra["errors"][0]["where"] == f"reason_{line.holding_id}"


def test_what_was_sold_after_the_count_stays_sold(stall):
    purchase = buy(stall, "100", 40_000)
    line = purchase.lines.get()
    sell(stall, lot_of(purchase), "30", 9_000, at=AT + timedelta(hours=1))

    counts = [Count(line.holding_id, Decimal(95), Decimal(100), "过秤差异")]
    services.take_stock(stall, counts=counts, occurred_at=AT, at=AT + timedelta(hours=2))

    assert left(stall) == {line.holding_id: 65}


def test_sent_twice_it_is_booked_once(stall):
    line = buy(stall, "100", 40_000).lines.get()
    sheet = {"occurred_at": AT, "at": AT, "client_key": "count-1"}
    counts = [Count(line.holding_id, Decimal(97), Decimal(100), "自然损耗")]

    assert services.take_stock(stall, counts=counts, **sheet) == services.take_stock(
        stall, counts=counts, **sheet
    )
    assert left(stall) == {line.holding_id: 97}
    with pytest.raises(KeyReused):
        services.take_stock(stall, counts=[Count(line.holding_id, Decimal(90), Decimal(97), "再少")], **sheet)


def test_stock_says_of_whom_it_was_bought_and_what_it_cost(stall):
    buy(stall, "100", 40_000, supplier_name="元谋合作社")
    make_lot(stall, "5")

    own, bought = queries.stock_lines(stall).items

    assert (bought.supplier, bought.value_fen) == ("元谋合作社", 40_000)
    assert (own.supplier, own.value_fen) == ("", None)
