"""Template tags that print quantities and codes."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext, gettext_lazy

from cailan.products.rules import units
from cailan.tracing.rules import captions

register = template.Library()

# The word for each unit code of Recommendation 20 that we keep quantities in.
UNITS = {unit.code: gettext_lazy(unit.label) for unit in units.UNITS.values()}
JIN = "jin"  # the reader's choice, in the context as `weight_unit`


def shown(value: Decimal, uom: str, weight_unit: str = "") -> units.Shown:
    """Return number and unit as the reader wants them; a code we do not know stays as it is."""
    if uom not in units.UNITS:  # documents from elsewhere may use any code of Recommendation 20
        return units.Shown(f"{value:,f}", uom)
    plain = units.display(value, uom, in_jin=weight_unit == JIN)
    return units.Shown(plain.amount, gettext(plain.unit))


def text(value: Decimal | None, uom: str, weight_unit: str = "") -> str:
    """Return "40 kg", or "" where no quantity is stated."""
    return "" if value is None else str(shown(value, uom, weight_unit))


@register.simple_tag(takes_context=True)
def quantity(context: template.Context, value: Decimal | str | None, uom: str) -> units.Shown | None:
    """Return number and unit to print; None where nothing is stated."""
    if value is None or value == "":
        return None
    return shown(Decimal(value), uom, context.get("weight_unit") or "")


@register.filter
def groups(code: str) -> tuple[str, ...]:
    """Cut a trace code into groups of four."""
    return captions.groups(str(code))
