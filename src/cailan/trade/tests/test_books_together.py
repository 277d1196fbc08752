"""Tickets and money together, over the real services: what is agreed, paid, disputed and given back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cailan.lots import queries as lots
from cailan.lots.tests.factories import AT
from cailan.trade import queries, services
from cailan.trade.models import Purchase, Ticket
from cailan.trade.queries.stock import stock_value
from cailan.trade.rules.ledger import Filters
from cailan.trade.rules.money import OWED, OWING
from cailan.trade.rules.tickets import Payment
from cailan.trade.tests.factories import confirm, make_purchase, make_stall, make_ticket

pytestmark = pytest.mark.django_db
DAY = timezone.localtime(AT).date()


@pytest.fixture
def wholesaler():
    return make_stall("批发行")


@pytest.fixture
def stall():
    return make_stall("老陈菜档")


def bought_lot(actor, quantity="100", price_fen=300):
    booked = make_purchase(actor, quantity, price_fen=price_fen)
    line = Purchase.objects.get(pk=booked.purchase_id).lines.get()
    return lots.facts_of([line.lot_id])[line.lot_id]


def test_a_ticket_on_credit_is_a_debt_in_both_books(wholesaler, stall):
    ticket = make_ticket(wholesaler, stall, lot=bought_lot(wholesaler), payment=Payment.CREDIT)
    confirm(stall, ticket)

    assert queries.debt_totals(wholesaler, side=OWED).owed_fen == 4_000
    assert queries.debt_totals(stall, side=OWING).owed_fen == 4_000


def test_a_ticket_paid_at_once_leaves_no_debt_in_either_book(wholesaler, stall):
    ticket = make_ticket(wholesaler, stall, lot=bought_lot(wholesaler), payment=Payment.CASH)
    confirm(stall, ticket)

    assert queries.debt_totals(wholesaler, side=OWED).owed_fen == 0
    assert queries.debt_totals(stall, side=OWING).owed_fen == 0
    start, end = queries.day_bounds(DAY)
    assert queries.cash_by_kind(wholesaler, start=start, end=end).in_fen == 4_000
    assert queries.cash_by_kind(stall, start=start, end=end).out_fen == 4_000


def test_the_purchase_price_is_the_cost_of_the_next_sale(wholesaler, stall):
    ticket = make_ticket(
        wholesaler, stall, lot=bought_lot(wholesaler, price_fen=300), quantity="10", price_fen=400
    )
    confirm(stall, ticket)
    [held] = lots.stock(stall).items
    make_ticket(
        stall, lot=held.lot, quantity="4", price_fen=900, at=AT + timedelta(hours=2), buyer_name="王师傅"
    )

    assert queries.day_of(wholesaler, DAY).today.margin.cost_fen == 3_000
    today = queries.day_of(stall, DAY).today
    assert (today.takings_fen, today.margin.cost_fen, today.margin.margin_fen) == (3_600, 1_600, 2_000)
    assert stock_value(stall).value_fen == 2_400


def test_a_void_ticket_gives_the_money_and_the_goods_back(wholesaler):
    ticket = make_ticket(wholesaler, make_stall("下家"), lot=bought_lot(wholesaler), payment=Payment.CASH)
    services.void_ticket(wholesaler, ticket_id=ticket.id, at=AT + timedelta(hours=1), reason="开错了")

    assert Ticket.objects.get(pk=ticket.id).status == "void"
    assert queries.debt_totals(wholesaler, side=OWED).owed_fen == 0
    assert queries.day_of(wholesaler, DAY).today.takings_fen == 0
    assert stock_value(wholesaler).value_fen == 30_000


def test_what_was_bought_by_hand_stands_in_ledger_stock_and_debts(stall):
    make_purchase(stall, "20", price_fen=300)

    [row] = queries.list_ledger(stall, side="bought", filters=Filters()).items
    assert row.lines[0].quantity == Decimal(20)
    assert queries.debt_totals(stall, side=OWING).owed_fen == 6_000
    [line] = queries.stock_lines(stall).items
    assert (line.supplier, line.value_fen) == ("从化李叔", 6_000)
