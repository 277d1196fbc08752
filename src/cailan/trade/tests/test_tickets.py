"""A ticket from its issue to the buyer's purchase: twice is once, one of two wins, a hold stops it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cailan.kernel.problems import InvalidInput, KeyReused, NotAllowed, NotFound
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.models import Flow
from cailan.lots.rules.requests import Create, NewLot
from cailan.lots.tests.factories import make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party
from cailan.trade import queries, services
from cailan.trade.models.money import Payment as Paid
from cailan.trade.models.tickets import Purchase, Ticket
from cailan.trade.rules.tickets import Fee, Kind, Payment
from cailan.trade.tests.factories import (
    AT,
    LATER,
    confirm,
    in_stock,
    know,
    line,
    make_stall,
    make_ticket,
    order,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_stall("阿强蔬菜行", phone="13800000001", contact_name="阿强")


@pytest.fixture
def buyer():
    return make_stall("陈姐菜档")


def issue(seller, wanted, **more):
    return services.issue_ticket(seller, order=wanted, at=AT, **more)


class TestIssue:
    @pytest.mark.requirement("S1-4.3.3-1")
    def test_two_products_and_a_fee_give_the_right_total(self, seller, buyer):
        choysum, beans = (
            make_lot(seller, "50", region="440118"),
            make_lot(seller, "30", product_id=make_product("豇豆")),
        )
        wanted = order(
            line(choysum, "12.5", 380),
            line(beans, "8", 275, price_uom="JIN", spec="15 斤/筐", pieces=2),
            fees=(Fee("装卸费", 500),), buyer_id=know(seller, buyer),
        )  # fmt: skip

        ticket = issue(seller, wanted)

        found = queries.ticket_public(ticket.code)
        assert [one.amount_fen for one in found.lines] == [4750, 4400]
        assert (found.goods_fen, found.fees_fen, found.total_fen) == (9150, 500, 9650)
        assert found.number == "XS-261120-0001"
        assert found.lines[0].origin == "广东省广州市增城区"

    def test_goods_for_a_registered_buyer_are_on_their_way(self, seller, buyer):
        make_ticket(seller, buyer, quantity="30")

        assert in_stock(seller) == 70
        assert lots.in_transit(buyer, is_coming=True).items[0].remaining == 30

    def test_a_name_without_account_has_them_at_once(self, seller):
        ticket = make_ticket(seller, buyer_name="路边小店", buyer_phone="13911112222")

        row = Ticket.objects.get(pk=ticket.id)
        assert row.status == "closed"
        assert Flow.objects.get(event_id=row.event_id).target.holder_id == row.buyer_id

    def test_consumers_take_them_out_of_the_chain(self, seller):
        ticket = make_ticket(seller, kind=Kind.RETAIL, payment=Payment.MOBILE)

        assert ticket.status == "closed"
        assert Flow.objects.get(event_id=Ticket.objects.get().event_id).kind == "retail"
        assert Paid.objects.get().amount_fen == 4000

    def test_the_same_key_gives_the_same_ticket_once(self, seller):
        lot = make_lot(seller, "100")
        first = issue(seller, order(line(lot)), client_key="k1")

        again = issue(seller, order(line(lot)), client_key="k1")

        assert (again.id, again.was_known) == (first.id, True)
        assert in_stock(seller) == 90

    def test_the_same_key_with_another_order_is_refused(self, seller):
        lot = make_lot(seller, "100")
        issue(seller, order(line(lot)), client_key="k1")

        with pytest.raises(KeyReused):
            issue(seller, order(line(lot, "11")), client_key="k1")

    def test_more_than_there_is_says_what_is_left_and_writes_nothing(self, seller):
        lot = make_lot(seller, "8")

        with pytest.raises(goods.NotEnough, match="8 kg"):
            issue(seller, order(line(lot, "9")))
        assert not Ticket.objects.exists()

    @pytest.mark.parametrize(
        ("wanted", "where"),
        [
            ({"price_fen": None}, "lines.0.price"),
            ({"price_fen": -1}, "lines.0.price"),
            ({"quantity": "0"}, "lines.0.quantity"),
            ({"quantity": "NaN"}, "lines.0.quantity"),
            ({"price_fen": 10**15}, "lines.0.price"),
            ({"price_uom": "H87"}, "lines.0.price"),
        ],
    )
    def test_a_line_that_does_not_hold_together_is_named(self, seller, wanted, where):
        lot = make_lot(seller, "100")

        with pytest.raises(InvalidInput) as refused:
            issue(seller, order(line(lot, **wanted)))
        assert refused.value.extra["errors"][0]["where"] == where

    @pytest.mark.parametrize(
        ("wanted", "where"),
        [
            ({"payment": "barter"}, "payment"),
            ({"due_on": (AT - timedelta(days=3)).date()}, "due_on"),
            ({"fees": (Fee("", 5),)}, "fees.0"),
            ({"fees": (Fee("冰", -5),)}, "fees.0"),
            ({"buyer_id": 10**15}, "buyer_id"),
            ({"site_id": 10**15}, "site_id"),
        ],
    )
    def test_an_order_that_does_not_hold_together_is_named(self, seller, wanted, where):
        lot = make_lot(seller, "100")

        with pytest.raises(InvalidInput) as refused:
            issue(seller, order(line(lot), **wanted))
        assert refused.value.extra["errors"][0]["where"] == where

    def test_an_auditor_may_not_sell(self, seller):
        lot = make_lot(seller)
        auditor = make_actor(make_party("merchant"), "auditor")

        with pytest.raises(NotAllowed):
            issue(auditor, order(line(lot)))


class TestGate:
    @pytest.mark.requirement("S0-2.2-7")
    @pytest.mark.parametrize("may_go", [False, True])
    def test_a_base_sends_on_only_what_passed_its_self_test(self, may_go):
        base = make_actor(make_party("base"))
        centre = make_actor(make_party("distribution_centre"))
        new = NewLot(number="1", quantity=Decimal(100), uom="KGM", product_id=make_product())
        made = goods.record(base, Create(occurred_at=AT, lot=new, awaits="self-test"), at=AT)
        lot = lots.get_lot(base, made.lot_codes[0])
        if may_go:
            goods.clear(
                base, lot=lot.code, holder_id=base.party_id, awaits="self-test", reason="passed", at=AT
            )
        wanted = order(line(lot, price_fen=None), kind=Kind.DISPATCH, buyer_id=know(base, centre))

        if not may_go:
            with pytest.raises(goods.AwaitsTest, match=r"self-test|自检"):
                issue(base, wanted)
            assert not Ticket.objects.exists()
        else:
            assert issue(base, wanted).number.startswith("FH-")

    def test_a_lot_on_hold_is_not_sold(self, seller):
        lot = make_lot(seller)
        goods.hold(seller, lot=lot.code, reason="residue", at=AT)

        with pytest.raises(goods.LotOnHold):
            make_ticket(seller, lot=lot)

    @pytest.mark.requirement("S0-2.2-8")
    def test_what_reaches_a_centre_waits_for_the_laboratory(self, seller):
        centre = make_actor(make_party("distribution_centre"))
        confirm(centre, make_ticket(seller, centre, kind=Kind.DISPATCH, price_fen=None))

        assert [one.awaits for one in lots.waiting(centre).items] == ["incoming-test"]


class TestAccept:
    @pytest.mark.requirement("S1-4.3.4-2")
    @pytest.mark.requirement("S0-2.2-2")
    def test_one_confirmation_books_every_line_with_its_lot(self, seller, buyer):
        lot = make_lot(seller, "100")
        other = make_lot(seller, "20", product_id=make_product("豇豆"))
        ticket = make_ticket(seller, buyer, lines=(line(lot, "40"), line(other, "5", 600)))

        booked = confirm(buyer, ticket)

        purchase = queries.get_purchase(buyer, booked.purchase_id)
        assert [one.lot_code for one in purchase.lines] == [lot.code, other.code]
        assert purchase.total_fen == ticket.total_fen == 19000
        assert in_stock(buyer) == 45
        assert lots.in_transit(buyer, is_coming=True).items == ()
        assert queries.find_ticket(seller, ticket.code).facts.status == "accepted"
        assert {flow.proof for flow in Flow.objects.filter(target__holder_id=buyer.party_id)} == {
            "counter_signed"
        }

    @pytest.mark.requirement("S3-4.3.2-1")
    @pytest.mark.requirement("S3-4.3.3-1")
    def test_a_scan_fills_product_supplier_batch_made_and_keeps_until(self, seller, buyer):
        new = NewLot(
            number="B7", quantity=Decimal(50), uom="KGM", product_id=make_product(),
            attributes={"itemExpirationDate": "2026-11-27T00:00:00+08:00"},
        )  # fmt: skip
        made = goods.record(seller, Create(occurred_at=AT, lot=new), at=AT)
        ticket = make_ticket(seller, buyer, lot=lots.get_lot(seller, made.lot_codes[0]))

        booked = confirm(buyer, ticket, received=None)

        purchase = queries.get_purchase(buyer, booked.purchase_id)
        first = purchase.lines[0]
        assert (first.product, purchase.supplier, first.batch) == ("菜心", "阿强蔬菜行", "B7")
        assert (first.made_at, first.expires) == (AT, "2026-11-27")

    def test_scanned_twice_is_booked_once(self, seller, buyer):
        ticket = make_ticket(seller, buyer)
        first = confirm(buyer, ticket)

        again = confirm(buyer, ticket)

        assert (again.purchase_id, again.was_known) == (first.purchase_id, True)
        assert in_stock(buyer) == 10
        assert Purchase.objects.count() == 1

    def test_an_open_ticket_is_for_whoever_scans_first(self, seller, buyer):
        ticket = make_ticket(seller)
        confirm(buyer, ticket)

        with pytest.raises(services.TicketGone, match="Another buyer"):
            confirm(make_stall("第三家"), ticket)

    def test_a_ticket_for_another_is_refused(self, seller, buyer):
        with pytest.raises(services.TicketForAnother):
            confirm(make_stall("第三家"), make_ticket(seller, buyer))

    def test_the_seller_cannot_confirm_his_own(self, seller):
        with pytest.raises(services.OwnTicket):
            confirm(seller, make_ticket(seller))

    def test_an_unknown_code_is_not_found(self, buyer):
        with pytest.raises(NotFound):
            services.accept_ticket(buyer, code="261120" + "0" * 15, at=AT)

    def test_a_hold_that_came_in_between_is_refused_with_its_reason(self, seller, buyer):
        lot = make_lot(seller)
        ticket = make_ticket(seller, buyer, lot=lot)
        goods.hold(seller, lot=lot.code, reason="residue", at=AT)

        with pytest.raises(goods.LotOnHold):
            confirm(buyer, ticket)
        assert Ticket.objects.get().status == "open"
        assert in_stock(buyer) == 0

    def test_cash_stands_in_both_books(self, seller, buyer):
        confirm(buyer, make_ticket(seller, buyer, payment=Payment.CASH))

        assert sorted(Paid.objects.values_list("owner_id", "amount_fen")) == sorted(
            [(seller.party_id, 4000), (buyer.party_id, 4000)]
        )


class TestEnd:
    def test_void_takes_goods_and_money_back(self, seller, buyer):
        ticket = make_ticket(seller, buyer, payment=Payment.CASH)

        services.void_ticket(seller, ticket_id=ticket.id, at=LATER)
        services.void_ticket(seller, ticket_id=ticket.id, at=LATER)

        assert in_stock(seller) == 100
        assert sum(Paid.objects.values_list("amount_fen", flat=True)) == 0
        with pytest.raises(services.TicketGone, match="took it back"):
            confirm(buyer, ticket)

    def test_what_was_confirmed_cannot_be_taken_back(self, seller, buyer):
        ticket = make_ticket(seller, buyer)
        confirm(buyer, ticket)

        with pytest.raises(services.NotInThatState):
            services.void_ticket(seller, ticket_id=ticket.id, at=LATER)

    @pytest.mark.parametrize(("name", "kind"), [("", "retail"), ("路边小店", "transfer")])
    def test_close_hands_an_open_ticket_to_whom_keeps_no_books(self, seller, name, kind):
        ticket = make_ticket(seller)

        services.close_ticket(seller, ticket_id=ticket.id, buyer_name=name, at=LATER)

        assert Ticket.objects.get().status == "closed"
        assert Flow.objects.latest("pk").kind == kind
        assert lots.in_transit(seller).items == ()

    def test_a_registered_buyer_has_to_confirm(self, seller, buyer):
        ticket = make_ticket(seller, buyer)

        with pytest.raises(services.BuyerMustConfirm):
            services.close_ticket(seller, ticket_id=ticket.id, at=LATER)

    def test_nobody_else_ends_a_ticket(self, seller, buyer):
        ticket = make_ticket(seller, buyer)

        for who in (buyer, make_stall("别家")):
            with pytest.raises((NotFound, services.NotInThatState)):
                services.void_ticket(who, ticket_id=ticket.id, at=LATER)
        assert Ticket.objects.get().status == "open"


class TestRequest:
    def ask(self, seller, buyer, price_fen=400, quantity="10", **more):
        lot = make_lot(seller, "100")
        wanted = order(line(lot, quantity, price_fen))
        return services.request_ticket(buyer, seller_id=seller.party_id, order=wanted, at=AT, **more)

    def test_the_sellers_yes_at_the_same_price_moves_the_goods_counter_signed(self, seller, buyer):
        pk = self.ask(seller, buyer)
        assert in_stock(seller) == 100

        status = services.confirm_request(seller, ticket_id=pk, at=LATER)

        assert status == "accepted"
        assert (in_stock(seller), in_stock(buyer)) == (90, 10)
        assert Flow.objects.latest("pk").proof == "counter_signed"
        assert Purchase.objects.get().total_fen == 4000

    def test_another_price_asks_the_buyer_again(self, seller, buyer):
        pk = self.ask(seller, buyer, price_fen=None)
        line_id = Ticket.objects.get().lines.get().pk

        status = services.confirm_request(seller, ticket_id=pk, prices={line_id: (420, "KGM")}, at=LATER)

        assert status == "open"
        assert confirm(buyer, Ticket.objects.get()).status == "accepted"
        assert Purchase.objects.get().total_fen == 4200

    def test_the_same_key_asks_once(self, seller, buyer):
        lot = make_lot(seller, "100")
        wanted = order(line(lot))
        pks = {
            services.request_ticket(buyer, seller_id=seller.party_id, order=wanted, at=AT, client_key="r1")
            for _ in range(2)
        }
        assert len(pks) == 1

    def test_goods_that_the_seller_has_not_cannot_be_asked_for(self, seller, buyer):
        lot = make_lot(make_stall("别家"), "10")

        with pytest.raises(services.NotInStockThere):
            services.request_ticket(buyer, seller_id=seller.party_id, order=order(line(lot)), at=AT)

    def test_either_side_may_drop_it(self, seller, buyer):
        for who in (seller, buyer):
            pk = self.ask(seller, buyer)
            services.void_ticket(who, ticket_id=pk, at=LATER)
            assert Ticket.objects.get(pk=pk).status == "void"
