"""What the states, payments and papers of tickets are called, for templates of every floor."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cailan.trade.queries.vouchers import in_unit_of_price
from cailan.trade.rules import tickets

register = template.Library()
PAPERS = {"80mm": _("80 mm slip"), "a5": _("A5"), "a4": _("A4")}


@register.simple_tag
def weighed(value: Decimal | None, uom: str, price_uom: str) -> str:
    """Print a quantity in the unit in which it is priced: 12.5 斤 where the price is for one 斤."""
    return in_unit_of_price(value, uom, price_uom)


@register.filter
def payment_word(name: str) -> str:
    """Print how an order is paid."""
    return gettext(tickets.PAYMENT_LABELS[tickets.Payment(name)]) if name in set(tickets.Payment) else name


@register.filter
def ticket_word(status: str) -> str:
    """Print where a ticket stands."""
    return gettext(tickets.STATUS_LABELS[tickets.Status(status)]) if status in set(tickets.Status) else status


@register.filter
def dispute_word(reason: str) -> str:
    """Print why less came."""
    known = reason in set(tickets.DisputeReason)
    return gettext(tickets.DISPUTE_LABELS[tickets.DisputeReason(reason)]) if known else reason


@register.filter
def settlement_word(outcome: str) -> str:
    """Print how a dispute ended."""
    known = outcome in set(tickets.Settlement)
    return gettext(tickets.SETTLEMENT_LABELS[tickets.Settlement(outcome)]) if known else outcome


@register.filter
def mode_word(mode: str) -> str:
    """Print how the stalls of a market sell."""
    return gettext(tickets.MODE_LABELS[tickets.Mode(mode)]) if mode in set(tickets.Mode) else mode


@register.filter
def paper_word(paper: str) -> str:
    """Print a size of paper."""
    return str(PAPERS.get(paper, paper))
