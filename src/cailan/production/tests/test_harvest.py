"""Work and harvest: what bars a harvest, what a lot tells of how it grew, what the audit would find."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection

from cailan.kernel.access import SYSTEM
from cailan.kernel.models import OutboxEvent
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.ledger import services as ledger
from cailan.lots import queries as lots
from cailan.parties.tests.factories import AT, make_actor, make_party, make_site
from cailan.production import queries, services
from cailan.production.models import CropBatch, HarvestRefusal, Operation
from cailan.production.rules.facts import Ingredient
from cailan.production.tests.factories import (
    SEED,
    harvest,
    harvested_lot,
    make_fertiliser,
    make_input,
    open_batch,
    spray,
)
from cailan.production.tests.farm import assert_sound, correct, left, party_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def grower():
    return make_actor(make_party("base", "绿源基地"))


class TestWork:
    def test_keeps_the_original_time_beside_the_time_of_record(self, grower):
        batch_id, done = open_batch(grower), AT - 2 * DAY

        services.log_operation(grower, batch_id=batch_id, at=AT, kind="irrigating", occurred_at=done)

        row = Operation.objects.get()
        assert (row.started_at, row.recorded_at, row.operator) == (done, AT, grower.display_name)

    @pytest.mark.parametrize(
        ("said", "where"),
        [
            ({"kind": "spraying", "target": "蚜虫"}, "input_0"),
            ({"kind": "dancing"}, "kind"),
            ({"occurred_at": AT + DAY}, "occurred_at"),
            ({"occurred_at": AT - 3000 * DAY}, "occurred_at"),
            ({"ended_at": AT - DAY}, "ended_at"),
            ({"area_mu": Decimal(-1)}, "area_mu"),
            ({"area_mu": Decimal("NaN")}, "area_mu"),
            ({"latitude": 23.1}, "latitude"),
            ({"latitude": float("nan"), "longitude": 1.0}, "latitude"),
            ({"photo_ids": (2**80,)}, "photo"),
            ({"note": "x" * 300}, "note"),
            ({"note": "\x00"}, "note"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, grower, said, where):
        values = {"kind": "irrigating", "occurred_at": AT, **said}

        with pytest.raises(InvalidInput) as refused:
            services.log_operation(grower, batch_id=open_batch(grower), at=AT, **values)

        assert where in {one["where"] for one in refused.value.extra["errors"]}

    def test_a_correction_returns_what_was_used_and_takes_anew(self, grower):
        input_id, batch_id = make_input(grower), open_batch(grower)
        first = spray(grower, batch_id, input_id)

        second = services.correct_operation(
            grower,
            operation_id=first,
            reason="用量写错",
            at=AT,
            kind="spraying",
            occurred_at=AT,
            target="蚜虫",
            materials=(services.Material(input_id, Decimal("0.3"), "KGM"),),
        )

        assert left(input_id) == Decimal("4.7")
        shown = queries.get_batch(grower, batch_id, on=AT.date()).operations
        assert {(one.id, one.is_current) for one in shown} == {(first, False), (second, True)}
        assert_sound()

    def test_what_was_never_done_is_struck_out_and_bars_no_harvest(self, grower):
        input_id, batch_id = make_input(grower), open_batch(grower)
        first = spray(grower, batch_id, input_id)

        services.correct_operation(
            grower,
            operation_id=first,
            reason="记错地块",
            at=AT,
            is_void=True,
            kind="spraying",
            occurred_at=AT,
        )

        assert left(input_id) == 5
        assert harvest(grower, batch_id).number
        assert_sound()

    def test_nobody_corrects_a_strangers_work(self, grower):
        first = spray(grower, open_batch(grower), make_input(grower))

        with pytest.raises(NotFound):
            services.correct_operation(
                make_actor(make_party("base")),
                operation_id=first,
                reason="x",
                at=AT,
                kind="weeding",
                occurred_at=AT,
            )

    def test_offers_the_last_work_first_then_what_is_usual(self, grower):
        call_command("load_reference", verbosity=0)
        input_id, batch_id = make_input(grower), open_batch(grower)
        spray(grower, batch_id, input_id)
        spray(grower, batch_id, input_id)

        first, *others = queries.templates_for(grower, batch_id)

        assert (first.kind, first.target, first.uses[0].dose) == ("spraying", "蚜虫", "40 g/亩")
        assert all(one.last_done_at is None for one in others)
        assert {"irrigating", "fertilising", "spraying"} <= {one.kind for one in others}


class TestHarvest:
    def test_makes_a_lot_that_waits_for_its_self_test(self, grower):
        lot = harvested_lot(grower)

        assert lot.attributes == {
            "cailan:variety": "四九-19号",
            "cailan:activeIngredients": ["吡虫啉"],
            "cailan:batch": CropBatch.objects.get().number,
            "cailan:harvestMethod": "by_hand",
        }
        (waiting,) = lots.waiting(grower).items
        assert (waiting.lot.code, waiting.awaits, waiting.remaining) == (lot.code, "self-test", 100)

    def test_inside_the_interval_says_from_when_and_because_of_what(self, grower):
        batch_id = open_batch(grower)
        operation = spray(grower, batch_id, make_input(grower))

        with pytest.raises(services.HarvestTooEarly) as refused:
            harvest(grower, batch_id, at=AT + 3 * DAY, client_key="h1")

        assert refused.value.extra["allowed_from"] == (AT.date() + 7 * DAY).isoformat()
        assert refused.value.extra["operation"] == operation
        assert "吡虫啉可湿性粉剂" in str(refused.value.detail)
        assert HarvestRefusal.objects.get().operation_id == operation
        told = OutboxEvent.objects.get(name="production.harvest.refused").payload
        assert (told["batch_id"], told["is_banned"]) == (batch_id, False)
        assert lots.waiting(grower).items == ()
        assert harvest(grower, batch_id, at=AT + 7 * DAY)
        assert_sound()

    def test_a_phone_that_tries_again_is_refused_again_and_noted_once(self, grower):
        batch_id = open_batch(grower)
        spray(grower, batch_id, make_input(grower))

        for _again in range(2):
            with pytest.raises(services.HarvestTooEarly):
                harvest(grower, batch_id, client_key="h1")

        assert HarvestRefusal.objects.count() == 1

    def test_after_a_banned_substance_never(self, grower):
        call_command("load_reference", verbosity=0)
        batch_id, input_id = open_batch(grower), make_input(grower)
        spray(grower, batch_id, input_id)
        found = queries.get_input(grower, input_id)
        correct(grower, found, ingredients=(Ingredient("克百威", "3%"),))  # the label was read wrong

        with pytest.raises(services.HarvestForbidden) as refused:
            harvest(grower, batch_id, at=AT + 300 * DAY)

        assert "2026-06-01" in str(refused.value.detail)
        assert queries.get_batch(grower, batch_id, on=AT.date()).is_barred_for_ever
        assert OutboxEvent.objects.get(name="production.harvest.refused").payload["is_banned"]

    def test_several_harvests_of_one_batch_count_on(self, grower):
        batch_id = open_batch(grower)

        first, second = (harvest(grower, batch_id).number for _harvest in range(2))

        assert second == f"{first}-2"

    def test_one_key_is_one_harvest(self, grower):
        batch_id = open_batch(grower)

        codes = {harvest(grower, batch_id, client_key="h1").code for _twice in range(2)}

        assert len(codes) == 1
        assert lots.waiting(grower).items[0].quantity == 100

    def test_a_spray_that_comes_in_late_holds_what_was_harvested_too_early(self, grower):
        clerk = make_actor(party_of(grower), "clerk")
        batch_id, input_id = open_batch(grower), make_input(grower)
        lot = harvest(grower, batch_id)

        spray(clerk, batch_id, input_id, at=AT + DAY, occurred_at=AT - DAY)

        assert lots.get_lot(grower, lot.code).is_held
        told = OutboxEvent.objects.get(name="production.harvest.contradicted").payload
        assert told["lot_ids"] == [lot.id]
        assert_sound()

    @pytest.mark.parametrize(
        ("said", "where"),
        [
            ({"method": "x"}, "method"),
            ({"uom": "XXX"}, "uom"),
            ({"number": "x" * 90}, "number"),
            ({"occurred_at": AT + DAY}, "occurred_at"),
            ({"occurred_at": AT - 100 * DAY}, "occurred_at"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, grower, said, where):
        with pytest.raises(InvalidInput) as refused:
            harvest(grower, open_batch(grower), **said)

        assert where in {one["where"] for one in refused.value.extra["errors"]}


class TestGrowth:
    def test_tells_all_six_parts_of_the_record(self, grower):
        services.record_environment(
            grower,
            site_id=make_site(party_of(grower), "base").pk,
            aspect="soil",
            finding="pH 6.5",
            measured_on=date(2026, 3, 1),
            at=AT,
        )
        lot = harvested_lot(grower)

        grown = queries.growth_of([lot.id])[lot.id]

        assert grown.producer == "绿源基地"
        assert grown.seed.supplier == SEED.supplier
        (work,) = grown.operations
        assert (work.uses[0].ingredients, work.interval_days, work.target) == (("吡虫啉",), 7, "蚜虫")
        assert work.operator == "黄*"
        assert (grown.harvested_at, grown.harvest_method) == (AT, "by_hand")

    def test_leaves_out_what_came_after_the_harvest(self, grower):
        batch_id, input_id = open_batch(grower), make_input(grower)
        lot = harvest(grower, batch_id)
        spray(grower, batch_id, input_id, at=AT + DAY)

        assert queries.growth_of([lot.id])[lot.id].operations == ()

    def test_knows_nothing_of_other_lots(self):
        assert queries.growth_of([1, 2, 3]) == {}

    def test_costs_the_same_for_many(self, grower, django_assert_max_num_queries):
        ids = [harvested_lot(grower).id for _several in range(4)]

        with django_assert_max_num_queries(12):
            assert len(queries.growth_of(ids)) == 4


class TestAudit:
    CHANGES = (
        "UPDATE production_farminput SET registration_no = 'x'",
        "UPDATE production_farminput SET remaining_quantity = remaining_quantity - 1",
        "UPDATE production_cropbatch SET area_mu = 1",
        "UPDATE production_cropbatch SET closing_note = 'x'",
        "UPDATE production_seedorigin SET variety = 'x'",
        "UPDATE production_seedorigin SET supplier = 'x'",
        "UPDATE production_operation SET operator = 'x'",
        "UPDATE production_operation SET started_at = started_at - interval '1 day'",
        "UPDATE production_use SET dose = 'x'",
        "UPDATE production_harvest SET method = 'by_machine'",
    )

    @pytest.mark.parametrize("change", CHANGES)
    def test_a_row_changed_by_hand_is_named(self, grower, change):
        harvested_lot(grower)
        services.close_batch(grower, batch_id=CropBatch.objects.get().pk, at=AT)
        ledger.sequence_once()
        assert not ledger.audit(SYSTEM).alterations

        with connection.cursor() as cursor:
            cursor.execute(change)

        assert ledger.audit(SYSTEM).alterations


def test_a_season_can_be_told_afterwards():
    """The demonstration plays past days: every verb takes the time of the deed and the time of the record."""
    start = datetime(2026, 9, 1, tzinfo=UTC)
    grower = make_actor(make_party("base"))
    batch_id = open_batch(grower, at=start, planted_on=start.date(), occurred_at=start)
    fertiliser = make_fertiliser(grower, at=start)
    services.log_operation(
        grower,
        batch_id=batch_id,
        at=start + DAY,
        kind="fertilising",
        occurred_at=start + DAY,
        materials=(services.Material(fertiliser, Decimal(50), "KGM", "20 kg/亩"),),
    )

    lot = harvest(grower, batch_id, at=start + 45 * DAY)

    assert lot.made_at == start + 45 * DAY
    assert_sound()
