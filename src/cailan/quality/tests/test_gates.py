"""Ways around what tests decide: papers of goods that failed, results that saw too little, seals read by strangers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import InvalidInput
from cailan.ledger import services as sealed
from cailan.lots import queries as lots
from cailan.lots import services as lot_services
from cailan.parties.models import Party
from cailan.parties.tests.factories import make_actor, make_party
from cailan.quality import models, queries, services
from cailan.quality.models import Report
from cailan.quality.rules import lineage
from cailan.quality.rules.entries import ItemEntry
from cailan.quality.services import problems
from cailan.quality.tests import factories
from cailan.quality.tests.browsing import client_of
from cailan.quality.tests.factories import AT, lot_with

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def not_detected(lod: str | None, item: str = "毒死蜱") -> ItemEntry:
    return ItemEntry(item, factories.METHOD, value=None, lod=None if lod is None else Decimal(lod))


def issue(actor, lot, **fields):
    wanted = {
        "lot": lot.code, "bases": ["control"], "quantity": Decimal(20), "uom": "KGM", "signature": actor.party_name,
        "origin": "广东省增城区", "at": timezone.now(),
    }  # fmt: skip
    return services.issue_certificate(actor, **(wanted | fields))


class TestTooCoarse:
    def test_a_method_that_sees_too_little_signs_no_report(self, centre, lab, arrived):
        sample = factories.make_sample(centre, arrived, lab)
        entries = [factories.measured("氯氰菊酯"), not_detected("0.5")]  # the mainland allows 0.02
        services.enter_results(lab, sample_id=sample, entries=entries, at=AT)

        with pytest.raises(problems.NotSigned) as refused:
            services.sign_report(lab, sample_id=sample, at=AT)

        assert refused.value.extra["reason"] == "too-coarse"
        assert "毒死蜱" in str(refused.value.detail)

    def test_a_finer_method_afterwards_does(self, centre, lab, arrived):
        sample = factories.make_sample(centre, arrived, lab)
        services.enter_results(lab, sample_id=sample, entries=[not_detected("0.5")], at=AT)
        services.enter_results(lab, sample_id=sample, entries=[not_detected("0.005")], at=AT)

        assert services.sign_report(lab, sample_id=sample, at=AT)

    def test_it_does_not_hide_behind_a_failure(self, centre, lab, arrived):
        sample = factories.make_sample(centre, arrived, lab)
        entries = [factories.measured("氯氰菊酯", "9"), not_detected("0.5")]
        services.enter_results(lab, sample_id=sample, entries=entries, at=AT)

        services.sign_report(lab, sample_id=sample, at=AT)

        assert Report.objects.get().verdict == "failed"

    def test_a_self_test_stays_open(self, base, lot):
        entries = [factories.measured("氯氰菊酯"), not_detected("0.5")]

        services.self_test(base, lot=lot.code, entries=entries, at=AT)

        assert queries.state_of([lot.id])[lot.id].self_test == "pending"
        assert lots.waiting(base).items


class TestPapers:
    @pytest.mark.parametrize("paper", ["label-certificate.pdf", "label-certificate.zpl", "label-paper.pdf"])
    def test_no_certificate_is_printed_for_goods_that_were_held_later(self, world, paper):
        base, lot = world["base"], world["lot"]
        issue(base, lot)
        lot_services.hold(base, lot=lot.code, reason="召回", at=timezone.now())

        answer = client_of(base).get(f"/lots/{lot.code}/{paper}")

        assert answer.status_code == 409
        assert (
            "hold" in answer.content.decode()
            or "冻结" in answer.content.decode()
            or "停" in answer.content.decode()
        )

    def test_nor_for_goods_whose_later_test_failed_though_their_maker_let_them_go(self, world, now):
        base, lot = world["base"], world["lot"]
        issue(base, lot)
        factories.make_self_test(base, lot, passes=False, at=now)
        lot_services.release(base, lot=lot.code, reason="误报", at=now)

        with pytest.raises(queries.NotPrinted):
            queries.certificate_content(base, lots.get_lot(base, lot.code))

    def test_no_basket_label_where_the_stock_still_waits(self, at_centre, lab_of_base, now):
        base, centre, lot = at_centre["base"], at_centre["centre"], at_centre["lot"]
        factories.make_report(base, lot, lab_of_base, at=now)

        with pytest.raises(queries.NoBasketLabel):
            queries.basket_content(centre, lots.get_lot(centre, lot.code))
        assert queries.basket_content(base, lots.get_lot(base, lot.code))

    def test_nor_for_who_has_nothing_of_it(self, at_centre, lab_of_base, now):
        base, lot = at_centre["base"], at_centre["lot"]
        factories.make_report(base, lot, lab_of_base, at=now)
        factories.send(base, at_centre["stall"], lot, "40", at=now)

        with pytest.raises(queries.NoBasketLabel):
            queries.basket_content(base, lots.get_lot(base, lot.code))

    def test_nor_after_a_self_test_that_failed(self, at_centre, lab_of_base, now):
        base, lot = at_centre["base"], at_centre["lot"]
        factories.make_report(base, lot, lab_of_base, at=now)
        factories.make_self_test(base, lot, passes=False, at=now)
        lot_services.release(base, lot=lot.code, reason="误报", at=now)

        with pytest.raises(queries.NoBasketLabel):
            queries.basket_content(base, lots.get_lot(base, lot.code))


@pytest.fixture
def lab_of_base(world, now):
    return factories.make_laboratory("另一家检测", at=now - 3 * HOUR)


class TestPromise:
    def test_is_not_dated_before_the_goods_were_made(self, base, limits):
        at = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)
        lot = lot_with(base, at)

        with pytest.raises(InvalidInput) as refused:
            issue(base, lot, bases=["own-word"], at=at, issued_at=at - timedelta(days=10))

        assert refused.value.extra["errors"][0]["where"] == "issued_at"

    def test_is_not_for_more_than_there_ever_was(self, world):
        with pytest.raises(InvalidInput) as refused:
            issue(world["base"], world["lot"], quantity=Decimal(101))

        assert refused.value.extra["errors"][0]["where"] == "quantity"


class TestSeals:
    def test_another_laboratory_does_not_read_what_the_first_found(self, centre, base, lab, arrived):
        other = factories.make_laboratory("另一家检测")
        factories.make_report(centre, arrived, lab)
        services.request_test(base, lot=arrived.code, lab_id=other.acting_party_id, at=AT)
        test = models.Test.objects.get(kind="laboratory")

        assert not queries.may_read_sealed(other, f"test:{test.pk}")
        assert queries.may_read_sealed(lab, f"test:{test.pk}")
        assert queries.may_read_sealed(centre, f"test:{test.pk}")

    def test_a_report_ordered_by_somebody_else_is_read_by_whom_it_concerns(self, base, lab, lot):
        other = factories.make_laboratory("另一家检测")
        factories.make_report(base, lot, lab)
        report = Report.objects.get()
        lot_services.show_to(base, lots=[lot.code], party_id=other.acting_party_id, at=AT)

        assert not queries.may_read_sealed(other, f"report:{report.number}")
        assert queries.may_read_sealed(base, f"report:{report.number}")


class TestAudit:
    @pytest.mark.parametrize("change", [{"is_current": False}, {"is_public": False}])
    def test_a_failure_hidden_by_hand_is_named(self, centre, lab, arrived, change):
        factories.make_report(centre, arrived, lab, passes=False)
        sealed.sequence_once()
        assert not sealed.audit(SYSTEM).alterations

        Report.objects.update(**change)

        assert {one.where for one in sealed.audit(SYSTEM).alterations} == set(change)


class TestArrivals:
    def test_what_arrives_after_the_sample_was_taken_waits_for_its_own(self, base, centre, lab, arrived):
        sample = factories.make_sample(centre, arrived, lab, at=AT + 3 * HOUR)
        factories.send(base, centre, arrived, "30", at=AT + 4 * HOUR)

        factories.report_on(lab, sample, at=AT + 5 * HOUR)

        assert [one.quantity for one in lots.waiting(centre).items] == [30]


class TestLineage:
    def test_many_layers_of_mixing_are_judged_at_once(self):
        """Each lot made from both of the layer before: two to the power of 60 ways back."""
        made_from, own = {}, {0: "passed", 1: "passed"}
        for layer in range(1, 60):
            for lot in (2 * layer, 2 * layer + 1):
                made_from[lot] = frozenset({2 * layer - 2, 2 * layer - 1})

        assert lineage.standing(118, own, made_from) == "passed"
        assert lineage.standing(118, {0: "passed"}, made_from) == ""

    def test_a_thousand_steps_are_no_depth(self):
        made_from = {lot: frozenset({lot - 1}) for lot in range(1, 3_000)}

        assert lineage.standing(2_999, {0: "passed"}, made_from) == "passed"

    def test_goods_mixed_into_each_other_prove_nothing(self):
        made_from = {1: frozenset({2}), 2: frozenset({1})}

        assert lineage.standing(1, {}, made_from) == ""


def test_the_countrys_authority_sees_a_sample_wherever_its_holder_is(centre, lab, arrived):
    factories.make_sample(centre, arrived, lab)
    Party.objects.filter(pk=centre.party_id).update(region=None)

    seen = {
        area: queries.worklist(make_actor(make_party("regulator", area=area))).items
        for area in ("CN", "440305")
    }

    assert (len(seen["CN"]), seen["440305"]) == (1, ())
