"""Forms of samples: who sends what where."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cailan.quality.forms.fields import AmountField, DayField, KeyedForm, MomentField

Choices = Sequence[tuple[Any, Any]]


class RequestForm(KeyedForm):
    """A holder sends a sample of its stock to a laboratory."""

    quantity = AmountField(label=_("Sample quantity"), required=False)
    note = forms.CharField(label=_("Note for the laboratory"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, labs: Choices, **options: Any) -> None:
        super().__init__(data, **options)
        lab = forms.TypedChoiceField(label=_("Laboratory"), choices=labs, coerce=int)
        self.fields = {"client_key": self.fields["client_key"], "lab": lab, **self.fields}


class SampleForm(RequestForm):
    """An official takes a sample at a holder."""

    place = forms.CharField(label=_("Where exactly"), max_length=120, required=False)
    occurred_at = MomentField(label=_("When"))

    def __init__(self, data: Any = None, *, holders: Choices, **options: Any) -> None:
        super().__init__(data, **options)
        holder = forms.TypedChoiceField(label=_("At whom"), choices=holders, coerce=int)
        self.fields = {"client_key": self.fields["client_key"], "holder": holder, **self.fields}


class AcceptForm(forms.Form):
    lab_number = forms.CharField(label=_("Sample number of your laboratory"), max_length=40)
    condition = forms.CharField(
        label=_("Condition of the sample"),
        max_length=200,
        required=False,
        initial=_("Intact, sealed, cooled"),
    )


class LaboratoryForm(forms.Form):
    cma_number = forms.CharField(label=_("CMA number"), max_length=40)
    cma_valid_to = DayField(label=_("Valid until"))
    scope = forms.CharField(label=_("What you test"), max_length=300, required=False)
