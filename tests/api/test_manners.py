"""What every door does beyond its own business: methods, sizes, kinds of refusals, headers."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


class TestMethods:
    @pytest.mark.parametrize("address", ["/api/v1/lots", "/epcis/capture"])
    def test_a_wrong_method_is_a_problem_to_machines(self, client, address):
        answer = client.delete(address)

        assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)
        assert "GET" in answer["Allow"]
        assert answer.json()["type"] == "/problems/wrong-method"

    def test_and_a_page_to_people(self, client):
        answer = client.post("/robots.txt")

        assert (answer.status_code, answer["Allow"]) == (405, "GET")
        assert "wrong-method" in answer.content.decode()

    @pytest.mark.parametrize("address", ["/", "/healthz", "/api/v1/regions", "/verify", "/account/sign-in"])
    def test_whoever_answers_get_answers_head(self, client, address):
        assert client.head(address).status_code == client.get(address).status_code == 200


class TestTooMuch:
    @pytest.mark.parametrize("address", ["/api/v1/lots", "/epcis/capture", "/api/v1/imports"])
    def test_is_refused_to_machines_before_it_is_read(self, client, address, settings):
        answer = client.post(address, b"{}", content_type="application/json", CONTENT_LENGTH="50000000")

        assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)
        assert answer.json()["limit_bytes"] == settings.CAILAN.upload_limit_bytes

    @pytest.mark.parametrize("address", ["/account/sign-in", "/verify", "/imports", "/register/base"])
    def test_and_to_people(self, client, address):
        answer = client.post(address, {"a": "b"}, CONTENT_LENGTH="50000000")

        assert answer.status_code == 413
        assert "too-large" in answer.content.decode()


class TestRefusals:
    def test_their_type_leads_to_a_page(self, client):
        kind = client.get("/api/v1/nothing").json()["type"]

        page = client.get(kind, headers={"accept-language": "en"})

        assert page.status_code == 200
        assert "Nothing found here" in page.content.decode()
        assert client.get("/problems/no-such-kind").status_code == 404
        assert kind in client.get("/problems").content.decode()

    def test_a_form_without_its_token_is_refused_in_the_callers_way(self):
        strict = Client(enforce_csrf_checks=True)

        page = strict.post("/account/sign-in", {})
        answer = strict.post("/account/sign-in", {}, headers={"accept": "application/json"})

        assert (page.status_code, answer.status_code) == (403, 403)
        assert answer.json()["type"] == "/problems/page-too-old"
        assert "page-too-old" in page.content.decode()

    def test_a_fault_of_ours_is_a_problem_too(self, client, monkeypatch):
        def fail(*_arguments, **_facts):
            raise ZeroDivisionError

        monkeypatch.setattr("cailan.parties.queries.list_regions", fail)
        client.raise_request_exception = False
        answer = client.get("/api/v1/regions")

        assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
        assert answer.json()["type"] == "/problems/broken"


class TestHeaders:
    def test_nothing_on_the_way_keeps_what_a_signed_in_person_reads(self, world):
        owner, nobody = world.clients["owner"], world.clients["public"]

        assert owner.get("/lots")["Cache-Control"] == "private, no-store"
        assert owner.get("/api/v1/me")["Cache-Control"] == "private, no-store"
        assert world.clients["device"].get("/api/v1/me")["Cache-Control"] == "private, no-store"
        assert "Cache-Control" not in nobody.get("/")

    @pytest.mark.parametrize("address", ["/", "/api/v1/me", "/nothing", "/static/cailan/logo.svg"])
    def test_protect_every_answer(self, client, address):
        answer = client.get(address)
        b"".join(answer)  # read to its end, so that a file is closed

        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in answer["Content-Security-Policy"]
