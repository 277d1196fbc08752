"""The forms of officials, and those in which holders answer."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cailan.products.rules import units
from cailan.supervision.queries.notices import LineFacts
from cailan.supervision.rules.deadlines import Level
from cailan.supervision.rules.measures import Decision, Measure
from cailan.supervision.rules.sums import Figures
from cailan.supervision.templatetags.recall_words import LEVELS, MEASURES

FIGURES: dict[str, Any] = {
    "set_aside": _("Found and put aside here"),
    "returned": _("Returned"),
    "destroyed": _("Destroyed"),
    "missing": _("Missing, cannot be found"),
    "taken_back": _("Taken back from consumers"),
}
FIGURES_OF_RESPONSIBLE = ("set_aside", "destroyed", "missing", "taken_back")


class QuantityField(forms.CharField):
    """An amount as people type it; an empty one is nothing."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(max_length=30, required=False, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return Decimal(0)
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


class KeyedForm(forms.Form):
    """A form whose hidden key makes a double tap one record."""

    client_key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, data: Any = None, files: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, files, initial={"client_key": uuid4().hex, **(initial or {})})

    def with_new_key(self) -> None:
        """Let the same input be sent as a new record."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["client_key"] = uuid4().hex
        self.data = data


def _minute(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(second=0, microsecond=0)


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DecisionForm(KeyedForm):
    """A decision on withdrawal or recall; everything is proposed and can be changed."""

    kind = forms.ChoiceField(label=_("Measure"), choices=list(MEASURES.items()), widget=forms.RadioSelect)
    level = forms.ChoiceField(label=_("Level"), choices=list(LEVELS.items()), widget=forms.RadioSelect)
    place = forms.CharField(label=_("Place"), max_length=200)
    happened_at = MomentField(label=_("When it happened"))
    known_at = MomentField(label=_("Known since"))
    responsible = forms.TypedChoiceField(label=_("Responsible party"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=_area())
    instruction = forms.CharField(label=_("Instruction to holders"), max_length=1000, widget=_area())
    refund_place = forms.CharField(label=_("Where consumers bring it back"), max_length=300, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        parties: Sequence[tuple[int, str]],
        now: datetime,
        initial: dict[str, Any] | None = None,
    ) -> None:
        start = dict(initial or {})
        for name in ("happened_at", "known_at"):
            start[name] = _minute(start.get(name, now))
        super().__init__(data, initial=start)
        self.fields["responsible"].choices = list(parties)  # type: ignore[attr-defined]

    def decision(self, lot: str, alert_id: int | None) -> Decision:
        data = self.cleaned_data
        return Decision(
            lot=lot,
            kind=Measure(data["kind"]),
            level=Level(data["level"]),
            place=data["place"],
            happened_at=data["happened_at"],
            known_at=data["known_at"],
            responsible_id=data["responsible"],
            reason=data["reason"],
            instruction=data["instruction"],
            refund_place=data["refund_place"],
            alert_id=alert_id,
        )


class AnswerForm(KeyedForm):
    """What became of the goods: a field for each figure of each lot."""

    occurred_at = MomentField(label=_("When"))
    note = forms.CharField(label=_("Remark"), max_length=500, required=False)
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        lines: Sequence[LineFacts],
        is_responsible: bool,
        is_by_link: bool,
        returns_to: str,
        now: datetime,
    ) -> None:
        start = {"occurred_at": _minute(now), "returned_to": returns_to}
        super().__init__(data, files, initial=start)
        self.lines = lines
        names = FIGURES_OF_RESPONSIBLE if is_responsible else tuple(FIGURES)
        self.names = {
            line.id: [name for name in names if name != "taken_back" or line.account.sold] for line in lines
        }
        for line in lines:
            for name in self.names[line.id]:
                self.fields[f"{name}_{line.id}"] = QuantityField(label=FIGURES[name])
        if is_by_link:
            self.fields["by_name"] = forms.CharField(label=_("Your name"), max_length=100)
            self.fields["returned_to"] = forms.CharField(
                label=_("Returned to"), max_length=200, required=False
            )

    def rows(self) -> list[tuple[LineFacts, list[forms.BoundField]]]:
        return [(line, [self[f"{name}_{line.id}"] for name in self.names[line.id]]) for line in self.lines]

    def shown(self) -> list[forms.BoundField]:
        return [
            self[name] for name in ("by_name", "returned_to", "note", "occurred_at") if name in self.fields
        ]

    def figures(self) -> tuple[tuple[int, Figures], ...]:
        data = self.cleaned_data
        return tuple(
            (line.id, Figures(**{name: data[f"{name}_{line.id}"] for name in self.names[line.id]}))
            for line in self.lines
        )


class ForwardForm(KeyedForm):
    """Pass a notice on to somebody who bought it and keeps no books here."""

    name = forms.CharField(label=_("Who bought it from you"), max_length=200)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def __init__(self, data: Any = None, *, lines: Sequence[LineFacts]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            label = gettext_lazy("How much of %(lot)s") % {"lot": f"{line.lot.name} {line.lot.number}"}
            self.fields[f"quantity_{line.id}"] = QuantityField(label=label)

    def rows(self) -> list[tuple[LineFacts, forms.BoundField]]:
        return [(line, self[f"quantity_{line.id}"]) for line in self.lines]

    def quantities(self) -> dict[int, Decimal]:
        return {line.id: self.cleaned_data[f"quantity_{line.id}"] for line in self.lines}


class ConfirmForm(forms.Form):
    """Who confirms by a link."""

    by_name = forms.CharField(label=_("Your name"), max_length=100)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("What was done"), max_length=500, widget=_area(2))


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is closed although figures are open"), max_length=1000, required=False, widget=_area()
    )


class ReleaseForm(forms.Form):
    reason = forms.CharField(label=_("Why the lots may move again"), max_length=300)


class WorkDayForm(forms.Form):
    """A day that is not what its weekday says."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    is_workday = forms.TypedChoiceField(
        label=_("Is"),
        choices=[("0", pgettext_lazy("day", "a holiday")), ("1", pgettext_lazy("day", "a working day"))],
        coerce=lambda value: value == "1",
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    source = forms.CharField(label=_("Source"), max_length=200)
    is_verified = forms.BooleanField(label=_("Checked against the source"), required=False)
