"""A purchase of an input, as the label and the receipt say it."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cailan.production.forms.fields import (
    STORE_UNITS,
    AmountField,
    Choices,
    DayField,
    EntryForm,
    photo,
    product_named,
    words,
)
from cailan.production.rules.facts import Ingredient, InputFacts
from cailan.production.rules.kinds import INPUT_LABELS, InputKind
from cailan.production.rules.store import LabelInterval
from cailan.products import queries as products

_LINES = re.compile(r"[\n;；,，、]+")
_WITH_NUMBER = re.compile(r"(.+?)[\s:：]*(\d[\d.]*\s*\S*)", re.DOTALL)
_DAYS = re.compile(r"(.+?)[\s:：]*(\d{1,3})\s*(?:天|d|days?)?", re.DOTALL)


class InputForm(EntryForm):
    kind = forms.ChoiceField(
        label=_("What it is"), choices=lambda: [(kind, _(label)) for kind, label in INPUT_LABELS.items()]
    )
    name = words(_("Name on the label"), 80)
    registration_no = words(_("Registration number"), 40, required=False)
    ingredients = words(
        _("Active ingredients"), 500, required=False, help_text=_("With content, such as imidacloprid 10%.")
    )
    interval_days = forms.IntegerField(
        label=_("Safety interval"),
        required=False,
        min_value=0,
        max_value=400,
        help_text=_("Days from the last use to harvest, for every crop on the label."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    crop_intervals = forms.CharField(
        label=_("Intervals that differ by crop"),
        max_length=500,
        required=False,
        help_text=_("One crop a line, with its days: choy sum 7."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    quantity = AmountField(label=_("Quantity"))
    uom = forms.ChoiceField(label=_("Unit"), choices=STORE_UNITS, initial="KGM")
    bought_on = DayField(label=_("Bought on"))
    expires_on = DayField(label=_("Usable until"), required=False)
    supplier = words(_("Bought from"), 120, attrs={"list": "suppliers"})
    manufacturer = words(_("Manufacturer"), 120, required=False)
    batch = words(_("Batch number"), 60, required=False)
    store = forms.TypedChoiceField(label=_("Kept at"), coerce=int, empty_value=None, required=False)
    photo = photo(_("Photo of label or receipt"))

    def __init__(
        self,
        data: Any = None,
        *,
        party_id: int,
        suppliers: dict[str, int],
        sites: Choices,
        now: datetime,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, now=now, initial={"kind": str(InputKind.PESTICIDE), **(initial or {})})
        self.party_id, self.suppliers = party_id, suppliers
        self.offer("store", [("", _("not stated")), *sites])

    def clean_ingredients(self) -> tuple[Ingredient, ...]:
        found = []
        for line in filter(None, map(str.strip, _LINES.split(self.cleaned_data["ingredients"]))):
            parts = _WITH_NUMBER.fullmatch(line)
            found.append(Ingredient(parts[1].strip(), parts[2].strip()) if parts else Ingredient(line))
        return tuple(found)

    def clean_crop_intervals(self) -> tuple[LabelInterval, ...]:
        found = []
        for line in filter(None, map(str.strip, _LINES.split(self.cleaned_data["crop_intervals"]))):
            parts = _DAYS.fullmatch(line)
            if not parts:
                raise forms.ValidationError(gettext("Write a crop and its days, such as choy sum 7."))
            found.append(LabelInterval(product_named(parts[1].strip(), self.party_id), int(parts[2])))
        return tuple(found)

    def said(self) -> dict[str, Any]:
        """Return the fields of a purchase."""
        data = self.cleaned_data
        every = data["interval_days"]
        supplier = data["supplier"].strip()
        plain = ("kind", "name", "registration_no", "manufacturer", "batch", "quantity", "uom")
        return {name: data[name] for name in (*plain, "bought_on", "expires_on", "ingredients")} | {
            "label": (*data["crop_intervals"], *([LabelInterval(None, every)] if every is not None else [])),
            "supplier_name": supplier,
            "supplier_id": self.suppliers.get(supplier),
            "store_id": data["store"],
        }


class CorrectInputForm(InputForm):
    """The same purchase as it should have been written down."""

    reason = words(_("Why it is corrected"), 200)


def initial_of(found: InputFacts) -> dict[str, Any]:
    """Return what a form begins with that corrects a purchase, or buys the same again."""
    names = products.facts([line.product_id for line in found.label if line.product_id is not None])
    every = next((line.days for line in found.label if line.product_id is None), None)
    own = [f"{names[line.product_id].name} {line.days}" for line in found.label if line.product_id in names]
    return {
        "kind": found.kind,
        "name": found.name,
        "registration_no": found.registration_no,
        "ingredients": "，".join(f"{one.name} {one.content}".strip() for one in found.ingredients),
        "interval_days": every,
        "crop_intervals": "\n".join(own),
        "quantity": f"{found.quantity.normalize():f}",
        "uom": found.uom,
        "bought_on": found.bought_on,
        "expires_on": found.expires_on,
        "supplier": found.supplier_name,
        "manufacturer": found.manufacturer,
        "batch": found.batch,
        "store": found.store_id,
    }
