"""Where goods or money could be lost, doubled or forced upon somebody: two at once, wrong times, foreign papers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from cailan.documents import services as documents
from cailan.kernel.problems import InvalidInput, KeyReused
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.rules.requests import Line, Retail
from cailan.lots.tests.factories import hand_over, make_lot, make_product
from cailan.trade import queries, services
from cailan.trade.models.money import Payment as Paid
from cailan.trade.models.tickets import Dispute, Ticket, TicketCounter
from cailan.trade.rules.ledger import SOLD, Filters
from cailan.trade.rules.money import OWED, CashKind
from cailan.trade.rules.tickets import DisputeReason, Payment, Received, Settlement
from cailan.trade.services import stock as stock_taking
from cailan.trade.services.problems import BuyerMustConfirm
from cailan.trade.tests.factories import (
    AT,
    LATER,
    confirm,
    hand_purchase,
    in_stock,
    know,
    line,
    make_purchase,
    make_stall,
    make_ticket,
    order,
)

pytestmark = pytest.mark.django_db
END_OF_TIME = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
LONG_AGO = datetime(1999, 1, 1, tzinfo=UTC)


@pytest.fixture
def seller():
    return make_stall("阿强蔬菜行", phone="13800000001")


@pytest.fixture
def buyer():
    return make_stall("陈姐菜档")


def disputed(seller, buyer, payment):
    """Return two open disputes of one ticket over 40 yuan each, and its row."""
    one, two = make_lot(seller, "50"), make_lot(seller, "50", product_id=make_product("豇豆"))
    ticket = make_ticket(seller, buyer, lines=(line(one), line(two)), payment=payment)
    row = Ticket.objects.get(pk=ticket.id)
    came = {pk: Received(quantity=Decimal(5)) for pk in row.lines.values_list("pk", flat=True)}
    confirm(buyer, ticket, received=came)
    return list(Dispute.objects.order_by("pk")), row


class TestMoneyOfDisputes:
    def test_only_what_both_have_agreed_on_is_given_back(self, seller, buyer):
        [first, second], row = disputed(seller, buyer, Payment.CASH)

        services.settle_dispute(seller, dispute_id=first.pk, outcome=Settlement.TAKEN_BACK, at=LATER)
        services.settle_dispute(buyer, dispute_id=second.pk, outcome=Settlement.ACCEPTED, at=LATER)

        row.refresh_from_db()
        paid = sum(Paid.objects.filter(ticket=row).values_list("amount_fen", flat=True))
        bought = sum(Paid.objects.filter(purchase__ticket=row).values_list("amount_fen", flat=True))
        assert (row.total_fen, paid, bought) == (6000, 6000, 6000)

    def test_the_order_of_settling_makes_no_difference(self, seller, buyer):
        [first, second], row = disputed(seller, buyer, Payment.CASH)

        services.settle_dispute(buyer, dispute_id=second.pk, outcome=Settlement.ACCEPTED, at=LATER)
        services.settle_dispute(seller, dispute_id=first.pk, outcome=Settlement.LOST, at=LATER)

        row.refresh_from_db()
        assert row.total_fen == sum(Paid.objects.filter(ticket=row).values_list("amount_fen", flat=True))


class TestForcedGoods:
    def test_a_registered_buyer_confirms_himself(self, seller, buyer):
        know(seller, buyer)
        ticket = make_ticket(seller)

        with pytest.raises(BuyerMustConfirm):
            services.close_ticket(seller, ticket_id=ticket.id, buyer_name=buyer.party_name, at=LATER)
        assert in_stock(buyer) == 0

    def test_a_photo_of_somebody_else_proves_nothing(self, seller, buyer):
        ticket = make_ticket(seller, buyer)
        paper = BytesIO(b"%PDF-1.7 voucher")
        foreign = documents.store(make_stall("旁人菜档"), file=paper, name="a.pdf", kind="ticket", at=AT)
        [pk] = Ticket.objects.get().lines.values_list("pk", flat=True)
        said = Received(quantity=Decimal(5), reason=DisputeReason.DAMAGED, document_ids=(foreign,))

        with pytest.raises(InvalidInput):
            confirm(buyer, ticket, received={pk: said})


class TestCounting:
    def test_a_sale_in_the_same_second_is_not_undone_by_a_count(self, seller, monkeypatch):
        lot = make_lot(seller, "100")
        [holding] = lots.stock(seller).items
        seen_before = stock_taking.lots.holding_facts_of

        def read_then_sold(ids):
            found = seen_before(ids)
            sale = Retail(lines=(Line(lot.code, Decimal(30), "KGM"),), occurred_at=AT)
            goods.record(seller, sale, at=AT)
            return found

        monkeypatch.setattr(stock_taking.lots, "holding_facts_of", read_then_sold)
        count = services.Count(holding.id, Decimal(98), Decimal(100), "盘亏")

        services.take_stock(seller, counts=[count], occurred_at=AT, at=LATER)

        assert in_stock(seller) == 68

    def test_goods_are_counted_once(self, seller):
        make_lot(seller, "100")
        [holding] = lots.stock(seller).items
        count = services.Count(holding.id, Decimal(98), Decimal(100), "盘亏")

        with pytest.raises(services.CountNotTaken):
            services.take_stock(seller, counts=[count, count], occurred_at=AT, at=LATER)

    @pytest.mark.parametrize("when", [END_OF_TIME, LONG_AGO])
    def test_a_count_of_another_time_is_refused(self, seller, when):
        make_lot(seller, "100")
        [holding] = lots.stock(seller).items
        same = services.Count(holding.id, Decimal(100), Decimal(100))

        with pytest.raises(InvalidInput):
            services.take_stock(seller, counts=[same], occurred_at=when, at=LATER)


@pytest.mark.parametrize("when", [END_OF_TIME, LONG_AGO, LATER + timedelta(days=1)])
class TestWrongTimes:
    def test_a_buyer_cannot_move_the_sellers_numbers(self, seller, buyer, when):
        lot = make_lot(seller, "100")

        with pytest.raises(InvalidInput):
            services.request_ticket(
                buyer, seller_id=seller.acting_party_id, order=order(line(lot), at=when), at=LATER
            )
        assert not TicketCounter.objects.exclude(day=None).exists()

    def test_tickets(self, seller, when):
        lot = make_lot(seller, "100")

        with pytest.raises(InvalidInput):
            services.issue_ticket(seller, order=order(line(lot), at=when), at=LATER)

    def test_confirming(self, seller, buyer, when):
        ticket = make_ticket(seller, buyer)

        if when == LONG_AGO:  # a phone that lost its clock: goods came no earlier than they were sent
            confirm(buyer, ticket, at=LATER, occurred_at=when)
            assert Ticket.objects.get().purchase.purchased_at == AT
            return
        with pytest.raises(InvalidInput):
            confirm(buyer, ticket, at=LATER, occurred_at=when)

    def test_purchases(self, buyer, when):
        make_product()

        with pytest.raises(InvalidInput):
            services.buy_by_hand(buyer, purchase=hand_purchase(at=when), at=LATER)

    def test_payments(self, seller, buyer, when):
        ticket = make_ticket(seller, buyer)

        with pytest.raises(InvalidInput):
            services.record_payment(
                seller, ticket_id=ticket.id, amount_fen=100, method="cash", at=LATER, occurred_at=when
            )

    def test_sums_on_account(self, seller, buyer, when):
        make_ticket(seller, buyer)
        partner = queries.Counterpart(buyer.acting_party_id)

        with pytest.raises(InvalidInput):
            services.settle(
                seller, side=OWED, counterpart=partner, amount_fen=100, method="cash", at=LATER,
                occurred_at=when,
            )  # fmt: skip

    def test_cash(self, seller, when):
        with pytest.raises(InvalidInput):
            services.add_cash_entry(
                seller, kind=CashKind.RENT, amount_fen=100, method="cash", at=LATER, occurred_at=when
            )


class TestKnownBatches:
    def test_more_of_a_batch_that_came_before(self, buyer):
        make_purchase(buyer, batch_number="B-7")

        make_purchase(buyer, batch_number="B-7", at=LATER)

        assert in_stock(buyer) == 40
        assert len({one.lot.id for one in lots.stock(buyer).items}) == 1


class TestKeys:
    def test_one_key_is_for_one_seller(self, seller, buyer):
        other = make_stall("老陈菜档")
        lot = make_lot(seller, "100")
        hand_over(seller, other, lot, "50")
        wanted = order(line(lot), at=AT)
        services.request_ticket(buyer, seller_id=seller.acting_party_id, order=wanted, at=AT, client_key="k")

        with pytest.raises(KeyReused):
            services.request_ticket(
                buyer, seller_id=other.acting_party_id, order=wanted, at=AT, client_key="k"
            )


class TestSheets:
    def test_a_sheet_survives_characters_that_it_cannot_hold(self, seller, buyer):
        make_ticket(seller, buyer, buyer_name="陈\x0b姐", plate="粤A\x01")

        file = queries.ledger_file(seller, suffix="xlsx", side=SOLD, filters=Filters())

        sheet = openpyxl.load_workbook(BytesIO(b"".join(file.chunks))).active
        assert sheet is not None
        assert "陈姐" in [cell.value for cell in sheet[2]]
