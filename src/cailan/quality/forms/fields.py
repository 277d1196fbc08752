"""Fields that several forms of quality use; the hidden key makes a double tap one record."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cailan.kernel.pages import blame
from cailan.kernel.problems import Problem
from cailan.products.rules import units

UNITS = [("mg/kg", "mg/kg"), ("µg/kg", "µg/kg")]


class AmountField(forms.CharField):
    """A number as people type it; full-width digits are read too."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(max_length=30, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return units.parse_number(text)
        except units.UnitError as error:
            raise forms.ValidationError(gettext(error.message)) from error


class MomentField(forms.DateTimeField):
    """A minute of Shanghai time."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(widget=widget, input_formats=formats, **options)


class DayField(forms.DateField):
    """A day, chosen from the browser's calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)


class KeyedForm(forms.Form):
    """A form that a phone may send twice."""

    client_key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(
        self, data: Any = None, files: Any = None, *, now: datetime, initial: dict[str, Any] | None = None
    ) -> None:
        moment = timezone.localtime(now).replace(second=0, microsecond=0)
        start = {"client_key": uuid4().hex, "occurred_at": moment}
        super().__init__(data, files, initial={**start, **(initial or {})})

    @property
    def key(self) -> str:
        return f"page-{self.cleaned_data['client_key']}"


class ReasonForm(forms.Form):
    """One sentence of why."""

    reason = forms.CharField(label=_("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class HandlingForm(forms.Form):
    text = forms.CharField(
        label=_("What was done with the goods"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Destroyed, returned, taken off sale, seller instructed … without names of persons."),
    )


def say(form: forms.Form, problem: Problem, rows: list[int] | None = None) -> None:
    """Put a refusal at the fields it names; of items at the field of the row that was filled in."""
    form.problem = problem  # type: ignore[attr-defined]  # the phone's queue is told its code
    for error in problem.extra.get("errors", []):
        where = str(error.get("where") or "")
        if where.startswith("items.") and rows:
            _items, index, name = where.split(".", 2)
            row = rows[int(index)] if int(index) < len(rows) else 0
            error["where"] = f"{name}_{row}" if f"{name}_{row}" in form.fields else name
    blame(form, problem)
