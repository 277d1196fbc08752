"""Documents over the wire: sent whole, opened safely."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cailan.accounts import services as accounts
from cailan.parties.tests.factories import AT, make_actor, make_party

pytestmark = pytest.mark.django_db
API = "/api/v1/documents"


def machine(party) -> Client:
    key = accounts.create_api_key(make_actor(party), name="test", at=AT, role="owner", valid_days=36_500)
    return Client(headers={"Authorization": f"Bearer {key}"})


def photo() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(stream, "JPEG")
    return stream.getvalue()


def send(client: Client, content: bytes, name: str, kind: str = "photo"):
    return client.post(API, {"file": SimpleUploadedFile(name, content), "kind": kind})


def test_sends_and_downloads_a_photo():
    client = machine(make_party())

    sent = send(client, photo(), "地块.jpg")
    opened = client.get(f"{API}/{sent.json()['id']}/file?size=320")

    assert (sent.status_code, sent.json()["media_type"]) == (201, "image/jpeg")
    assert opened["Content-Type"] == "image/jpeg"
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert opened["Content-Security-Policy"].startswith("sandbox")
    assert Image.open(io.BytesIO(b"".join(opened.streaming_content))).size == (320, 240)
    assert [one["id"] for one in client.get(API).json()["items"]] == [sent.json()["id"]]


def test_saves_what_is_no_picture():
    client = machine(make_party())
    sent = send(client, b"a,b\n<script>alert(1)</script>,2", "清单'; x=1.csv", "data")

    opened = client.get(f"{API}/{sent.json()['id']}/file")

    assert opened["Content-Disposition"].startswith("attachment")
    assert opened["X-Content-Type-Options"] == "nosniff"
    opened.close()


def test_names_the_field_of_a_refused_file():
    answer = send(machine(make_party()), b"MZ\x90", "photo.jpg")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "file"


def test_opens_for_partners_not_for_strangers():
    owner, partner, stranger = make_party(), make_party("merchant"), make_party("merchant")
    client = machine(owner)
    document = send(client, photo(), "plot.jpg").json()["id"]

    client.post(f"{API}/{document}/shares", {"party_ids": [partner.pk]}, content_type="application/json")

    assert machine(partner).get(f"{API}/{document}").status_code == 200
    assert machine(stranger).get(f"{API}/{document}").status_code == 404
    assert machine(stranger).get(f"{API}/{document}/file").status_code == 404
    assert Client().get(f"{API}/{document}/file").status_code == 401
    assert Client().get(f"/documents/{document}").status_code == 302
