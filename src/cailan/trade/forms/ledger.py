"""What may be asked of the ledger: every field is optional."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cailan.trade.forms.amounts import AmountField, YuanField
from cailan.trade.rules.ledger import Filters

_VOUCHER = [("", _("all")), ("yes", _("with voucher")), ("no", _("without voucher"))]


class LedgerForm(forms.Form):
    """The filters of the purchase and sales ledger."""

    partner = forms.CharField(label=_("Supplier or buyer"), max_length=200, required=False)
    product = forms.CharField(label=_("Product"), max_length=80, required=False)
    since = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    number = forms.CharField(label=_("Number"), max_length=80, required=False)
    lot = forms.CharField(label=_("Lot number or code"), max_length=120, required=False)
    contact = forms.CharField(label=_("Contact or phone"), max_length=60, required=False)
    origin = forms.CharField(label=_("Origin"), max_length=120, required=False)
    voucher = forms.ChoiceField(label=_("Voucher"), choices=_VOUCHER, required=False)
    plate = forms.CharField(label=_("Plate"), max_length=20, required=False)
    weight_min = AmountField(label=_("Weight from, kg"), required=False)
    weight_max = AmountField(label=_("Weight to, kg"), required=False)
    count_min = AmountField(label=_("Pieces from"), required=False)
    count_max = AmountField(label=_("Pieces to"), required=False)
    price_min = YuanField(label=_("Price from, yuan"), required=False)
    price_max = YuanField(label=_("Price to, yuan"), required=False)
    behind = forms.CharField(widget=forms.HiddenInput, max_length=120, required=False)

    COMMON = ("partner", "product", "since", "until")

    def common(self) -> list[forms.BoundField]:
        return [self[name] for name in self.COMMON]

    def rare(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.COMMON and name != "behind"]

    @property
    def asks_rare(self) -> bool:
        """Say whether one of the rarely asked filters is set, so that they stand open."""
        return any(self.data.get(name) for name in self.fields if name not in (*self.COMMON, "behind"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("since", "until"):
            day = cleaned.get(name)
            if day is not None and not 2000 <= day.year < 2200:  # noqa: PLR2004 (what a book can speak of)
                self.add_error(name, _("Write a date of these years."))
        for least, most in (("since", "until"), ("weight_min", "weight_max"), ("count_min", "count_max"),
                            ("price_min", "price_max")):  # fmt: skip
            low, high = cleaned.get(least), cleaned.get(most)
            if low is not None and high is not None and low > high:
                self.add_error(most, _("The end lies before the beginning."))
        return cleaned

    def filters(self) -> Filters:
        data = {name: value for name, value in self.cleaned_data.items() if value not in {"", None}}
        voucher = {"yes": True, "no": False}.get(data.pop("voucher", ""))
        return Filters(voucher=voucher, **data)
