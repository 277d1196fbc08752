"""Parties for machines."""

import pytest
from django.test import Client

from cailan.accounts import services as accounts
from cailan.kernel.access import Permission
from cailan.parties import services
from cailan.parties.models import Party
from cailan.parties.tests.factories import AT, make_actor, make_party, resident_number, uscc_number

pytestmark = pytest.mark.django_db
API = "/api/v1"


def machine(party: Party, role: str = "owner") -> Client:
    maker = make_actor(party, permissions=frozenset(Permission))
    key = accounts.create_api_key(maker, name="test", at=AT, role=role, valid_days=36_500)
    return Client(headers={"Authorization": f"Bearer {key}"})


def post(client: Client, path: str, body: dict, **options):
    return client.post(f"{API}{path}", body, content_type="application/json", **options)


@pytest.fixture(autouse=True)
def _regions():
    services.load_regions()


def registration(**changed) -> dict[str, object]:
    return {
        "kind": "base", "name": "仙村菜场", "id_scheme": "uscc", "id_number": uscc_number(), "region": "440118107",
        "legal_person": "王小明", "legal_id_number": resident_number(), "username": "wang", "password": "Choy-sum 2026",
        **changed,
    }  # fmt: skip


class TestRegistrations:
    def test_registers_and_the_operator_approves(self):
        answer = post(Client(), "/registrations", registration())
        party_id = answer.json()["id"]
        operator = machine(make_party("operator"))

        approved = post(operator, f"/parties/{party_id}/approval", {})

        assert (answer.status_code, answer.json()["status"]) == (201, "pending")
        assert approved.json()["facts"]["status"] == "approved"
        assert "legal_id_number" not in approved.json()

    @pytest.mark.parametrize(
        ("changed", "where"),
        [
            ({"id_number": "1" * 18}, "id_number"),
            ({"name": "x" * 201}, "name"),
            ({"region": "44'; DROP"}, "region"),
            ({"market_id": -1}, "market_id"),
            ({"market_id": 2**63}, "market_id"),
        ],
    )
    def test_names_the_wrong_field(self, changed, where):
        answer = post(Client(), "/registrations", registration(**changed))

        assert answer.status_code == 422
        assert where in {error["where"] for error in answer.json()["errors"]}

    def test_says_409_for_a_number_taken(self):
        body = registration()
        post(Client(), "/registrations", body)

        answer = post(Client(), "/registrations", body | {"username": "other"})

        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-registered")


class TestVisibility:
    @pytest.mark.requirement("S1-4.1-1")
    def test_roles_see_their_own_and_404_for_the_rest(self):
        grower, stranger = make_party("base", region="440118107"), make_party("merchant", region="440300")
        market, operator = make_party("market", region="440300"), make_party("operator")
        path = f"{API}/parties/{grower.pk}"

        assert machine(grower).get(path).status_code == 200
        assert machine(operator).get(path).status_code == 200
        assert machine(stranger).get(path).status_code == 404
        assert machine(market).get(path).status_code == 404
        assert Client().get(path).status_code == 401
        assert machine(grower).get(f"{API}/parties/{2**63}").status_code == 422

    def test_lists_in_pages(self):
        operator = machine(make_party("operator"))
        for _number in range(3):
            make_party()

        first = operator.get(f"{API}/parties?limit=2").json()
        second = operator.get(f"{API}/parties", {"limit": 2, "cursor": first["next"]}).json()

        assert len(first["items"]) == 2
        assert not {one["id"] for one in first["items"]} & {one["id"] for one in second["items"]}

    def test_adds_places_people_and_partners(self):
        client = machine(make_party("base", region="440118107"))

        site = post(
            client, "/sites", {"kind": "base", "name": "一号基地", "latitude": 23.2, "longitude": 113.7}
        )
        member = {"username": "li", "display_name": "李", "role": "clerk", "password": "First pass 1"}
        partner = post(client, "/counterparties", {"name": "绿源", "is_supplier": True})

        assert site.json()["region_name"] == "仙村镇"
        assert post(client, "/organisation/members", member).status_code == 201
        assert [one["username"] for one in client.get(f"{API}/members").json()] == ["li"]
        assert client.get(f"{API}/counterparties").json()["items"][0]["party_id"] == partner.json()["id"]

    def test_regions_are_open_to_everybody(self):
        assert "仙村镇" in {one["name"] for one in Client().get(f"{API}/regions?parent=440118").json()}
        assert Client().get(f"{API}/regions?text=增城").json()[0]["code"] == "440118"
