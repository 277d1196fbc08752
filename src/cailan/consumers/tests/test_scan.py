"""What a shopper reads after one scan, without an account: lots, tickets, recalls, what is missing."""

import base64
import hashlib
import io

import pytest
from PIL import Image

from cailan.consumers.tests.factories import make_day, make_seller
from cailan.lots import queries as lots
from cailan.lots.tests.factories import make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party
from cailan.supervision.tests.factories import make_scandal, start
from cailan.trade.rules.tickets import Kind, Payment
from cailan.trade.services.settling import void_ticket
from cailan.trade.tests.factories import LATER, line, make_purchase, make_ticket

pytestmark = pytest.mark.django_db


def read(client, code, **headers):
    """Return a page as somebody reads it who has no account."""
    response = client.get(f"/t/{code}", headers=headers)
    assert response.status_code == 200
    return seen(response)


def seen(response):
    """Return a page without the styles that come with it."""
    head, _, rest = response.content.decode().partition("<style>")
    return head + rest.partition("</style>")[2]


def block(page, name):
    """Return one block of a lot's page."""
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


class TestLot:
    @pytest.mark.requirement("S0-2.2-14")
    def test_shows_product_seed_work_tests_and_names_what_is_missing(self, client):
        day = make_day()

        page = read(client, day.lot.code)

        assert "菜心" in block(page, "product")
        assert "增城绿源蔬菜专业合作社" in block(page, "product")
        growth = block(page, "growth")
        for fact in ("四九-19号", "粤穗种业", "ZZ2609", "吡虫啉可湿性粉剂", "蚜虫", "PD20261234"):
            assert fact in growth
        assert "安全间隔期 7 天" in growth
        tests = block(page, "tests")
        for fact in ("毒死蜱", "0.01", "≤ 0.02", "SHA-256", "CMA"):
            assert fact in tests
        assert "c-gap" in block(page, "live")  # no sensor in this chain: named, not hidden
        assert page.count('class="is-there"') == 5

    @pytest.mark.requirement("S0-2.2-14")
    def test_names_every_block_that_is_missing(self, client):
        lot = make_lot(make_actor(make_party("base", "无记录农场")))

        page = read(client, lot.code)

        for name in ("growth", "tests", "certificate", "live"):
            assert "c-gap" in block(page, name), name
        assert page.count('class="is-there"') == 1
        assert "没有检测记录" in page

    @pytest.mark.requirement("S0-2.3.2-3")
    def test_one_code_opens_the_promise_certificate_and_the_chain(self, client):
        day = make_day()

        page = read(client, day.lot.code)

        certificate = block(page, "certificate")
        for fact in ("菜心", "增城绿源蔬菜专业合作社", "138****8000", "广东省广州市增城区", "2026-11-20"):
            assert fact in certificate
        assert "c-chain" in page
        picture = client.get(f"/t/{day.lot.code}.svg")
        assert picture.headers["Content-Type"] == "image/svg+xml"

    def test_names_no_person_behind_the_field(self, client):
        day = make_day()

        page = read(client, day.lot.code)

        assert "黄志强" not in page
        assert "13800138000" not in page

    def test_a_failed_test_comes_before_anything_else(self, client):
        page = read(client, make_day_failed().code)

        assert page.index("c-answer--held") < page.index("<h1>")

    def test_costs_as_many_statements_however_long_the_chain(self, client, django_assert_max_num_queries):
        day = make_day()
        read(client, day.lot.code)

        with django_assert_max_num_queries(42):
            read(client, day.lot.code)


def make_day_failed():
    """Return a lot whose laboratory's report failed."""
    from cailan.production.tests.factories import harvested_lot
    from cailan.quality.tests.factories import make_laboratory, make_limits, make_report

    make_product()
    make_limits()
    base = make_actor(make_party("base", "绿源基地"))
    lot = harvested_lot(base)
    make_report(base, lot, make_laboratory(), passes=False)
    return lot


class TestPhoto:
    def test_shows_a_picture_of_the_chain_to_whoever_has_the_code(self, client):
        day = make_day()

        page = read(client, day.lot.code)
        opened = client.get(f"/t/{day.lot.code}/photos/{day.photo_id}?size=320")

        assert f"/t/{day.lot.code}/photos/{day.photo_id}?size=320" in page
        assert opened.headers["Content-Type"] == "image/jpeg"
        assert Image.open(io.BytesIO(opened.content)).size == (320, 240)

    def test_opens_nothing_that_is_not_of_that_chain(self, client):
        from cailan.consumers.tests.factories import keep_photo

        day = make_day()
        foreign = keep_photo(day.base, "private.jpg", colour=(200, 30, 30))
        other = make_lot(make_actor(make_party("base", "别家农场")))

        assert client.get(f"/t/{day.lot.code}/photos/{foreign}").status_code == 404
        assert client.get(f"/t/{other.code}/photos/{day.photo_id}").status_code == 404
        assert client.get(f"/t/{day.ticket.code}/photos/{day.photo_id}").status_code == 404
        assert client.get("/t/nothing/photos/99999999999999999999").status_code == 404


class TestTicket:
    @pytest.mark.requirement("S1-4.4.1-1")
    @pytest.mark.requirement("S1-4.3.4-1")
    def test_shows_the_eight_fields_to_a_plain_scanner(self, client):
        seller = make_seller()
        make_purchase(seller, "100")
        lot = lots.stock(seller).items[0].lot
        ticket = make_ticket(seller, lines=(line(lot, "12.5", 480),), kind=Kind.RETAIL, payment=Payment.CASH)

        page = read(client, ticket.code)

        fields = ("欧阳*", ticket.number, "2026-11-20", "4.80", "60.00", "A12", "菜心", "广东省广州市增城区")
        for fact in fields:
            assert fact in page
        assert "<strong>25</strong>" in page  # jin
        assert "12.5 公斤" in page or "12.5 kg" in page
        assert "江南果菜批发市场" in page
        assert "小明" not in page
        assert f"/t/{lot.code}" in page

    @pytest.mark.requirement("S1-4.4-1")
    def test_leads_from_the_voucher_to_the_first_record(self, client):
        day = make_day()

        page = read(client, day.ticket.code)
        chain = read(client, day.lot.code)

        assert f'href="/t/{day.lot.code}"' in page
        assert "增城绿源蔬菜专业合作社" in chain
        assert "c-chain" in chain
        assert "/verify?record=" in page

    def test_says_whether_the_buyer_confirmed(self, client):
        day = make_day()

        assert "买方已确认收货" in read(client, day.ticket.code)

    def test_says_that_a_ticket_was_cancelled(self, client):
        seller = make_seller()
        ticket = make_ticket(seller, make_actor(make_party("merchant", "阿强蔬菜行")))
        void_ticket(seller, ticket_id=ticket.id, at=LATER)

        assert "已作废" in read(client, ticket.code)

    def test_a_typed_code_leads_to_it(self, client):
        ticket = make_ticket(make_seller())

        for typed in (ticket.code.lower(), f" {ticket.code} ", f"https://example.org/t/{ticket.code}"):
            answer = client.get("/t", {"code": typed})
            assert answer.headers["Location"] == f"/t/{ticket.code}"
        assert client.get(f"/t/{ticket.code}.svg").status_code == 200

    def test_costs_as_many_statements_for_ten_lines_as_for_one(self, client, django_assert_max_num_queries):
        seller = make_seller()
        ticket = make_ticket(seller, lines=tuple(line(make_lot(seller, "100"), "1", 100) for _ in range(10)))

        with django_assert_max_num_queries(25):
            page = read(client, ticket.code)

        assert page.count("s-line__weight") == 10


class TestRecall:
    @pytest.mark.requirement("S1-4.4-4")
    def test_turns_at_the_next_look_with_what_to_do_and_where_to_return(self, client):
        scandal = make_scandal()
        before = client.get(f"/t/{scandal.lot.code}")
        number = start(scandal)

        after = client.get(f"/t/{scandal.lot.code}")
        page = seen(after)

        assert "s-recall" not in seen(before)
        assert page.index("s-recall") < page.index("c-answer")
        for fact in ("立即停止销售，就地封存并报告数量。", "原购买摊位", f"/recalls/{number}", "增城市监局"):
            assert fact in page
        assert before.headers["Cache-Control"] == after.headers["Cache-Control"] == "no-store"

    @pytest.mark.requirement("S1-4.4-4")
    def test_reaches_goods_made_from_it_and_vouchers(self, client):
        scandal = make_scandal()
        voucher = make_ticket(
            scandal.wholesaler,
            lot=scandal.lot,
            quantity="2",
            kind=Kind.RETAIL,
            payment=Payment.CASH,
            at=LATER,
        )
        start(scandal, at=LATER)

        for code in (scandal.bags, voucher.code):
            page = read(client, code)
            assert "s-recall" in page
            assert "原购买摊位" in page


class TestUnknown:
    @pytest.mark.parametrize(
        "text", ["NOTHING", "261120SE46594GXP6AD6T", "a" * 400, "../../etc", "😀", "01/2/3"]
    )
    def test_a_code_that_is_not_ours_gets_a_page_with_a_next_step(self, client, text):
        response = client.get(f"/t/{text}")

        assert response.status_code == 404
        assert 'name="code"' in response.content.decode()

    def test_a_ticket_that_was_only_asked_for_is_nobodys_voucher(self, client):
        from cailan.trade.models import Ticket

        ticket = make_ticket(make_seller())
        Ticket.objects.filter(code=ticket.code).update(status="requested")

        assert client.get(f"/t/{ticket.code}").status_code == 404


def test_the_styles_come_with_the_page_and_the_policy_lets_in_nothing_else(client):
    response = client.get(f"/t/{make_lot(make_actor(make_party('base', '无记录农场'))).code}")
    sheet = response.content.decode().partition("<style>")[2].partition("</style>")[0]

    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()

    assert ".s-glance" in sheet
    assert f"style-src 'self' 'sha256-{digest}'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert 'rel="stylesheet"' not in response.content.decode()
