"""Documents and files over the wire."""

from urllib.parse import quote

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cailan.accounts import services as accounts
from cailan.exchange.tests.test_import import purchase, table
from cailan.lots.tests.factories import make_product
from cailan.parties.tests.factories import AT, make_actor, make_party

pytestmark = pytest.mark.django_db


def event(quantity="12.5"):
    return (
        b'{"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "ObjectEvent",'
        b' "eventID": "urn:x:1", "eventTime": "2026-11-19T05:30:00+08:00", "eventTimeZoneOffset": "+08:00",'
        b' "action": "ADD", "bizStep": "commissioning", "quantityList": [{"epcClass":'
        b' "urn:epc:class:lgtin:690123.0456789.A", "quantity": ' + quantity.encode() + b', "uom": "KGM"}]}'
    )


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
    def test_answers_202_with_the_job_and_gives_the_event_back(self, conformance_data):
        client = machine(make_party("circulation"))
        body = (conformance_data / "epcis/JSON/Example_9.6.4-TransformationEvent.jsonld").read_bytes()

        answer = client.post("/epcis/capture", body, content_type="application/ld+json")

        assert answer.status_code == 202
        job = client.get(answer["Location"]).json()
        assert (job["running"], job["success"]) == (False, True)
        event = orjson.loads(body)["epcisBody"]["eventList"][0]
        found = client.get("/epcis/events/" + quote(event["eventID"], safe=""))
        assert {**found.json(), "@context": None} == {**event, "@context": None}

    def test_keeps_decimals_as_they_were(self):
        client = machine(make_party("circulation"))

        client.post("/epcis/capture", event(quantity="12.10"), content_type="application/ld+json")

        assert b'"quantity":12.10' in client.get("/epcis/events/urn:x:1").content

    def test_an_event_is_not_shown_to_strangers(self):
        machine(make_party()).post("/epcis/capture", event(), content_type="application/json")

        answer = machine(make_party()).get("/epcis/events/urn:x:1")

        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "epcisException:NoSuchResourceException"

    def test_refuses_with_the_names_of_the_standard(self):
        client = machine(make_party())

        wrong = client.post("/epcis/capture", event(quantity="-1"), content_type="application/json")
        xml = client.post("/epcis/capture", b"<x/>", content_type="application/xml")
        nobody = Client().post("/epcis/capture", event(), content_type="application/json")

        assert wrong.status_code == 400
        assert wrong.json()["type"] == "epcisException:ValidationException"
        assert wrong.json()["errors"][0]["where"] == "/quantityList/0/quantity"
        assert xml.status_code == 415
        assert nobody.status_code == 401

    def test_refuses_fifty_megabytes(self, settings):
        client = machine(make_party())

        answer = client.post("/epcis/capture", b" " * 50_000_000, content_type="application/json")

        assert answer.status_code == 413
