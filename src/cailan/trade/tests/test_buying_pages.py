"""Pages on which a stall buys: scanned and confirmed, disputed, asked for, written by hand."""

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
from cailan.trade.tests.factories import confirm, in_stock, line, make_stall, make_ticket
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


def photo(name="pz.jpg"):
    stream = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")


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

    @pytest.mark.parametrize(
        "code", ["6901234567892", "https://example.com/x", "随便写的", "A" * 300, "'\"><b>"]
    )
    def test_what_nobody_knows_says_what_to_do(self, at_buyer, code):
        answer = at_buyer.get("/scanned", {"code": code})

        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert "Buy by hand" in answer.content.decode()

    def test_a_photo_of_the_code_is_read_here_where_the_phone_cannot(self, at_buyer, seller, lot, now):
        ticket = make_ticket(seller, lot=lot, at=now)
        picture = SimpleUploadedFile(
            "c.png", labels.qr_png(f"https://id.example/t/{ticket.code}", 300), "image/png"
        )

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

    def test_what_is_priced_by_jin_is_received_in_jin(self, seller, buyer, at_buyer, lot, now):
        ticket = make_ticket(seller, buyer, lines=(line(lot, "10", 200, price_uom="JIN"),), at=now)
        address = f"/trade/tickets/{ticket.code}/receive"
        wrong = queries.ticket_public(ticket.code).lines[0].id
        assert f'name="received_{wrong}" value="20"' in text(at_buyer.get(address))

        at_buyer.post(
            address,
            {
                "client_key": "c", "occurred_at": local(timezone.now()), f"received_{wrong}": "15",
                f"reason_{wrong}": "short",
            },
        )  # fmt: skip

        assert in_stock(buyer) == Decimal("7.5")

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
        for asked in (
            "partner=从化",
            "plate=12345",
            "product=菜心",
            "lot=LS-88",
            "origin=增城",
            "voucher=yes",
        ):
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
            ({"quantity_0": "-1"}, "more than zero"),
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
