"""The farm's record for machines."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cailan.accounts import services as accounts
from cailan.parties.tests.factories import make_site
from cailan.production.models import FarmInput, HarvestRefusal, Operation
from cailan.production.tests.factories import make_input, open_batch, spray

pytestmark = pytest.mark.django_db
API = "/api/v1/production"
DAY = timedelta(days=1)
SEED = {"kind": "own_seed", "name": "菜心种子", "variety": "四九-19号"}
PESTICIDE = {
    "kind": "pesticide",
    "name": "吡虫啉可湿性粉剂",
    "registration_no": "PD20261234",
    "ingredients": [{"name": "吡虫啉", "content": "10%"}],
    "label": [{"days": 7}],
    "quantity": "5",
    "uom": "KGM",
    "supplier_name": "增城农资店",
}


@pytest.fixture
def machine(grower):
    key = accounts.create_api_key(grower, name="field book", at=timezone.now(), role="owner")
    return Client(headers={"authorization": f"Bearer {key}"})


def send(machine, path, body, key=""):
    headers = {"idempotency-key": key} if key else {}
    return machine.post(f"{API}{path}", body, content_type="application/json", headers=headers)


def test_a_season_from_purchase_to_harvest(machine, base, at):
    bought = {**PESTICIDE, "bought_on": (at - 30 * DAY).date().isoformat()}
    store = send(machine, "/inputs", bought).json()["id"]
    plot = make_site(base, "plot", "7号地块", code="7").pk
    crop = machine.get("/api/v1/products/search", {"text": "菜心"}).json()
    product = next(iter(crop["items"] if isinstance(crop, dict) else crop))["id"]
    planted = (at - 40 * DAY).date().isoformat()
    opening = {"product_id": product, "site_id": plot, "area_mu": "2.5", "planted_on": planted, "seed": SEED}
    batch = send(machine, "/batches", opening).json()["id"]
    work = {"kind": "spraying", "target": "蚜虫", "occurred_at": (at - 9 * DAY).isoformat()}
    work["materials"] = [{"input_id": store, "quantity": "100", "uom": "GRM"}]

    assert send(machine, f"/batches/{batch}/operations", work).status_code == 201
    reaped = {"quantity": "80", "method": "by_hand", "occurred_at": at.isoformat()}
    harvested = send(machine, f"/batches/{batch}/harvests", reaped)

    assert harvested.status_code == 201
    assert harvested.json()["number"] == f"7-{timezone.localtime(at):%y%m%d}"
    seen = machine.get(f"{API}/batches/{batch}").json()
    assert [one["kind"] for one in seen["operations"]] == ["spraying"]
    assert machine.get(f"{API}/inputs/{store}").json()["remaining"] == "4.900"
    grown = machine.get(f"/api/v1/lots/{harvested.json()['lot_code']}/growth").json()
    assert grown["operations"][0]["uses"][0]["interval_days"] == 7


def test_the_same_key_is_the_same_entry(machine, at):
    bought = {**PESTICIDE, "bought_on": at.date().isoformat()}

    first, again = (send(machine, "/inputs", bought, "k1").json() for _twice in range(2))

    assert first == again
    assert send(machine, "/inputs", {**bought, "quantity": "6"}, "k1").status_code == 409
    assert FarmInput.objects.count() == 1


def test_an_expired_input_is_refused_with_the_day(machine, grower, at):
    expired = (at - 2 * DAY).date()
    store = make_input(grower, at=at, bought_on=(at - 400 * DAY).date(), expires_on=expired)
    work = {"kind": "spraying", "target": "蚜虫", "occurred_at": at.isoformat()}
    work["materials"] = [{"input_id": store, "quantity": "0.1", "uom": "KGM"}]

    answer = send(machine, f"/batches/{open_batch(grower, at=at)}/operations", work)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/input-not-usable")
    assert expired.isoformat() in answer.json()["detail"]
    assert not Operation.objects.exists()


def test_a_harvest_too_early_names_day_and_cause(machine, grower, at):
    batch = open_batch(grower, at=at)
    work = spray(grower, batch, make_input(grower, at=at), at=at)
    reaped = {"quantity": "80", "method": "by_hand", "occurred_at": at.isoformat()}

    answer = send(machine, f"/batches/{batch}/harvests", reaped, "h1")

    said = answer.json()
    assert (answer.status_code, said["type"]) == (409, "/problems/harvest-too-early")
    assert said["allowed_from"] == (timezone.localtime(at).date() + 7 * DAY).isoformat()
    assert said["operation"] == work
    assert HarvestRefusal.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/inputs", {**PESTICIDE, "bought_on": "2026-02-30"}),
        ("/inputs", {**PESTICIDE, "bought_on": "2026-02-03", "quantity": "1e400"}),
        ("/inputs", {**PESTICIDE, "bought_on": "2026-02-03", "colour": "red"}),
        ("/batches", {"seed": SEED}),
        ("/environment", {"site_id": 1, "aspect": "noise", "finding": "x", "measured_on": "2026-02-03"}),
    ],
)
def test_what_cannot_be_is_named(machine, path, body):
    answer = send(machine, path, body)

    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_foreign_rows_are_not_found(machine, at):
    work = {"kind": "irrigating", "occurred_at": at.isoformat()}

    assert send(machine, "/batches/999999/operations", work).status_code == 404
    assert send(machine, f"/batches/{2**63}/operations", work).status_code == 422
    assert send(machine, "/operations/999999/correction", {**work, "reason": "x"}).status_code == 404
    assert machine.get(f"{API}/inputs/999999").status_code == 404
