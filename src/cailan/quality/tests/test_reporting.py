"""Reports amended, official sampling, basket goods, and the audit of all of it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import InvalidInput, NotAllowed
from cailan.ledger import services as ledger
from cailan.lots import queries as lots
from cailan.parties.tests.factories import make_actor, make_party
from cailan.quality import queries, services
from cailan.quality.services import problems
from cailan.quality.tests import factories
from cailan.quality.tests.factories import (
    LATER,
    make_report,
    measured,
    pack,
    send,
    strip,
)

pytestmark = pytest.mark.django_db


def state(lot):
    return queries.state_of([lot.id])[lot.id]


def is_held(lot):
    return lots.facts_of([lot.id])[lot.id].is_held


class TestAmending:
    def test_a_new_report_supersedes_and_the_old_stays(self, centre, lab, arrived):
        first = make_report(centre, arrived, lab, passes=False, at=LATER)
        sample_id = queries.get_report(lab, first)[1] and queries.worklist(lab).items[0].id

        services.reopen(lab, report_id=first, reason="称量错误", at=LATER)
        second = factories.report_on(lab, sample_id, value="0.01", at=LATER + timedelta(hours=1))

        assert queries.get_report(lab, first)[1].superseded_by == second
        assert (state(arrived).incoming, is_held(arrived)) == ("passed", False)

    def test_a_signed_one_is_not_touched(self, centre, lab, arrived):
        make_report(centre, arrived, lab, at=LATER)
        [sample] = queries.worklist(lab).items

        with pytest.raises(problems.WrongState):
            services.enter_results(lab, sample_id=sample.id, entries=[measured()], at=LATER)
        with pytest.raises(problems.WrongState):
            services.sign_report(lab, sample_id=sample.id, at=LATER)


class TestOfficial:
    def take(self, actor, lot, holder, lab, **fields):
        wanted = {
            "lot": lot.code,
            "holder_id": holder.acting_party_id,
            "lab_id": lab.acting_party_id,
            "at": LATER,
        }
        return services.take_sample(actor, **(wanted | fields))

    def test_goods_already_sold_are_re_tested_and_fail_everywhere(
        self, base, centre, lab, arrived, regulator
    ):
        make_report(centre, arrived, lab, at=LATER)
        send(centre, make_actor(make_party("merchant")), arrived, "60")
        sample_id = self.take(regulator, arrived, centre, lab)
        factories.accept(lab, sample_id)

        factories.report_on(lab, sample_id, value="0.37", at=LATER)

        assert (state(arrived).report, state(arrived).incoming, is_held(arrived)) == (
            "failed",
            "passed",
            True,
        )

    def test_only_officials_only_at_holders_only_in_their_area(self, base, centre, lab, arrived, regulator):
        stall = make_actor(make_party("merchant"))
        far = make_actor(make_party("distribution_centre", region="440305"))
        send(base, far, arrived, "10")

        with pytest.raises(NotAllowed):
            self.take(base, arrived, centre, lab)
        with pytest.raises(problems.NeverHeld):
            self.take(regulator, arrived, stall, lab)
        with pytest.raises(InvalidInput):
            self.take(regulator, arrived, far, lab)

    def test_the_handling_stands_beside_the_failure(self, centre, lab, arrived, regulator):
        sample_id = self.take(regulator, arrived, centre, lab)
        factories.accept(lab, sample_id)
        report_id = factories.report_on(lab, sample_id, value="0.37", at=LATER)

        services.record_handling(regulator, report_id=report_id, text="已监督销毁60公斤", at=LATER)

        [line] = queries.public_results(verdict="failed").items
        assert [text for _at, text in line.handling] == ["已监督销毁60公斤"]
        assert line.is_held


class TestBasket:
    def test_a_packed_lot_is_basket_goods_when_its_inputs_passed(self, base, centre, lab, arrived):
        make_report(centre, arrived, lab, at=LATER)
        bags = lots.find_public(pack(centre, arrived, "20"))

        assert queries.basket_of([bags.id, arrived.id]) == {bags.id: "passed", arrived.id: "passed"}

    def test_nothing_is_without_a_report(self, arrived):
        assert queries.basket_of([arrived.id]) == {arrived.id: ""}


class TestAudit:
    def test_all_that_is_sealed_can_be_rebuilt(self, regulator, centre, lab, arrived):
        sample_id = factories.make_sample(centre, arrived, lab, at=LATER)
        positive = services.enter_results(
            lab, sample_id=sample_id, entries=[strip(is_negative=False)], at=LATER
        )
        services.object_to(centre, test_id=positive, reason="复检", at=LATER)
        report_id = factories.report_on(lab, sample_id, value="0.37", at=LATER)
        services.record_handling(regulator, report_id=report_id, text="销毁", at=LATER)
        services.reopen(lab, report_id=report_id, reason="更正", at=LATER)
        ledger.sequence_once()

        assert not ledger.audit(SYSTEM).alterations

    def test_a_result_changed_behind_its_back_is_found(self, centre, lab, arrived):
        from cailan.quality.models import Result

        make_report(centre, arrived, lab, passes=False, at=LATER)
        ledger.sequence_once()
        Result.objects.filter(value=Decimal("0.37")).update(value=Decimal("0.01"), verdict="passed")

        found = {one.kind for one in ledger.audit(SYSTEM).alterations}

        assert found == {"quality.tested"}


class TestBudget:
    def test_states_of_many_lots_cost_three_statements(
        self, base, centre, lab, arrived, django_assert_num_queries
    ):
        make_report(centre, arrived, lab, at=LATER)
        with django_assert_num_queries(3):
            queries.state_of([arrived.id, arrived.id + 1])
