"""Pages of a stall's money, stock, ledger and evidence, as people use them."""

import re
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from cailan.accounts import services as accounts
from cailan.accounts.models import User
from cailan.kernel.access import SYSTEM
from cailan.labels.queries import fonts
from cailan.lots import queries as lots
from cailan.parties.models import Party
from cailan.parties.tests.factories import make_party
from cailan.trade import services
from cailan.trade.models import CashEntry, Payment, StockTake
from cailan.trade.tests.orders import buy, know, lot_of, make_stall, sell

pytestmark = pytest.mark.django_db
QUEUE = {"HTTP_ACCEPT": "application/json"}


def sign_in(actor_or_party, role="owner"):
    party = (
        actor_or_party if isinstance(actor_or_party, Party) else Party.objects.get(pk=actor_or_party.party_id)
    )
    user = User.objects.create(
        username=f"u{party.pk}{role}", display_name="档主", password_changed_at=timezone.now()
    )
    accounts.grant(
        SYSTEM, user_id=user.pk, party_id=party.pk, party_name=party.name, party_kind=party.kind,
        region=party.area_id or "", role=role,
    )  # fmt: skip
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def stall():
    return make_stall(market_id=make_party("market", "江南市场").pk)


@pytest.fixture
def client(stall):
    return sign_in(stall)


@pytest.fixture
def now():
    return timezone.now() - timedelta(minutes=30)


def text(response):
    assert response.status_code == HTTPStatus.OK, response.content.decode()[:2_000]
    return response.content.decode()


def key_in(page):
    return re.search(r'name="client_key" value="([^"]+)"', page)[1]


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


class TestDay:
    def test_shows_takings_cost_margin_and_debts(self, stall, client, now):
        lot = lot_of(buy(stall, "100", 40_000, at=now))
        sell(stall, lot, "10", 9_000, buyer_id=know(stall, "好味酒楼"), at=now)

        page = text(client.get("/trade/day"))

        for words in ("90.00", "40.00", "50.00", "56 %", "360.00", "Best sellers", "Owed to us"):
            assert words in page

    @pytest.mark.requirement("S1-4.3.6-1")
    def test_an_employee_sees_neither_margin_nor_debts(self, stall, now):
        lot = lot_of(buy(stall, "100", 40_000, at=now))
        sell(stall, lot, "10", 9_000, at=now)
        clerk = sign_in(stall, "clerk")

        page = text(clerk.get("/trade/day"))

        assert "90.00" in page
        assert "Margin" not in page
        assert "Owed to us" not in page
        for address in ("/trade/debts", "/trade/cash", "/trade/debts/statement?name=x"):
            assert clerk.get(address).status_code == HTTPStatus.FORBIDDEN

    def test_a_day_without_sales_says_what_to_do(self, client):
        assert "Nothing sold on this day" in text(client.get("/trade/day"))

    @pytest.mark.parametrize("day", ["x", "0001-01-01", "9999-12-31", "2026-13-40"])
    def test_a_date_that_is_none_is_refused(self, client, day):
        assert client.get("/trade/day", {"date": day}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


class TestDebtsPage:
    @pytest.mark.requirement("S1-4.3-5")
    def test_a_sale_on_credit_is_paid_in_parts_marked_when_overdue_and_shared(self, stall, client, now):
        partner = know(stall, "好味酒楼")
        lot = lot_of(buy(stall, "100", None, at=now))
        late = (timezone.localdate() - timedelta(days=1)).isoformat()
        sell(stall, lot, "10", 9_000, buyer_id=partner, due_on=late, payment="credit", at=now)

        listed = text(client.get("/trade/debts"))
        assert "好味酒楼" in listed
        assert "tone-blocked" in listed  # overdue

        address = f"/trade/debts/statement?side=owed&party={partner}"
        page = text(client.get(address))
        entry = {
            "client_key": key_in(page), "amount": "40", "method": "cash", "occurred_at": local(timezone.now())
        }  # fmt: skip
        assert client.post(address, entry).status_code == HTTPStatus.FOUND
        client.post(address, entry)  # a double tap
        page = text(client.get(address))
        assert "50.00" in page
        assert Payment.objects.get().amount_fen == 4_000

        link = re.search(r'href="(/trade/statements/[^"]+)"', page)[1]
        shared = text(Client().get(link))
        assert "50.00" in shared
        assert "老陈菜档" in shared

    def test_too_much_is_refused_at_the_amount_and_kept(self, stall, client, now):
        lot = lot_of(buy(stall, "100", None, at=now))
        sell(stall, lot, "10", 9_000, buyer_name="王师傅", at=now)
        address = "/trade/debts/statement?side=owed&name=王师傅"
        entry = {"client_key": "k", "amount": "100", "method": "cash", "occurred_at": local(timezone.now())}

        refused = client.post(address, entry)

        page = refused.content.decode()
        assert refused.status_code == HTTPStatus.CONFLICT
        assert 'value="100"' in page
        assert "90.00 yuan are owed" in page

    @pytest.mark.parametrize("amount", ["", "abc", "-1", "0", "1.234", "9" * 29, "\x00"])
    def test_what_is_no_amount_is_refused(self, stall, client, now, amount):
        lot = lot_of(buy(stall, "100", None, at=now))
        sell(stall, lot, "10", 9_000, buyer_name="王师傅", at=now)
        entry = {"client_key": "k", "amount": amount, "method": "cash", "occurred_at": local(timezone.now())}

        refused = client.post("/trade/debts/statement?side=owed&name=王师傅", entry)

        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert not Payment.objects.exists()

    @pytest.mark.parametrize(
        "query", ["party=x", "party=99999999999999999999", "name=nobody", "party=1&side=zz"]
    )
    def test_an_account_with_nobody_is_not_found(self, client, query):
        assert client.get(f"/trade/debts/statement?{query}").status_code == HTTPStatus.NOT_FOUND

    def test_the_paper_is_a_pdf(self, stall, client, now):
        if not fonts.REGULAR.is_file():
            pytest.skip("the build has not brought the letters")
        lot = lot_of(buy(stall, "100", None, at=now))
        sell(stall, lot, "10", 9_000, buyer_name="王师傅", at=now)

        paper = client.get("/trade/debts/statement?side=owed&name=王师傅&format=pdf")

        assert paper.content.startswith(b"%PDF")


class TestCashPage:
    @pytest.mark.requirement("S1-4.3-4")
    def test_an_entry_counts_in_day_and_month_and_each_line_opens_its_order(self, stall, client, now):
        lot = lot_of(buy(stall, "100", 20_000, at=now))
        ticket = sell(stall, lot, "10", 9_000, buyer_name="王师傅", at=now)
        services.record_payment(stall, ticket_id=ticket.pk, amount_fen=9_000, method="cash", at=now)
        page = text(client.get("/trade/cash/new"))
        entry = {
            "client_key": key_in(page), "kind": "rent", "amount": "1,200", "method": "transfer",
            "counterpart": "市场管理处", "note": "十一月", "occurred_at": local(now),
        }  # fmt: skip
        assert client.post("/trade/cash/new", entry).status_code == HTTPStatus.FOUND
        assert client.post("/trade/cash/new", entry).status_code == HTTPStatus.FOUND

        day = timezone.localtime(now).date().isoformat()
        for query in (f"date={day}", f"date={day}&by=month"):
            page = text(client.get(f"/trade/cash?{query}"))
            assert "1,200.00" in page
            assert "Rent of the stall" in page
            assert f"/trade/orders/owed/{ticket.pk}" in page
        assert CashEntry.objects.count() == 1

    def test_a_wrong_entry_is_taken_back_with_a_reason(self, stall, client):
        number = services.add_cash_entry(stall, kind="rent", amount_fen=100, method="cash", at=timezone.now())

        assert client.post(f"/trade/cash/entry/{number}/take-back", {"reason": ""}).status_code == 422
        done = client.post(f"/trade/cash/entry/{number}/take-back", {"reason": "写错"}, follow=True)

        assert "counter-entry" in text(done)
        assert client.get("/trade/cash/nonsense/1/take-back").status_code == HTTPStatus.NOT_FOUND
        assert client.get("/trade/cash/entry/999999/take-back").status_code == HTTPStatus.NOT_FOUND

    def test_the_phones_queue_is_told_the_field(self, client):
        entry = {
            "client_key": "k",
            "kind": "party",
            "amount": "x",
            "method": "cash",
            "occurred_at": "2026-11-20T08:00",
        }

        refused = client.post("/trade/cash/new", entry, **QUEUE)

        assert refused["Content-Type"] == "application/problem+json"
        assert {one["where"] for one in refused.json()["errors"]} == {"kind", "amount"}


class TestStockPages:
    @pytest.mark.requirement("S1-4.3-2")
    def test_a_purchase_raises_and_a_sale_lowers_the_lots_stock_and_the_ledger_agrees(
        self, stall, client, now
    ):
        lot = lot_of(buy(stall, "100", 20_000, supplier_name="元谋合作社", at=now))
        assert "100" in text(client.get("/trade/stock"))

        sell(stall, lot, "37", 9_000, buyer_name="王师傅", at=now)

        page = text(client.get("/trade/stock"))
        assert "63" in page
        assert "元谋合作社" in page
        assert "37" in text(client.get("/trade/ledger?side=sold"))
        assert "100" in text(client.get("/trade/ledger?side=bought"))

    def test_a_count_shows_its_differences_before_it_is_booked(self, stall, client, now):
        [line] = buy(stall, "100", 20_000, at=now).lines.all()
        one = line.holding_id
        page = text(client.get("/trade/stock/count"))
        sheet = {
            "client_key": key_in(page), "occurred_at": local(timezone.now()), f"counted_{one}": "97",
            f"seen_{one}": "100", f"reason_{one}": "自然损耗",
        }  # fmt: skip

        check = text(client.post("/trade/stock/count", sheet))
        assert "-3" in check
        assert not StockTake.objects.exists()

        for _tap in range(2):
            assert (
                client.post("/trade/stock/count", {**sheet, "confirmed": "1"}).status_code == HTTPStatus.FOUND
            )
        assert [holding.remaining for holding in lots.stock(stall).items] == [Decimal(97)]

    def test_a_count_from_the_phones_queue_is_booked_at_once(self, stall, client, now):
        [line] = buy(stall, "100", 20_000, at=now).lines.all()
        one = line.holding_id
        sheet = {
            "client_key": "k",
            "occurred_at": local(timezone.now()),
            f"counted_{one}": "97",
            f"seen_{one}": "100",
        }

        refused = client.post("/trade/stock/count", sheet, **QUEUE)
        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert refused.json()["errors"][0]["where"] == f"reason_{one}"

        taken = client.post("/trade/stock/count", {**sheet, f"reason_{one}": "损耗"}, **QUEUE)
        assert taken.json()["state"] == "accepted"

    @pytest.mark.parametrize("counted", ["abc", "-1", "9" * 30, "1.1234567", "\x00"])
    def test_nonsense_in_a_count_is_said_at_its_field(self, stall, client, now, counted):
        [line] = buy(stall, "100", 20_000, at=now).lines.all()
        one = line.holding_id
        sheet = {
            "client_key": "k", "occurred_at": local(timezone.now()), "confirmed": "1", f"counted_{one}": counted,
            f"seen_{one}": "100", f"reason_{one}": "x",
        }  # fmt: skip

        refused = client.post("/trade/stock/count", sheet)

        assert refused.status_code in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT}
        assert [holding.remaining for holding in lots.stock(stall).items] == [Decimal(100)]

    def test_nobody_counts_the_stock_of_others(self, client, now):
        [line] = buy(make_stall("别家"), "100", 20_000, at=now).lines.all()
        one = line.holding_id
        sheet = {"client_key": "k", "occurred_at": local(timezone.now()), "confirmed": "1", f"counted_{one}": "1",
                 f"seen_{one}": "100", f"reason_{one}": "x"}  # fmt: skip

        assert client.post("/trade/stock/count", sheet).status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    def test_a_loss_is_written_off_with_its_reason(self, stall, client, now):
        purchase = buy(stall, "100", 20_000, at=now)
        page = text(client.get(f"/trade/stock/loss?lot={lot_of(purchase).code}"))
        entry = {
            "client_key": key_in(page), "holding": purchase.lines.get().holding_id, "quantity": "3",
            "reason": "spoiled", "occurred_at": local(timezone.now()),
        }  # fmt: skip

        assert client.post("/trade/stock/loss", entry).status_code == HTTPStatus.FOUND
        too_much = client.post("/trade/stock/loss", {**entry, "client_key": "other", "quantity": "300"})

        assert too_much.status_code == HTTPStatus.CONFLICT
        assert 'value="300"' in too_much.content.decode()
        assert [holding.remaining for holding in lots.stock(stall).items] == [Decimal(97)]


class TestLedgerPage:
    @pytest.mark.requirement("S1-4.3.5-1")
    def test_filters_by_any_field_and_exports(self, stall, client, now):
        buy(stall, "100", 20_000, supplier_name="元谋合作社", plate="粤A12345", origin="云南元谋", at=now)
        buy(stall, "50", 10_000, supplier_name="连州农场", at=now)

        page = text(client.get("/trade/ledger", {"plate": "A12345", "origin": "元谋", "weight_min": "60"}))
        assert "元谋合作社" in page
        assert "连州农场" not in page
        address = "/trade/ledger.csv?side=bought&plate=A12345"
        assert address.replace("&", "&amp;").split("?")[0] in page
        lines = b"".join(client.get(address)).decode().splitlines()
        assert len(lines) == 2
        sheet = client.get("/trade/ledger.xlsx")
        assert b"".join(sheet).startswith(b"PK")

    @pytest.mark.requirement("S1-4.3.1-5")
    def test_from_a_sale_two_clicks_lead_to_supplier_and_origin(self, stall, now):
        purchase = buy(stall, "100", 20_000, supplier_name="元谋合作社", supplier_phone="13811112222",
                       origin="云南元谋", at=now)  # fmt: skip
        sell(stall, lot_of(purchase), "10", 5_000, buyer_name="王师傅", at=now)
        official = sign_in(make_party("regulator", area="440118"))

        sales = text(official.get(f"/trade/ledger?side=sold&party={stall.party_id}"))
        link = re.search(r'href="(\?side=bought&amp;behind=[^"]+)"', sales)[1].replace("&amp;", "&")
        page = text(official.get(f"/trade/ledger{link}"))

        for words in ("元谋合作社", "13811112222", "云南元谋"):
            assert words in page

    def test_who_does_not_oversee_finds_nothing(self, stall):
        far = sign_in(make_party("regulator", region="440117", area="440117"))

        assert far.get(f"/trade/ledger?party={stall.party_id}").status_code == HTTPStatus.NOT_FOUND
        assert far.get(f"/trade/ledger.csv?party={stall.party_id}").status_code == HTTPStatus.NOT_FOUND
        assert far.get("/trade/ledger?party=abc").status_code == HTTPStatus.NOT_FOUND

    @pytest.mark.parametrize(
        "query",
        [
            {"since": "x"}, {"weight_min": "x"}, {"price_min": "1.234"}, {"since": "2026-11-20", "until": "2026-11-01"},
            {"since": "0001-01-01"}, {"until": "9999-12-31"}, {"weight_max": "9" * 40},
        ],
    )  # fmt: skip
    def test_a_filter_that_cannot_be_read_is_said_at_its_field(self, client, query):
        refused = client.get("/trade/ledger", query)

        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "c-field__error" in refused.content.decode()
        assert client.get("/trade/ledger.csv", query).status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    def test_in_a_fixed_number_of_statements(self, stall, client, now, django_assert_max_num_queries):
        lot = lot_of(buy(stall, "100", 20_000, at=now))
        for number in range(12):
            sell(stall, lot, "1", 100, buyer_name=f"客{number}", at=now)
        for address, most in (
            ("/trade/ledger?side=sold", 16), ("/trade/ledger", 16), ("/trade/day", 36), ("/trade/stock", 16),
            ("/trade/debts", 14), ("/trade/cash", 12), ("/trade/stock/count", 12),
        ):  # fmt: skip
            with django_assert_max_num_queries(most):
                text(client.get(address))


class TestEvidencePage:
    def test_shows_source_and_seals_and_makes_one_paper(self, stall, client, now):
        purchase = buy(stall, "100", 20_000, supplier_name="元谋合作社", supplier_phone="13811112222", at=now)
        code = lot_of(purchase).code

        page = text(client.get(f"/trade/evidence/{code}"))
        for words in ("元谋合作社", "13811112222", "Proof file", "No test of this lot is recorded."):
            assert words in page
        if fonts.REGULAR.is_file():
            assert client.get(f"/trade/evidence/{code}?format=pdf").content.startswith(b"%PDF")

    def test_is_not_for_who_never_had_the_lot(self, stall, now):
        code = lot_of(buy(stall, "100", 20_000, at=now)).code

        assert sign_in(make_stall("别家")).get(f"/trade/evidence/{code}").status_code == HTTPStatus.NOT_FOUND
        official = sign_in(make_party("regulator", area="440118"))
        assert official.get(f"/trade/evidence/{code}").status_code == HTTPStatus.FORBIDDEN
