"""From the base's own test to the signed report, and what follows for the goods."""

from datetime import timedelta

import pytest

from cailan.documents import queries as documents
from cailan.kernel.models import OutboxEvent
from cailan.kernel.problems import InvalidInput, NotAllowed, NotFound
from cailan.lots import queries as lots
from cailan.lots import services as lot_services
from cailan.parties.tests.factories import make_actor, make_party
from cailan.quality import queries, services
from cailan.quality.queries import papers
from cailan.quality.services import problems
from cailan.quality.tests import factories
from cailan.quality.tests.factories import (
    AT,
    LATER,
    enzyme,
    make_laboratory,
    make_report,
    make_self_test,
    measured,
    pack,
    party_of,
    send,
    strip,
)

pytestmark = pytest.mark.django_db


def state(lot):
    return queries.state_of([lot.id])[lot.id]


def is_held(lot):
    return lots.facts_of([lot.id])[lot.id].is_held


class TestSelfTest:
    def test_a_lot_without_or_with_an_open_test_does_not_leave(self, base, centre, lot):
        with pytest.raises(lot_services.AwaitsTest):
            send(base, centre, lot)

        assert state(lot).self_test == "none"

    def test_a_passed_one_lets_it_go(self, base, centre, lot):
        make_self_test(base, lot)

        send(base, centre, lot)

        assert state(lot).self_test == "passed"

    def test_a_failed_one_keeps_and_holds_it(self, base, centre, lot):
        make_self_test(base, lot, passes=False)

        assert (state(lot).self_test, is_held(lot)) == ("failed", True)
        with pytest.raises((lot_services.AwaitsTest, lot_services.LotOnHold)):
            send(base, centre, lot)

    def test_a_clerk_may_record_what_holds_the_lot(self, base, lot):
        clerk = make_actor(party_of(base), "clerk")

        make_self_test(clerk, lot, passes=False)

        assert is_held(lot)

    def test_one_high_reading_is_to_be_repeated_and_the_lot_waits(self, base, centre, lot):
        services.self_test(base, lot=lot.code, entries=[enzyme("62")], at=AT)

        assert state(lot).self_test == "pending"
        with pytest.raises(lot_services.AwaitsTest):
            send(base, centre, lot)

        services.self_test(base, lot=lot.code, entries=[enzyme("20")], at=LATER)

        assert state(lot).self_test == "passed"

    def test_the_same_key_is_one_test(self, base, lot):
        ids = {
            services.self_test(base, lot=lot.code, entries=[strip()], at=AT, client_key="k") for _ in range(2)
        }

        assert len(ids) == 1

    def test_only_the_makers_own(self, centre, base, lot):
        make_self_test(base, lot)
        send(base, centre, lot)

        with pytest.raises(NotAllowed):
            make_self_test(centre, lot)

    @pytest.mark.parametrize(
        "entries",
        [[], [measured("", "1")], [measured("毒死蜱", "-1")], [measured("毒死蜱", "1e30")],
         [measured("毒死蜱", "1", method="")],
         [factories.ItemEntry("毒死蜱", "enzyme")], [measured("x" * 500, "1")]],
    )  # fmt: skip
    def test_what_cannot_be_read_is_refused_at_its_item(self, base, lot, entries):
        with pytest.raises(InvalidInput) as refused:
            services.self_test(base, lot=lot.code, entries=entries, at=AT)

        assert all(error["where"].startswith("items") for error in refused.value.extra["errors"])

    def test_neither_in_the_future_nor_before_the_harvest(self, base, lot):
        for moment in (AT + timedelta(days=1), AT - timedelta(days=3)):
            with pytest.raises(InvalidInput):
                services.self_test(base, lot=lot.code, entries=[strip()], at=AT, tested_at=moment)


class TestIncoming:
    @pytest.mark.requirement("S0-2.2-8")
    def test_waits_until_the_signed_report_whose_digest_is_kept(self, base, centre, lab, arrived):
        stall = make_actor(make_party("merchant"))
        with pytest.raises(lot_services.AwaitsTest):
            send(centre, stall, arrived, "10")

        report_id = make_report(centre, arrived, lab, at=LATER)

        send(centre, stall, arrived, "10", at=LATER + timedelta(minutes=1))
        line, report, may_open = queries.get_report(centre, report_id)
        paper = documents.read_bytes(lab, report.document_id)
        assert (line.verdict, report.kind, may_open) == ("passed", "incoming", True)
        assert report.digest == papers.digest(paper)
        assert paper.startswith(b"%PDF")
        assert documents.get_document(centre, report.document_id).digest == report.digest
        assert documents.get_document(base, report.document_id).digest == report.digest

    def test_a_lab_sees_the_lot_only_when_a_sample_is_sent_to_it(self, centre, lab, arrived):
        with pytest.raises(NotFound):
            lots.get_lot(lab, arrived.code)

        services.request_test(centre, lot=arrived.code, lab_id=lab.acting_party_id, at=LATER)

        assert lots.get_lot(lab, arrived.code).code == arrived.code

    def test_each_centre_tests_what_arrived_there(self, base, centre, lab, arrived):
        other = make_actor(make_party("distribution_centre"))
        send(base, other, arrived, "30")
        make_report(centre, arrived, lab, at=LATER)
        stall = make_actor(make_party("merchant"))

        send(centre, stall, arrived, "10")
        with pytest.raises(lot_services.AwaitsTest):
            send(other, stall, arrived, "10")

        make_report(other, arrived, lab, at=LATER)
        send(other, stall, arrived, "10")

    def test_one_sample_of_a_stock_at_a_time(self, centre, lab, arrived):
        services.request_test(centre, lot=arrived.code, lab_id=lab.acting_party_id, at=LATER)

        with pytest.raises(problems.AlreadyRequested):
            services.request_test(centre, lot=arrived.code, lab_id=lab.acting_party_id, at=LATER)

    def test_the_same_key_is_one_request(self, centre, lab, arrived):
        wanted = {"lot": arrived.code, "lab_id": lab.acting_party_id, "at": LATER, "client_key": "k"}

        assert services.request_test(centre, **wanted) == services.request_test(centre, **wanted)

    def test_not_of_goods_of_others_nor_to_a_lab_without_certificate(self, centre, lab, lot, arrived):
        stall = make_actor(make_party("merchant"))
        plain = make_actor(make_party("lab"))

        with pytest.raises(NotFound):
            services.request_test(stall, lot=arrived.code, lab_id=lab.acting_party_id, at=LATER)
        with pytest.raises(problems.UnknownLaboratory):
            services.request_test(centre, lot=arrived.code, lab_id=plain.acting_party_id, at=LATER)

    @pytest.mark.requirement("S0-2.2-1")
    def test_above_hong_kong_under_the_mainland_fails_the_basket_with_the_reason(self, centre, lab, arrived):
        sample_id = factories.make_sample(centre, arrived, lab, at=LATER)

        report_id = factories.report_on(lab, sample_id, item="氯氰菊酯", value="1.3", at=LATER)

        _line, report, _may = queries.get_report(centre, report_id)
        assert (report.verdict, report.refused_by, report.may_go_to) == ("failed", ("HK",), ("CN", "MO"))
        [item] = report.items
        assert [(one.place, one.reason) for one in item.places] == [
            ("CN", "within"),
            ("HK", "above"),
            ("MO", "no-limit"),
        ]
        [hold] = lots.holds_on([arrived.id])[arrived.id]
        assert "氯氰菊酯‖1.3 mg/kg‖HK ≤0.7" in hold.reason
        assert state(arrived).may_go_to == ("CN", "MO")

    def test_a_failed_report_holds_all_made_from_it_and_is_told_upwards(self, base, centre, lab, arrived):
        bags = pack(base, arrived, "20")

        report_id = make_report(centre, arrived, lab, passes=False, at=LATER)

        assert lots.find_public(bags).is_held
        news = OutboxEvent.objects.get(name="quality.report.failed").payload
        assert (news["report_id"], news["lot_code"], news["refused_by"]) == (
            report_id,
            arrived.code,
            ["CN", "MO"],
        )

    def test_what_nobody_has_a_limit_for_signs_nothing(self, centre, lab, arrived):
        sample_id = factories.make_sample(centre, arrived, lab, at=LATER)

        with pytest.raises(problems.NotSigned):
            factories.report_on(lab, sample_id, item="某种新物质", at=LATER)

    def test_only_the_owner_signs_and_only_the_samples_lab_works(self, centre, lab, arrived):
        sample_id = factories.make_sample(centre, arrived, lab, at=LATER)
        clerk = make_actor(party_of(lab), "clerk")
        services.enter_results(clerk, sample_id=sample_id, entries=[measured()], at=LATER)

        with pytest.raises(NotAllowed):
            services.sign_report(clerk, sample_id=sample_id, at=LATER)
        with pytest.raises(NotFound):
            services.sign_report(make_laboratory(), sample_id=sample_id, at=LATER)


class TestQuick:
    @pytest.fixture
    def sample(self, centre, lab, arrived):
        return factories.make_sample(centre, arrived, lab, at=LATER)

    @pytest.fixture
    def positive(self, lab, sample):
        return services.enter_results(lab, sample_id=sample, entries=[strip(is_negative=False)], at=LATER)

    def test_a_positive_holds_the_lot_and_is_no_report(self, lab, arrived, sample, positive):
        assert is_held(arrived)
        with pytest.raises(problems.NotSigned):
            services.sign_report(lab, sample_id=sample, at=LATER)

    def test_is_not_confirmed_by_a_quick_test(self, lab, sample, positive):
        with pytest.raises(problems.QuickAgain):
            services.enter_results(lab, sample_id=sample, entries=[strip()], at=LATER)

    def test_another_method_decides_and_a_pass_frees_again(self, lab, arrived, sample, positive):
        factories.report_on(lab, sample, at=LATER)

        assert (state(arrived).incoming, is_held(arrived)) == ("passed", False)

    def test_an_objection_within_four_hours(self, centre, lab, sample, positive):
        services.object_to(centre, test_id=positive, reason="样品与本批不符", at=LATER + timedelta(hours=4))

        [row] = queries.get_sample(lab, sample).tests
        assert row.objection_reason == "样品与本批不符"

    def test_none_after_it(self, centre, positive):
        with pytest.raises(problems.TooLate):
            services.object_to(
                centre, test_id=positive, reason="晚了", at=LATER + timedelta(hours=4, seconds=1)
            )

    def test_only_of_ones_own_goods(self, base, positive):
        with pytest.raises((problems.NoObjection, NotFound)):
            services.object_to(base, test_id=positive, reason="不认可", at=LATER)

    def test_quick_and_laboratory_results_are_entered_apart(self, lab, sample):
        with pytest.raises(InvalidInput):
            services.enter_results(lab, sample_id=sample, entries=[strip(), measured()], at=LATER)
