"""Forms of tests: what is read off a quick test, what an instrument measured."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cailan.quality.forms.fields import UNITS, AmountField, KeyedForm, MomentField
from cailan.quality.rules.entries import ItemEntry
from cailan.quality.rules.quick import LINE_LABELS, METHOD_LABELS, PAD_LABELS, QuickMethod, Reading

GROUP = "有机磷和氨基甲酸酯类农药"
INSTRUMENT = "instrument"
READERS = (QuickMethod.ENZYME, QuickMethod.ENZYME_NY)
MOST_ROWS = 20


def _item_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"list": "substances", "autocomplete": "off"})
    return forms.CharField(label=_("Substance"), max_length=120, required=False, widget=widget)


class QuickForm(KeyedForm):
    """One test on one screen: the method chosen shows its own fields, by style alone."""

    method = forms.ChoiceField(label=_("Method"))
    inhibition_1 = AmountField(label=_("Inhibition rate"), required=False)
    inhibition_2 = AmountField(
        label=_("Repeated"), required=False, help_text=_("Needed when the first is too high.")
    )
    pad = forms.ChoiceField(label=_("White pad"), required=False)
    has_control_line = forms.BooleanField(label=_("The C line shows"), required=False, initial=True)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial="mg/kg", required=False)
    standard = forms.CharField(label=_("Standard of the method"), max_length=80, required=False)
    kit = forms.CharField(label=_("Kit or instrument, batch"), max_length=120, required=False)
    photo = forms.ImageField(label=_("Photo"), required=False)
    occurred_at = MomentField(label=_("When"))

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        items: Sequence[str],
        with_instrument: bool,
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.row_count = min(MOST_ROWS, max(2, len(items) + 1))
        choices = [(one.value, _(METHOD_LABELS[one])) for one in QuickMethod]
        if with_instrument:
            choices.append((INSTRUMENT, _("Instrument")))
        self.fields["method"].choices = choices  # type: ignore[attr-defined]
        self.fields["pad"].choices = [("", "—"), *((one, _(label)) for one, label in PAD_LABELS.items())]  # type: ignore[attr-defined]
        lines = [("", "—"), *((one, _(label)) for one, label in LINE_LABELS.items())]
        for i in range(self.row_count):
            self.fields[f"item_{i}"] = _item_field()
            self.fields[f"line_{i}"] = forms.ChoiceField(label=_("T line"), choices=lines, required=False)
            self.fields[f"value_{i}"] = AmountField(label=_("Value"), required=False)
        for i, item in enumerate(items[: self.row_count]):
            self.initial.setdefault(f"item_{i}", item)
        self.initial.setdefault("method", QuickMethod.GOLD if items else QuickMethod.ENZYME)
        self.used: list[int] = []

    def rows(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        return [(self[f"item_{i}"], self[f"line_{i}"], self[f"value_{i}"]) for i in range(self.row_count)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        method = cleaned.get("method", "")
        if method in READERS and cleaned.get("inhibition_1") is None and "inhibition_1" not in self.errors:
            self.add_error("inhibition_1", gettext("Enter the inhibition rate that the reader shows."))
        if method == QuickMethod.CARD and not cleaned.get("pad"):
            self.add_error("pad", gettext("Choose what the white pad looks like."))
        if method == INSTRUMENT and not cleaned.get("standard"):
            self.add_error("standard", gettext("Name the standard by which was measured."))
        if method in {QuickMethod.GOLD, INSTRUMENT}:
            self._clean_rows(cleaned, method)
        return cleaned

    def _clean_rows(self, cleaned: dict[str, Any], method: str) -> None:
        part = "value" if method == INSTRUMENT else "line"
        named = [i for i in range(self.row_count) if cleaned.get(f"item_{i}")]
        if method == QuickMethod.GOLD:  # a prepared name without a reading was not tested
            named = [i for i in named if cleaned.get("line_" + str(i)) or not cleaned.get("has_control_line")]
        self.used = named
        if not named:
            self.add_error("item_0", gettext("Name the substance and enter what was found."))
        for i in range(self.row_count):
            if cleaned.get(f"{part}_{i}") not in (None, "") and not cleaned.get(f"item_{i}"):
                self.add_error(f"item_{i}", gettext("Name the substance of this row."))

    def entries(self) -> list[ItemEntry]:
        data = self.cleaned_data
        method = data["method"]
        if method in READERS:
            values = tuple(
                data[name] for name in ("inhibition_1", "inhibition_2") if data.get(name) is not None
            )
            return [ItemEntry(GROUP, method, reading=Reading(inhibition=values))]
        if method == QuickMethod.CARD:
            return [ItemEntry(GROUP, method, reading=Reading(pad=data["pad"]))]
        if method == QuickMethod.GOLD:
            has_control = data["has_control_line"]
            return [
                ItemEntry(
                    data[f"item_{i}"],
                    method,
                    reading=Reading(line=data[f"line_{i}"], has_control_line=has_control),
                )
                for i in self.used
            ]
        return [
            ItemEntry(data[f"item_{i}"], data["standard"], value=data[f"value_{i}"], unit=data["unit"])
            for i in self.used
        ]


class ResultsForm(KeyedForm):
    """The laboratory's results by one method, a row an item; an empty value means “not detected”."""

    method = forms.CharField(
        label=_("Method"), max_length=80, help_text=_("Standard number, such as GB 23200.113")
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial="mg/kg")
    kit = forms.CharField(label=_("Instrument"), max_length=120, required=False)
    occurred_at = MomentField(label=_("When"))

    def __init__(self, data: Any = None, files: Any = None, *, items: Sequence[str], **options: Any) -> None:
        super().__init__(data, files, **options)
        self.row_count = min(MOST_ROWS, max(3, len(items) + 2))
        for i in range(self.row_count):
            self.fields[f"item_{i}"] = _item_field()
            self.fields[f"value_{i}"] = AmountField(label=_("Found"), required=False)
            self.fields[f"lod_{i}"] = AmountField(label=_("Detection limit"), required=False)
        for i, item in enumerate(items[: self.row_count]):
            self.initial.setdefault(f"item_{i}", item)
        self.used: list[int] = []

    def rows(self) -> list[tuple[int, BoundField, BoundField, BoundField]]:
        return [(i, self[f"item_{i}"], self[f"value_{i}"], self[f"lod_{i}"]) for i in range(self.row_count)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        method = cleaned.get("method", "")
        if method in set(QuickMethod):
            self.add_error(
                "method", gettext("This is a quick test. Enter it there; here stand laboratory methods.")
            )
        for i in range(self.row_count):
            item, value, lod = (cleaned.get(f"{part}_{i}") for part in ("item", "value", "lod"))
            if item and (value is not None or lod is not None):
                self.used.append(i)
            elif item is not None and not item and (value is not None or lod is not None):
                self.add_error(f"item_{i}", gettext("Name the substance of this row."))
        if not self.used and not self.errors:
            self.add_error(
                "value_0", gettext("Enter what was found, or the detection limit where nothing was.")
            )
        return cleaned

    def entries(self) -> list[ItemEntry]:
        data = self.cleaned_data
        return [
            ItemEntry(
                data[f"item_{i}"],
                data["method"],
                value=data[f"value_{i}"],
                unit=data["unit"],
                lod=data[f"lod_{i}"],
            )
            for i in self.used
        ]
