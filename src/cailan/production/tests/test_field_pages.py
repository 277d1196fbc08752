"""Work and harvest on the phone, and what is shown of them: as used, and everything typed wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cailan.lots import queries as lots
from cailan.parties.tests.factories import make_party, make_site
from cailan.production import queries
from cailan.production.models import FarmInput, Harvest, HarvestRefusal, Operation
from cailan.production.tests.factories import (
    harvest,
    harvested_lot,
    make_fertiliser,
    make_input,
    open_batch,
    spray,
)
from cailan.production.tests.phone import QUEUE, local, photo, sign_in, text_of, values_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class TestWork:
    @pytest.mark.requirement("S0-0-5")
    def test_three_taps_and_a_photo(self, phone, grower, at):
        """Home leads to the list of templates; one is tapped; it is confirmed as it was last time."""
        batch_id, input_id = open_batch(grower, at=at), make_input(grower, at=at)
        spray(grower, batch_id, input_id, at=at - 2 * DAY)

        chooser = phone.get(reverse("production:log"))
        template = chooser.context["recent"][0]
        confirm = phone.get(reverse("production:log"), {"batch": batch_id, "template": template.key})
        sent = values_of(confirm) | {"batch": batch_id, "template": template.key, "photo": photo()}
        answer = phone.post(reverse("production:log"), sent)

        assert f"?batch={batch_id}&template={template.key}" in text_of(chooser)
        assert answer["Location"] == reverse("production:batch", args=[batch_id])
        work = queries.get_batch(grower, batch_id, on=at.date()).operations[0]
        assert (work.kind, work.target, work.operator) == ("spraying", "蚜虫", "黄志强")
        assert (work.uses[0].quantity, work.uses[0].dose) == (Decimal("0.1"), "40 g/亩")
        assert len(work.photo_ids) == 1

    @pytest.mark.requirement("S0-0-5")
    def test_what_a_phone_sends_later_keeps_its_own_time(self, phone, grower, at):
        batch_id, input_id = open_batch(grower, at=at), make_input(grower, at=at)
        confirm = phone.get(reverse("production:log"), {"batch": batch_id, "template": "list-aphids"})
        assert "data-offline" in text_of(confirm)
        sent = values_of(confirm) | {"batch": batch_id, "input_0": input_id, "quantity_0": "50"}
        sent |= {"occurred_at": local(at - DAY)}

        first, again = (
            phone.post(reverse("production:log"), sent | {"photo": photo()}, headers=QUEUE)
            for _replayed in range(2)
        )

        assert (first.status_code, first.json()["state"]) == (200, "accepted")
        assert again.json() == first.json()
        row = Operation.objects.get()
        assert row.started_at == at - DAY
        assert row.recorded_at > at
        assert len(row.photo_ids) == 1

    def test_a_refusal_reaches_the_queue_with_its_field(self, phone, grower, at):
        batch_id, input_id = open_batch(grower, at=at), make_input(grower, at=at, quantity=Decimal("0.01"))
        confirm = phone.get(reverse("production:log"), {"batch": batch_id, "template": "list-aphids"})
        sent = values_of(confirm) | {"batch": batch_id, "input_0": input_id, "quantity_0": "50"}

        answer = phone.post(reverse("production:log"), sent, headers=QUEUE)

        assert answer.status_code == 409
        assert answer["Content-Type"] == "application/problem+json"
        assert [one["where"] for one in answer.json()["errors"]] == ["quantity_0"]

    def test_the_batch_asked_for_is_chosen(self, phone, grower, at):
        older, newer = open_batch(grower, at=at - 9 * DAY), open_batch(grower, at=at)

        assert phone.get(reverse("production:log")).context["batch"].id == newer
        asked = phone.get(reverse("production:log"), {"batch": older})
        assert asked.context["batch"].id == older

    def test_watering_needs_nothing_from_the_store(self, phone, grower, at):
        batch_id = open_batch(grower, at=at)
        confirm = phone.get(reverse("production:log"), {"batch": batch_id, "template": "list-irrigate"})

        assert (
            phone.post(reverse("production:log"), values_of(confirm) | {"batch": batch_id}).status_code == 302
        )

    def test_with_an_empty_store_it_says_what_comes_first(self, phone, grower, at):
        batch_id = open_batch(grower, at=at)

        confirm = phone.get(reverse("production:log"), {"batch": batch_id, "template": "list-aphids"})

        assert reverse("production:buy_input") in text_of(confirm)

    def test_without_a_batch_it_says_what_comes_first(self, phone):
        assert reverse("production:open_batch") in text_of(phone.get(reverse("production:log")))

    def test_a_correction_has_a_reason_and_leaves_the_former_record(self, phone, grower, at):
        batch_id, input_id = open_batch(grower, at=at), make_input(grower, at=at)
        work_id = spray(grower, batch_id, input_id, at=at)
        address = reverse("production:correct", args=[work_id])
        sent = values_of(phone.get(address)) | {"quantity_0": "200"}

        assert "reason" in phone.post(address, sent).context["form"].errors
        assert phone.post(address, sent | {"reason": "用量写错"}).status_code == 302

        assert FarmInput.objects.get().remaining_quantity == Decimal("4.8")
        shown = text_of(phone.get(reverse("production:batch", args=[batch_id])))
        assert "用量写错" in shown
        assert phone.get(address).status_code == 409

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("occurred_at", "2999-01-01T00:00"),
            ("occurred_at", "gestern"),
            ("kind", "dancing"),
            ("input_0", "999999999999999999999"),
            ("quantity_0", ""),
            ("quantity_0", "-3"),
            ("uom_0", "XXX"),
            ("target", ""),
            ("area_mu", "1.234"),
            ("latitude", "91"),
            ("latitude", "nan"),
            ("note", "a\x00b"),
        ],
    )
    def test_a_wrong_field_is_named(self, phone, grower, at, field, value):
        batch_id, input_id = open_batch(grower, at=at), make_input(grower, at=at)
        confirm = phone.get(reverse("production:log"), {"batch": batch_id, "template": "list-aphids"})
        sent = values_of(confirm) | {"batch": batch_id, "input_0": input_id, "quantity_0": "50"}

        answer = phone.post(reverse("production:log"), sent | {field: value})

        assert answer.status_code == 422
        assert field in answer.context["form"].errors

    def test_a_file_that_is_no_picture_is_refused_at_its_field(self, phone, grower, at):
        batch_id = open_batch(grower, at=at)
        confirm = phone.get(reverse("production:log"), {"batch": batch_id, "template": "list-irrigate"})
        sent = values_of(confirm) | {"batch": batch_id, "photo": SimpleUploadedFile("x.jpg", b"MZ")}

        answer = phone.post(reverse("production:log"), sent)

        assert "photo" in answer.context["form"].errors


class TestHarvest:
    @pytest.mark.requirement("S0-2.2-5")
    def test_inside_the_interval_it_is_refused_with_the_day_from_which_it_is_allowed(self, phone, grower, at):
        batch_id, input_id = open_batch(grower, at=at), make_input(grower, at=at)
        spray(grower, batch_id, input_id, at=at - DAY)
        allowed = (timezone.localtime(at - DAY).date() + 7 * DAY).isoformat()
        address = reverse("production:harvest", args=[batch_id])
        form = phone.get(address)
        assert allowed in text_of(form)

        answer = phone.post(address, values_of(form) | {"quantity": "80"})

        assert answer.status_code == 409
        assert allowed in str(answer.context["form"].errors["occurred_at"])
        assert "吡虫啉可湿性粉剂" in text_of(answer)
        assert HarvestRefusal.objects.get().allowed_from.isoformat() == allowed
        assert not Harvest.objects.exists()
        assert "吡虫啉可湿性粉剂" in text_of(phone.get(reverse("production:batch", args=[batch_id])))

    def test_makes_a_lot_and_shows_the_way_on(self, phone, grower, at):
        batch_id = open_batch(grower, at=at)
        address = reverse("production:harvest", args=[batch_id])
        sent = values_of(phone.get(address)) | {"quantity": "160", "uom": "JIN", "photo": photo("red")}

        answer = phone.post(address, sent, follow=True)

        row = Harvest.objects.select_related("lot").get()
        assert answer.request["PATH_INFO"] == reverse("production:harvested", args=[row.pk])
        assert row.quantity == 80
        assert row.lot.code in text_of(answer)
        assert reverse("quality:self_test", args=[row.lot.code]) in text_of(answer)
        assert lots.waiting(grower).items[0].lot.code == row.lot.code

    def test_sent_twice_it_is_one_harvest(self, phone, grower, at):
        batch_id = open_batch(grower, at=at)
        address = reverse("production:harvest", args=[batch_id])
        sent = values_of(phone.get(address)) | {"quantity": "80"}

        places = {phone.post(address, sent, headers=QUEUE).json()["url"] for _twice in range(2)}

        assert len(places) == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("quantity", ""),
            ("quantity", "0"),
            ("quantity", "999999999"),
            ("uom", "XXX"),
            ("method", "magic"),
            ("number", ""),
            ("occurred_at", "2999-01-01T00:00"),
        ],
    )
    def test_a_wrong_field_is_named(self, phone, grower, at, field, value):
        address = reverse("production:harvest", args=[open_batch(grower, at=at)])
        sent = values_of(phone.get(address)) | {"quantity": "80"}

        answer = phone.post(address, sent | {field: value})

        assert answer.status_code == 422
        assert field in answer.context["form"].errors


class TestRecord:
    @pytest.mark.requirement("S2-4.2.4-1")
    def test_all_six_parts_are_recorded_and_shown_with_the_lot(self, phone, base, grower, at):
        site = make_site(base, "plot", "7号地块", code="7").pk
        batch_id = open_batch(grower, at=at, site_id=site)
        address = reverse("production:environment", args=[batch_id])
        finding = {"aspect": "soil", "finding": "pH 6.5，镉铅未超标", "report_no": "TR-2026-1"}
        finding |= {"measured_on": (at - 90 * DAY).date().isoformat(), "client_key": "e1"}
        assert phone.post(address, finding | {"photo": photo("brown")}).status_code == 302
        fertiliser = make_fertiliser(grower, at=at)
        dressing = phone.get(reverse("production:log"), {"batch": batch_id, "template": "list-top-dress"})
        sent = values_of(dressing) | {"batch": batch_id, "input_0": fertiliser, "quantity_0": "30"}
        assert phone.post(reverse("production:log"), sent | {"uom_0": "KGM"}).status_code == 302
        spray(grower, batch_id, make_input(grower, at=at - 20 * DAY), at=at - 10 * DAY)
        lot = harvest(grower, batch_id, at=timezone.now(), method="by_knife")

        grown = queries.growth_of([lot.id])[lot.id]
        answer = phone.get(f"/api/v1/lots/{lot.code}/growth").json()

        assert grown.environment[0].finding == "pH 6.5，镉铅未超标"
        assert answer["producer"] == "绿源基地"
        assert {work["kind"] for work in answer["operations"]} == {"fertilising", "spraying"}
        assert answer["harvest_method"] == "by_knife"
        assert answer["harvested_at"]
        shown = text_of(phone.get(reverse("tracing:lot", args=[lot.code]), {"view": "production"}))
        day = f"{timezone.localtime(grown.harvested_at):%Y-%m-%d}"
        for word in ("pH 6.5", "绿源基地", "追肥", "蚜虫", "吡虫啉", day, "刀具割收"):
            assert word in shown

    def test_the_regulator_of_the_region_sees_it_a_stranger_does_not(self, grower, at):
        batch_id, input_id = open_batch(grower, at=at), make_input(grower, at=at)
        spray(grower, batch_id, input_id, at=at)
        regulator = sign_in(make_party("regulator", area="440118"))
        address = reverse("production:batch", args=[batch_id])

        seen = regulator.get(address)

        assert seen.status_code == 200
        assert "吡虫啉" in text_of(seen)
        assert reverse("production:log") not in text_of(seen)
        for party in (make_party("base"), make_party("regulator", area="440117")):
            assert sign_in(party).get(address).status_code == 404

    def test_a_batch_is_closed_and_found_among_the_closed(self, phone, grower, at):
        batch_id = open_batch(grower, at=at)

        phone.post(reverse("production:close", args=[batch_id]), {"note": "清园"})

        batch = queries.get_batch(grower, batch_id, on=at.date()).batch
        assert (batch.is_open, batch.closing_note) == (False, "清园")
        assert batch.number not in text_of(phone.get(reverse("production:batches")))
        assert batch.number in text_of(phone.get(reverse("production:batches"), {"closed": "1"}))

    def test_a_seed_source_is_corrected_with_a_reason(self, phone, grower, at):
        batch_id = open_batch(grower, at=at)
        address = reverse("production:correct_seed", args=[batch_id])
        sent = values_of(phone.get(address)) | {"variety": "迟菜心2号"}

        assert "reason" in phone.post(address, sent).context["form"].errors
        assert phone.post(address, sent | {"reason": "品种写错"}).status_code == 302
        assert "迟菜心2号" in text_of(phone.get(reverse("production:batch", args=[batch_id])))

    def test_pictures_are_for_whoever_holds_the_code(self, phone, grower, at):
        batch_id = open_batch(grower, at=at)
        confirm = phone.get(reverse("production:log"), {"batch": batch_id, "template": "list-irrigate"})
        sent = values_of(confirm) | {"batch": batch_id, "occurred_at": local(at), "photo": photo()}
        phone.post(reverse("production:log"), sent)
        lot, other = harvest(grower, batch_id, at=timezone.now()), harvested_lot(grower, at=at)
        picture = Operation.objects.get(kind="irrigating").photo_ids[0]

        shown = Client().get(reverse("production:growth_photo", args=[lot.code, picture]), {"size": "320"})
        wrong = [
            reverse("production:growth_photo", args=[other.code, picture]),
            reverse("production:growth_photo", args=[lot.code, picture + 1]),
            reverse("production:growth_photo", args=[lot.code, 10**30]),
            reverse("production:growth_photo", args=["nothing", picture]),
        ]

        assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
        assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
        assert [Client().get(address).status_code for address in wrong] == [404] * 4

    @pytest.mark.parametrize("name", ["batches", "inputs", "log"])
    def test_lists_cost_the_same_for_many(self, phone, grower, at, name, django_assert_max_num_queries):
        for _several in range(6):
            batch_id, input_id = open_batch(grower, at=at), make_input(grower, at=at)
            spray(grower, batch_id, input_id, at=at)
        phone.get(reverse(f"production:{name}"))

        with django_assert_max_num_queries(22):
            phone.get(reverse(f"production:{name}"))

    def test_a_long_record_costs_the_same(self, phone, grower, at, django_assert_max_num_queries):
        batch_id, input_id = open_batch(grower, at=at), make_input(grower, at=at)
        for days in range(8):
            spray(grower, batch_id, input_id, at=at - (20 - days) * DAY)
        harvest(grower, batch_id, at=at)
        address = reverse("production:batch", args=[batch_id])
        phone.get(address)

        with django_assert_max_num_queries(32):
            phone.get(address)
