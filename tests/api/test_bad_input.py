"""Bad input gets a problem that says what, where and what to do; nothing is written."""

import json
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from cailan.lots import queries as lots

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def device(world):
    return world.clients["device"]


def new_lot(world, **changes):
    lot = {"number": "N-9", "quantity": "12.5", "uom": "KGM", "product_id": world.facts["product"]} | changes
    return {"occurred_at": timezone.now().isoformat(), "lot": lot}


def post(client, path, body, **headers):
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(f"{API}{path}", text, content_type="application/json", headers=headers)


def stock_of(world):
    return [(row.id, row.remaining) for row in lots.stock(world.actors["owner"], limit=500).items]


class TestLots:
    @pytest.mark.parametrize(
        ("changes", "where"),
        [
            ({"quantity": "-1"}, "lot.quantity"),
            ({"quantity": "0"}, "lot.quantity"),
            ({"quantity": "1e30"}, "lot.quantity"),
            ({"quantity": "1E-999999"}, "lot.quantity"),
            ({"quantity": "NaN"}, "lot.quantity"),
            ({"quantity": 9_999_999_999}, "lot.quantity"),
            ({"uom": "ZZZ"}, "lot.uom"),
            ({"uom": "斤斤"}, "lot.uom"),
            ({"product_id": 2**62}, "lot.product_id"),
            ({"number": ""}, "lot.number"),
            ({"gtin": "6901234567893"}, "lot.gtin"),
            ({"price": 3}, "lot.price"),
            ({"attributes": {"a": {"b": 1}}}, "lot.attributes.a"),
        ],
    )
    def test_names_the_field(self, world, device, changes, where):
        before = stock_of(world)

        answer = post(device, "/lots", new_lot(world, **changes))

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert answer["Content-Type"] == "application/problem+json"
        assert [error["where"] for error in answer.json()["errors"]] == [where]
        assert stock_of(world) == before

    @pytest.mark.parametrize(
        "moment",
        [
            "2026-02-30T08:00:00+08:00",
            "2026-13-01T00:00:00Z",
            "yesterday",
            "2026-11-20T08:00:00",
            "0001-01-01T00:00:00+14:00",
            1e300,
        ],
    )
    def test_refuses_impossible_times(self, world, device, moment):
        answer = post(device, "/lots", new_lot(world) | {"occurred_at": moment})

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    def test_refuses_the_future(self, world, device):
        tomorrow = (timezone.now() + timedelta(days=1)).isoformat()

        answer = post(device, "/lots", new_lot(world) | {"occurred_at": tomorrow})

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert tomorrow[:10] in answer.json()["detail"]

    def test_a_reused_key_with_another_body_changes_nothing(self, world, device):
        body = new_lot(world)
        first = post(device, "/lots", body, **{"Idempotency-Key": "k1"})
        again = post(device, "/lots", body, **{"Idempotency-Key": "k1"})
        before = stock_of(world)

        other = post(device, "/lots", new_lot(world, number="N-10"), **{"Idempotency-Key": "k1"})

        assert again.json()["lot_codes"] == first.json()["lot_codes"]
        assert (again.json()["was_known"], other.status_code) == (True, HTTPStatus.CONFLICT)
        assert other.json()["type"] == "/problems/key-reused"
        assert stock_of(world) == before

    def test_never_gives_more_than_there_is(self, world, device):
        lot = world.facts["lot"].code
        body = {
            "occurred_at": timezone.now().isoformat(),
            "lines": [{"lot": lot, "quantity": "5.1", "uom": "KGM"}],
        }

        answer = post(device, "/lots/retail", body)

        assert answer.status_code == HTTPStatus.CONFLICT
        assert "5" in answer.json()["detail"]

    def test_goods_go_only_to_parties_one_knows(self, world, device):
        line = {"lot": world.facts["lot"].code, "quantity": "1", "uom": "KGM"}
        stranger = world.actors["stranger"].party_id

        answer = post(
            device, "/lots/transfer",
            {"occurred_at": timezone.now().isoformat(), "lines": [line], "to_party_id": stranger},
        )  # fmt: skip

        assert answer.json()["errors"][0]["where"] == "to_party_id"


class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            "[" * 1000 + "]" * 1000,
            '{"a":' * 1000 + "1" + "}" * 1000,
            "{",
            "\ufeff{}",
            '{"lot": NaN}',
            "null",
            '"x"',
            "7",
        ],
        ids=["arrays", "objects", "cut", "mark", "nan", "null", "text", "number"],
    )
    def test_answers_a_problem(self, device, body):
        answer = post(device, "/lots", body)

        assert answer.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]

    def test_refuses_nul_everywhere(self, world, device):
        body = json.dumps(new_lot(world, number="a\x00b"))

        assert post(device, "/lots", body).status_code == HTTPStatus.BAD_REQUEST
        assert device.get(f"{API}/lots?text=%00").status_code == HTTPStatus.BAD_REQUEST
        assert device.get("/t/a%00b").status_code == HTTPStatus.BAD_REQUEST

    def test_refuses_broken_utf8(self, device):
        answer = device.post(f"{API}/lots", b'{"a": "\xff\xfe"}', content_type="application/json")

        assert answer.status_code == HTTPStatus.BAD_REQUEST


class TestForms:
    @pytest.mark.parametrize("address", ["/register/base", "/register/individual", "/organisation/new-place"])
    def test_refuse_nul_in_each_field(self, world, address):
        form = {"name": "某", "region": "440118", "kind": "warehouse", "address": "某"}
        for field in form:
            answer = world.clients["owner"].post(address, form | {field: "a\x00b"})
            assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, field

    @pytest.mark.parametrize("address", ["/account/sign-in", "/account/password", "/import"])
    def test_say_by_their_status_that_nothing_was_done(self, world, address):
        assert (
            world.clients["owner"].post(address, {"csrfmiddlewaretoken": "x"}).status_code
            == HTTPStatus.UNPROCESSABLE_ENTITY
        )


class TestDoors:
    def test_an_unknown_address_is_a_problem(self, device):
        answer = device.get(f"{API}/nothing")

        assert (answer.status_code, answer["Content-Type"]) == (
            HTTPStatus.NOT_FOUND,
            "application/problem+json",
        )

    def test_a_wrong_key_is_refused_even_beside_a_session(self, world):
        answer = world.clients["owner"].get(f"{API}/me", headers={"authorization": "Bearer ck_nope.nope"})

        assert (answer.status_code, answer["WWW-Authenticate"]) == (HTTPStatus.UNAUTHORIZED, "Bearer")

    def test_a_session_needs_the_csrf_token_to_write(self, world):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        strict.cookies = world.clients["owner"].cookies

        answer = post(strict, "/lots", new_lot(world))

        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert strict.get(f"{API}/me").status_code == HTTPStatus.OK

    def test_the_document_is_openapi_3_1(self, client):
        document = client.get(f"{API}/openapi.json").json()

        assert document["openapi"].startswith("3.1")
        assert client.get(f"{API}/docs").status_code == HTTPStatus.OK
