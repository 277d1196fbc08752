"""Words of products for templates of every floor."""

from django import template
from django.utils.translation import gettext

from cailan.products.rules import units

register = template.Library()


@register.filter
def unit_word(code: str) -> str:
    """Print a unit: KGM → kg; a code that is not ours stays as it is."""
    return gettext(units.UNITS[code].label) if code in units.UNITS else code
