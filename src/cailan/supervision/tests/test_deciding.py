"""Alerts, what is proposed from the graph, and the decision that holds every kilo."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cailan.kernel import outbox
from cailan.kernel.access import PUBLIC
from cailan.kernel.problems import InvalidInput, KeyReused, NotAllowed, NotFound
from cailan.lots import queries as lots
from cailan.lots import services as lots_services
from cailan.lots.models import Holding
from cailan.lots.rules.requests import Line, Retail
from cailan.parties.models import Party
from cailan.supervision import queries, services
from cailan.supervision.models import Notice, NoticeLine, Recall, RecallStock
from cailan.supervision.rules.deadlines import Level
from cailan.supervision.rules.measures import Measure
from cailan.supervision.tests import factories as make
from cailan.supervision.tests.factories import LATER
from cailan.supervision.tests.looking import sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def scandal():
    return make.make_scandal()


class TestAlerts:
    def test_news_of_all_stages_stand_in_one_list(self, scandal):
        outbox_payload = make.failed_report(scandal)
        for name, payload in (
            ("quality.report.failed", outbox_payload),
            (
                "production.harvest.refused",
                {"refusal_id": 3, "batch_id": 1, "batch_number": "B7", "operation_id": 2, "product": "菜心",
                 "party_id": scandal.base.party_id, "cause": "安全间隔期未满", "allowed_from": "2026-11-25",
                 "is_banned": False, "at": LATER.isoformat()},
            ),
        ):  # fmt: skip
            for _twice in range(2):  # delivery is at least once
                [listener] = outbox._listeners[name]
                outbox.deliver.func(name=name, listener=listener, payload=payload)

        page = queries.list_alerts(scandal.regulator)

        assert [one.kind for one in page.items] == ["harvest-refused", "report-failed"]
        assert queries.count_new_alerts(scandal.regulator) == 2
        assert "2026-11-25" in page.items[0].text
        assert page.items[1].refused_by == ("CN", "HK")
        assert sound() == []

    def test_each_overseer_sees_its_own(self, scandal):
        make.make_alert(scandal)
        lab = make.make_actor(Party.objects.get(pk=scandal.lab_id))

        seen = {
            name: queries.count_new_alerts(actor)
            for name, actor in {
                "regulator": scandal.regulator, "city": scandal.city, "far": scandal.far, "market": scandal.market,
                "lab": lab, "base": scandal.base, "public": PUBLIC,
            }.items()
        }  # fmt: skip

        assert seen == {
            "regulator": 1, "city": 1, "far": 0, "market": 1, "lab": 1, "base": 0, "public": 0,
        }  # fmt: skip
        with pytest.raises(NotAllowed):
            queries.list_alerts(scandal.base)

    def test_is_taken_on_and_settled_once(self, scandal):
        alert = make.make_alert(scandal)

        services.acknowledge(scandal.city, alert_id=alert, at=LATER)
        services.acknowledge(scandal.regulator, alert_id=alert, at=LATER)
        services.handle_alert(scandal.regulator, alert_id=alert, note="已电话核实", at=LATER)

        found = queries.get_alert(scandal.regulator, alert)
        assert found.acknowledged_by.startswith("广州市监局")
        assert found.handled_by.startswith("增城市监局")
        with pytest.raises(services.AlertSettled):
            services.handle_alert(scandal.city, alert_id=alert, note="又一次", at=LATER)
        with pytest.raises(NotFound):
            services.acknowledge(scandal.far, alert_id=alert, at=LATER)
        with pytest.raises(NotAllowed):
            services.acknowledge(scandal.market, alert_id=alert, at=LATER)
        assert sound() == []


class TestProposal:
    def test_names_the_four_facts_scope_and_measure(self, scandal):
        alert = make.make_alert(scandal)

        found = queries.propose(scandal.regulator, scandal.lot.code, alert_id=alert, at=LATER)

        assert "绿源基地" in found.place
        assert found.happened_at == scandal.lot.made_at
        assert [unit.code for unit in found.units] == [scandal.lot.code]
        assert (found.candidates[0].party_id, found.candidates[0].why) == (scandal.base.party_id, "made-it")
        assert (found.measure, found.level.level) == (Measure.RECALL, Level.SECOND)
        assert found.lots_in_scope == 2
        [where] = found.where
        assert (where.in_stock, where.in_transit, where.sold) == (64, 20, 15)

    def test_a_bag_leads_back_to_what_it_was_made_from(self, scandal):
        found = queries.propose(scandal.regulator, scandal.bags, at=LATER)

        assert [unit.code for unit in found.units] == [scandal.bags, scandal.lot.code]
        assert [one.why for one in found.candidates][:2] == ["made-it", "made-input"]
        assert found.measure == Measure.WITHDRAWAL  # no bag was sold to consumers


class TestDecision:
    def test_holds_every_kilo_and_tells_exactly_the_holders(self, scandal):
        alert = make.make_alert(scandal)
        scope = queries.propose(scandal.regulator, scandal.lot.code, at=LATER)

        number = make.start(scandal, alert_id=alert)

        recall = Recall.objects.get(number=number)
        assert number == "ZH-440118-261120-001"
        assert all(lots.get_lot(scandal.regulator, code).is_held for code in (scandal.lot.code, scandal.bags))
        told = {one.holder_id: one for one in Notice.objects.filter(recall=recall)}
        assert set(told) == {row.holder_id for row in scope.holders} | {scandal.shop.party_id}
        assert told[scandal.shop.party_id].role == "consignee"
        assert told[scandal.base.party_id].role == "responsible"
        left = sum(row.quantity for row in RecallStock.objects.filter(recall=recall))
        assert left == sum(holding.remaining_quantity for holding in Holding.objects.exclude(lot=None))
        line = NoticeLine.objects.get(notice=told[scandal.base.party_id])
        assert (line.quantity, line.in_transit) == (35, 20)
        stall = NoticeLine.objects.get(notice=told[scandal.stall.party_id])
        assert (stall.quantity, stall.sold) == (10, 15)
        assert queries.get_alert(scandal.regulator, alert).recall == number
        assert queries.get_alert(scandal.regulator, alert).state == "handled"
        assert recall.start_due == recall.known_at + timedelta(hours=48)
        assert recall.decided_by.startswith("增城市监局")
        assert sound() == []

    def test_what_is_changed_in_the_scope_is_found(self, scandal):
        make.start(scandal)
        row = RecallStock.objects.order_by("pk").first()

        RecallStock.objects.filter(pk=row.pk).update(quantity=row.quantity - 1)

        assert [where for _subject, where in sound()] == ["scope_sha256"]

    def test_nobody_can_sell_any_more(self, scandal):
        make.start(scandal)
        line = Line(scandal.lot.code, Decimal(1), "KGM")

        with pytest.raises(lots_services.LotOnHold):
            lots_services.record(scandal.stall, Retail(occurred_at=LATER, lines=(line,)), at=LATER)

    def test_a_lot_on_hold_gets_the_hold_of_the_recall_too(self, scandal):
        lots_services.hold(scandal.base, lot=scandal.lot.code, reason="own doubts", at=LATER)

        make.start(scandal)
        lots_services.release(scandal.base, lot=scandal.lot.code, reason="no doubts", at=LATER)

        assert lots.get_lot(scandal.base, scandal.lot.code).is_held

    def test_twice_is_once(self, scandal):
        first = services.start_recall(
            scandal.regulator, decision=make.decision(scandal), at=LATER, client_key="k"
        )
        again = services.start_recall(
            scandal.regulator, decision=make.decision(scandal), at=LATER, client_key="k"
        )

        assert first == again
        assert Recall.objects.count() == 1
        with pytest.raises(KeyReused):
            services.start_recall(
                scandal.regulator, decision=make.decision(scandal, reason="x"), at=LATER, client_key="k"
            )

    @pytest.mark.parametrize(
        ("changes", "where"),
        [({"place": " "}, "place"), ({"reason": "x" * 1001}, "reason"), ({"refund_place": ""}, "refund_place"),
         ({"known_at": LATER + timedelta(hours=2)}, "known_at"), ({"responsible_id": 10**9}, "responsible_id"),
         ({"alert_id": 10**9}, "alert_id")],
    )  # fmt: skip
    def test_refuses_at_the_field_and_holds_nothing(self, scandal, changes, where):
        with pytest.raises(InvalidInput) as refused:
            make.start(scandal, **changes)

        assert [error["where"] for error in refused.value.extra["errors"]] == [where]
        assert not lots.get_lot(scandal.regulator, scandal.lot.code).is_held

    def test_only_who_oversees_the_goods_decides(self, scandal):
        with pytest.raises(NotFound):
            make.start(scandal, actor=scandal.far)
        with pytest.raises(NotAllowed):
            make.start(scandal, actor=scandal.market)

    def test_withdrawal_numbers_run_by_themselves(self, scandal):
        make.start(scandal)
        number = make.start(scandal, lot=scandal.bags, kind=Measure.WITHDRAWAL)
        second = make.start(scandal, lot=scandal.bags, kind=Measure.WITHDRAWAL, reason="再查")

        assert (number, second) == ("CH-440118-261120-001", "CH-440118-261120-002")


def test_a_changed_day_is_kept_sealed_and_counts(scandal):
    services.load_workdays()
    day = LATER.date() + timedelta(days=3)  # a Monday
    owner = scandal.regulator
    before = queries.propose(owner, scandal.lot.code, at=LATER).limits[0][1].finish_due

    services.set_workday(
        owner, day=day, is_workday=False, name="台风停工", source="市政府通告", is_verified=True, at=LATER
    )
    services.load_workdays()

    after = queries.propose(owner, scandal.lot.code, at=LATER).limits[0][1].finish_due
    assert after > before
    assert sound() == []
