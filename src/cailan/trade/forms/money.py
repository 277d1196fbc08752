"""What people type about money."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cailan.trade.forms.amounts import EntryForm, YuanField
from cailan.trade.rules.money import CASH_LABELS, INCOME, METHOD_LABELS

METHODS = [(str(one), _(label)) for one, label in METHOD_LABELS.items()]
KINDS = [
    (_("Money out"), [(str(one), _(label)) for one, label in CASH_LABELS.items() if one not in INCOME]),
    (_("Money in"), [(str(one), _(label)) for one, label in CASH_LABELS.items() if one in INCOME]),
]


class PaidForm(EntryForm):
    """So much was paid, in this way."""

    amount = YuanField(label=_("Amount, yuan"))
    method = forms.ChoiceField(label=_("How it was paid"), choices=METHODS)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("Enter an amount above zero."))
        return amount

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "amount_fen": data["amount"], "method": data["method"], "note": data["note"],
            "occurred_at": data["occurred_at"], "client_key": f"page-{data['client_key']}",
        }  # fmt: skip


class CashForm(PaidForm):
    """Income or expense beside all orders."""

    kind = forms.ChoiceField(label=_("What for"), choices=KINDS)
    counterpart = forms.CharField(label=_("To or from whom"), max_length=200, required=False)

    field_order = ("client_key", "kind", "amount", "method", "counterpart", "note", "occurred_at")

    def __init__(self, *args: Any, order: dict[str, int] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order = order or {}

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **super().values(),
            "kind": data["kind"],
            "counterpart_name": data["counterpart"],
            **self.order,
        }


class TakeBackForm(forms.Form):
    """Why an entry was wrong."""

    reason = forms.CharField(label=_("What was wrong"), max_length=200)
