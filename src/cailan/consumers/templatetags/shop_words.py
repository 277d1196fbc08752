"""Words of a shopper's page: how goods stand, what was done on the field."""

from typing import Any

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cailan.consumers.rules import Standing, Verdict
from cailan.production.rules import kinds

register = template.Library()

STANDINGS: dict[str, tuple[Any, str]] = {
    Standing.RECALLED: (_("Under recall: do not eat, do not sell"), "blocked"),
    Standing.HELD: (_("On hold: do not sell, do not eat"), "blocked"),
    Standing.FAILED: (_("Failed a test: do not eat"), "blocked"),
    Standing.VOID: (_("Cancelled: this ticket no longer counts"), "attention"),
    Standing.WAITING: (_("Waits for a test"), "attention"),
    Standing.TESTED: (_("Passed a laboratory's test"), "good"),
    Standing.SELF_TESTED: (_("Passed the grower's own test"), "good"),
    Standing.UNTESTED: (_("Not blocked; no test on record"), "unknown"),
}
VERDICTS: dict[str, tuple[Any, str]] = {
    Verdict.FAILED: (_("Failed a test"), "blocked"),
    Verdict.PASSED: (_("Passed, by a laboratory"), "good"),
    Verdict.SELF_TESTED: (_("Passed, by the grower"), "good"),
    Verdict.PENDING: (_("Being tested"), "attention"),
    Verdict.NONE: (_("No test on record"), "unknown"),
}
HAND_OVERS: dict[str, tuple[Any, str]] = {
    "open": (_("On its way; the buyer has not confirmed it yet"), "attention"),
    "accepted": (_("The buyer confirmed that the goods arrived"), "good"),
    "disputed": (_("Seller and buyer state different quantities"), "attention"),
    "settled": (_("Seller and buyer agreed on the quantities"), "good"),
    "closed": (_("Handed over; the buyer keeps no books here"), "unknown"),
    "void": (_("Cancelled by the seller"), "blocked"),
}
RETAIL = (_("Sold to a consumer"), "good")
_LABELS: dict[str, dict[str, str]] = {
    "operation": kinds.OPERATION_LABELS,
    "seed": kinds.SEED_LABELS,
    "harvest": kinds.METHOD_LABELS,
    "aspect": kinds.ASPECT_LABELS,
}


@register.filter
def standing_word(standing: str) -> str:
    return str(STANDINGS[standing][0])


@register.filter
def standing_tone(standing: str) -> str:
    return STANDINGS[standing][1]


@register.filter
def test_word(verdict: str) -> str:
    return str(VERDICTS[verdict][0])


@register.filter
def test_tone(verdict: str) -> str:
    return VERDICTS[verdict][1]


@register.filter
def hand_over_word(ticket: Any) -> str:
    return str(_hand_over(ticket)[0])


@register.filter
def hand_over_tone(ticket: Any) -> str:
    return _hand_over(ticket)[1]


def _hand_over(ticket: Any) -> tuple[Any, str]:
    if ticket.kind == "retail" and ticket.status != "void":
        return RETAIL
    return HAND_OVERS[ticket.status]


@register.filter
def farm_word(code: str, kind: str) -> str:
    """Print a code of the farm's record in words; a code that is not ours stays as it is."""
    label = _LABELS[kind].get(code)
    return gettext(label) if label else code


@register.filter
def farm_icon(kind: str) -> str:
    return kinds.OPERATION_ICONS.get(kind, "clipboard-list")
