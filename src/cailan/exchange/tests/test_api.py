"""Documents and files over the wire."""

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from ninja.testing import TestClient

from cailan.accounts import services as accounts
from cailan.exchange.api import epcis_router
from cailan.exchange.services.problems import CaptureRefused, CaptureTooLarge, UnknownMediaType
from cailan.exchange.tests.test_import import purchase, table
from cailan.lots.tests.factories import make_product
from cailan.parties.tests.factories import AT, make_actor, make_party

pytestmark = pytest.mark.django_db


def machine(party):
    key = accounts.create_api_key(make_actor(party), name="erp", at=AT, valid_days=36_500)
    return Client(headers={"Authorization": f"Bearer {key}"})


@pytest.mark.requirement("S1-5.2-2")
def test_a_machine_sends_a_file_and_learns_the_two_wrong_rows():
    make_product("菜心")
    client = machine(make_party("circulation"))
    rows = [purchase(number) for number in range(100)]
    rows[10]["product"] = "菜新"
    rows[20]["time"] = "2026-02-30"

    sent = client.post("/api/v1/imports", {"file": SimpleUploadedFile("a.csv", table(*rows))})
    problems = client.get(f"/api/v1/imports/{sent.json()['id']}/problems").json()

    assert sent.status_code == 201
    assert (sent.json()["accepted"], sent.json()["refused"]) == (98, 2)
    assert [one["row"] for one in problems] == [12, 22]
    assert client.get("/api/v1/imports").json()["items"][0]["state"] == "done"
    assert machine(make_party()).get(f"/api/v1/imports/{sent.json()['id']}").status_code == 404


class TestCapture:
    def post(self, actor, body, content_type="application/ld+json"):
        client = TestClient(epcis_router, headers={"Content-Type": content_type})
        return client.post("/capture", data=body, content_type=content_type, actor=actor)

    def test_answers_202_with_the_job_and_gives_the_event_back(self, conformance_data):
        actor = make_actor(make_party("circulation"))
        body = (conformance_data / "epcis/JSON/Example_9.6.4-TransformationEvent.jsonld").read_bytes()

        client = TestClient(epcis_router)
        answer = client.post("/capture", data=body, content_type="application/ld+json", actor=actor, body=body)

        assert answer.status_code == 202
        job = client.get("/capture/" + answer["Location"].rpartition("/")[2], actor=actor).json()
        assert (job["running"], job["success"]) == (False, True)
