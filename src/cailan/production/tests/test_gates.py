"""Ways around the safety interval: corrected labels, other batches of the plot, work under another name."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from cailan.kernel.models import OutboxEvent
from cailan.kernel.problems import InvalidInput
from cailan.lots import queries as lots
from cailan.parties.tests.factories import AT, make_actor, make_party
from cailan.production import queries, services
from cailan.production.models import CropBatch, FarmInput
from cailan.production.rules.facts import Ingredient
from cailan.production.rules.store import LabelInterval
from cailan.production.tests.factories import harvest, make_input, open_batch, spray
from cailan.production.tests.farm import assert_sound, correct, party_of
from cailan.production.tests.phone import sign_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def grower():
    return make_actor(make_party("base", "绿源基地"))


class TestCorrectedLabel:
    def test_a_longer_interval_holds_what_was_harvested_inside_it(self, grower):
        batch_id, input_id = open_batch(grower), make_input(grower, days=3)
        spray(grower, batch_id, input_id)
        lot = harvest(grower, batch_id, at=AT + 4 * DAY)

        correct(grower, queries.get_input(grower, input_id), label=(LabelInterval(None, 14),))

        assert lots.get_lot(grower, lot.code).is_held
        assert OutboxEvent.objects.get(name="production.harvest.contradicted").payload["lot_ids"] == [lot.id]
        assert_sound()

    def test_a_banned_ingredient_holds_all_that_was_harvested(self, grower):
        call_command("load_reference", verbosity=0)
        batch_id, input_id = open_batch(grower), make_input(grower, days=3)
        spray(grower, batch_id, input_id)
        lot = harvest(grower, batch_id, at=AT + 30 * DAY)

        correct(grower, queries.get_input(grower, input_id), ingredients=(Ingredient("克百威", "3%"),))

        assert lots.get_lot(grower, lot.code).is_held

    def test_one_that_changes_nothing_for_the_harvest_holds_nothing(self, grower):
        batch_id, input_id = open_batch(grower), make_input(grower, days=3)
        spray(grower, batch_id, input_id)
        lot = harvest(grower, batch_id, at=AT + 4 * DAY)

        correct(grower, queries.get_input(grower, input_id), supplier_name="另一家农资店")

        assert not lots.get_lot(grower, lot.code).is_held


class TestSamePlot:
    def test_a_batch_opened_afterwards_for_the_same_crop_does_not_lose_the_interval(self, grower):
        first = open_batch(grower)
        spray(grower, first, make_input(grower))
        site_id = CropBatch.objects.get(pk=first).site_id
        second = open_batch(grower, site_id=site_id, at=AT + DAY)

        with pytest.raises(services.HarvestTooEarly):
            harvest(grower, second, at=AT + 2 * DAY)

        assert (
            queries.get_batch(grower, second, on=(AT + 2 * DAY).date()).allowed_from == (AT + 7 * DAY).date()
        )
        assert harvest(grower, second, at=AT + 7 * DAY)

    def test_rows_sown_one_after_another_on_one_plot_have_intervals_of_their_own(self, grower):
        older = open_batch(grower)
        site_id = CropBatch.objects.get(pk=older).site_id
        younger = open_batch(grower, site_id=site_id, planted_on=(AT - 5 * DAY).date())

        spray(grower, younger, make_input(grower), at=AT + DAY)

        assert harvest(grower, older, at=AT + 2 * DAY)

    def test_what_was_sprayed_before_sowing_bars_nothing(self, grower):
        first = open_batch(grower)
        spray(grower, first, make_input(grower))
        site_id = CropBatch.objects.get(pk=first).site_id
        after = (AT + DAY).date()
        second = open_batch(grower, site_id=site_id, planted_on=after, at=AT + DAY)

        assert harvest(grower, second, at=AT + 2 * DAY)


def test_a_pesticide_logged_as_sowing_has_its_interval(grower):
    batch_id = open_batch(grower)
    spray(grower, batch_id, make_input(grower), kind="sowing")

    with pytest.raises(services.HarvestTooEarly):
        harvest(grower, batch_id, at=AT + 3 * DAY)


def test_a_purchase_named_twice_by_two_of_its_records_is_refused_at_its_field(grower):
    batch_id, first = open_batch(grower), make_input(grower)
    second = correct(grower, queries.get_input(grower, first), supplier_name="另一家农资店")
    both = tuple(services.Material(pk, Decimal(100), "GRM") for pk in (first, second))

    with pytest.raises(InvalidInput):
        spray(grower, batch_id, first, materials=both)

    assert FarmInput.objects.get(pk=second).remaining_quantity == Decimal(5)


class TestOtherDoors:
    """A lot may begin on a page, by REST or from a file: none of them is a way around the crop batch."""

    def body(self, product_id, moment, **more):
        return {
            "occurred_at": moment.isoformat(),
            "lot": {"number": "H-1", "quantity": "10", "uom": "KGM", "product_id": product_id},
            **more,
        }

    def test_a_lot_made_by_hand_keeps_the_interval(self, grower, at):
        batch_id = open_batch(grower, at=at - 2 * DAY)
        spray(grower, batch_id, make_input(grower, at=at - 2 * DAY), at=at - DAY)
        product_id = CropBatch.objects.get().product_id

        answer = sign_in(party_of(grower)).post("/api/v1/lots", self.body(product_id, at), "application/json")

        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/harvest-too-early")

    def test_of_another_plot_or_after_the_interval_it_begins(self, grower, at):
        batch_id = open_batch(grower, at=at - 20 * DAY)
        spray(grower, batch_id, make_input(grower, at=at - 20 * DAY), at=at - 8 * DAY)
        product_id = CropBatch.objects.get().product_id

        answer = sign_in(party_of(grower)).post("/api/v1/lots", self.body(product_id, at), "application/json")

        assert answer.status_code == 201, answer.content

    def test_a_moment_at_the_end_of_the_calendar_is_refused_at_its_field(self, grower):
        batch_id = open_batch(grower)

        for moment in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
            with pytest.raises(InvalidInput):
                harvest(grower, batch_id, occurred_at=moment)
