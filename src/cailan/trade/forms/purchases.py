"""The form of a purchase by hand, and the one that reads a code from a photo."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import zxingcpp
from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from cailan.products import queries as products
from cailan.trade.forms.amounts import AmountField, EntryForm, YuanField
from cailan.trade.forms.tickets import DUE_AFTER, PAYMENTS, UNITS, day_field
from cailan.trade.queries.origins import region_named
from cailan.trade.queries.selling import Buyer
from cailan.trade.rules import sums
from cailan.trade.rules.tickets import Goods, HandPurchase, Payment

NEW = "new"
MOST_ROWS = 10
MOST_PIXELS = 50_000_000
COUNTED = [("H87", pgettext_lazy("unit", "pcs")), ("XBX", pgettext_lazy("unit", "boxes"))]


class ScanForm(forms.Form):
    """A code as read, typed, or in a photo."""

    code = forms.CharField(label=_("Code"), max_length=300, required=False)
    photo = forms.FileField(label=_("Photo of the code"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("code") and cleaned.get("photo"):
            cleaned["code"] = self._read(cleaned["photo"])
        if not self.errors and not cleaned.get("code"):
            raise forms.ValidationError(gettext("Scan a code, take a photo of it, or type it."))
        return cleaned

    def _read(self, photo: Any) -> str:
        try:
            with Image.open(photo) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise forms.ValidationError(
                        {"photo": gettext("This picture is too large. Take a smaller one.")}
                    )
                found = zxingcpp.read_barcodes(ImageOps.exif_transpose(picture).convert("L"))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            raise forms.ValidationError({"photo": gettext("This is no picture that can be read.")}) from None
        texts = [one.text for one in found if one.text]
        if not texts:
            what = gettext(
                "There is no code in this photo that can be read. Go closer, and hold the phone still."
            )
            raise forms.ValidationError({"photo": what})
        return texts[0]


class PurchaseForm(EntryForm):
    """Vouchers first, then from whom, what, how much; each row is one product."""

    supplier = forms.ChoiceField(label=_("From whom"), initial=NEW)
    supplier_name = forms.CharField(label=_("Name of the supplier"), max_length=200, required=False)
    supplier_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    supplier_address = forms.CharField(label=_("Address"), max_length=200, required=False)
    plate = forms.CharField(
        label=_("Plate"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )  # fmt: skip
    payment = forms.ChoiceField(label=_("Payment"), choices=PAYMENTS, initial=Payment.CASH.value)
    due_on = day_field(label=_("To be paid by"))
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)
    documents = forms.CharField(widget=forms.HiddenInput, max_length=400, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        suppliers: Sequence[Buyer],
        rows: int,
        party_id: int,
        now: datetime,
        unit: str = "JIN",
        **options: Any,
    ) -> None:
        super().__init__(data, now=now, **options)
        self.party_id, self.count = party_id, rows
        self.initial["due_on"] = timezone.localtime(now).date() + DUE_AFTER
        field = self.fields["supplier"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
        field.choices = [*((str(one.party_id), one.name) for one in suppliers), (NEW, _("New name"))]
        if suppliers:
            self.initial["supplier"] = str(suppliers[0].party_id)
        for i in range(rows):
            self._add(i, unit)

    def _add(self, i: int, unit: str) -> None:
        text = {"autocomplete": "off"}
        self.fields[f"product_{i}"] = forms.CharField(
            label=_("Product"), max_length=80, required=i == 0,
            widget=forms.TextInput(attrs={**text, "list": "products"}),
        )  # fmt: skip
        self.fields[f"quantity_{i}"] = AmountField(label=_("Quantity"), required=i == 0)
        self.fields[f"uom_{i}"] = forms.ChoiceField(label=_("Unit"), choices=[*UNITS, *COUNTED], initial=unit)
        self.fields[f"price_{i}"] = YuanField(label=_("Price of one unit"), required=False)
        self.fields[f"pieces_{i}"] = forms.IntegerField(
            label=_("Pieces"), min_value=1, max_value=100_000, required=False,
            widget=forms.TextInput(attrs={**text, "inputmode": "numeric"}),
        )  # fmt: skip
        self.fields[f"origin_{i}"] = forms.CharField(
            label=_("Origin, to the county"), max_length=80, required=i == 0,
            widget=forms.TextInput(attrs={**text, "list": "origins"}),
        )  # fmt: skip
        self.fields[f"batch_{i}"] = forms.CharField(
            label=_("Batch number"), max_length=80, required=False, widget=forms.TextInput(attrs=text)
        )

    def rows(self) -> list[dict[str, BoundField]]:
        parts = ("product", "quantity", "uom", "price", "pieces", "origin", "batch")
        return [{part: self[f"{part}_{i}"] for part in parts} for i in range(self.count)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("supplier") == NEW and not cleaned.get("supplier_name", "").strip():
            self.add_error("supplier_name", gettext("Say from whom the goods come."))
        self.goods: list[Goods] = []
        self.places: list[int] = []  # which row each of them stands in
        for i in range(self.count):
            self._clean_row(i, cleaned)
        return cleaned

    def _clean_row(self, i: int, cleaned: dict[str, Any]) -> None:
        name, amount = cleaned.get(f"product_{i}", "").strip(), cleaned.get(f"quantity_{i}")
        if not name and amount is None:
            return
        for part, value in (("product", name), ("quantity", amount), ("origin", cleaned.get(f"origin_{i}"))):
            if value in {"", None} and f"{part}_{i}" not in self.errors:
                self.add_error(
                    f"{part}_{i}", gettext("Fill in product, quantity and origin, or leave all empty.")
                )
        if not name or amount is None:
            return
        known = products.resolve_names([name], party_id=self.party_id).get(name)
        unit, price = cleaned.get(f"uom_{i}", "KGM"), cleaned.get(f"price_{i}")
        quantity, uom = sums.coded(amount, unit)
        region, words = _origin(cleaned.get(f"origin_{i}") or "")
        self.places.append(i)
        self.goods.append(
            Goods(
                quantity=quantity, uom=uom, product_id=known.id if known else None,
                product_name="" if known else name, batch_number=cleaned.get(f"batch_{i}", ""),
                origin_region=region, origin_text=words, pieces=cleaned.get(f"pieces_{i}"), price_fen=price,
                price_uom=unit if price is not None else "",
            )
        )  # fmt: skip

    def purchase(self, document_ids: tuple[int, ...]) -> HandPurchase:
        data = self.cleaned_data
        is_new, payment = data["supplier"] == NEW, data["payment"]
        has_price = any(one.price_fen is not None for one in self.goods)
        return HandPurchase(
            lines=tuple(self.goods), purchased_at=data["occurred_at"],
            supplier_id=None if is_new else int(data["supplier"]),
            supplier_name=data["supplier_name"].strip() if is_new else "",
            supplier_phone=data["supplier_phone"].strip(), supplier_address=data["supplier_address"].strip(),
            document_ids=document_ids, plate=data["plate"].strip().upper(),
            payment=payment if has_price else Payment.NONE,
            due_on=data["due_on"] if has_price and payment == Payment.CREDIT else None, note=data["note"].strip(),
        )  # fmt: skip

    def where(self, named: str) -> str:
        """Return the field that a refusal of the service names."""
        parts = named.split(".")
        if parts[0] == "lines" and len(parts) == 3 and parts[1].isdigit():  # noqa: PLR2004
            index = int(parts[1])
            return f"{parts[2]}_{self.places[index]}" if index < len(self.places) else ""
        return {"supplier_id": "supplier"}.get(named, named)


def _origin(text: str) -> tuple[str, str]:
    """Return the region that a text names, and the text itself where it names more than a county, or none of ours."""
    code = region_named(text)
    return (code, "") if code else ("", text.strip())
