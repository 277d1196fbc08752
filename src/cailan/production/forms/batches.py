"""A crop batch, its seed, its surroundings, its end."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cailan.production.forms.fields import (
    AmountField,
    Choices,
    DayField,
    EntryForm,
    MomentField,
    photo,
    product_named,
    words,
)
from cailan.production.rules.facts import SeedFacts
from cailan.production.rules.kinds import ASPECT_LABELS, SEED_LABELS
from cailan.production.services.batches import Seed


class SeedFields(EntryForm):
    """Where seed or seedlings come from."""

    seed_kind = forms.ChoiceField(
        label=_("Seed source"), choices=lambda: [(kind, _(label)) for kind, label in SEED_LABELS.items()]
    )
    seed_name = words(_("Seed or seedlings"), 80)
    variety = words(_("Variety"), 80)
    seed_supplier = words(_("Bought from"), 120, required=False)
    seed_batch = words(_("Seed batch"), 60, required=False)
    certificate_no = words(_("Certificate number"), 80, required=False)
    photo = photo(_("Photo of packet or certificate"))

    def seed(self, certificate_document_id: int | None) -> Seed:
        data = self.cleaned_data
        return Seed(
            name=data["seed_name"],
            variety=data["variety"],
            kind=data["seed_kind"],
            supplier=data["seed_supplier"],
            batch=data["seed_batch"],
            certificate_no=data["certificate_no"],
            certificate_document_id=certificate_document_id,
        )


def initial_seed(seed: SeedFacts) -> dict[str, Any]:
    return {
        "seed_kind": seed.kind,
        "seed_name": seed.name,
        "variety": seed.variety,
        "seed_supplier": seed.supplier,
        "seed_batch": seed.batch,
        "certificate_no": seed.certificate_no,
    }


class OpenBatchForm(SeedFields):
    """One crop on one plot; it cannot be opened without its seed source."""

    product = words(_("Crop"), 80, attrs={"list": "products"})
    site = forms.TypedChoiceField(label=_("Plot"), coerce=int)
    area_mu = AmountField(label=_("Area in mu"))
    planted_on = DayField(label=_("Sown or planted on"))
    number = words(_("Batch number"), 80, required=False, help_text=_("Left empty: made of plot and day."))
    occurred_at = MomentField(label=_("When"))

    def __init__(
        self,
        data: Any = None,
        *,
        party_id: int,
        sites: Choices,
        now: datetime,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, now=now, initial=initial)
        self.party_id = party_id
        self.offer("site", sites)

    def clean_product(self) -> int:
        return product_named(self.cleaned_data["product"], self.party_id)

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        area: Decimal = data["area_mu"]
        return {
            "product_id": data["product"],
            "site_id": data["site"],
            "area_mu": area,
            "planted_on": data["planted_on"],
            "number": data["number"],
            "occurred_at": data["occurred_at"],
        }


class SeedForm(SeedFields):
    """The seed source as it should have been written down."""

    reason = words(_("Why it is corrected"), 200)


class EnvironmentForm(EntryForm):
    """What was found of soil, water or air."""

    aspect = forms.ChoiceField(
        label=_("Of what"), choices=lambda: [(kind, _(label)) for kind, label in ASPECT_LABELS.items()]
    )
    finding = words(_("What was found"), 200, help_text=_("Such as: pH 6.5, no heavy metal above the limit."))
    measured_on = DayField(label=_("Measured on"))
    report_no = words(_("Report number"), 80, required=False)
    photo = photo(_("Photo of the report"))


class CloseForm(forms.Form):
    note = words(_("Remark"), 200, required=False)
