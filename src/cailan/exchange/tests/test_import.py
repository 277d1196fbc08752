"""Files of records become holdings, row by row, each once, each refusal with its reason."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from cailan.exchange import services
from cailan.exchange.rules.columns import COLUMNS
from cailan.lots import queries as lots
from cailan.lots.models import Flow, Holding, Lot
from cailan.lots.tests.factories import make_product
from cailan.parties.tests.factories import make_actor, make_party

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def actor():
    make_product("菜心")
    return make_actor(make_party("merchant"))


def table(*rows, header=None, encoding="utf-8", delimiter=","):
    """Return a CSV file of dicts by column key."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(header or [column.zh for column in COLUMNS])
    for row in rows:
        writer.writerow([row.get(column.key, "") for column in COLUMNS])
    return out.getvalue().encode(encoding)


def purchase(number, quantity="10", **more):
    return {
        "record": f"R{number}", "kind": "进货", "time": "2026-11-19 05:30", "product": "菜心", "lot": f"L{number}",
        "quantity": quantity, "unit": "公斤", "party": "江村批发", **more,
    }


def sale(number, lot, quantity="4", **more):
    return {
        "record": f"S{number}", "kind": "销货", "time": "2026-11-19 09:00", "product": "菜心", "lot": lot,
        "quantity": quantity, "unit": "斤", "party": "好味酒家", **more,
    }


def run(actor, data, **more):
    return services.import_file(actor, name="records.csv", data=data, dry_run=False, at=AT, **more)


def test_books_purchases_and_sales_of_the_same_file(actor):
    report = run(actor, table(purchase(1), sale(1, "L1"), {**sale(2, "L1"), "kind": "零售"}, {**sale(3, "L1"), "kind": "损耗"}))

    assert report.problems == ()
    assert (report.total, report.accepted) == (4, 4)
    kinds = list(Flow.objects.order_by("pk").values_list("kind", "quantity"))
    assert kinds == [
        ("create", Decimal(10)), ("transfer", Decimal(10)), ("transfer", Decimal(2)), ("retail", Decimal(2)), ("loss", Decimal(2))
    ]
    assert lots.unbalanced() == ()


@pytest.mark.requirement("S1-5.2-2")
def test_accepts_98_of_100_rows_and_names_the_two(actor):
    rows = [purchase(number) for number in range(100)]
    rows[16]["product"] = "菜新"
    rows[41]["quantity"] = "-3"

    report = run(actor, table(*rows))

    assert (report.total, report.accepted, report.refused) == (100, 98, 2)
    assert [(one.row, one.column, one.value) for one in report.problems] == [(18, "product", "菜新"), (43, "quantity", "-3 KGM")]
    assert Lot.objects.count() == 98


def test_the_same_file_again_changes_nothing(actor):
    data = table(*[purchase(number) for number in range(20)])
    run(actor, data)
    before = Holding.objects.count()

    again = run(actor, data)
    in_another_file = run(actor, data + b"\r\n")

    assert again.was_known
    assert (in_another_file.accepted, in_another_file.known) == (0, 20)
    assert Holding.objects.count() == before
