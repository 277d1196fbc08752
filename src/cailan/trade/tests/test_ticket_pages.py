"""Pages of tickets and purchases as stalls use them: typed, tapped, scanned, replayed by a phone."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from cailan.lots import services as goods
from cailan.lots.tests.factories import make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party
from cailan.trade import queries
from cailan.trade.models.tickets import Ticket
from cailan.trade.tests.factories import in_stock, know, line, make_stall, make_ticket
from cailan.trade.tests.test_money_pages import QUEUE, key_in, local, sign_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    return make_party("market", "江南市场")


@pytest.fixture
def seller(market):
    return make_stall("阿强蔬菜行", phone="13800000001", market_id=market.pk)


@pytest.fixture
def buyer(market):
    return make_stall("陈姐菜档", market_id=market.pk)


@pytest.fixture
def client(seller):
    return sign_in(seller)


@pytest.fixture
def at_buyer(buyer):
    return sign_in(buyer)


@pytest.fixture
def now():
    return timezone.now() - timedelta(minutes=30)


@pytest.fixture
def lot(seller, now):
    return make_lot(seller, "100", at=now, region="440118")


def entry(lot, quantity="20", price="1.80", **more):
    return {
        "client_key": "k1", "occurred_at": local(timezone.now()), "unit": "JIN", "buyer": "open",
        "payment": "credit", f"quantity_{lot.code}": quantity, f"price_{lot.code}": price, **more,
    }  # fmt: skip


class TestSell:
    @pytest.mark.requirement("S1-4.3.3-1")
    def test_two_products_one_fee_and_a_buyer_from_history(self, client, seller, buyer, lot, now):
        beans = make_lot(seller, "30", at=now, product_id=make_product("豇豆"))
        make_ticket(seller, buyer, at=now, lines=(line(lot, "1", 200, price_uom="JIN"),))

        page = text(client.get("/trade/sell"))
        assert "陈姐菜档" in page
        assert 'value="2.00"' in page  # what this buyer paid last, for a 斤
        data = entry(lot, fee_name_0="装卸费", fee_amount_0="5", buyer=str(buyer.party_id))
        data |= {f"quantity_{beans.code}": "8", f"price_{beans.code}": "3.5", "client_key": key_in(page)}
        answer = client.post("/trade/sell", data)

        ticket = queries.ticket_public(Ticket.objects.latest("pk").code)
        assert answer.url == f"/trade/tickets/{ticket.code}"
        assert sorted(one.quantity for one in ticket.lines) == [4, 10]  # 斤 are kept as kilograms
        assert ticket.total_fen == 3600 + 2800 + 500
        assert Ticket.objects.latest("pk").buyer_id == buyer.party_id

    def test_the_oldest_goods_stand_first_and_what_may_not_go_says_why(self, client, seller, lot, now):
        held = make_lot(seller, "5", at=now - timedelta(days=2), product_id=make_product("豇豆"))
        oldest = make_lot(seller, "5", at=now - timedelta(days=1), product_id=make_product("番茄"))
        goods.hold(seller, lot=held.code, reason="residue", at=now)

        page = text(client.get("/trade/sell"))

        assert page.index(f"quantity_{oldest.code}") < page.index(f"quantity_{lot.code}")
        assert f'name="quantity_{held.code}"' not in page
        assert "On hold: may not be sold" in page

    def test_a_double_tap_is_one_ticket(self, client, seller, lot):
        sent = entry(lot)
        answers = [client.post("/trade/sell", sent) for _ in range(2)]

        assert answers[0].url == answers[1].url
        assert in_stock(seller) == 90

    def test_a_sale_that_oversells_when_synced_comes_back_with_what_is_left(self, client, seller, lot):
        client.post("/trade/sell", entry(lot, "160"))

        answer = client.post("/trade/sell", entry(lot, "60", client_key="k2"), **QUEUE)

        assert answer.status_code == HTTPStatus.CONFLICT
        error = answer.json()["errors"][0]
        assert error["where"] == f"quantity_{lot.code}"
        assert "20 kg are left" in error["what"]
        assert Ticket.objects.count() == 1

    def test_goods_that_were_sold_out_meanwhile_are_refused_by_name(self, client, seller, lot):
        client.post("/trade/sell", entry(lot, "200"))

        answer = client.post("/trade/sell", entry(lot, "2", client_key="k2"), **QUEUE)

        assert answer.status_code == HTTPStatus.CONFLICT
        assert "sold out" in answer.json()["errors"][0]["what"]

    def test_a_phone_that_kept_a_sale_learns_where_it_is(self, client, lot):
        answer = client.post("/trade/sell", entry(lot), **QUEUE)

        assert answer.json()["state"] == "accepted"
        assert answer.json()["url"] == f"/trade/tickets/{Ticket.objects.get().code}"

    @pytest.mark.parametrize(
        ("wrong", "where"),
        [
            ({"quantity": ""}, "weight of at least one lot"),
            ({"quantity": "abc"}, "quantity"),
            ({"quantity": "-3"}, "above zero"),
            ({"quantity": "9" * 30}, "more than anybody"),
            ({"price": ""}, "Enter the price."),
            ({"price": "1.234"}, "at most two decimals"),
            ({"buyer": "99999999999999999999"}, "Select a valid choice"),
            ({"buyer": "new", "buyer_name": " "}, "Write the buyer"),
            ({"payment": "barter"}, "Select a valid choice"),
            ({"due_on": "2020-01-01"}, "cannot lie before the sale"),
            ({"due_on": "31.31.31"}, "valid date"),
            ({"occurred_at": "yesterday"}, "valid date"),
            ({"note": "x\x00y"}, "Null characters"),
        ],
    )
    def test_wrong_input_is_named_and_kept(self, client, seller, lot, wrong, where):
        named = {"quantity": f"quantity_{lot.code}", "price": f"price_{lot.code}"}
        fields = {named.get(name, name): value for name, value in wrong.items()}

        answer = client.post("/trade/sell", entry(lot, plate="粤A88888") | fields)

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.content.decode()[:500]
        page = answer.content.decode()
        assert where in page
        assert "粤A88888" in page
        assert not Ticket.objects.exists()

    def test_the_total_is_added_up_as_the_ticket_will(self, client, lot):
        page = text(client.post("/trade/sell/total", entry(lot, "3.3", "1.85", fee_amount_0="2")))

        assert "8.11" in page  # 3.3 斤 at 1.85 are 6.105, to the fen 6.11

    def test_the_prices_of_another_buyer_come_with_what_was_typed(self, client, seller, buyer, lot, now):
        know(seller, buyer)
        make_ticket(seller, buyer, lines=(line(lot, "1", 250, price_uom="JIN"),), at=now)

        page = text(client.post("/trade/sell/goods", entry(lot, "", "", buyer=str(buyer.party_id))))

        assert 'value="2.50"' in page

    @pytest.mark.requirement("S1-4.3-1")
    def test_the_market_switches_which_screen_its_stalls_see(self, client, market, lot):
        assert "Write a ticket" in text(client.get("/trade/sell"))
        at_market = sign_in(market)
        assert "Retail: short sales" in text(at_market.get("/trade/market"))

        at_market.post("/trade/market", {"mode": "retail"})

        page = text(client.get("/trade/sell"))
        assert 'name="buyer"' not in page
        assert "Sale to a consumer" in page
        assert 'name="buyer"' in text(client.get("/trade/sell?as=ticket"))

    def test_only_a_market_switches_it(self, client):
        assert client.get("/trade/market").status_code == HTTPStatus.NOT_FOUND
        assert client.post("/trade/market", {"mode": "retail"}).status_code == HTTPStatus.FORBIDDEN

    def test_a_sale_to_a_consumer_needs_goods_and_weight_only(self, client, seller, lot):
        answer = client.post("/trade/retail", entry(lot, "4", "2.5", payment="mobile"))

        assert answer.status_code == HTTPStatus.FOUND
        assert (Ticket.objects.get().kind, in_stock(seller)) == ("retail", 98)

    def test_without_goods_the_page_says_what_to_do(self, client):
        page = text(client.get("/trade/sell"))

        assert "Nothing to sell yet" in page
        assert "/trade/buy" in page


class TestDispatch:
    @pytest.mark.requirement("S0-2.2-7")
    def test_a_base_sees_and_is_refused_what_waits_for_its_test(self, now):
        base = make_actor(make_party("base", "绿源基地"))
        lot = make_lot(base, "100", at=now, awaits="self-test")
        client = sign_in(base)

        assert "Waits for its self-test" in text(client.get("/trade/dispatch"))
        answer = client.post("/trade/dispatch", entry(lot, "20"), **QUEUE)
        assert answer.status_code == HTTPStatus.CONFLICT
        assert answer.json()["type"] == "/problems/awaits-test"

        goods.clear(base, lot=lot.code, holder_id=base.party_id, awaits="self-test", reason="passed", at=now)
        assert client.post("/trade/dispatch", entry(lot, "20")).status_code == HTTPStatus.FOUND
        assert Ticket.objects.get().kind == "dispatch"


class TestTicket:
    @pytest.mark.requirement("S1-4.3.3-2")
    def test_the_voucher_is_shown_printed_and_sent(self, client, seller, lot, now):
        ticket = make_ticket(seller, lot=lot, at=now)
        page = text(client.get(f"/trade/tickets/{ticket.code}"))

        assert f"/t/{ticket.code}" in page
        assert client.get(f"/trade/tickets/{ticket.code}.svg")["Content-Type"] == "image/svg+xml"
        for paper in ("80mm", "a5", "a4"):
            printed = client.get(f"/trade/tickets/{ticket.code}/paper/{paper}.pdf")
            assert printed.content.startswith(b"%PDF")
        assert client.get(f"/trade/tickets/{ticket.code}/paper/a0.pdf").status_code == HTTPStatus.NOT_FOUND

    def test_both_sides_see_it_and_nobody_else(self, client, seller, buyer, at_buyer, lot, now):
        ticket = make_ticket(seller, buyer, lot=lot, at=now)
        address = f"/trade/tickets/{ticket.code}"

        assert client.get(address).status_code == at_buyer.get(address).status_code == HTTPStatus.OK
        assert sign_in(make_stall("别家")).get(address).status_code == HTTPStatus.NOT_FOUND

    def test_taking_back_needs_a_tap_and_says_so(self, client, seller, lot, now):
        ticket = make_ticket(seller, lot=lot, at=now)

        answer = client.post(f"/trade/tickets/{ticket.code}/void", follow=True)

        assert "Void" in text(answer)
        assert in_stock(seller) == 100

    def test_the_buyer_cannot_take_it_back(self, seller, buyer, at_buyer, lot, now):
        ticket = make_ticket(seller, buyer, lot=lot, at=now)

        assert at_buyer.post(f"/trade/tickets/{ticket.code}/void").status_code == HTTPStatus.CONFLICT
        assert Ticket.objects.get().status == "open"

    def test_who_keeps_no_books_gets_the_goods_by_name(self, client, seller, lot, now):
        ticket = make_ticket(seller, lot=lot, at=now)

        client.post(f"/trade/tickets/{ticket.code}/close", {"buyer_name": "路边小店"})

        assert (Ticket.objects.get().status, Ticket.objects.get().buyer_name) == ("closed", "路边小店")

    def test_silent_receivers_stay_visible(self, client, seller, buyer, lot, now):
        make_ticket(seller, buyer, lot=lot, at=now)

        page = text(client.get("/trade/tickets?status=open"))

        assert "陈姐菜档" in page
        assert "for 30" in page

    def test_the_list_costs_the_same_for_one_ticket_and_for_many(
        self, client, seller, lot, now, django_assert_max_num_queries
    ):
        for _ in range(8):
            make_ticket(seller, lot=lot, at=now)

        with django_assert_max_num_queries(16):
            client.get("/trade/tickets")

    def test_the_selling_screen_is_budgeted(self, client, seller, now, django_assert_max_num_queries):
        for _ in range(8):
            make_lot(seller, "5", at=now)

        with django_assert_max_num_queries(18):
            client.get("/trade/sell")
