"""Fields of money and quantities as people type them, and what every form that records money says."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cailan.products.rules import units
from cailan.trade.rules import money
from cailan.trade.services.times import LOOKS_BACK

MOST_QUANTITY = Decimal(10) ** 12


class YuanField(forms.CharField):
    """An amount in yuan; gives fen."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(max_length=30, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return money.parse_yuan(text)
        except money.MoneyError as error:
            raise forms.ValidationError(gettext(str(error))) from error


class AmountField(forms.CharField):
    """A quantity; thousands separators and full-width digits are read."""

    def __init__(self, *, is_hidden: bool = False, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        widget = forms.HiddenInput() if is_hidden else forms.TextInput(attrs=attrs)
        super().__init__(max_length=40, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = units.parse_number(text)
        except units.UnitError as error:
            raise forms.ValidationError(gettext(error.message)) from error
        if found > MOST_QUANTITY:
            raise forms.ValidationError(gettext("This is more than anybody can have."))
        return found


class MinuteField(forms.DateTimeField):
    """A minute of Shanghai time."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(widget=widget, input_formats=formats, **options)


class EntryForm(forms.Form):
    """What every entry says; the hidden key makes a double tap one entry."""

    client_key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    occurred_at = MinuteField(label=_("When"))

    def __init__(self, data: Any = None, *, now: datetime, initial: dict[str, Any] | None = None) -> None:
        moment = timezone.localtime(now).replace(second=0, microsecond=0)
        super().__init__(data, initial={"client_key": uuid4().hex, "occurred_at": moment, **(initial or {})})
        self.now = now

    def clean_occurred_at(self) -> Any:
        moment = self.cleaned_data["occurred_at"]
        if moment > self.now:
            # A phone's minute may run a little ahead; a later day is a slip.
            if (moment - self.now).total_seconds() > 120:  # noqa: PLR2004 (two minutes)
                raise forms.ValidationError(gettext("This lies in the future. Check the date and time."))
            return self.now
        if moment < self.now - LOOKS_BACK:
            raise forms.ValidationError(gettext("This is too long ago to be right. Check the date."))
        return moment

    def with_new_key(self) -> None:
        """Let the same input be sent as a new entry."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["client_key"] = uuid4().hex
        self.data = data
