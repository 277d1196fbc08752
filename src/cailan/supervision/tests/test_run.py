"""Whole runs through the doors, as the rows' evidence asks: from the failed test to the recovered quantity."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cailan.accounts import services as accounts
from cailan.accounts.models import User
from cailan.kernel import outbox
from cailan.kernel.access import SYSTEM
from cailan.parties.models import Party
from cailan.supervision.models import Recall
from cailan.supervision.tests import factories as make

pytestmark = pytest.mark.django_db


class Machine:
    """A signed-in caller of the REST interface."""

    def __init__(self, actor):
        party = Party.objects.get(pk=actor.acting_party_id)
        user = User.objects.create(username=f"run{party.pk}", password_changed_at=timezone.now())
        accounts.grant(
            SYSTEM, user_id=user.pk, party_id=party.pk, party_name=party.name, party_kind=party.kind,
            region=party.area_id or "", role="owner",
        )  # fmt: skip
        self.client = Client()
        self.client.force_login(user)
        self.client.cookies["django_language"] = "en"

    def get(self, address):
        answer = self.client.get(f"/api/v1{address}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, address, body=None, key="", expected=(200, 201, 204)):
        answer = self.client.post(
            f"/api/v1{address}", json.dumps(body or {}), content_type="application/json",
            headers={"idempotency-key": key} if key else {},
        )  # fmt: skip
        assert answer.status_code in expected, answer.content
        return answer.json() if answer.content else None


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def scandal(now):
    return make.make_scandal(at=now - timedelta(hours=8))


def deliver(name, payload):
    for listener in outbox._listeners[name]:
        outbox.deliver.func(name=name, listener=listener, payload=payload)


def decision_of(scandal, proposal, now, **changes):
    return {
        "lot": scandal.lot.code, "kind": proposal["measure"], "level": proposal["level"],
        "place": proposal["place"], "happened_at": proposal["happened_at"], "known_at": now.isoformat(),
        "responsible_id": proposal["responsible"][0]["party_id"], "reason": "毒死蜱超标",
        "instruction": "停止销售", "refund_place": "原购买摊位", **changes,
    }  # fmt: skip


@pytest.mark.requirement("S0-2.2-3")
def test_one_list_has_the_news_of_base_laboratory_and_holders(scandal, now):
    deliver("quality.report.failed", make.failed_report(scandal, at=now))
    deliver(
        "production.harvest.refused",
        {"refusal_id": 3, "batch_id": 1, "batch_number": "B7", "party_id": scandal.base.party_id, "product": "菜心",
         "operation_id": 2, "cause": "safety interval", "allowed_from": "2026-12-01", "is_banned": False,
         "at": now.isoformat()},
    )  # fmt: skip
    make.start(scandal, at=now - timedelta(hours=15))
    regulator = Machine(scandal.regulator)
    regulator.post(f"/recalls/{Recall.objects.get().number}/escalation")

    page = regulator.client.get("/alerts").content.decode()

    for word in ("A report failed", "A harvest was refused", "A recall meets silence", "2026-12-01"):
        assert word in page
    assert len(regulator.get("/alerts")["items"]) == 3


@pytest.mark.requirement("S2-4.3.2-1")
def test_the_four_facts_lead_to_a_stored_decision(scandal, now):
    regulator = Machine(scandal.regulator)
    proposal = regulator.get(f"/lots/{scandal.lot.code}/recall-proposal")
    assert (proposal["measure"], proposal["lots_in_scope"]) == ("recall", 2)
    assert "绿源基地" in proposal["place"]
    assert proposal["units"][0]["code"] == scandal.lot.code
    assert proposal["responsible"][0]["party_id"] == scandal.base.party_id

    number = regulator.post("/recalls", decision_of(scandal, proposal, now), key="d")["number"]
    again = regulator.post("/recalls", decision_of(scandal, proposal, now), key="d")["number"]

    stored = regulator.get(f"/recalls/{number}")
    assert number == again
    assert stored["responsible_id"] == scandal.base.party_id
    assert stored["decided_at"] >= now.isoformat()[:19]
    assert "增城市监局" in regulator.client.get(f"/supervision/recalls/{number}").content.decode()


@pytest.mark.requirement("S3-4.2.4-3")
def test_a_recall_starts_with_exactly_the_holders_of_the_scope(scandal, now):
    regulator = Machine(scandal.regulator)
    scope = regulator.get(f"/lots/{scandal.lot.code}/scope")
    proposal = regulator.get(f"/lots/{scandal.lot.code}/recall-proposal")

    number = regulator.post("/recalls", decision_of(scandal, proposal, now))["number"]

    told = regulator.get(f"/recalls/{number}/holders")["items"]
    held = {one["name"]: sum(float(a["start"]) for a in one["accounts"]) for one in told if one["accounts"]}
    assert held == {row["holder"]: float(row["in_stock"]) for row in scope["holders"]}
    assert {one["name"] for one in told} - set(held) == {"街口小店"}  # it is on its way there


@pytest.mark.requirement("S2-4.1.1-3")
@pytest.mark.requirement("S4-P8-1")
def test_from_the_failed_test_to_the_recovered_quantity(scandal, now):
    deliver("quality.report.failed", make.failed_report(scandal, at=now))
    regulator, stall = Machine(scandal.regulator), Machine(scandal.stall)
    [alert] = regulator.get("/alerts")["items"]
    proposal = regulator.get(f"/lots/{alert['lot']['code']}/recall-proposal?alert_id={alert['id']}")
    body = decision_of(scandal, proposal, now, alert_id=alert["id"])
    number = regulator.post("/recalls", body)["number"]
    make.deliver(now)

    sent = regulator.get(f"/recalls/{number}/messages?limit=500")["items"]
    [notice] = stall.get("/notices")["items"]
    stall.post(f"/notices/{notice['id']}/confirmation")
    line = stall.get(f"/notices/{notice['id']}")["lines"][0]
    answer = {
        "occurred_at": timezone.now().isoformat(),
        "lines": [{"line_id": line["line_id"], "destroyed": "10", "taken_back": "4"}],
    }
    stall.post(f"/notices/{notice['id']}/answers", answer, key="a")
    stall.post(f"/notices/{notice['id']}/answers", answer, key="a")
    refused = stall.post(f"/notices/{notice['id']}/answers", answer, key="b", expected=(422,))

    progress = regulator.get(f"/recalls/{number}/progress")
    assert {one["name"] for one in sent} >= {"老陈菜档", "学校食堂公司", "绿源基地", "大丰批发", "街口小店"}
    assert {one["state"] for one in sent} == {"delivered"}
    assert refused["code" if "code" in refused else "type"].endswith("more-than-there-was")
    assert (progress["counts"]["notified"], progress["counts"]["confirmed"], progress["counts"]["answered"]) == (
        5, 1, 1,
    )  # fmt: skip
    [bar] = progress["bars"]
    assert (float(bar["recovered"]), float(bar["start"]), float(bar["taken_back"])) == (10, 84, 4)
    regulator.post(f"/recalls/{number}/closing", expected=(409,))
    report = regulator.post(f"/recalls/{number}/closing", {"reason": "余货在责任主体处封存"})
    assert regulator.get(f"/recalls/{number}")["report_id"] == report["report_id"]
    assert Client().get(f"/api/v1/announcements/{number}").json()["closed_at"] is not None
