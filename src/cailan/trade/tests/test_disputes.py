"""Two sides say different quantities: what lies between stays on its way until one of them settles it, all sealed."""

from decimal import Decimal

import pytest

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.ledger import services as ledger
from cailan.lots import queries as lots
from cailan.lots.tests.factories import make_lot, make_product
from cailan.trade import queries, services
from cailan.trade.models.money import Payment as Paid
from cailan.trade.models.tickets import Dispute, Purchase, Ticket
from cailan.trade.rules.tickets import Fee, Payment, Received
from cailan.trade.tests.factories import LATER, in_stock, line, make_stall, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_stall("阿强蔬菜行", phone="13800000001", contact_name="阿强")


@pytest.fixture
def buyer():
    return make_stall("陈姐菜档")


class TestDispute:
    def disputed(self, seller, buyer, came="7", **more):
        lot = make_lot(seller, "100")
        beans = make_lot(seller, "20", product_id=make_product("豇豆"))
        ticket = make_ticket(seller, buyer, lines=(line(lot, "10"), line(beans, "5", 600)), **more)
        wrong = queries.ticket_public(ticket.code).lines[0].id
        services.dispute_line(
            buyer, code=ticket.code, line_id=wrong, at=LATER, received=Received(quantity=Decimal(came))
        )
        return ticket

    def test_what_is_not_disputed_is_taken_the_rest_stays_on_its_way(self, seller, buyer):
        ticket = self.disputed(seller, buyer)

        assert in_stock(buyer) == 12
        assert in_stock(seller) == 105
        assert lots.in_transit(buyer, is_coming=True).items[0].remaining == 3
        for side in (seller, buyer):
            dispute = queries.find_ticket(side, ticket.code).open_disputes[0]
            assert (dispute.stated, dispute.open) == (7, 3)
        assert queries.ticket_public(ticket.code).total_fen == 2800 + 3000

    @pytest.mark.parametrize(
        ("side", "outcome", "total", "stock"),
        [
            ("seller", "taken-back", 5800, (108, 12)),
            ("seller", "lost", 5800, (105, 12)),
            ("buyer", "accepted", 7000, (105, 15)),
        ],
    )
    def test_each_way_to_settle_closes_sums(self, seller, buyer, side, outcome, total, stock):
        ticket = self.disputed(seller, buyer)
        who = {"seller": seller, "buyer": buyer}[side]

        status = services.settle_dispute(who, dispute_id=Dispute.objects.get().pk, outcome=outcome, at=LATER)

        assert status == "settled"
        assert queries.ticket_public(ticket.code).total_fen == Purchase.objects.get().total_fen == total
        assert (in_stock(seller), in_stock(buyer)) == stock
        assert lots.in_transit(seller).items == ()
        assert lots.unbalanced() == ()

    @pytest.mark.parametrize(
        ("side", "outcome"), [("seller", "accepted"), ("buyer", "taken-back"), ("buyer", "lost")]
    )
    def test_the_other_side_decides(self, seller, buyer, side, outcome):
        self.disputed(seller, buyer)
        who = {"seller": seller, "buyer": buyer}[side]

        with pytest.raises(services.NotYoursToSettle):
            services.settle_dispute(who, dispute_id=Dispute.objects.get().pk, outcome=outcome, at=LATER)

    def test_settled_twice_is_settled_once(self, seller, buyer):
        self.disputed(seller, buyer)
        pk = Dispute.objects.get().pk
        services.settle_dispute(seller, dispute_id=pk, outcome="taken-back", at=LATER)

        services.settle_dispute(seller, dispute_id=pk, outcome="taken-back", at=LATER)
        with pytest.raises(services.AlreadySettled):
            services.settle_dispute(buyer, dispute_id=pk, outcome="accepted", at=LATER)
        assert in_stock(seller) == 108

    def test_nothing_came_and_all_is_taken_back_voids_the_ticket(self, seller, buyer):
        lot = make_lot(seller, "10")
        ticket = make_ticket(seller, buyer, lot=lot, fees=(Fee("装卸费", 300),), payment=Payment.CASH)
        wrong = queries.ticket_public(ticket.code).lines[0].id
        services.dispute_line(
            buyer, code=ticket.code, line_id=wrong, at=LATER, received=Received(quantity=Decimal(0))
        )

        services.settle_dispute(seller, dispute_id=Dispute.objects.get().pk, outcome="taken-back", at=LATER)

        row = Ticket.objects.get()
        assert (row.status, row.total_fen) == ("void", 0)
        assert sum(Paid.objects.values_list("amount_fen", flat=True)) == 0
        assert not Purchase.objects.exists()

    @pytest.mark.parametrize("came", ["11", "-1", "NaN"])
    def test_more_than_stated_or_less_than_nothing_is_refused(self, seller, buyer, came):
        with pytest.raises(InvalidInput):
            self.disputed(seller, buyer, came)

    def test_a_stranger_sees_no_dispute(self, seller, buyer):
        self.disputed(seller, buyer)

        with pytest.raises(NotFound):
            services.settle_dispute(
                make_stall("别家"), dispute_id=Dispute.objects.get().pk, outcome="accepted", at=LATER
            )


def test_everything_is_sealed_and_a_change_in_the_tables_is_found(seller, buyer):
    ticket = make_ticket(seller, buyer, fees=(Fee("装卸费", 300),))
    wrong = queries.ticket_public(ticket.code).lines[0].id
    services.dispute_line(
        buyer, code=ticket.code, line_id=wrong, at=LATER, received=Received(quantity=Decimal(8))
    )
    services.settle_dispute(buyer, dispute_id=Dispute.objects.get().pk, outcome="accepted", at=LATER)
    assert [one for one in ledger.audit(SYSTEM).alterations if "trade" in one.kind] == []

    Ticket.objects.update(goods_fen=1, total_fen=301)
    Purchase.objects.update(plate="粤A00000")

    found = {one.kind for one in ledger.audit(SYSTEM).alterations}
    assert found >= {"trade.ticket_settled", "trade.purchase_extended"}
