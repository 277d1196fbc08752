"""Template tags that print quantities and codes."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import pgettext_lazy

from cailan.tracing.rules import quantities

register = template.Library()

UNITS: dict[str, Any] = {
    "kg": pgettext_lazy("unit", "kg"),
    "g": pgettext_lazy("unit", "g"),
    "t": pgettext_lazy("unit", "t"),
    "jin": pgettext_lazy("unit", "jin"),
    "LTR": pgettext_lazy("unit", "L"),
    "MLT": pgettext_lazy("unit", "mL"),
    "H87": pgettext_lazy("unit", "pcs"),
    "EA": pgettext_lazy("unit", "pcs"),
    "XBX": pgettext_lazy("unit", "boxes"),
    "XCS": pgettext_lazy("unit", "cases"),
    "XBG": pgettext_lazy("unit", "bags"),
    "XBO": pgettext_lazy("unit", "bottles"),
    "XBK": pgettext_lazy("unit", "baskets"),
    "HEA": pgettext_lazy("unit", "head"),
    "MTR": pgettext_lazy("unit", "m"),
    "MTK": pgettext_lazy("unit", "m²"),
}


def text(value: Decimal | None, uom: str, weight_unit: str = "kg") -> str:
    """Return "40 kg", or "" where no quantity is stated."""
    if value is None:
        return ""
    shown = quantities.show(value, uom, weight_unit)
    return f"{shown.number} {UNITS.get(shown.unit, shown.unit)}"


@register.simple_tag(takes_context=True)
def quantity(context: template.Context, value: Decimal | str | None, uom: str) -> quantities.Shown | None:
    """Return number and unit to print, in the reader's unit of weight; None where nothing is stated."""
    if value is None or value == "":
        return None
    shown = quantities.show(Decimal(value), uom, context.get("weight_unit") or "kg")
    return quantities.Shown(shown.number, str(UNITS.get(shown.unit, shown.unit)))


@register.filter
def groups(code: str) -> tuple[str, ...]:
    """Cut a trace code into groups of four."""
    return quantities.groups(str(code))
