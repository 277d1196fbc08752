"""`cailan import` at a terminal."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cailan.exchange.rules.columns import COLUMNS
from cailan.lots import queries as lots
from cailan.lots.models import Flow, Lot
from cailan.lots.tests.factories import make_product
from cailan.parties.models import Party
from cailan.parties.tests.factories import make_party
from cailan.tracing import queries as tracing

pytestmark = pytest.mark.django_db


def run(*arguments):
    out, err = StringIO(), StringIO()
    try:
        call_command("import", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def records(path, count, **wrong):
    make_product("菜心")
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.zh for column in COLUMNS])
        for number in range(1, count + 1):
            product = wrong.get("products", {}).get(number, "菜心")
            quantity = wrong.get("quantities", {}).get(number, "12.5")
            writer.writerow(
                [
                    f"A-{number}",
                    "进货",
                    "2026/11/19 5:30",
                    product,
                    "",
                    f"L{number}",
                    "",
                    quantity,
                    "kg",
                    "3.2",
                    "江村批发",
                ]
            )
    return path


def test_a_stranger_imports_a_published_document_and_traces_it(conformance_data):
    status, out, _err = run(conformance_data / "epcis/JSON/Example_9.6.4-TransformationEvent.jsonld")

    assert status == 0
    assert "1" in out
    found = tracing.trace_public("urn:epc:id:sgtin:4012345.077889.25")
    assert [edge.kind for edge in found.chain.edges].count("transform") >= 2
    assert Party.objects.filter(uri__endswith="/party/imported-documents").count() == 1


@pytest.mark.requirement("S1-5.2-2")
def test_takes_98_of_100_rows_and_names_the_two(tmp_path):
    path = records(tmp_path / "进销.csv", 100, products={17: "菜新"}, quantities={42: "-3"})

    status, out, _err = run(path)

    assert status == 1
    assert Lot.objects.count() == 98
    assert "菜新" in out
    assert "18" in out
    assert "43" in out


def test_prints_reports_for_machines(tmp_path):
    path = records(tmp_path / "a.csv", 3, products={2: "<b>nothing</b>"})

    status, out, _err = run(path, "--json")

    [report] = json.loads(out)
    assert status == 1
    assert (report["accepted"], report["refused"]) == (2, 1)
    assert report["problems"][0]["row"] == 3
    assert report["problems"][0]["column"] == "product"


def test_a_trial_records_nothing(tmp_path):
    status, out, _err = run(records(tmp_path / "a.csv", 5), "--dry-run")

    assert status == 0
    assert "5" in out
    assert not Lot.objects.exists()
    assert not Flow.objects.exists()


def test_the_same_file_again_changes_nothing(tmp_path):
    path = records(tmp_path / "a.csv", 5)
    run(path)
    before = list(Flow.objects.values_list("pk", flat=True))

    status, _out, _err = run(path)

    assert status == 0
    assert list(Flow.objects.values_list("pk", flat=True)) == before
    assert lots.unbalanced() == ()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\xff", b"PK\x03\x04 no zip", b"{not json", b"a,b,c\n1,2,3\n"]
)
def test_says_what_cannot_be_read(tmp_path, content):
    path = tmp_path / "broken.csv"
    path.write_bytes(content)

    status, _out, err = run(path)

    assert status == 2
    assert "broken.csv" in err
    assert not Lot.objects.exists()


def test_says_that_a_file_is_missing(tmp_path):
    status, _out, err = run(tmp_path / "none.csv")

    assert status == 2
    assert "none.csv" in err


def test_imports_for_a_named_party(tmp_path):
    party = make_party("merchant", name="档口")

    run(records(tmp_path / "a.csv", 2), "--party", party.uri)

    assert set(Flow.objects.values_list("recorder_id", flat=True)) == {party.pk}


def test_refuses_an_unknown_party_or_account(tmp_path):
    path = records(tmp_path / "a.csv", 1)
    for arguments in (("--party", "https://nobody.example"), ("--as", "nobody")):
        with pytest.raises(CommandError):
            run(path, *arguments)
