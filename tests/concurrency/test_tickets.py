"""Two stalls scan one ticket, a hold arrives while one confirms, seller and buyer decide at one moment."""

import pytest
from tests.concurrency.test_races import at_once

from cailan.kernel.problems import Problem
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.tests.factories import AT, make_lot
from cailan.trade import services
from cailan.trade.models.tickets import Purchase, Ticket
from cailan.trade.tests.factories import LATER, in_stock, line, make_stall, make_ticket, order

pytestmark = pytest.mark.django_db


def accept(buyer, ticket):
    return lambda: services.accept_ticket(buyer, code=ticket.code, at=LATER)


@pytest.mark.requirement("S1-4.3.4-2")
def test_of_two_stalls_that_scan_one_ticket_exactly_one_gets_the_goods():
    seller, one, other = make_stall("卖家"), make_stall("甲"), make_stall("乙")
    ticket = make_ticket(seller)

    answers = at_once(accept(one, ticket), accept(other, ticket))

    [refused] = [answer for answer in answers if isinstance(answer, Problem)]
    assert isinstance(refused, services.TicketGone)
    assert {in_stock(one), in_stock(other)} == {0, 10}
    assert Purchase.objects.count() == 1


def test_the_same_stall_on_two_phones_books_once():
    seller, buyer = make_stall("卖家"), make_stall("甲")
    ticket = make_ticket(seller)

    answers = at_once(*[accept(buyer, ticket)] * 3)

    assert len({answer.purchase_id for answer in answers}) == 1
    assert sorted(answer.was_known for answer in answers) == [False, True, True]
    assert in_stock(buyer) == 10


def test_a_hold_and_a_confirmation_never_both_get_their_way():
    seller, buyer = make_stall("卖家"), make_stall("甲")
    lot = make_lot(seller, "100")
    ticket = make_ticket(seller, lot=lot)

    accepted, _held = at_once(
        accept(buyer, ticket), lambda: goods.hold(seller, lot=lot.code, reason="residue", at=LATER)
    )

    assert lots.get_lot(seller, lot.code).is_held
    is_refused = isinstance(accepted, goods.LotOnHold)
    assert (Ticket.objects.get().status, in_stock(buyer)) == (("open", 0) if is_refused else ("accepted", 10))
    assert lots.unbalanced() == ()


def test_taken_back_or_confirmed_but_not_both():
    seller, buyer = make_stall("卖家"), make_stall("甲")
    ticket = make_ticket(seller)

    answers = at_once(
        accept(buyer, ticket), lambda: services.void_ticket(seller, ticket_id=ticket.id, at=LATER)
    )

    assert sum(isinstance(answer, Problem) for answer in answers) == 1
    status = Ticket.objects.get().status
    assert (in_stock(seller), in_stock(buyer)) == ((100, 0) if status == "void" else (90, 10))
    assert lots.in_transit(seller).items == ()


def test_a_phone_that_sends_a_sale_twice_at_once_writes_one_ticket():
    seller = make_stall("卖家")
    wanted = order(line(make_lot(seller, "100")))

    answers = at_once(*[lambda: services.issue_ticket(seller, order=wanted, at=AT, client_key="k")] * 3)

    assert len({answer.id for answer in answers}) == 1
    assert in_stock(seller) == 90


def test_the_last_crate_is_on_one_ticket_only():
    seller = make_stall("卖家")
    wanted = order(line(make_lot(seller, "10")))

    answers = at_once(*[lambda: services.issue_ticket(seller, order=wanted, at=AT)] * 3)

    assert sum(not isinstance(answer, Problem) for answer in answers) == 1
    assert Ticket.objects.get().number == "XS-261120-0001"
