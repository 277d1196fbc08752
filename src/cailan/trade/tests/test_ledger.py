"""The purchase and sales ledger: every filter, whose it is, and how it leaves."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cailan.documents import services as documents
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.rules.requests import Line, NewLot, Transform
from cailan.lots.tests.factories import AT, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party
from cailan.trade import queries
from cailan.trade.models import Purchase, PurchaseLine, Ticket, TicketLine
from cailan.trade.rules.ledger import BOUGHT, SOLD, Filters, harmless
from cailan.trade.tests.orders import buy, lot_of, make_stall, sell

pytestmark = pytest.mark.django_db


@pytest.fixture
def stall():
    return make_stall()


def asked(actor, side=BOUGHT, **filters):
    return [row.id for row in queries.list_ledger(actor, side=side, filters=Filters(**filters)).items]


class TestPurchases:
    @pytest.fixture
    def two(self, stall):
        one = buy(
            stall, "100", 30_000, supplier_name="元谋合作社", supplier_phone="13811112222", plate="粤A12345",
            origin="云南省元谋县", pieces=10, product="番茄",
        )  # fmt: skip
        other = buy(
            stall, "20", 12_000, supplier_name="连州农场", supplier_phone="13933334444", plate="粤R00001",
            origin="广东省连州市", pieces=2, at=AT - timedelta(days=3),
        )  # fmt: skip
        PurchaseLine.objects.filter(purchase=other).update(price_fen=600)
        return one, other

    @pytest.mark.parametrize(
        "filters",
        [
            {"partner": "元谋"}, {"contact": "1381111"}, {"origin": "云南"}, {"since": date(2026, 11, 19)},
            {"product": "番茄"}, {"weight_min": Decimal(50)}, {"count_min": Decimal(5)}, {"price_max": 400},
            {"plate": "A12345"}, {"voucher": True}, {"partner": "元谋", "product": "番茄", "weight_max": Decimal(100)},
        ],
    )  # fmt: skip
    def test_each_filter_finds_the_one(self, stall, two, filters):
        paper = documents.store(stall, file=io.BytesIO(b"a,b\n1,2\n"), name="p.csv", kind="report", at=AT)
        Purchase.objects.filter(pk=two[0].pk).update(document_ids=[paper])

        assert asked(stall, **filters) == [two[0].pk]

    @pytest.mark.parametrize(
        "filters",
        [
            {"until": date(2026, 11, 19)}, {"weight_max": Decimal(50)}, {"count_max": Decimal(5)}, {"price_min": 500},
            {"partner": "连州"},
        ],
    )  # fmt: skip
    def test_each_filter_leaves_the_other(self, stall, two, filters):
        assert asked(stall, **filters) == [two[1].pk]

    def test_a_lot_is_found_by_number_and_by_code(self, stall, two):
        lot = lot_of(two[0])

        assert asked(stall, lot=lot.number) == asked(stall, lot=lot.code) == [two[0].pk]

    def test_what_is_asked_of_lines_must_hold_of_one_line(self, stall, two):
        assert asked(stall, product="番茄", weight_max=Decimal(50)) == []

    def test_a_purchase_without_any_paper_is_found_as_such(self, stall, two):
        wholesaler = make_stall("批发")
        ticket = sell(wholesaler, make_lot(wholesaler, "10"), "1", 100, buyer_id=stall.party_id)
        Purchase.objects.filter(pk=two[0].pk).update(ticket=ticket)

        assert asked(stall, voucher=False) == [two[1].pk]
        assert asked(stall, voucher=True) == [two[0].pk]

    def test_pages_follow_each_other_newest_first(self, stall):
        made = [buy(stall, "1", 100, at=AT - timedelta(hours=hour)).pk for hour in range(5)]

        first = queries.list_ledger(stall, side=BOUGHT, filters=Filters(), limit=3)
        second = queries.list_ledger(stall, side=BOUGHT, filters=Filters(), limit=3, cursor=first.next)

        assert [row.id for row in (*first.items, *second.items)] == made
        assert not second.next


class TestSales:
    def test_each_filter_finds_the_one(self, stall):
        lot = lot_of(buy(stall, "100", 30_000))
        one = sell(stall, lot, "30", 9_000, buyer_name="王师傅", buyer_phone="13811112222", plate="粤A1",
                   price_fen=300, origin="广东增城", pieces=3, number="XS-Q77")  # fmt: skip
        sell(stall, lot, "5", 2_500, price_fen=500, at=AT - timedelta(days=3))

        for filters in (
            {"partner": "王师"}, {"contact": "1381111"}, {"plate": "A1"}, {"number": "Q77"}, {"number": one.code},
            {"origin": "增城"}, {"weight_min": Decimal(10)}, {"count_min": Decimal(1)}, {"price_max": 300},
            {"since": date(2026, 11, 20)},
        ):  # fmt: skip
            assert asked(stall, SOLD, **filters) == [one.pk], filters
        assert asked(stall, SOLD, voucher=False) == []

    def test_a_sold_line_says_of_whom_the_goods_were_bought(self, stall):
        purchase = buy(stall, "100", 30_000, supplier_name="元谋合作社", origin="云南元谋")
        sell(stall, lot_of(purchase), "10", 5_000)

        [row] = queries.list_ledger(stall, side=SOLD, filters=Filters()).items

        assert (row.lines[0].source, row.lines[0].source_origin) == ("元谋合作社", "云南元谋")
        assert asked(stall, behind=row.lines[0].lot_code) == [purchase.pk]

    def test_behind_repacked_goods_stand_the_purchases_they_came_from(self, stall):
        used = [buy(stall, "100", 30_000, supplier_name=name) for name in ("元谋合作社", "连州农场")]
        buy(stall, "100", 30_000, supplier_name="没用到的")
        inputs = tuple(Line(lot_of(one).code, Decimal(10), "KGM") for one in used)
        mix = NewLot(number="M-1", quantity=Decimal(19), uom="KGM", product_id=make_product("净菜"))
        outcome = goods.record(stall, Transform(occurred_at=AT, inputs=inputs, outputs=(mix,)), at=AT)

        assert sorted(asked(stall, behind=outcome.lot_codes[0])) == sorted(one.pk for one in used)
        assert asked(stall, behind="no such lot") == []


class TestWhose:
    def test_the_area_and_the_market_read_it_and_nobody_else(self):
        market = make_party("market", "江南市场")
        stall = make_stall(market_id=market.pk)
        purchase = buy(stall, "100", 30_000)

        def seen(actor):
            return [
                row.id
                for row in queries.list_ledger(
                    actor, side=BOUGHT, filters=Filters(), party_id=stall.party_id
                ).items
            ]

        assert seen(make_actor(make_party("regulator", area="440118"))) == [purchase.pk]
        assert seen(make_actor(market)) == [purchase.pk]
        for stranger in (
            make_stall("别家"),
            make_actor(make_party("regulator", region="440117", area="440117")),
        ):
            with pytest.raises(NotFound):
                seen(stranger)


class TestFiles:
    def test_csv_and_xlsx_hold_every_line_and_run_nothing(self, stall):
        buy(stall, "100", 30_000, supplier_name='=HYPERLINK("x")', plate="@cmd")
        buy(stall, "50", 10_000)

        def file(suffix):
            found = queries.ledger_file(stall, suffix=suffix, side=BOUGHT, filters=Filters())
            return b"".join(found.chunks)

        read = list(csv.reader(io.StringIO(file("csv").decode("utf-8-sig"))))
        sheet = openpyxl.load_workbook(io.BytesIO(file("xlsx"))).active
        cells = [[str(cell.value or "") for cell in line] for line in sheet.iter_rows()]

        assert len(read) == len(cells) == 3
        assert '\'=HYPERLINK("x")' in read[2]
        assert "'@cmd" in read[2]
        assert [cell.data_type for line in sheet.iter_rows() for cell in line if cell.data_type == "f"] == []

    @given(st.text(max_size=20))
    def test_no_cell_begins_a_formula(self, text):
        assert harmless(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


class TestTotals(TestCase):
    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.booleans(), st.integers(1, 30)), max_size=8))
    def test_what_the_ledger_lists_is_what_flowed(self, moves):
        stall = make_stall()
        lot = lot_of(buy(stall, "300", 30_000))
        for is_sale, quantity in moves:
            if is_sale:
                sell(stall, lot, str(quantity), 100)
            else:
                buy(stall, str(quantity), 100)

        def total(side):
            rows = queries.stream_ledger(stall, side=side, filters=Filters())
            return sum(line.quantity for row in rows for line in row.lines)

        bought, sold = total(BOUGHT), total(SOLD)
        assert bought - sold == sum(one.remaining for one in lots.stock(stall, limit=500).items)
        assert sold == sum(quantity for is_sale, quantity in moves if is_sale)


class TestBudget:
    @pytest.fixture
    def full(self, stall):
        """Ten thousand documents of one stall among those of others."""
        purchase = buy(stall, "100000", 30_000)
        line = purchase.lines.get()
        other = make_stall("别家")
        sellers = [stall.party_id] * 2 + [other.party_id]
        tickets = Ticket.objects.bulk_create(
            Ticket(
                code=f"C{number:020d}", number=f"N{number}", kind="sale", status="open",
                seller_id=sellers[number % 3], buyer_name=f"客{number % 97}", issued_at=AT - timedelta(minutes=number),
                recorded_at=AT, changed_at=AT, goods_fen=100, total_fen=100, event_id=purchase.event_id,
            )
            for number in range(15_000)
        )  # fmt: skip
        TicketLine.objects.bulk_create(
            TicketLine(
                ticket=ticket, lot_id=line.lot_id, product_name="菜心", quantity=1, uom="KGM", amount_fen=100
            )
            for ticket in tickets
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE trade_ticket; ANALYZE trade_ticketline; ANALYZE trade_payment")
        return stall

    def test_at_ten_thousand_documents(self, full, django_assert_max_num_queries):
        with django_assert_max_num_queries(6):
            page = queries.list_ledger(full, side=SOLD, filters=Filters())
        with django_assert_max_num_queries(6):
            queries.list_ledger(full, side=SOLD, filters=Filters(product="菜心"), cursor=page.next)
        with django_assert_max_num_queries(2):
            queries.list_debts(full, side="owed")
        with django_assert_max_num_queries(26):
            queries.day_of(full, date(2026, 11, 20))

        first = plan_of(lambda: queries.list_ledger(full, side=SOLD, filters=Filters()))
        following = plan_of(lambda: queries.list_ledger(full, side=SOLD, filters=Filters(), cursor=page.next))
        assert "ticket_by_seller" in first
        assert "Sort" not in first
        assert "ticket_by_seller" in following


def plan_of(ask):
    """Return how PostgreSQL reads the documents."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    sql = next(one["sql"] for one in captured.captured_queries if 'FROM "trade_ticket"' in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())
