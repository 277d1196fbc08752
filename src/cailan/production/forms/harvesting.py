"""A harvest."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cailan.production.forms.fields import (
    JIN,
    AmountField,
    EntryForm,
    MomentField,
    in_coded_unit,
    photo,
    words,
)
from cailan.production.rules.kinds import METHOD_LABELS

HARVEST_UNITS = [
    ("KGM", pgettext_lazy("unit", "kg")),
    (JIN, pgettext_lazy("unit", "jin")),
    ("H87", pgettext_lazy("unit", "pcs")),
]


class HarvestForm(EntryForm):
    quantity = AmountField(label=_("Quantity"))
    uom = forms.ChoiceField(label=_("Unit"), choices=HARVEST_UNITS, initial="KGM")
    method = forms.ChoiceField(
        label=_("How it was harvested"),
        choices=lambda: [(kind, _(label)) for kind, label in METHOD_LABELS.items()],
    )
    number = words(_("Lot number"), 80)
    occurred_at = MomentField(label=_("When"))
    operator = words(_("Who harvested"), 60, required=False)
    photo = photo()

    def said(self, photo_ids: Sequence[int]) -> dict[str, Any]:
        data = self.cleaned_data
        quantity, uom = in_coded_unit(data["quantity"], data["uom"])
        return {
            "quantity": quantity,
            "uom": uom,
            "method": data["method"],
            "number": data["number"],
            "operator": data["operator"],
            "occurred_at": data["occurred_at"],
            "photo_ids": tuple(photo_ids),
        }
