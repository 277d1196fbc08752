"""The pages of imports, by a signed-in merchant."""

import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cailan.accounts import services as accounts
from cailan.accounts.models import User
from cailan.exchange import queries, services, tasks
from cailan.exchange.models import ImportJob
from cailan.exchange.rules.columns import COLUMNS
from cailan.kernel.access import SYSTEM
from cailan.lots.models import Lot
from cailan.lots.tests.factories import make_product
from cailan.parties.tests.factories import AT, make_actor, make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchant():
    make_product("菜心")
    return make_party("merchant")


def sign_in(party, role="owner"):
    user_id = accounts.open_account(
        SYSTEM,
        username=f"user-{party.pk}-{role}",
        display_name="档主",
        password="Basket-of-2026",
        at=AT,
        must_change=False,
    )
    accounts.grant(
        SYSTEM,
        user_id=user_id,
        party_id=party.pk,
        party_name=party.name,
        party_kind=party.kind,
        region="",
        role=role,
    )
    client = Client()
    client.force_login(User.objects.get(pk=user_id))
    return client


def file_of(*products, name="进销.csv"):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.zh for column in COLUMNS])
    for number, product in enumerate(products):
        writer.writerow(
            [
                f"R{number}",
                "进货",
                "2026-11-19 05:30",
                product,
                "",
                f"L{number}",
                "",
                "10",
                "公斤",
                "",
                "批发商",
            ]
        )
    return SimpleUploadedFile(name, out.getvalue().encode())


def run_waiting():
    for job in ImportJob.objects.filter(state="waiting"):
        user = User.objects.latest("pk")
        tasks.run_import.func(job_id=job.pk, user_id=user.pk, party_id=job.owner_id)


@pytest.mark.requirement("S1-5.2-2")
def test_shows_what_a_file_would_come_to_then_takes_it(merchant):
    client = sign_in(merchant)

    sent = client.post("/import", {"file": file_of(*["菜心"] * 98, "<i>菜新</i>", "")}, follow=True)
    shown = sent.content.decode()

    assert "&lt;i&gt;菜新&lt;/i&gt;" in shown
    assert "<i>菜新" not in shown
    assert not Lot.objects.exists()

    job = ImportJob.objects.get()
    client.post(f"/import/{job.pk}/start")
    run_waiting()
    done = client.get(f"/import/{job.pk}").content.decode()

    job.refresh_from_db()
    assert (job.state, job.accepted, job.refused) == ("done", 98, 2)
    assert Lot.objects.count() == 98
    assert "&lt;i&gt;菜新" in done


def test_asks_for_progress_while_it_runs(merchant):
    client = sign_in(merchant)
    client.post("/import", {"file": file_of("菜心")})
    job = ImportJob.objects.get()
    client.post(f"/import/{job.pk}/start")

    waiting = client.get(f"/import/{job.pk}", headers={"HX-Request": "true"}).content.decode()
    run_waiting()
    done = client.get(f"/import/{job.pk}", headers={"HX-Request": "true"}).content.decode()

    assert "every 2s" in waiting
    assert "<html" not in waiting
    assert "every 2s" not in done


def test_the_report_runs_no_formula(merchant):
    client = sign_in(merchant)
    client.post("/import", {"file": file_of("=cmd|' /C calc'!A0", "菜心")})
    job = ImportJob.objects.get()
    client.post(f"/import/{job.pk}/start")
    run_waiting()

    report = client.get(f"/import/{job.pk}/refused.csv").content.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(report)))
    assert rows[1][0] == "2"
    assert rows[1][2].startswith("'=cmd")


def test_names_a_file_that_cannot_be_read(merchant):
    client = sign_in(merchant)

    shown = client.post("/import", {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04broken")}, follow=True)

    assert shown.status_code == 200
    assert ImportJob.objects.get().state == "failed"
    assert "c-problem" in shown.content.decode()


def test_refuses_too_large_a_file(merchant, settings):
    client = sign_in(merchant)
    big = SimpleUploadedFile("big.csv", b"x" * (settings.CAILAN.upload_limit_bytes + 1))

    answer = client.post("/import", {"file": big})

    assert answer.status_code == 413
    assert not ImportJob.objects.exists()


def test_imports_of_others_are_not_found(merchant):
    sign_in(merchant).post("/import", {"file": file_of("菜心")})
    other = sign_in(make_party("merchant"))
    job = ImportJob.objects.get()

    answers = [
        other.get(f"/import/{job.pk}"),
        other.get(f"/import/{job.pk}/refused.csv"),
        other.post(f"/import/{job.pk}/start"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert other.get("/import").status_code == 200
    assert sign_in(make_party("regulator")).get("/import").status_code == 403


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_is_taken_as_it_is(merchant, kind):
    make_product("番茄")
    actor = make_actor(merchant)
    client = sign_in(merchant)

    content = client.get(f"/import/template/example.{kind}").content
    report = services.import_file(actor, name=f"e.{kind}", data=content, dry_run=False, at=timezone.now())

    assert report.problems == ()
    assert report.accepted == 5


def test_the_empty_template_has_all_columns(merchant):
    client = sign_in(merchant)

    book = openpyxl.load_workbook(io.BytesIO(client.get("/import/template/empty.xlsx").content))
    text = client.get("/import/template/empty.csv").content.decode("utf-8-sig")

    header = [column.zh for column in COLUMNS]
    assert [cell.value for cell in book.active[1]] == header
    assert text.strip().split(",") == header
    assert client.get("/import/template/other.csv").status_code == 404


def test_lists_former_imports(merchant):
    client = sign_in(merchant)
    client.post("/import", {"file": file_of("菜心")})

    assert "进销.csv" in client.get("/import").content.decode()
    assert queries.list_imports(make_actor(merchant)).items[0].state == "checked"


def test_takes_epcis_documents_too(merchant, conformance_data):
    client = sign_in(merchant)
    body = (conformance_data / "epcis/JSON/Example_9.6.4-TransformationEvent.jsonld").read_bytes()
    client.post("/import", {"file": SimpleUploadedFile("event.jsonld", body)})
    job = ImportJob.objects.get()
    client.post(f"/import/{job.pk}/start")
    run_waiting()

    job.refresh_from_db()
    assert (job.kind, job.state, job.accepted) == ("epcis", "done", 1)


def test_names_every_place_of_an_invalid_document(merchant, conformance_data):
    client = sign_in(merchant)
    body = (conformance_data / "openepcis/invalid/ObjectEvent_with_invalid_action.json").read_bytes()

    shown = client.post(
        "/import", {"file": SimpleUploadedFile("event.json", body)}, follow=True
    ).content.decode()

    assert "/epcisBody/eventList/0/action" in shown
    assert "CREATE" in shown
