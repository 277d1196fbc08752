"""Pages of tickets and purchases as stalls use them: typed, tapped, scanned, replayed by a phone."""

import io
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from cailan.labels import queries as labels
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.tests.factories import make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party
from cailan.trade import queries
from cailan.trade.models.tickets import Dispute, Purchase, Ticket
from cailan.trade.tests.factories import confirm, in_stock, know, line, make_stall, make_ticket
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


def photo(name="pz.jpg"):
    stream = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")


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
            ({"quantity": "-3"}, "in digits"),
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


class TestScan:
    @pytest.mark.requirement("S1-4.3.4-2")
    def test_a_scan_drafts_one_tap_confirms_and_twice_is_once(self, seller, buyer, at_buyer, lot, now):
        ticket = make_ticket(seller, lot=lot, at=now)

        draft = at_buyer.get(f"/scanned?code=https://id.cailan.example/t/{ticket.code}", follow=True)
        page = text(draft)
        assert "阿强蔬菜行" in page
        assert lot.number in page
        sent = {"client_key": key_in(page), "occurred_at": local(timezone.now())}
        at_buyer.post(f"/trade/tickets/{ticket.code}/receive", sent)
        assert in_stock(buyer) == 10

        again = at_buyer.get(f"/scanned?code={ticket.code}", follow=True)
        assert ticket.number in text(again)
        assert Purchase.objects.count() == 1
        replayed = at_buyer.post(f"/trade/tickets/{ticket.code}/receive", sent, **QUEUE)
        assert replayed.json()["url"] == f"/trade/purchases/{Purchase.objects.get().pk}"
        assert in_stock(buyer) == 10

    def test_another_stall_that_comes_late_is_told_so(self, seller, buyer, lot, now):
        ticket = make_ticket(seller, lot=lot, at=now)
        confirm(buyer, ticket, at=now)

        answer = sign_in(make_stall("第三家")).get(f"/scanned?code={ticket.code}", follow=True)

        assert answer.status_code == HTTPStatus.CONFLICT
        assert "Another buyer confirmed it" in answer.content.decode()

    @pytest.mark.requirement("S3-4.3.2-1")
    def test_the_label_on_a_basket_leads_to_the_open_ticket_with_it(self, seller, buyer, at_buyer, lot, now):
        ticket = make_ticket(seller, buyer, lot=lot, at=now)

        answer = at_buyer.get(f"/scanned?code={lot.code}")

        assert answer.url == f"/trade/tickets/{ticket.code}/receive"
        page = text(at_buyer.get(answer.url))
        for told in ("菜心", "阿强蔬菜行", lot.number, f"{timezone.localtime(now):%Y-%m-%d}"):
            assert told in page

    def test_the_label_of_goods_on_sale_asks_their_seller(self, client, seller, buyer, at_buyer, lot):
        answer = at_buyer.get(f"/scanned?code={lot.code}")
        assert answer.url == f"/trade/ask?code={lot.code}"

        sent = {
            "client_key": key_in(text(at_buyer.get(answer.url))), "occurred_at": local(timezone.now()),
            "seller": seller.party_id, "quantity": "30", "unit": "JIN", "price": "1.9",
        }  # fmt: skip
        asked = at_buyer.post(answer.url, sent, follow=True)
        assert "Asked for" in text(asked)
        ticket = Ticket.objects.get()
        assert "Yes, hand over" in text(client.get(f"/trade/tickets/{ticket.code}"))
        client.post(f"/trade/tickets/{ticket.code}/confirm", {f"price_{ticket.lines.get().pk}": "1.90"})

        assert (in_stock(seller), in_stock(buyer)) == (85, 15)
        assert Purchase.objects.get().total_fen == 5700

    def test_ones_own_label_opens_ones_own_lot(self, client, lot):
        assert client.get(f"/scanned?code={lot.code}").url == f"/lots/{lot.code}"

    @pytest.mark.parametrize("code", ["6901234567892", "https://example.com/x", "随便写的", "A" * 300, "'\"><b>"])
    def test_what_nobody_knows_says_what_to_do(self, at_buyer, code):
        answer = at_buyer.get("/scanned", {"code": code})

        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert "Buy by hand" in answer.content.decode()

    def test_a_photo_of_the_code_is_read_here_where_the_phone_cannot(self, at_buyer, seller, lot, now):
        ticket = make_ticket(seller, lot=lot, at=now)
        picture = SimpleUploadedFile("c.png", labels.qr_png(f"https://id.example/t/{ticket.code}", 300), "image/png")

        answer = at_buyer.post("/scan", {"photo": picture})

        assert ticket.code in answer.url

    @pytest.mark.parametrize("content", [b"no picture", b""])
    def test_a_photo_without_a_code_is_refused(self, at_buyer, content):
        answer = at_buyer.post("/scan", {"photo": SimpleUploadedFile("c.png", content, "image/png")})

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    def test_less_came_with_a_photo_and_both_see_it_until_it_is_settled(
        self, client, seller, buyer, at_buyer, lot, now
    ):
        ticket = make_ticket(seller, buyer, lot=lot, at=now)
        address = f"/trade/tickets/{ticket.code}/receive"
        wrong = queries.ticket_public(ticket.code).lines[0].id
        sent = {
            "client_key": "c1", "occurred_at": local(timezone.now()), f"received_{wrong}": "7.5",
            f"reason_{wrong}": "short", "note": "少了一筐", "photos": photo(),
        }  # fmt: skip

        missing = at_buyer.post(address, sent | {f"reason_{wrong}": ""})
        assert missing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        at_buyer.post(address, sent | {"photos": photo()})

        for side in (client, at_buyer):
            page = text(side.get(f"/trade/tickets/{ticket.code}"))
            assert "Less came than the ticket says" in page
            assert "少了一筐" in page
        dispute = Dispute.objects.get()
        assert (dispute.open_quantity, len(dispute.document_ids)) == (Decimal("2.5"), 1)
        client.post(f"/trade/tickets/{ticket.code}/disputes/{dispute.pk}", {"outcome": "taken-back"})
        assert "Settled" in text(at_buyer.get(f"/trade/tickets/{ticket.code}"))

    def test_a_hold_that_came_in_between_says_why(self, seller, buyer, at_buyer, lot, now):
        ticket = make_ticket(seller, buyer, lot=lot, at=now)
        goods.hold(seller, lot=lot.code, reason="residue", at=now)

        answer = at_buyer.post(
            f"/trade/tickets/{ticket.code}/receive", {"client_key": "c", "occurred_at": local(timezone.now())}
        )

        assert answer.status_code == HTTPStatus.CONFLICT
        assert "on hold" in answer.content.decode()


class TestBuy:
    def sent(self, **more):
        return {
            "client_key": "p1", "occurred_at": local(timezone.now()), "rows": "1", "supplier": "new",
            "supplier_name": "从化李叔", "product_0": "菜心", "quantity_0": "120", "uom_0": "JIN", "price_0": "1.5",
            "origin_0": "增城区", "pieces_0": "6", "batch_0": "LS-88", "plate": "粤a·12345", "payment": "cash", **more,
        }  # fmt: skip

    @pytest.fixture(autouse=True)
    def _known(self):
        make_product("菜心")
        make_party("merchant", region="440118")

    @pytest.mark.requirement("S1-4.3.2-1")
    def test_a_purchase_with_voucher_and_plate_is_booked_and_every_field_found(self, at_buyer, buyer):
        answer = at_buyer.post("/trade/buy", self.sent(vouchers=[photo(), photo("b.jpg")]))

        found = queries.get_purchase(buyer, Purchase.objects.get().pk)
        assert answer.url == f"/trade/purchases/{found.id}"
        first = found.lines[0]
        assert (first.product, first.quantity, first.uom, first.pieces) == ("菜心", 60, "KGM", 6)
        assert (first.batch, first.origin) == ("LS-88", "广东省广州市增城区")
        assert (found.plate, found.supplier, found.total_fen, len(found.vouchers)) == (
            "粤A·12345", "从化李叔", 18000, 1,
        )  # the same picture twice is kept once  # fmt: skip
        for asked in ("partner=从化", "plate=12345", "product=菜心", "lot=LS-88", "origin=增城", "voucher=yes"):
            assert "从化李叔" in text(at_buyer.get(f"/trade/ledger?side=bought&{asked}")), asked

    def test_what_was_photographed_stays_when_something_else_is_wrong(self, at_buyer):
        answer = at_buyer.post("/trade/buy", self.sent(vouchers=photo(), quantity_0="abc"))

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        page = answer.content.decode()
        kept = page.partition('name="documents" value="')[2].partition('"')[0]
        assert kept.isdigit()
        assert "从化李叔" in page
        at_buyer.post("/trade/buy", self.sent(documents=kept))
        assert Purchase.objects.get().document_ids == [int(kept)]

    def test_a_replayed_purchase_is_booked_once(self, at_buyer, buyer):
        sent = self.sent()
        answers = [at_buyer.post("/trade/buy", sent, **QUEUE) for _ in range(2)]

        assert answers[0].json()["url"] == answers[1].json()["url"]
        assert in_stock(buyer) == 60

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"supplier_name": ""}, "Say from whom"),
            ({"product_0": ""}, "required"),
            ({"quantity_0": "-1"}, "in digits"),
            ({"quantity_0": "9" * 25}, "more than anybody"),
            ({"price_0": "x"}, "amount in yuan"),
            ({"origin_0": ""}, "required"),
            ({"pieces_0": "1.5"}, "whole number"),
            ({"supplier": "123456789012345678901"}, "Select a valid choice"),
            ({"batch_0": "a\x00b"}, "Null characters"),
        ],
    )
    def test_wrong_input_is_named_and_kept(self, at_buyer, wrong, told):
        answer = at_buyer.post("/trade/buy", self.sent(note="三号车") | wrong)

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert told in answer.content.decode()
        assert "三号车" in answer.content.decode()
        assert not Purchase.objects.exists()

    def test_foreign_vouchers_are_left_out(self, at_buyer, client, seller):
        client.post("/trade/buy", self.sent(vouchers=photo()))
        theirs = Purchase.objects.get().document_ids[0]

        at_buyer.post("/trade/buy", self.sent(documents=f"{theirs},x,{'9' * 40}"))

        assert Purchase.objects.latest("pk").document_ids == []

    def test_one_more_product_keeps_what_was_typed(self, at_buyer):
        page = text(at_buyer.post("/trade/buy", self.sent(more="1")))

        assert 'name="product_1"' in page
        assert "从化李叔" in page

    def test_more_vouchers_can_come_later(self, at_buyer):
        at_buyer.post("/trade/buy", self.sent())
        pk = Purchase.objects.get().pk

        at_buyer.post(f"/trade/purchases/{pk}", {"vouchers": photo()})

        assert len(Purchase.objects.get().document_ids) == 1

    @pytest.mark.requirement("S0-2.2-8")
    def test_what_a_centre_buys_waits_for_the_laboratory(self):
        centre = make_actor(make_party("distribution_centre", "配送中心"))

        sign_in(centre).post("/trade/buy", self.sent())

        assert [one.awaits for one in lots.waiting(centre).items] == ["incoming-test"]
