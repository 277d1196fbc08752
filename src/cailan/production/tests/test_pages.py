"""The day of a grower on the phone: the pages as they are used, and everything typed wrong on them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from cailan.parties.tests.factories import make_site
from cailan.production import queries
from cailan.production.models import CropBatch, FarmInput, Operation, SeedOrigin
from cailan.production.rules.facts import Ingredient
from cailan.production.tests.factories import (
    harvest,
    make_input,
    open_batch,
)
from cailan.production.tests.phone import local, photo, text_of, values_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


OPENING = {
    "client_key": "o1",
    "product": "菜心",
    "area_mu": "2.5",
    "planted_on": "2026-10-10",
    "seed_kind": "bought_seed",
    "seed_name": "菜心种子",
    "variety": "四九-19号",
    "seed_supplier": "粤穗种业",
    "seed_batch": "ZZ2609",
    "certificate_no": "粤种检2026-0918",
}


class TestOpening:
    def opening(self, base, at, **changes):
        site = make_site(base, "plot", "7号地块", code="7").pk
        planted = (at - 40 * DAY).date().isoformat()
        return OPENING | {"site": site, "planted_on": planted, "occurred_at": local(at)} | changes

    @pytest.mark.requirement("S0-2.2-4")
    def test_without_a_seed_source_it_is_not_opened_and_keeps_what_was_typed(self, phone, base, at):
        sent = self.opening(base, at, seed_kind="", seed_name="")

        answer = phone.post(reverse("production:open_batch"), sent)

        assert answer.status_code == 422
        assert {"seed_kind", "seed_name"} <= set(answer.context["form"].errors)
        assert 'value="四九-19号"' in text_of(answer)
        assert not CropBatch.objects.exists()

    @pytest.mark.requirement("S0-2.2-4")
    def test_with_it_the_scan_shows_the_source(self, phone, base, grower, at):
        answer = phone.post(reverse("production:open_batch"), self.opening(base, at) | {"photo": photo()})

        batch = CropBatch.objects.get()
        assert answer["Location"] == reverse("production:batch", args=[batch.pk])
        seed = SeedOrigin.objects.get()
        assert (seed.variety, seed.supplier) == ("四九-19号", "粤穗种业")
        assert seed.certificate_document_id is not None
        lot = harvest(grower, batch.pk, at=at)
        grown = queries.growth_of([lot.id])[lot.id]
        assert (grown.seed.name, grown.seed.certificate_no) == ("菜心种子", "粤种检2026-0918")
        scanned = text_of(Client().get(f"/t/{lot.code}"))
        assert "四九-19号" in scanned
        assert "粤穗种业" in scanned
        opened = Client().get(
            reverse("production:growth_photo", args=[lot.code, seed.certificate_document_id])
        )
        assert opened["Content-Type"] == "image/jpeg"
        assert b"".join(opened.streaming_content).startswith(b"\xff\xd8")

    def test_a_double_tap_is_one_batch(self, phone, base, at):
        sent = self.opening(base, at)

        places = {phone.post(reverse("production:open_batch"), sent)["Location"] for _twice in range(2)}

        assert len(places) == 1
        assert CropBatch.objects.count() == 1

    def test_without_a_plot_says_what_comes_first(self, phone):
        assert reverse("parties:new_site") in text_of(phone.get(reverse("production:open_batch")))

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("product", "没有这种菜"),
            ("site", "999999999999999999999"),
            ("site", "1; drop"),
            ("area_mu", "9" * 29),
            ("area_mu", "-1"),
            ("planted_on", "2026-13-40"),
            ("planted_on", "2999-01-01"),
            ("occurred_at", "2999-01-01T00:00"),
            ("variety", "长" * 90),
            ("number", "a\x00b"),
        ],
    )
    def test_a_wrong_field_is_named(self, phone, base, at, field, value):
        answer = phone.post(reverse("production:open_batch"), self.opening(base, at, **{field: value}))

        assert answer.status_code == 422
        assert field in answer.context["form"].errors


class TestStore:
    def purchase(self, at, **changes):
        return {
            "client_key": "p1",
            "kind": "pesticide",
            "name": "吡虫啉可湿性粉剂",
            "registration_no": "PD20261234",
            "ingredients": "吡虫啉 10%",
            "interval_days": "7",
            "crop_intervals": "番茄 3",
            "quantity": "5",
            "uom": "KGM",
            "bought_on": (at - 3 * DAY).date().isoformat(),
            "expires_on": (at + 300 * DAY).date().isoformat(),
            "supplier": "增城农资店",
            "batch": "B-1",
        } | changes

    @pytest.mark.requirement("S2-4.3.3.1-2")
    def test_a_purchase_stands_in_the_store_and_falls_with_each_use(self, phone, grower, at):
        answer = phone.post(reverse("production:buy_input"), self.purchase(at))
        assert answer["Location"] == reverse("production:inputs")
        row = FarmInput.objects.get()
        assert row.ingredients == [{"name": "吡虫啉", "content": "10%"}]
        assert [line["days"] for line in row.label] == [3, 7]
        batch_id = open_batch(grower, at=at)

        confirm = phone.get(reverse("production:log"), {"batch": batch_id, "template": "list-aphids"})
        sent = values_of(confirm) | {"input_0": row.pk, "quantity_0": "100", "uom_0": "GRM"}
        assert phone.post(reverse("production:log"), sent | {"batch": batch_id}).status_code == 302

        assert FarmInput.objects.get().remaining_quantity == Decimal("4.9")
        assert "4.9" in text_of(phone.get(reverse("production:inputs")))
        assert "蚜虫" in text_of(phone.get(reverse("production:batch", args=[batch_id])))

    @pytest.mark.requirement("S2-4.3.3.1-2")
    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"ingredients": (Ingredient("呋喃丹", "3%"),)}, "2026-06-01"),
            ({"bought_on_ago": 400, "expires_ago": 2}, "expired"),
        ],
    )
    def test_a_banned_or_expired_one_cannot_be_used(self, phone, grower, at, fields, said):
        fields = dict(fields)
        ago = fields.pop("expires_ago", None)
        bought = (at - fields.pop("bought_on_ago", 30) * DAY).date()
        expires = (at - ago * DAY).date() if ago else None
        input_id = make_input(grower, at=at, bought_on=bought, expires_on=expires, **fields)
        make_input(grower, "另一种", at=at)
        batch_id = open_batch(grower, at=at)
        confirm = phone.get(reverse("production:log"), {"batch": batch_id, "template": "list-aphids"})
        sent = values_of(confirm) | {"batch": batch_id, "input_0": input_id, "quantity_0": "1"}

        answer = phone.post(reverse("production:log"), sent, headers={"accept-language": "en"})

        assert answer.status_code in {409, 422}
        assert "input_0" in answer.context["form"].errors
        assert ago or said in str(answer.context["form"].errors["input_0"])
        assert FarmInput.objects.get(pk=input_id).remaining_quantity == 5
        assert not Operation.objects.exists()

    def test_a_correction_takes_the_place_of_the_record(self, phone, grower, at):
        input_id = make_input(grower, at=at)
        form = phone.get(reverse("production:correct_input", args=[input_id]))
        sent = values_of(form) | {"quantity": "4", "reason": "多写了一公斤"}

        answer = phone.post(reverse("production:correct_input", args=[input_id]), sent)

        new = FarmInput.objects.get(is_current=True)
        assert answer["Location"] == reverse("production:input", args=[new.pk])
        assert (new.remaining_quantity, new.corrects_id) == (4, input_id)
        assert new.expires_on == FarmInput.objects.get(pk=input_id).expires_on
        assert "多写了一公斤" in text_of(phone.get(reverse("production:input", args=[new.pk])))
        again = phone.get(reverse("production:correct_input", args=[input_id]))
        assert again.status_code == 409

    def test_buying_again_begins_with_the_label(self, phone, grower, at):
        input_id = make_input(grower, at=at)

        form = phone.get(reverse("production:buy_input"), {"again": input_id}).context["form"]

        assert form["registration_no"].value() == "PD20261234"
        assert (form["batch"].value(), form["quantity"].value()) == ("", "")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("kind", "poison"),
            ("registration_no", ""),
            ("ingredients", ""),
            ("interval_days", "999"),
            ("crop_intervals", "菜心"),
            ("crop_intervals", "没有这种菜 7"),
            ("quantity", "0"),
            ("quantity", "１２３４５６７８９０１２３"),
            ("uom", "XXX"),
            ("bought_on", "2999-01-01"),
            ("expires_on", "1999-01-01"),
            ("supplier", ""),
            ("store", "12345678901234567890"),
        ],
    )
    def test_a_wrong_field_is_named(self, phone, at, field, value):
        answer = phone.post(reverse("production:buy_input"), self.purchase(at, **{field: value}))

        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert 'value="B-1"' in text_of(answer)
