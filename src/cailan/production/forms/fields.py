"""Fields as people in a field type them, and what every entry says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cailan.kernel.problems import Problem
from cailan.products import queries as products
from cailan.products.rules import units

Choices = Sequence[tuple[Any, Any]]
JIN = "JIN"  # a display unit: half a kilogram
MOST = Decimal(10) ** 9
STORE_UNITS = [
    ("KGM", pgettext_lazy("unit", "kg")),
    ("GRM", pgettext_lazy("unit", "g")),
    ("LTR", pgettext_lazy("unit", "L")),
    ("MLT", pgettext_lazy("unit", "mL")),
    ("XBG", pgettext_lazy("unit", "bags")),
    ("H87", pgettext_lazy("unit", "pcs")),
]


class AmountField(forms.CharField):
    """An amount; thousands separators and full-width digits are read."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(max_length=30, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = units.parse_number(text)
        except units.UnitError as error:
            raise forms.ValidationError(gettext(error.message)) from error
        if found > MOST:
            raise forms.ValidationError(gettext("This is more than anybody can have."))
        return found


class MomentField(forms.DateTimeField):
    """A minute of Shanghai time."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(widget=widget, input_formats=formats, **options)


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%Y/%m/%d"], **options)


class EntryForm(forms.Form):
    """What every entry says; the hidden key makes a double tap one entry."""

    client_key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    problem: Problem | None = None

    def __init__(self, data: Any = None, *, now: datetime, initial: Mapping[str, Any] | None = None) -> None:
        moment = timezone.localtime(now).replace(second=0, microsecond=0)
        start = {"client_key": uuid4().hex, "occurred_at": moment}
        super().__init__(data, initial={**start, **(initial or {})})

    @property
    def key(self) -> str:
        return f"page-{self.cleaned_data['client_key']}"

    def with_new_key(self) -> None:
        """Let the same input be sent as a new entry."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["client_key"] = uuid4().hex
        self.data = data

    def offer(self, name: str, choices: Choices) -> None:
        """Give a field its choices of this moment."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)


def words(label: Any, most: int, **options: Any) -> forms.CharField:
    """Return a field of one line."""
    attrs = {"autocomplete": "off", **options.pop("attrs", {})}
    return forms.CharField(label=label, max_length=most, widget=forms.TextInput(attrs=attrs), **options)


def photo(label: Any = "", help_text: Any = "") -> forms.FileField:
    """Return the field whose files the view keeps as documents."""
    return forms.FileField(
        label=label or _("Photo"), required=False, allow_empty_file=True, help_text=help_text
    )


def product_named(text: str, party_id: int) -> int:
    """Return the product that a name means; say the nearest ones where it is not clear."""
    found = products.resolve_names([text], party_id=party_id).get(text)
    if found is not None:
        return found.id
    near = ", ".join(product.name for product in products.search(text, party_id=party_id, limit=4))
    if near:
        raise forms.ValidationError(gettext("Which one do you mean: %(names)s?") % {"names": near})
    raise forms.ValidationError(gettext("This product is not in the library. Choose one from the list."))


def in_coded_unit(amount: Decimal, unit: str) -> tuple[Decimal, str]:
    """Turn the display unit 斤 into kilograms."""
    return (amount * units.JIN, "KGM") if unit == JIN else (amount, unit)
