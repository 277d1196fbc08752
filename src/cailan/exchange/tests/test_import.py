"""Files of records become holdings, row by row, each once, each refusal with its reason."""

import csv
import io
import struct
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest

from cailan.exchange import services
from cailan.exchange.rules.columns import COLUMNS
from cailan.exchange.services.problems import UnreadableFile
from cailan.kernel.problems import NotAllowed, TooLarge
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
        "record": f"R{number}",
        "kind": "进货",
        "time": "2026-11-19 05:30",
        "product": "菜心",
        "lot": f"L{number}",
        "quantity": quantity,
        "unit": "公斤",
        "party": "江村批发",
        **more,
    }


def sale(number, lot, quantity="4", **more):
    return {
        "record": f"S{number}",
        "kind": "销货",
        "time": "2026-11-19 09:00",
        "product": "菜心",
        "lot": lot,
        "quantity": quantity,
        "unit": "斤",
        "party": "好味酒家",
        **more,
    }


def run(actor, data, **more):
    return services.import_file(actor, name="records.csv", data=data, dry_run=False, at=AT, **more)


def test_books_purchases_and_sales_of_the_same_file(actor):
    report = run(
        actor,
        table(
            purchase(1), sale(1, "L1"), {**sale(2, "L1"), "kind": "零售"}, {**sale(3, "L1"), "kind": "损耗"}
        ),
    )

    assert report.problems == ()
    assert (report.total, report.accepted) == (4, 4)
    kinds = list(Flow.objects.order_by("pk").values_list("kind", "quantity"))
    assert kinds == [
        ("create", Decimal(10)),
        ("transfer", Decimal(10)),
        ("transfer", Decimal(2)),
        ("retail", Decimal(2)),
        ("loss", Decimal(2)),
    ]
    assert lots.unbalanced() == ()


def test_a_harvest_from_a_file_waits_for_its_self_test_too():
    make_product("菜心")
    base = make_actor(make_party("base"))
    harvest = {**purchase(1), "kind": "生产", "party": ""}

    report = run(base, table(harvest, sale(1, "L1")))

    (waiting,) = lots.waiting(base).items
    assert (waiting.awaits, waiting.remaining) == ("self-test", 10)
    (refused,) = report.problems
    assert (refused.row, refused.column) == (3, "lot")


def test_what_a_file_brings_to_a_centre_waits_for_the_laboratory():
    make_product("菜心")
    centre = make_actor(make_party("distribution_centre"))

    run(centre, table(purchase(1)))

    assert [one.awaits for one in lots.waiting(centre).items] == ["incoming-test"]


@pytest.mark.requirement("S1-5.2-2")
def test_accepts_98_of_100_rows_and_names_the_two(actor):
    rows = [purchase(number) for number in range(100)]
    rows[16]["product"] = "菜新"
    rows[41]["quantity"] = "-3"

    report = run(actor, table(*rows))

    assert (report.total, report.accepted, report.refused) == (100, 98, 2)
    assert [(one.row, one.column, one.value) for one in report.problems] == [
        (18, "product", "菜新"),
        (43, "quantity", "-3 kg"),
    ]
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


def workbook(*rows, cells=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([column.en for column in COLUMNS])
    for row in rows:
        sheet.append([row.get(column.key) for column in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_reads_a_workbook_with_real_dates_and_numbers(actor):
    row = purchase(1, quantity=12.1, time=AT.replace(day=19, hour=5, minute=30, tzinfo=None), lot=1119)

    report = services.import_file(actor, name="a.xlsx", data=workbook(row), dry_run=False, at=AT)

    assert report.problems == ()
    lot = Lot.objects.get()
    assert (lot.number, Holding.objects.latest("pk").quantity) == ("1119", Decimal("12.1"))
    assert lot.made_at == datetime(2026, 11, 18, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ";"), ("utf-16", "\t"), ("gb18030", ",")]
)
def test_recognises_encodings_and_delimiters(actor, encoding, delimiter):
    assert run(actor, table(purchase(1), encoding=encoding, delimiter=delimiter)).accepted == 1


def test_two_thousand_rows_resume_where_they_stopped(actor):
    data = table(
        *[purchase(number) if number % 2 else sale(number, f"L{number - 1}") for number in range(1, 2001)]
    )
    seen = []

    def stop(done, total):
        seen.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(actor, data, progress=stop)
    half = Flow.objects.count()
    report = run(actor, data, progress=lambda done, _total: seen.append(done))

    assert seen == [1000, 2000]
    assert 0 < half < Flow.objects.count()
    assert (report.total, report.accepted, report.problems) == (2000, 2000, ())
    assert Lot.objects.count() == 1000
    assert lots.unbalanced() == ()


def test_a_record_number_counts_once_in_any_file(actor):
    run(actor, table(purchase(1)))

    again = run(actor, table(purchase(2), purchase(1)))
    changed = run(actor, table(purchase(1, quantity="11")))
    twice = run(actor, table(purchase(3), purchase(3), purchase(3, quantity="9")))

    assert (again.accepted, again.known) == (1, 1)
    assert [(one.row, one.column, one.value) for one in changed.problems] == [(2, "record", "R1")]
    assert (twice.accepted, twice.known, twice.refused) == (1, 1, 1)
    assert Lot.objects.count() == 3


WRONG_CELLS = {
    "菜新": ("product", {"product": "菜新"}),
    "nothing sold": ("quantity", {"quantity": "0"}),
    "negative": ("quantity", {"quantity": "-5"}),
    "absurd": ("quantity", {"quantity": "99999999999"}),
    "too fine": ("quantity", {"quantity": "1.23456"}),
    "text": ("quantity", {"quantity": "twenty"}),
    "infinite": ("quantity", {"quantity": "Infinity"}),
    "unit": ("unit", {"unit": "光年"}),
    "pieces of kilos": ("quantity", {"unit": "只"}),
    "day": ("time", {"time": "2026-02-30 05:00"}),
    "hour": ("time", {"time": "2026-11-19 25:00"}),
    "future": ("time", {"time": "2027-11-19 05:00"}),
    "long ago": ("time", {"time": "1926-11-19 05:00"}),
    "kind": ("kind", {"kind": "搬运"}),
    "price": ("price", {"price": "=1+1"}),
    "credit code": ("credit_code", {"credit_code": "91440101MA5XXXXXX0"}),
    "nobody": ("party", {"party": ""}),
    "nul": ("remark", {"remark": "a\x00b"}),
    "long": ("lot", {"lot": "L" * 90}),
    "html": ("product", {"product": "<script>alert(1)</script>"}),
}


@pytest.mark.parametrize("case", WRONG_CELLS)
def test_names_the_wrong_cell_and_takes_the_rest(actor, case):
    column, cells = WRONG_CELLS[case]

    report = run(actor, table(purchase(1), {**purchase(2), **cells}, purchase(3)))

    [problem] = report.problems
    assert (problem.row, problem.column) == (3, column)
    assert problem.what
    assert report.accepted == 2
    assert lots.unbalanced() == ()


def test_names_goods_that_are_not_there(actor):
    report = run(
        actor,
        table(
            purchase(1), sale(1, "L1", "21"), sale(2, "nothing"), sale(3, "L1", code="261119ABCDEFGHJKMNPQR")
        ),
    )

    assert [(one.row, one.column) for one in report.problems] == [(3, "quantity"), (4, "lot"), (5, "lot")]
    assert Holding.objects.latest("pk").remaining_quantity == 10


def test_suggests_the_nearest_product(actor):
    [problem] = run(actor, table(purchase(1, product="菜心菜"))).problems

    assert "菜心" in problem.what


def test_html_in_names_stays_text(actor):
    report = run(actor, table(purchase(1, party="<b>批发</b>")))

    assert report.accepted == 1
    assert Holding.objects.filter(holder__name="<b>批发</b>").count() == 1


def bomb(claimed=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 320_000_000)
    data = out.getvalue()
    if claimed is not None:
        data = data.replace(struct.pack("<L", 320_000_000), struct.pack("<L", claimed))
    return data


def many_entries():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(3_000):
            archive.writestr(f"xl/{number}.xml", b"")
    return out.getvalue()


UNREADABLE = {
    "empty": b"",
    "blank": b" \r\n ",
    "bomb": bomb(),
    "bomb that lies": bomb(1_000),
    "many entries": many_entries(),
    "cut off": workbook(purchase(1))[:2_000],
    "old excel": b"\xd0\xcf\x11\xe0" + b"0" * 600,
    "other header": b"a,b,c\n1,2,3\n",
    "no encoding": b"\xff\x80\x81,\n",
    "open quotation": table(purchase(1)) + b'"never closed\n',
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_refuses_what_is_no_table_of_ours(actor, case):
    with pytest.raises(UnreadableFile) as refusal:
        run(actor, UNREADABLE[case])

    assert str(refusal.value.detail)
    assert not Lot.objects.exists()


def test_refuses_fifty_megabytes(actor):
    with pytest.raises(TooLarge):
        run(actor, b"x" * 50_000_000)


def test_asks_for_the_right_to_import(actor):
    with pytest.raises(NotAllowed):
        run(make_actor(make_party("regulator")), table(purchase(1)))


def test_hong_kong_reads_its_own_catty():
    make_product("菜心")
    actor = make_actor(make_party("merchant", region="810000"))

    run(actor, table(purchase(1, quantity="10", unit="斤")))

    assert Holding.objects.latest("pk").quantity == Decimal("6.048")
