"""Work on a crop: from a template, ready to confirm."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cailan.production.forms.fields import (
    STORE_UNITS,
    AmountField,
    Choices,
    EntryForm,
    MomentField,
    photo,
    words,
)
from cailan.production.rules.facts import BatchFacts, OperationFacts, Template, UseFacts
from cailan.production.rules.kinds import NEEDS_INPUT, OPERATION_LABELS, OperationKind
from cailan.production.services import Material

MOST_ROWS = 3


class WorkForm(EntryForm):
    kind = forms.ChoiceField(
        label=_("Work"), choices=lambda: [(kind, _(label)) for kind, label in OPERATION_LABELS.items()]
    )
    title = words(_("What exactly"), 80, required=False)
    target = words(_("Against which pest or disease"), 80, required=False)
    area_mu = AmountField(label=_("Area in mu"), required=False)
    operator = words(_("Who did it"), 60, required=False)
    occurred_at = MomentField(label=_("When"))
    ended_at = MomentField(label=_("Ended"), required=False, help_text=_("Left empty: at once."))
    note = words(_("Remark"), 200, required=False)
    latitude = forms.FloatField(label=_("Latitude"), required=False)
    longitude = forms.FloatField(label=_("Longitude"), required=False)
    photo = photo()

    def __init__(
        self,
        data: Any = None,
        *,
        inputs: Choices,
        now: datetime,
        kind: str = "",
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, now=now, initial=initial)
        self.fields["target"].required = kind == OperationKind.SPRAYING
        for place in range(MOST_ROWS):
            self.fields[f"input_{place}"] = forms.TypedChoiceField(
                label=_("Input from the store"),
                choices=[("", _("none")), *inputs],
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.fields[f"quantity_{place}"] = AmountField(label=_("Quantity used"), required=False)
            self.fields[f"uom_{place}"] = forms.ChoiceField(
                label=_("Unit"), choices=STORE_UNITS, initial="GRM", required=False
            )
            self.fields[f"dose_{place}"] = words(_("Dose"), 60, required=False)
            self.fields[f"dilution_{place}"] = words(_("Dilution"), 60, required=False)
        for part in ("input", "quantity", "uom"):
            self.fields[f"{part}_0"].required = kind in NEEDS_INPUT

    def rows(self) -> list[dict[str, BoundField]]:
        """Return the fields of each input, by their part."""
        parts = ("input", "quantity", "uom", "dose", "dilution")
        return [{part: self[f"{part}_{place}"] for part in parts} for place in range(MOST_ROWS)]

    def has_errors_below(self) -> bool:
        """Say whether something is wrong in what is folded away, so that it is opened."""
        shown = {"kind", "title", "target", "area_mu", "occurred_at", "photo", "client_key", "reason"}
        shown |= {f"{part}_0" for part in ("input", "quantity", "uom", "dose", "dilution")}
        return bool(set(self.errors) - shown - {"__all__"})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in range(MOST_ROWS):
            chosen, amount = cleaned.get(f"input_{place}"), cleaned.get(f"quantity_{place}")
            if chosen is not None and amount is None and f"quantity_{place}" not in self.errors:
                self.add_error(f"quantity_{place}", _("Say how much was used."))
            if chosen is None and amount is not None and f"input_{place}" not in self.errors:
                self.add_error(f"input_{place}", _("Say which input was used."))
        return cleaned

    def said(self, photo_ids: Sequence[int]) -> dict[str, Any]:
        """Return the fields of a piece of work."""
        data = self.cleaned_data
        plain = ("kind", "title", "target", "area_mu", "operator", "occurred_at", "ended_at", "note")
        return {name: data[name] for name in (*plain, "latitude", "longitude")} | {
            "photo_ids": tuple(photo_ids),
            "materials": tuple(self._materials()),
        }

    def _materials(self) -> list[Material]:
        data = self.cleaned_data
        return [
            Material(
                data[f"input_{place}"],
                data[f"quantity_{place}"],
                data[f"uom_{place}"] or "KGM",
                data[f"dose_{place}"],
                data[f"dilution_{place}"],
            )
            for place in range(MOST_ROWS)
            if data.get(f"input_{place}") is not None
        ]


class CorrectForm(WorkForm):
    """The same work as it should have been logged, or that it was not done."""

    reason = words(_("Why it is corrected"), 200)
    is_void = forms.BooleanField(label=_("It was not done at all"), required=False)


def initial_from(
    template: Template, batch: BatchFacts, usable: dict[int, str], operator: str
) -> dict[str, Any]:
    """Return what a form begins with: as it was last done, with what is still in the store."""
    return {
        "kind": template.kind,
        "title": template.title,
        "target": template.target,
        "area_mu": plain(batch.area_mu),
        "operator": operator,
        **_rows(template.uses, usable),
    }


def initial_of(work: OperationFacts, usable: dict[int, str]) -> dict[str, Any]:
    """Return what a form begins with that corrects a piece of work."""
    names = ("kind", "title", "target", "operator", "note", "latitude", "longitude")
    ended = work.ended_at if work.ended_at != work.started_at else None
    return {name: getattr(work, name) for name in names} | {
        "area_mu": plain(work.area_mu) if work.area_mu is not None else "",
        "occurred_at": timezone.localtime(work.started_at),
        "ended_at": timezone.localtime(ended) if ended else None,
        **_rows(work.uses, usable),
    }


def _rows(uses: Sequence[UseFacts], usable: dict[int, str]) -> dict[str, Any]:
    """Fill the rows of inputs; a batch that is used up gives way to another one of the same name."""
    found: dict[str, Any] = {}
    for place, use in enumerate(uses[:MOST_ROWS]):
        same = [pk for pk, name in usable.items() if name == use.input_name]
        chosen = use.input_id if use.input_id in usable else next(iter(same), None)
        small = use.uom in {"KGM", "LTR"} and use.quantity < 1
        smaller = {"KGM": "GRM", "LTR": "MLT"}.get(use.uom, use.uom)
        found |= {
            f"input_{place}": chosen,
            f"quantity_{place}": plain(use.quantity * 1000 if small else use.quantity),
            f"uom_{place}": smaller if small else use.uom,
            f"dose_{place}": use.dose,
            f"dilution_{place}": use.dilution,
        }
    return found


def plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
