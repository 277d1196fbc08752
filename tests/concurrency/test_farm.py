"""Two workers, one last bottle; a spray and a harvest at the same moment; a phone that sends everything twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.concurrency.test_races import at_once

from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import Problem
from cailan.ledger import services as ledger
from cailan.lots import queries as lots
from cailan.parties.tests.factories import AT, make_actor, make_party
from cailan.production import services
from cailan.production.models import FarmInput, Harvest, Operation
from cailan.production.tests.factories import harvest, make_input, open_batch, spray

pytestmark = pytest.mark.django_db


@pytest.fixture
def grower():
    return make_actor(make_party("base"))


def test_of_many_uses_of_the_last_litre_as_many_win_as_there_is(grower):
    bottle = make_input(grower, quantity=Decimal(1), uom="LTR")
    batches = [open_batch(grower) for _plot in range(6)]
    half = (services.Material(bottle, Decimal(500), "MLT"),)

    answers = at_once(
        *[lambda batch=batch: spray(grower, batch, bottle, materials=half) for batch in batches]
    )

    assert sum(isinstance(one, int) for one in answers) == 2
    assert sum(isinstance(one, services.NotEnoughInput) for one in answers) == 4
    assert FarmInput.objects.get().remaining_quantity == 0
    assert Operation.objects.count() == 2
    ledger.sequence_once()
    assert not ledger.audit(SYSTEM).alterations


def test_a_spray_and_a_harvest_at_once_leave_no_lot_free_inside_its_interval(grower):
    batch, bottle = open_batch(grower), make_input(grower)
    earlier = AT - timedelta(hours=1)

    at_once(
        lambda: spray(grower, batch, bottle, occurred_at=earlier),
        lambda: harvest(grower, batch),
    )

    assert Operation.objects.count() == 1
    made = lots.facts_of(Harvest.objects.values_list("lot_id", flat=True)).values()
    assert all(lot.is_held for lot in made)


def test_the_same_entry_sent_at_once_is_one_entry(grower):
    batch, bottle = open_batch(grower), make_input(grower)

    answers = at_once(*[lambda: spray(grower, batch, bottle, client_key="k1") for _sent in range(5)])

    assert not any(isinstance(one, Problem) for one in answers)
    assert len(set(answers)) == 1
    assert FarmInput.objects.get().remaining_quantity == Decimal("4.9")


def test_two_corrections_of_one_record_at_once_leave_one(grower):
    batch, bottle = open_batch(grower), make_input(grower)
    work = spray(grower, batch, bottle)

    def correct():
        return services.correct_operation(
            grower, operation_id=work, reason="记错", at=AT, kind="weeding", occurred_at=AT
        )

    answers = at_once(correct, correct)

    assert sum(isinstance(one, int) for one in answers) == 1
    assert FarmInput.objects.get().remaining_quantity == 5
