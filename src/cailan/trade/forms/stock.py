"""The sheet on which a stall counts its stock."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from cailan.lots.queries import HoldingFacts
from cailan.lots.rules.requests import Line, Lose
from cailan.tracing.templatetags.quantities import text as quantity_text
from cailan.trade.forms.amounts import AmountField, EntryForm
from cailan.trade.services.stock import Count

MOST_LINES = 200


def holdings_in(data: Any) -> list[int]:
    """Return which holdings a sent sheet speaks of."""
    names = (name.removeprefix("seen_") for name in data if name.startswith("seen_"))
    return [int(name) for name in names if name.isascii() and name.isdigit() and len(name) < 19][:MOST_LINES]  # noqa: PLR2004


class CountSheet(EntryForm):
    """What was found of each lot; an empty field was not counted."""

    def __init__(self, data: Any = None, *, holdings: Sequence[HoldingFacts], now: datetime) -> None:
        super().__init__(data, now=now)
        self.holdings = {one.id: one for one in holdings}
        for one in holdings:
            self.fields[f"counted_{one.id}"] = AmountField(label=_("Counted"), required=False)
            self.fields[f"reason_{one.id}"] = forms.CharField(
                label=_("Why it differs"), max_length=200, required=False,
                widget=forms.TextInput(attrs={"list": "count-reasons", "autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"seen_{one.id}"] = AmountField(is_hidden=True, required=False)
            self.initial[f"seen_{one.id}"] = "" if one.remaining is None else f"{one.remaining.normalize():f}"

    def rows(self) -> list[tuple[HoldingFacts, BoundField, BoundField, BoundField]]:
        return [
            (one, self[f"counted_{pk}"], self[f"reason_{pk}"], self[f"seen_{pk}"])
            for pk, one in self.holdings.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.counts():
            raise forms.ValidationError(_("Enter what you counted, for at least one lot."))
        for one in self.counts():
            if one.counted != one.seen and not one.reason:
                self.add_error(f"reason_{one.holding_id}", _("Say why the count differs from the book."))
        return cleaned

    def counts(self) -> list[Count]:
        """Return what was counted."""
        found = []
        for pk in self.holdings:
            counted: Decimal | None = self.cleaned_data.get(f"counted_{pk}")
            if counted is not None:
                reason = self.cleaned_data.get(f"reason_{pk}", "").strip()
                found.append(Count(pk, counted, self.cleaned_data.get(f"seen_{pk}"), reason))
        return found

    def differences(self) -> list[tuple[HoldingFacts, Count, Decimal | None]]:
        """Return each counted lot with how much more or less was found."""
        return [
            (self.holdings[one.holding_id], one, None if one.seen is None else one.counted - one.seen)
            for one in self.counts()
        ]


LOSSES = [
    ("spoiled", _("Spoiled")),
    ("damaged", _("Damaged in transport or handling")),
    ("trimmed", _("Trimmings and evaporation")),
    ("destroyed", _("Destroyed by order")),
    ("sampled", _("Taken as sample")),
]


class LossForm(EntryForm):
    """So much of one acquisition is gone, and why."""

    holding = forms.TypedChoiceField(label=_("Which goods"), coerce=int)
    quantity = AmountField(label=_("How much"))
    reason = forms.ChoiceField(label=_("Why"), choices=LOSSES)

    def __init__(
        self, data: Any = None, *, holdings: Sequence[HoldingFacts], now: datetime, **options: Any
    ) -> None:
        super().__init__(data, now=now, **options)
        self.holdings = {one.id: one for one in holdings}
        field = self.fields["holding"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 (declared above)
        field.choices = [(one.id, goods_word(one)) for one in holdings]

    def request(self) -> Lose:
        data = self.cleaned_data
        holding = self.holdings[data["holding"]]
        line = Line(holding.lot.code, data["quantity"], holding.lot.uom, holding.id)
        return Lose(lines=(line,), reason=data["reason"], occurred_at=data["occurred_at"])


def goods_word(one: HoldingFacts) -> str:
    """Return what one acquisition is called in a list to choose from."""
    left = quantity_text(one.remaining, one.lot.uom)
    return " · ".join(filter(None, (one.lot.name, one.lot.number, left)))
