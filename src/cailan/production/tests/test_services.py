"""The verbs of a farm: what is kept, what is refused with which sentence, what the audit would find."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from cailan.kernel.problems import InvalidInput, KeyReused, NotAllowed, NotFound
from cailan.lots.tests.factories import make_product
from cailan.parties.models import Party
from cailan.parties.tests.factories import AT, make_actor, make_party, make_site
from cailan.production import queries, services
from cailan.production.models import CropBatch, FarmInput, Operation
from cailan.production.rules.facts import Ingredient
from cailan.production.rules.store import LabelInterval
from cailan.production.services.batches import Seed
from cailan.production.tests.factories import (
    harvest,
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


class TestInputs:
    def test_a_use_takes_from_the_store_in_the_units_of_the_purchase(self, grower):
        input_id, batch_id = make_input(grower), open_batch(grower)

        spray(grower, batch_id, input_id)

        assert left(input_id) == Decimal("4.9")
        (batch, _number, use) = queries.uses_of(grower, input_id)[0]
        assert (batch, use.quantity) == (batch_id, Decimal("0.1"))

    def test_no_more_than_there_is(self, grower):
        input_id, batch_id = make_input(grower, quantity=Decimal("0.05")), open_batch(grower)

        with pytest.raises(services.NotEnoughInput) as refused:
            spray(grower, batch_id, input_id)

        assert "0.05" in str(refused.value.detail)
        assert left(input_id) == Decimal("0.05")
        assert not Operation.objects.exists()

    def test_the_database_itself_lets_nothing_below_zero(self, grower):
        input_id = make_input(grower)

        with pytest.raises(IntegrityError), transaction.atomic():
            FarmInput.objects.filter(pk=input_id).update(remaining_quantity=-1)

    def test_an_expired_input_says_since_when(self, grower):
        input_id, batch_id = make_input(grower, expires_on=AT.date() - DAY), open_batch(grower)

        with pytest.raises(services.InputNotUsable) as refused:
            spray(grower, batch_id, input_id)

        assert (AT.date() - DAY).isoformat() in str(refused.value.detail)

    def test_a_banned_one_says_why_and_since_when(self, grower):
        call_command("load_reference", verbosity=0)
        input_id = make_input(grower, "呋喃丹颗粒剂", ingredients=(Ingredient("呋喃丹", "3%"),))

        with pytest.raises(services.BannedInput) as refused:
            spray(grower, open_batch(grower), input_id)

        assert "2026-06-01" in str(refused.value.detail)
        assert left(input_id) == 5

    def test_one_restricted_to_other_crops_is_refused_here(self, grower):
        call_command("load_reference", verbosity=0)
        input_id = make_input(grower, "乐斯本", ingredients=(Ingredient("毒死蜱", "40%"),))

        with pytest.raises(services.BannedInput):
            spray(grower, open_batch(grower), input_id)

    def test_a_label_without_the_crop_is_refused(self, grower):
        batch_id = open_batch(grower)
        other = CropBatch.objects.get(pk=open_batch(grower, product_id=make_product("番茄"))).product_id
        input_id = make_input(grower, label=(LabelInterval(other, 5),))

        with pytest.raises(services.InputNotUsable):
            spray(grower, batch_id, input_id)

    def test_a_pesticide_is_kept_with_all_that_its_label_says(self, grower):
        with pytest.raises(InvalidInput) as refused:
            make_input(grower, registration_no="", ingredients=(), label=())

        assert {one["where"] for one in refused.value.extra["errors"]} == {
            "registration_no",
            "ingredients",
            "interval_days",
        }

    def test_a_corrected_purchase_keeps_what_was_used(self, grower):
        input_id, batch_id = make_input(grower), open_batch(grower)
        spray(grower, batch_id, input_id)
        found = queries.get_input(grower, input_id)

        new_id = correct(grower, found, quantity=Decimal(3), label=(LabelInterval(None, 14),))

        assert left(new_id) == Decimal("2.9")
        assert not queries.get_input(grower, input_id).is_current
        spray(grower, batch_id, input_id)  # a phone that still has the old page
        assert left(new_id) == Decimal("2.8")
        bar = queries.get_batch(grower, batch_id, on=AT.date())
        assert bar.allowed_from == AT.date() + 14 * DAY
        assert_sound()

    def test_a_purchase_cannot_become_less_than_was_used(self, grower):
        input_id, batch_id = make_input(grower), open_batch(grower)
        spray(grower, batch_id, input_id)

        with pytest.raises(InvalidInput):
            correct(grower, queries.get_input(grower, input_id), quantity=Decimal("0.05"))

        assert queries.get_input(grower, input_id).is_current

    def test_one_key_is_one_purchase(self, grower):
        first = make_input(grower, batch="X", client_key="k1")

        assert make_input(grower, batch="X", client_key="k1") == first
        with pytest.raises(KeyReused):
            make_input(grower, batch="Y", client_key="k1")
        assert FarmInput.objects.count() == 1

    def test_only_farms_keep_a_store(self):
        with pytest.raises(NotAllowed):
            make_input(make_actor(make_party("merchant")))


class TestBatches:
    def test_is_not_opened_without_a_seed_source(self, grower):
        with pytest.raises(InvalidInput) as refused:
            open_batch(grower, seed=Seed())

        assert {"seed_kind", "seed_name", "variety"} <= {
            one["where"] for one in refused.value.extra["errors"]
        }
        assert not CropBatch.objects.exists()

    def test_bought_seed_has_a_supplier(self, grower):
        with pytest.raises(InvalidInput):
            open_batch(grower, seed=Seed(name="种子", variety="v", kind="bought_seed"))
        assert open_batch(grower, seed=Seed(name="种子", variety="v", kind="own_seed"))

    def test_gets_a_number_from_plot_and_day(self, grower):
        site = make_site(party_of(grower), "plot", "七号", code="7").pk

        batch = queries.get_batch(grower, open_batch(grower, site_id=site), on=AT.date()).batch

        assert batch.number == f"7-{batch.planted_on:%y%m%d}"

    def test_grows_on_ones_own_plot(self, grower):
        stranger = make_site(make_party("base"), "plot").pk
        store = make_site(party_of(grower), "warehouse").pk

        for site_id in (stranger, store, 2**70):
            with pytest.raises(InvalidInput):
                open_batch(grower, site_id=site_id)

    def test_a_corrected_seed_source_shows_the_new_one_and_keeps_the_old(self, grower):
        batch_id = open_batch(grower)

        new = Seed(name="菜心种子", variety="迟菜心2号", kind="bought_seed", supplier="粤穗种业")
        services.correct_seed(grower, batch_id=batch_id, seed=new, reason="品种写错", at=AT)

        batch = CropBatch.objects.get(pk=batch_id)
        assert batch.seed_origins.count() == 2
        assert queries.get_batch(grower, batch_id, on=AT.date()).batch.seed.variety == "迟菜心2号"
        assert_sound()

    def test_a_closed_batch_takes_no_later_work(self, grower):
        batch_id, input_id = open_batch(grower), make_input(grower)
        services.close_batch(grower, batch_id=batch_id, at=AT, note="采收完毕")

        with pytest.raises(services.BatchClosed):
            spray(grower, batch_id, input_id, at=AT + timedelta(hours=1))
        with pytest.raises(services.BatchClosed):
            harvest(grower, batch_id, at=AT + timedelta(hours=1))
        # What was done before and comes in late is a fact all the same.
        assert spray(grower, batch_id, input_id, at=AT + timedelta(hours=1), occurred_at=AT - DAY)
        assert_sound()

    def test_environment_of_the_base_counts_for_its_plots(self, grower):
        base = make_site(party_of(grower), "base", "一号基地")
        plot = make_site(party_of(grower), "plot", "七号", parent=base)
        said = {"finding": "pH 6.5，铅、镉未超标", "measured_on": date(2026, 3, 1), "report_no": "T-1"}
        for aspect in ("soil", "water"):
            services.record_environment(grower, site_id=base.pk, aspect=aspect, at=AT, **said)
        services.record_environment(
            grower, site_id=plot.pk, aspect="soil", at=AT, **{**said, "finding": "本地块 pH 6.8"}
        )

        found = queries.get_batch(grower, open_batch(grower, site_id=plot.pk), on=AT.date()).environment

        assert [(one.aspect, one.finding[:3]) for one in found] == [("soil", "本地块"), ("water", "pH ")]

    def test_strangers_do_not_find_it(self, grower):
        batch_id = open_batch(grower)
        stranger = make_actor(make_party("base"))
        regulator = make_actor(make_party("regulator", area="440118"))
        far = make_actor(make_party("regulator", area="440117"))

        assert queries.get_batch(regulator, batch_id, on=AT.date()).batch.id == batch_id
        assert len(queries.list_batches(regulator).items) == 1
        for actor in (stranger, far):
            assert queries.list_batches(actor).items == ()
            with pytest.raises(NotFound):
                queries.get_batch(actor, batch_id, on=AT.date())
        with pytest.raises(NotFound):
            services.close_batch(stranger, batch_id=batch_id, at=AT)

    def test_the_countrys_authority_sees_a_farm_whose_region_nobody_knows(self):
        person = make_party("individual", "黄志强")
        Party.objects.filter(pk=person.pk).update(region=None)
        batch_id = open_batch(make_actor(person))

        shown = {
            area: [
                one.id for one in queries.list_batches(make_actor(make_party("regulator", area=area))).items
            ]
            for area in ("CN", "440118")
        }

        assert shown == {"CN": [batch_id], "440118": []}
