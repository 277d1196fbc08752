"""The forms of a stall: one screen to sell, one tap to confirm, a page to buy by hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cailan.kernel.ids import is_trace_code
from cailan.trade.forms.amounts import AmountField, EntryForm, YuanField
from cailan.trade.queries.selling import Buyer, Goods, Price
from cailan.trade.queries.tickets import TicketLineFacts
from cailan.trade.rules import sums
from cailan.trade.rules.sums import JIN
from cailan.trade.rules.tickets import (
    DISPUTE_LABELS,
    PAYMENT_LABELS,
    SETTLEMENT_LABELS,
    Fee,
    Kind,
    Order,
    OrderLine,
    Payment,
    Received,
    Settlement,
)

OPEN, NEW = "open", "new"  # whoever scans; a name that is not in the list
FEES = 2  # rows to write fees in
DUE_AFTER = timedelta(days=7)
PAYMENTS = [(one.value, _(PAYMENT_LABELS[one])) for one in Payment if one is not Payment.NONE]
UNITS = [(JIN, pgettext_lazy("unit", "jin")), ("KGM", pgettext_lazy("unit", "kg"))]
FEE_NAMES = (_("Loading and carrying"), _("Freight"), _("Bags, boxes, ice"), _("Deposit for crates"))


def day_field(**options: Any) -> forms.DateField:
    return forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


def plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


class GoodsForm(EntryForm):
    """So much of each lot of a stall; weights in the unit in which the stall thinks, pieces as pieces."""

    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial=JIN)
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)
    kind: Kind = Kind.SALE
    has_price = True

    def __init__(
        self,
        data: Any = None,
        *,
        goods: Sequence[Goods],
        now: datetime,
        prices: Mapping[str, Price] | None = None,
        unit: str = JIN,
        **options: Any,
    ) -> None:
        super().__init__(data, now=now, **options)
        self.goods = {one.code: one for one in goods}
        self.initial["unit"] = unit
        # What a phone kept may speak of goods that are gone meanwhile: they are refused by name, not passed over.
        gone = [name.removeprefix("quantity_") for name in data or () if name.startswith("quantity_")]
        self.codes = list(dict.fromkeys([*self.goods, *(code for code in gone if is_trace_code(code))]))[:120]
        for code in self.codes:
            self._add(code, prices or {})

    def _add(self, code: str, prices: Mapping[str, Price]) -> None:
        one = self.goods.get(code)
        label = " · ".join(filter(None, (one.name, one.number))) if one else code
        self.fields[f"quantity_{code}"] = AmountField(label=label, required=False)
        self.fields[f"quantity_{code}"].widget.attrs["placeholder"] = "0"
        self.fields[f"pieces_{code}"] = forms.IntegerField(
            label=_("Pieces"), min_value=1, max_value=100_000, required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )  # fmt: skip
        if self.has_price:
            self.fields[f"price_{code}"] = YuanField(label=_("Price"), required=False)
            price = prices.get(one.product) if one else None
            if price is not None and one is not None:
                fen = sums.convert_price(price.fen, price.uom, self.unit_of(one.uom))
                self.initial[f"price_{code}"] = f"{fen // 100}.{fen % 100:02d}"

    def chosen_unit(self) -> str:
        """Return the unit of weights on this form: as sent, else as it began."""
        sent = self.data.get("unit") if self.is_bound else None
        return sent if sent in dict(UNITS) else str(self.initial["unit"])

    def unit_of(self, uom: str) -> str:
        """Return in which unit a lot is sold: what is weighed in the chosen one, all else as it is counted."""
        return self.chosen_unit() if sums.factor(uom)[0] == sums.factor("KGM")[0] else uom

    def rows(self) -> list[dict[str, Any]]:
        """Return one entry a lot: goods, unit, fields."""
        return [self._row(code) for code in self.codes if code in self.goods]

    def _row(self, code: str) -> dict[str, Any]:
        one = self.goods[code]
        unit = self.unit_of(one.uom)
        price: BoundField | None = self[f"price_{code}"] if self.has_price else None
        quantity, pieces = self[f"quantity_{code}"], self[f"pieces_{code}"]
        is_open = bool(quantity.value()) or bool(quantity.errors or pieces.errors or (price and price.errors))
        return {
            "goods": one, "unit": unit, "quantity": quantity, "price": price, "pieces": pieces, "is_open": is_open
        }  # fmt: skip

    def gone(self) -> list[BoundField]:
        """Return the fields of goods that are no longer in stock."""
        return [self[f"quantity_{code}"] for code in self.codes if code not in self.goods]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code in self.codes:
            if cleaned.get(f"quantity_{code}") is not None and self.has_price:
                is_missing = cleaned.get(f"price_{code}") is None and f"price_{code}" not in self.errors
                if is_missing and code in self.goods:
                    self.add_error(f"price_{code}", gettext("Enter the price."))
        if not self.errors and not self.lines():
            raise forms.ValidationError(gettext("Enter the weight of at least one lot."))
        return cleaned

    def lines(self) -> tuple[OrderLine, ...]:
        """Return what was typed, weights as they are kept; goods that are gone go along, to be refused by name."""
        found = []
        for code in self.codes:
            amount = self.cleaned_data.get(f"quantity_{code}")
            if amount is None:
                continue
            unit = self.unit_of(self.goods[code].uom) if code in self.goods else self.chosen_unit()
            quantity, uom = sums.coded(amount, unit)
            price = self.cleaned_data.get(f"price_{code}") if self.has_price else None
            found.append(
                OrderLine(
                    lot=code, quantity=quantity, uom=uom, price_fen=price, price_uom=unit if price is not None else "",
                    pieces=self.cleaned_data.get(f"pieces_{code}"),
                )
            )  # fmt: skip
        return tuple(found)

    def order(self) -> Order:
        data = self.cleaned_data
        return Order(
            kind=self.kind, lines=self.lines(), issued_at=data["occurred_at"], note=data["note"].strip()
        )

    def where(self, named: str) -> str:
        """Return the field that a refusal of the service names."""
        parts = named.split(".")
        if parts[0] == "lines" and len(parts) == 3 and parts[1].isdigit():  # noqa: PLR2004
            sold = [line.lot for line in self.lines()]
            return f"{parts[2]}_{sold[int(parts[1])]}" if int(parts[1]) < len(sold) else ""
        if parts[0] == "fees" and len(parts) > 1:
            return f"fee_amount_{parts[1]}"
        return {"buyer_id": "buyer", "buyer_name": "buyer_name"}.get(named, named)


class BuyerFields(GoodsForm):
    """To whom: one of those one knows, a new name, or whoever scans."""

    buyer = forms.ChoiceField(label=_("To whom"), initial=OPEN)
    buyer_name = forms.CharField(label=_("Name of the buyer"), max_length=200, required=False)
    buyer_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    buyer_address = forms.CharField(label=_("Address"), max_length=200, required=False)
    plate = forms.CharField(label=_("Plate"), max_length=20, required=False)

    def __init__(self, data: Any = None, *, buyers: Sequence[Buyer], **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["buyer"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
        known = [(str(one.party_id), one.name) for one in buyers]
        field.choices = [*known, (OPEN, _("Whoever scans it")), (NEW, _("New name"))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("buyer") == NEW and not cleaned.get("buyer_name", "").strip():
            self.add_error("buyer_name", gettext("Write the buyer's name."))
        return cleaned

    def buyer_values(self) -> dict[str, Any]:
        data, chosen = self.cleaned_data, self.cleaned_data["buyer"]
        if chosen == OPEN:
            return {}
        if chosen == NEW:
            return {name: data[name].strip() for name in ("buyer_name", "buyer_phone", "buyer_address")}
        return {"buyer_id": int(chosen)}


class SellForm(BuyerFields):
    """A ticket: goods, buyer, fees, payment."""

    payment = forms.ChoiceField(label=_("Payment"), choices=PAYMENTS, initial=Payment.CREDIT.value)
    due_on = day_field(label=_("To be paid by"))

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.initial["due_on"] = timezone.localtime(options["now"]).date() + DUE_AFTER
        for i in range(FEES):
            self.fields[f"fee_name_{i}"] = forms.CharField(
                label=_("Fee"), max_length=40, required=False,
                widget=forms.TextInput(attrs={"list": "fee-names", "autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"fee_amount_{i}"] = YuanField(label=_("Amount"), required=False)

    def fee_rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"fee_name_{i}"], self[f"fee_amount_{i}"]) for i in range(FEES)]

    def fees(self) -> tuple[Fee, ...]:
        data = self.cleaned_data
        rows = [(data.get(f"fee_name_{i}", "").strip(), data.get(f"fee_amount_{i}")) for i in range(FEES)]
        return tuple(Fee(name or gettext("Fee"), fen) for name, fen in rows if fen)

    def order(self) -> Order:
        data = self.cleaned_data
        payment = data["payment"]
        return Order(
            kind=Kind.SALE, lines=self.lines(), issued_at=data["occurred_at"], fees=self.fees(), payment=payment,
            due_on=data["due_on"] if payment == Payment.CREDIT else None, plate=data["plate"],
            note=data["note"].strip(), **self.buyer_values(),
        )  # fmt: skip


class RetailForm(GoodsForm):
    """A short sale to consumers."""

    kind = Kind.RETAIL
    payment = forms.ChoiceField(
        label=_("Payment"), choices=[one for one in PAYMENTS if one[0] != Payment.CREDIT.value],
        initial=Payment.MOBILE.value,
    )  # fmt: skip

    def order(self) -> Order:
        data = self.cleaned_data
        return Order(
            kind=Kind.RETAIL, lines=self.lines(), issued_at=data["occurred_at"], payment=data["payment"],
            note=data["note"].strip(),
        )  # fmt: skip


class DispatchForm(BuyerFields):
    """Goods that are sent on without a price: passed lots, where to, plate."""

    kind = Kind.DISPATCH
    has_price = False

    def order(self) -> Order:
        data = self.cleaned_data
        return Order(
            kind=Kind.DISPATCH, lines=self.lines(), issued_at=data["occurred_at"], plate=data["plate"],
            note=data["note"].strip(), **self.buyer_values(),
        )  # fmt: skip


class ReceiveForm(EntryForm):
    """What came of a ticket, where it is not what the ticket says."""

    note = forms.CharField(label=_("What is wrong"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, lines: Sequence[TicketLineFacts], now: datetime) -> None:
        super().__init__(data, now=now)
        self.lines = lines
        reasons = [("", "–"), *((one.value, _(label)) for one, label in DISPUTE_LABELS.items())]
        for line in lines:
            self.fields[f"received_{line.id}"] = AmountField(label=line.product, required=False)
            self.initial[f"received_{line.id}"] = plain(line.quantity / self._size(line))
            self.fields[f"reason_{line.id}"] = forms.ChoiceField(
                label=_("Why"), choices=reasons, required=False
            )

    @staticmethod
    def _unit(line: TicketLineFacts) -> str:
        """Return in which unit a line is received: as it is priced, so that ticket and form say the same number."""
        return JIN if line.price_uom == JIN else line.uom

    def _size(self, line: TicketLineFacts) -> Decimal:
        return sums.coded(Decimal(1), self._unit(line))[0]

    def _came(self, line: TicketLineFacts) -> Decimal | None:
        """Return what came, in the line's unit."""
        typed = self.cleaned_data.get(f"received_{line.id}")
        return None if typed is None else typed * self._size(line)

    def rows(self) -> list[tuple[TicketLineFacts, BoundField, BoundField, str]]:
        return [
            (line, self[f"received_{line.id}"], self[f"reason_{line.id}"], self._unit(line))
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in self.lines:
            came = self._came(line)
            if came is not None and came < line.quantity and not cleaned.get(f"reason_{line.id}"):
                self.add_error(f"reason_{line.id}", gettext("Say why less came."))
        return cleaned

    def received(self, document_ids: tuple[int, ...]) -> dict[int, Received]:
        """Return the lines of which something else came than the ticket says."""
        data = self.cleaned_data
        found = {}
        for line in self.lines:
            came = self._came(line)
            if came is not None and came != line.quantity:
                found[line.id] = Received(
                    quantity=came, reason=data[f"reason_{line.id}"] or "other", note=data["note"],
                    document_ids=document_ids,
                )  # fmt: skip
        return found


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(choices=[(one.value, _(SETTLEMENT_LABELS[one])) for one in Settlement])
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)


class CloseForm(forms.Form):
    buyer_name = forms.CharField(label=_("Name of the buyer"), max_length=200, required=False)
    buyer_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


class AskForm(EntryForm):
    """A buyer asks for goods whose label was scanned at a stall."""

    seller = forms.TypedChoiceField(label=_("Seller"), coerce=int)
    quantity = AmountField(label=_("How much"))
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial=JIN)
    price = YuanField(label=_("Agreed price"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        sellers: Sequence[tuple[int, str]],
        code: str,
        uom: str,
        now: datetime,
        **options: Any,
    ) -> None:
        super().__init__(data, now=now, **options)
        self.code = code
        field = self.fields["seller"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 (declared above)
        field.choices = list(sellers)
        if sums.factor(uom)[0] != sums.factor("KGM")[0]:
            self.fields["unit"] = forms.ChoiceField(label=_("Unit"), choices=[(uom, uom)], initial=uom)
            self.initial["unit"] = uom

    def order(self) -> Order:
        data = self.cleaned_data
        quantity, uom = sums.coded(data["quantity"], data["unit"])
        price = data["price"]
        line = OrderLine(
            lot=self.code, quantity=quantity, uom=uom, price_fen=price,
            price_uom=data["unit"] if price is not None else "",
        )  # fmt: skip
        return Order(kind=Kind.SALE, lines=(line,), issued_at=data["occurred_at"], payment=Payment.CREDIT)


class ConfirmForm(forms.Form):
    """The seller's prices for what a buyer asked for."""

    def __init__(
        self, data: Any = None, *, lines: Sequence[TicketLineFacts], prices: Mapping[str, Price]
    ) -> None:
        super().__init__(data)
        self.lines = lines
        self.units: dict[int, str] = {}
        for line in lines:
            known = prices.get(line.product)
            unit = line.price_uom or (known.uom if known else line.uom)
            self.units[line.id] = unit
            fen = line.price_fen if line.price_fen is not None else (known.fen if known else None)
            self.fields[f"price_{line.id}"] = YuanField(label=_("Price"), required=True)
            if fen is not None:
                self.initial[f"price_{line.id}"] = f"{fen // 100}.{fen % 100:02d}"

    def rows(self) -> list[tuple[TicketLineFacts, BoundField, str]]:
        return [(line, self[f"price_{line.id}"], self.units[line.id]) for line in self.lines]

    def prices(self) -> dict[int, tuple[int, str]]:
        return {line.id: (self.cleaned_data[f"price_{line.id}"], self.units[line.id]) for line in self.lines}
