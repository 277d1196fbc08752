"""From a failed report to the closing report: alerts, the decision, notices, answers, escalation."""

from datetime import timedelta
from decimal import Decimal

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cailan.documents import queries as documents
from cailan.kernel import outbox
from cailan.kernel.access import PUBLIC, SYSTEM
from cailan.kernel.problems import InvalidInput, KeyReused, NotAllowed, NotFound
from cailan.ledger import services as ledger
from cailan.lots import queries as lots
from cailan.lots import services as lots_services
from cailan.lots.models import Holding
from cailan.lots.rules.requests import Line, Retail
from cailan.parties.models import Party
from cailan.supervision import queries, services
from cailan.supervision.models import Alert, Message, Notice, NoticeLine, Recall, RecallStock, Return
from cailan.supervision.rules.deadlines import Level
from cailan.supervision.rules.measures import Measure
from cailan.supervision.rules.sums import Figures
from cailan.supervision.services import Said
from cailan.supervision.tests import factories as make
from cailan.supervision.tests.factories import LATER

pytestmark = pytest.mark.django_db


@pytest.fixture
def scandal():
    return make.make_scandal()


def bar(number, actor):
    recall = queries.get_recall(actor, number)
    [found] = queries.progress(actor, recall, at=LATER).bars
    return found


def sound():
    """Everything sealed is as it was sealed."""
    report = ledger.audit(SYSTEM)
    return [(one.subject, one.where) for one in report.alterations]


def token_of(notice):
    """Read the link in the message, as its receiver does."""
    [text] = {
        one.text
        for one in queries.list_messages(SYSTEM, notice.recall.number, limit=500).items
        if one.notice_id == notice.pk and one.channel == "sms"
    }
    return text.rpartition("/r/")[2]


class TestAlerts:
    @pytest.mark.requirement("S0-2.2-3")
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
    @pytest.mark.requirement("S2-4.3.2-1")
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
    @pytest.mark.requirement("S3-4.2.4-3")
    @pytest.mark.requirement("S2-4.1.1-3")
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


class TestAnswers:
    def test_what_is_destroyed_leaves_the_books_under_the_order(self, scandal):
        number = make.start(scandal)
        at = LATER + timedelta(hours=1)

        make.answer(scandal.stall, number, at=at, key="a", set_aside="6")
        make.answer(scandal.stall, number, at=at, key="b", destroyed="4")
        make.answer(scandal.stall, number, at=at, key="b", destroyed="4")  # a double tap
        make.answer(scandal.stall, number, at=at, key="c", destroyed="6", taken_back="3")

        line = make.notice_to(number, scandal.stall).lines.get()
        assert (line.destroyed, line.secured, line.taken_back) == (10, 0 + 2 - 2, 3)
        assert not lots.stock(scandal.stall, text=scandal.lot.code).items
        assert bar(number, scandal.regulator).recovered == 10
        assert bar(number, scandal.regulator).taken_back == 3
        assert sound() == []

    def test_what_is_returned_travels_and_arrives(self, scandal):
        number = make.start(scandal)
        at = LATER + timedelta(hours=1)
        make.answer(scandal.wholesaler, number, at=at, key="a", lot_code=scandal.lot.code, returned="25")
        [sent] = Return.objects.all()
        notice = make.notice_to(number, scandal.base)

        count = services.accept_returns(scandal.base, notice_id=notice.pk, return_ids=[sent.pk], at=at)
        again = services.accept_returns(scandal.base, notice_id=notice.pk, return_ids=[sent.pk], at=at)
        make.answer(scandal.base, number, at=at, key="b", destroyed="60")

        assert (count, again) == (1, 0)
        line = notice.lines.get()
        assert (line.quantity, line.received, line.destroyed) == (35, 25, 60)
        assert bar(number, scandal.regulator).recovered == 60  # its own 35, and the 25 of the wholesaler once
        assert lots.get_lot(scandal.base, scandal.lot.code).is_held
        assert lots.unbalanced() == ()
        assert sound() == []

    def test_goods_on_their_way_are_destroyed_by_who_sent_them_or_come_home_first(self, scandal):
        number = make.start(scandal, responsible_id=scandal.wholesaler.party_id)
        at = LATER + timedelta(hours=1)

        make.answer(scandal.base, number, at=at, key="a", returned="30")
        make.answer(scandal.base, number, at=at, key="b", destroyed="5")

        assert lots.remaining_everywhere([scandal.lot.id])[scandal.lot.id] == Decimal(100 - 15 - 10 - 5)
        assert Return.objects.get().quantity == 30
        assert sound() == []

    def test_never_more_than_there_was(self, scandal):
        number = make.start(scandal)
        at = LATER + timedelta(hours=1)
        make.answer(scandal.stall, number, at=at, key="a", set_aside="7")

        with pytest.raises(services.MoreThanThereWas) as refused:
            make.answer(scandal.stall, number, at=at, key="b", set_aside="7")

        line = make.notice_to(number, scandal.stall).lines.get()
        [error] = refused.value.extra["errors"]
        assert error["where"] == f"set_aside_{line.pk}"
        assert "3" in error["what"]
        assert line.secured == 7

    def test_an_empty_answer_is_asked_about_unless_nothing_is_open(self, scandal):
        number = make.start(scandal)
        at = LATER + timedelta(hours=1)

        with pytest.raises(InvalidInput):
            make.answer(scandal.stall, number, at=at, key="a")
        shop = make.notice_to(number, scandal.shop)
        said = Said(lines=(), occurred_at=at, note="未收货")
        services.answer_notice(scandal.shop, notice_id=shop.pk, said=said, at=at, client_key="a")

        shop.refresh_from_db()
        assert shop.answered_at == at

    @pytest.mark.parametrize("value", ["-1", "NaN", "1e12", "0.1234567"])
    def test_refuses_what_is_no_quantity(self, scandal, value):
        number = make.start(scandal)

        with pytest.raises(InvalidInput):
            make.answer(scandal.stall, number, at=LATER + timedelta(hours=1), key="a", destroyed=value)

    def test_others_notices_are_not_there(self, scandal):
        number = make.start(scandal)
        notice = make.notice_to(number, scandal.base)
        said = Said(lines=(), occurred_at=LATER)

        for call in (
            lambda: queries.get_notice(scandal.stall, notice.pk),
            lambda: services.confirm_notice(scandal.stall, notice_id=notice.pk, at=LATER),
            lambda: services.answer_notice(
                scandal.stall, notice_id=notice.pk, said=said, at=LATER, client_key="x"
            ),
            lambda: services.accept_returns(scandal.stall, notice_id=notice.pk, return_ids=[1], at=LATER),
        ):
            with pytest.raises(NotFound):
                call()


class TestLinks:
    @pytest.mark.requirement("S1-4.4-4")
    def test_a_holder_without_an_account_answers_by_its_link(self, scandal):
        number = make.start(scandal)
        notice = make.notice_to(number, scandal.canteen_id)
        token = token_of(notice)
        file = queries.notice_of_link(token)
        said = Said(
            lines=((file.lines[0].id, Figures(destroyed=Decimal(2), missing=Decimal(3))),),
            occurred_at=LATER,
            by_name="李师傅",
        )

        first = services.answer_by_link(PUBLIC, token=token, said=said, at=LATER, client_key="a")
        again = services.answer_by_link(PUBLIC, token=token, said=said, at=LATER, client_key="a")

        assert first == again
        notice.refresh_from_db()
        assert notice.confirmed_by == "李师傅"
        assert bar(number, scandal.regulator).missing == 3
        # No books: what it declares moves nothing here.
        assert lots.remaining_everywhere([scandal.lot.id])[scandal.lot.id] == 75
        assert sound() == []

    def test_the_secret_is_kept_nowhere_in_clear(self, scandal):
        number = make.start(scandal)
        token = token_of(make.notice_to(number, scandal.canteen_id))

        assert len(token) == 22  # 128 bits
        assert not any(token.encode() in bytes(one.body) for one in Message.objects.all())
        with pytest.raises(NotFound):
            queries.notice_of_link(token[:-1] + ("A" if token[-1] != "A" else "B"))

    def test_who_keeps_books_here_signs_in_to_answer(self, scandal):
        number = make.start(scandal)
        token = token_of(make.notice_to(number, scandal.stall))

        services.confirm_by_link(PUBLIC, token=token, by_name="陈大文", at=LATER)

        with pytest.raises(services.SignInToAnswer):
            services.answer_by_link(
                PUBLIC, token=token, said=Said(lines=(), occurred_at=LATER), at=LATER, client_key="a"
            )

    def test_is_passed_on_tier_by_tier(self, scandal):
        number = make.start(scandal)
        parent = make.notice_to(number, scandal.stall)
        line = parent.lines.get()
        made = services.forward_notice(
            scandal.stall, notice_id=parent.pk, name="巷口面馆", phone="13400134000",
            quantities={line.pk: Decimal(3)}, at=LATER, client_key="f",
        )  # fmt: skip
        again = services.forward_notice(
            scandal.stall, notice_id=parent.pk, name="巷口面馆", phone="13400134000", quantities={},
            at=LATER, client_key="f",
        )  # fmt: skip
        deeper = services.forward_by_link(
            PUBLIC,
            token=made.token,
            name="外卖摊",
            phone="13300133000",
            quantities={},
            at=LATER,
            client_key="g",
        )
        services.confirm_by_link(PUBLIC, token=deeper.token, by_name="赵", at=LATER)

        recall = queries.get_recall(scandal.regulator, number)
        tiers = queries.progress(scandal.regulator, recall, at=LATER).tiers
        assert (again.notice_id, again.token) == (made.notice_id, "")
        assert [(one.tier, one.counts.notified, one.counts.confirmed) for one in tiers][1:] == [
            (1, 1, 0), (2, 1, 1),
        ]  # fmt: skip
        assert bar(number, scandal.regulator).outside == 3
        assert sound() == []

    def test_a_message_says_how_it_went(self, scandal):
        number = make.start(scandal)
        Message.objects.filter(notice__holder_id=scandal.canteen_id).update(address="")

        make.deliver()

        rows = queries.list_messages(scandal.regulator, number, limit=500).items
        states = {(one.channel, one.state, one.detail) for one in rows}
        assert states == {
            ("app", "delivered", "in-app"), ("sms", "delivered", "simulated"), ("sms", "failed", "no-number"),
        }  # fmt: skip
        assert make.deliver() == 0

    def test_sending_waits_in_the_queue_of_the_same_transaction(self, scandal):
        before = ProcrastinateJob.objects.filter(task_name="kernel.deliver").count()

        make.start(scandal)

        jobs = ProcrastinateJob.objects.filter(
            task_name="kernel.deliver", args__name="supervision.messages.queued"
        )
        assert jobs.count() == 1
        assert ProcrastinateJob.objects.filter(task_name="kernel.deliver").count() > before


class TestSilence:
    def test_the_silent_are_asked_again_and_shown_above(self, scandal):
        number = make.start(scandal)
        make.answer(scandal.stall, number, at=LATER + timedelta(hours=1), key="a", missing="10")
        early = services.escalate(scandal.regulator, number=number, at=LATER + timedelta(hours=11))
        late = LATER + timedelta(hours=13)

        count = services.escalate_due(SYSTEM, at=late)
        again = services.escalate_due(SYSTEM, at=late)

        assert (early, count, again) == (0, 4, 0)  # base, wholesaler, canteen, shop
        notice = make.notice_to(number, scandal.canteen_id)
        assert (notice.escalations, notice.due_at) == (1, late + timedelta(hours=12))
        assert notice.links.count() == 2
        alert = Alert.objects.get(kind="recall-silent")
        assert number in alert.text
        assert queries.get_alert(scandal.city, alert.pk).recall == number
        recall = queries.get_recall(scandal.regulator, number)
        assert queries.progress(scandal.regulator, recall, at=late).counts.silent == 4
        assert sound() == []

    def test_a_link_that_was_sent_first_still_opens(self, scandal):
        number = make.start(scandal)
        token = token_of(make.notice_to(number, scandal.canteen_id))

        services.escalate_due(SYSTEM, at=LATER + timedelta(hours=13))

        assert queries.notice_of_link(token).notice.escalations == 1

    def test_only_the_authority_or_one_above_escalates(self, scandal):
        number = make.start(scandal)

        assert services.escalate(scandal.city, number=number, at=LATER) == 0
        for actor, refusal in ((scandal.far, NotFound), (scandal.market, NotAllowed)):
            with pytest.raises(refusal):
                services.escalate(actor, number=number, at=LATER)


def settle_all(scandal, number, at):
    """Let everybody destroy what it has."""
    make.answer(scandal.base, number, at=at, key="z", destroyed="35")
    make.answer(scandal.stall, number, at=at, key="z", destroyed="10")
    make.answer(scandal.wholesaler, number, at=at, key="y", lot_code=scandal.lot.code, destroyed="25")
    make.answer(scandal.wholesaler, number, at=at, key="z", lot_code=scandal.bags, destroyed="9")
    token = token_of(make.notice_to(number, scandal.canteen_id))
    line = queries.notice_of_link(token).lines[0].id
    said = Said(lines=((line, Figures(destroyed=Decimal(5))),), occurred_at=at, by_name="李")
    services.answer_by_link(PUBLIC, token=token, said=said, at=at, client_key="z")


class TestClosing:
    @pytest.mark.requirement("S4-P8-1")
    @pytest.mark.requirement("S2-4.1.1-3")
    def test_closes_when_the_figures_add_up_with_a_sealed_report(self, scandal):
        alert = make.make_alert(scandal)
        number = make.start(scandal, alert_id=alert)
        at = LATER + timedelta(hours=2)
        with pytest.raises(services.FiguresOpen):
            services.close_recall(scandal.regulator, number=number, at=at)
        settle_all(scandal, number, at)

        report = services.close_recall(scandal.regulator, number=number, at=at)

        recall = Recall.objects.get(number=number)
        content = documents.read_bytes(scandal.regulator, report)
        assert content.startswith(b"%PDF-")
        assert documents.get_document(scandal.regulator, report).digest == recall.report_sha256
        assert bar(number, scandal.regulator).recovered_share == 100
        assert queries.open_recalls_of([scandal.lot.id]) == {}
        assert lots.get_lot(scandal.base, scandal.lot.code).is_held  # until it is released by decision
        with pytest.raises(services.RecallEnded):
            make.answer(scandal.stall, number, at=at, key="late", destroyed="1")
        assert sound() == []

    def test_closes_with_a_reason_and_releases_by_decision(self, scandal):
        number = make.start(scandal)
        with pytest.raises(services.RecallStillOpen):
            services.release_recall(scandal.regulator, number=number, reason="x", at=LATER)

        services.close_recall(scandal.regulator, number=number, reason="复检合格", at=LATER)
        freed = services.release_recall(scandal.regulator, number=number, reason="复检合格", at=LATER)

        assert set(freed) == {scandal.lot.code, scandal.bags}
        assert not lots.get_lot(scandal.base, scandal.lot.code).is_held
        assert sound() == []

    def test_is_public_from_the_decision_on_with_persons_masked(self, scandal):
        Party.objects.filter(pk=scandal.base.party_id).update(kind="individual", name="黄志强")
        number = make.start(scandal)

        open_one = queries.open_recalls_of([lots.find_public(scandal.bags).id])
        found = queries.announcement(number)

        assert [one.number for one in open_one.values()] == [number]
        assert found.facts.producer == "黄*强" or "黄" in found.facts.producer
        assert found.facts.producer != "黄志强"
        assert {lot.code for lot in found.lots} == {scandal.lot.code, scandal.bags}
        assert [one.number for one in queries.list_public().items] == [number]


def test_the_clock_has_a_task():
    from cailan.supervision import tasks

    assert tasks.escalate_due.name == "supervision.escalate_due"


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
