"""The form of the promise certificate, and of limits."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cailan.products.rules import units
from cailan.quality.forms.fields import AmountField, DayField, KeyedForm

Choices = Sequence[tuple[Any, Any]]


class CertificateForm(KeyedForm):
    """All that the rule asks for; what the lot tells already is filled in."""

    bases = forms.MultipleChoiceField(
        label=_("On what the promise rests"), widget=forms.CheckboxSelectMultiple
    )
    quantity = AmountField(label=_("Quantity (weight)"))
    uom = forms.ChoiceField(label=_("Unit"))
    origin = forms.CharField(label=_("Place of origin"), max_length=200)
    contact = forms.CharField(label=_("Contact"), max_length=40)
    signature = forms.CharField(label=_("Signature or seal"), max_length=80)

    def __init__(
        self, data: Any = None, *, bases: Choices, uom: str, sources: Choices, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fields["bases"].choices = bases  # type: ignore[attr-defined]
        self.fields["uom"].choices = [(uom, _(units.UNITS[uom].label) if uom in units.UNITS else uom)]  # type: ignore[attr-defined]
        self.initial.setdefault("uom", uom)
        if sources:
            self.fields["sources"] = forms.TypedMultipleChoiceField(
                label=_("Certificates under which the goods came"),
                choices=sources,
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )


class ImportForm(forms.Form):
    """A table of limits; a dry run first."""

    file = forms.FileField(
        label=_("CSV file"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,text/csv"})
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2_000_000)


class LimitsForm(forms.Form):
    """What limits are asked for."""

    product = forms.CharField(
        label=_("Product"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "products", "autocomplete": "off"}),
    )
    substance = forms.CharField(
        label=_("Substance"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "substances", "autocomplete": "off"}),
    )
    on = DayField(label=_("On which day"), required=False)


class ResultsFilter(forms.Form):
    """Which results of sampling to list."""

    market = forms.TypedChoiceField(label=_("Market"), coerce=int, empty_value=None, required=False)
    product = forms.CharField(label=_("Product"), max_length=80, required=False)
    verdict = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[("", _("All")), ("failed", _("Failed")), ("passed", _("Passed"))],
    )
    since = DayField(label=_("From day"), required=False)
    until = DayField(label=_("To day"), required=False)

    def __init__(self, data: Any = None, *, markets: Choices) -> None:
        super().__init__(data)
        self.fields["market"].choices = [("", _("All markets")), *markets]  # type: ignore[attr-defined]
