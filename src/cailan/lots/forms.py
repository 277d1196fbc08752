"""The forms in which people record what happens to goods; defaults come from what the party usually does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cailan.lots.rules.requests import (
    Adjust,
    Create,
    Line,
    Lose,
    NewLot,
    Proof,
    Receive,
    Retail,
    Transfer,
    Transform,
)
from cailan.products import queries as products
from cailan.products.rules import units

JIN = "JIN"  # a display unit: half a kilogram
UNIT_CHOICES = [
    ("KGM", pgettext_lazy("unit", "kg")),
    (JIN, pgettext_lazy("unit", "jin")),
    ("GRM", pgettext_lazy("unit", "g")),
    ("TNE", pgettext_lazy("unit", "t")),
    ("H87", pgettext_lazy("unit", "pcs")),
    ("XBX", pgettext_lazy("unit", "boxes")),
    ("LTR", pgettext_lazy("unit", "L")),
]
Choices = Sequence[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Available:
    """A lot in stock, over all acquisitions of it."""

    code: str
    product: str
    number: str
    uom: str
    remaining: Decimal | None
    maker: str


class QuantityField(forms.CharField):
    """An amount as people type it; thousands separators and full-width digits are read."""

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


class RecordForm(forms.Form):
    """What every record says; the hidden key makes a double tap one record."""

    client_key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    occurred_at = MomentField(label=_("When"))
    document = forms.CharField(label=_("Number of the paper behind it"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, now: datetime, initial: dict[str, Any] | None = None) -> None:
        moment = timezone.localtime(now).replace(second=0, microsecond=0)
        start = {"client_key": uuid4().hex, "occurred_at": moment}
        super().__init__(data, initial={**start, **(initial or {})})

    def frame(self) -> dict[str, Any]:
        return {
            "occurred_at": self.cleaned_data["occurred_at"],
            "site_id": self.cleaned_data.get("site"),
            "document": self.cleaned_data["document"],
            "proof": Proof.DECLARED.value,
        }

    def with_new_key(self) -> None:
        """Let the same input be sent as a new record."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["client_key"] = uuid4().hex
        self.data = data

    def shown(self) -> list[BoundField]:
        """Return the fields in which people type, the rarely needed last."""
        rare = ("occurred_at", "document")
        common = [self[name] for name in self.fields if name not in rare and not self[name].is_hidden]
        return common + [self[name] for name in rare]


def _site_field(sites: Choices) -> forms.TypedChoiceField:
    choices = [*sites] if len(sites) == 1 else [("", _("not stated")), *sites]
    return forms.TypedChoiceField(
        label=_("Where"), choices=choices, coerce=int, empty_value=None, required=False
    )


class NewLotFields(RecordForm):
    """A lot that comes into being."""

    product = forms.CharField(
        label=_("Product"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "products", "autocomplete": "off"}),
    )
    quantity = QuantityField(label=_("Quantity"))
    uom = forms.ChoiceField(label=_("Unit"), choices=UNIT_CHOICES, initial="KGM")
    number = forms.CharField(label=_("Lot number"), max_length=80)

    def __init__(
        self, data: Any = None, *, party_id: int, sites: Choices, now: datetime, **options: Any
    ) -> None:
        initial = {"number": f"{timezone.localtime(now):%y%m%d-%H%M}", **options.pop("initial", {})}
        if len(sites) == 1:
            initial["site"] = sites[0][0]
        super().__init__(data, now=now, initial=initial)
        self.party_id = party_id
        self.fields["site"] = _site_field(sites)

    def clean_product(self) -> int:
        return product_named(self.cleaned_data["product"], self.party_id)

    def new_lot(self) -> NewLot:
        data = self.cleaned_data
        quantity, uom = in_coded_unit(data["quantity"], data["uom"])
        return NewLot(number=data["number"].strip(), quantity=quantity, uom=uom, product_id=data["product"])


class CreateForm(NewLotFields):
    """Harvest, catch, collection, intake."""

    def request(self) -> Create:
        return Create(lot=self.new_lot(), **self.frame())


class ReceiveForm(NewLotFields):
    """Goods from a supplier whose books are not here."""

    def __init__(self, data: Any = None, *, suppliers: Choices, **options: Any) -> None:
        super().__init__(data, **options)
        supplier = forms.TypedChoiceField(label=_("Supplier"), choices=suppliers, coerce=int)
        self.fields = {"client_key": self.fields["client_key"], "supplier": supplier, **self.fields}

    def request(self) -> Receive:
        return Receive(lot=self.new_lot(), supplier_id=self.cleaned_data["supplier"], **self.frame())


class LinesForm(RecordForm):
    """So much of each of several lots in stock; with one lot all of it is the default."""

    def __init__(
        self, data: Any = None, *, available: Sequence[Available], now: datetime, **options: Any
    ) -> None:
        super().__init__(data, now=now, **options)
        self.available = {f"quantity_{lot.code}": lot for lot in available}
        for name, lot in self.available.items():
            label = " · ".join(filter(None, (lot.product, lot.number)))
            self.fields[name] = QuantityField(label=label, required=False)
            if len(available) == 1 and lot.remaining is not None:
                self.initial[name] = f"{lot.remaining.normalize():f}"

    def rows(self) -> list[tuple[BoundField, Available]]:
        return [(self[name], lot) for name, lot in self.available.items()]

    def shown(self) -> list[BoundField]:
        return [field for field in super().shown() if field.name not in self.available]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in self.available):
            raise forms.ValidationError(_("Enter how much, for at least one lot."))
        return cleaned

    def lines(self) -> tuple[Line, ...]:
        return tuple(
            Line(lot.code, self.cleaned_data[name], lot.uom)
            for name, lot in self.available.items()
            if self.cleaned_data.get(name) is not None
        )


class TransferForm(LinesForm):
    """Sell or hand over to a party that one knows."""

    def __init__(self, data: Any = None, *, takers: Choices, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["taker"] = forms.TypedChoiceField(label=_("To whom"), choices=takers, coerce=int)

    def request(self) -> Transfer:
        return Transfer(lines=self.lines(), to_party_id=self.cleaned_data["taker"], **self.frame())


class RetailForm(LinesForm):
    """Sold to consumers."""

    def request(self) -> Retail:
        return Retail(lines=self.lines(), **self.frame())


class LoseForm(LinesForm):
    """Spoiled, thrown away, evaporated, destroyed."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[
            ("spoiled", _("Spoiled")),
            ("damaged", _("Damaged in transport or handling")),
            ("trimmed", _("Trimmings and evaporation")),
            ("destroyed", _("Destroyed by order")),
            ("sampled", _("Taken as sample")),
        ],
    )

    def request(self) -> Lose:
        return Lose(lines=self.lines(), reason=self.cleaned_data["reason"], **self.frame())


class TransformForm(LinesForm):
    """Lots in, lots out; as many output rows as asked for."""

    def __init__(self, data: Any = None, *, party_id: int, outputs: int, **options: Any) -> None:
        super().__init__(data, **options)
        self.party_id, self.outputs = party_id, outputs
        stamp = f"{timezone.localtime(options['now']):%y%m%d-%H%M}"
        attrs = {"list": "products", "autocomplete": "off"}
        for i in range(outputs):
            product = forms.CharField(
                label=_("Product"), max_length=80, required=False, widget=forms.TextInput(attrs=attrs)
            )
            self.fields[f"out_product_{i}"] = product
            self.fields[f"out_quantity_{i}"] = QuantityField(label=_("Quantity"), required=False)
            self.fields[f"out_uom_{i}"] = forms.ChoiceField(
                label=_("Unit"), choices=UNIT_CHOICES, initial="KGM"
            )
            number = forms.CharField(
                label=_("Lot number"), max_length=80, initial=f"{stamp}-{i + 1}", required=False
            )
            self.fields[f"out_number_{i}"] = number

    def shown(self) -> list[BoundField]:
        return [field for field in super().shown() if not field.name.startswith("out_")]

    def output_rows(self) -> list[list[BoundField]]:
        parts = ("product", "quantity", "uom", "number")
        return [[self[f"out_{part}_{i}"] for part in parts] for i in range(self.outputs)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.new_lots: list[NewLot] = []
        for i in range(self.outputs):
            name, amount = cleaned.get(f"out_product_{i}"), cleaned.get(f"out_quantity_{i}")
            if name and amount is not None:
                self._add_output(i, cleaned, name, amount)
            elif name or amount is not None:
                missing = "quantity" if name else "product"
                self.add_error(f"out_{missing}_{i}", _("Fill in product and quantity, or leave both empty."))
        if not self.errors and not self.new_lots:
            raise forms.ValidationError(_("Say what came out: at least one product with its quantity."))
        return cleaned

    def _add_output(self, i: int, cleaned: dict[str, Any], name: str, amount: Decimal) -> None:
        try:
            product = product_named(name, self.party_id)
        except forms.ValidationError as error:
            self.add_error(f"out_product_{i}", error)
            return
        quantity, uom = in_coded_unit(amount, cleaned.get(f"out_uom_{i}", "KGM"))
        number = cleaned.get(f"out_number_{i}") or self[f"out_number_{i}"].initial
        self.new_lots.append(NewLot(number=number, quantity=quantity, uom=uom, product_id=product))

    def request(self) -> Transform:
        return Transform(inputs=self.lines(), outputs=tuple(self.new_lots), **self.frame())


class CountForm(RecordForm):
    """What a count found."""

    counted = QuantityField(label=_("Counted"))
    reason = forms.CharField(label=_("Why it differs"), max_length=200)

    def __init__(self, data: Any = None, *, lot: str, holding_id: int, uom: str, now: datetime) -> None:
        super().__init__(data, now=now)
        self.lot, self.holding_id, self.uom = lot, holding_id, uom

    def request(self) -> Adjust:
        data = self.cleaned_data
        return Adjust(
            lot=self.lot, holding_id=self.holding_id, counted=data["counted"], uom=self.uom, reason=data["reason"],
            **self.frame(),
        )  # fmt: skip


class HoldForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    with_derived = forms.BooleanField(label=_("Also everything made from it"), required=False, initial=True)


class ReleaseForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


def in_coded_unit(amount: Decimal, unit: str) -> tuple[Decimal, str]:
    """Turn the display unit 斤 into kilograms."""
    return (amount * units.JIN, "KGM") if unit == JIN else (amount, unit)


def product_named(text: str, party_id: int) -> int:
    """Return the product that a name means; say the nearest ones where it is not clear."""
    found = products.resolve_names([text], party_id=party_id).get(text)
    if found is not None:
        return found.id
    near = ", ".join(product.name for product in products.search(text, party_id=party_id, limit=4))
    if near:
        raise forms.ValidationError(gettext("Which one do you mean: %(names)s?") % {"names": near})
    raise forms.ValidationError(gettext("This product is not in the library. Choose one from the list."))
