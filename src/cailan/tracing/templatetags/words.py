"""Words and icons for what a chain says: movements, business steps, stages, gaps, kinds of holders."""

import re
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cailan.parties.rules.kinds import PARTY_LABELS, PartyKind
from cailan.tracing.rules.story import Entry
from cailan.tracing.templatetags.quantities import UNITS
from cailan.tracing.templatetags.quantities import text as quantity_text

register = template.Library()

MOVEMENTS: dict[str, Any] = {
    "create": _("Lot begun"),
    "transfer": _("Handed over"),
    "transform": _("Processed or repacked"),
    "retail": _("Sold to consumers"),
    "loss": _("Lost or discarded"),
    "adjust": _("Stock counted"),
}
STEPS: dict[str, Any] = {
    "accepting": _("Accepted"),
    "arriving": _("Arrived"),
    "assembling": _("Assembled"),
    "commissioning": _("Lot begun"),
    "creating_class_instance": _("Lot begun"),
    "departing": _("Departed"),
    "destroying": _("Destroyed"),
    "holding": _("Put on hold"),
    "inspecting": _("Inspected"),
    "loading": _("Loaded"),
    "packing": _("Packed"),
    "receiving": _("Received"),
    "repackaging": _("Repacked"),
    "retail_selling": _("Sold to consumers"),
    "sampling": _("Sampled"),
    "shipping": _("Shipped"),
    "stock_taking": _("Stock counted"),
    "storing": _("Stored"),
    "transforming": _("Processed or repacked"),
    "transporting": _("Transported"),
    "unloading": _("Unloaded"),
    "unpacking": _("Unpacked"),
}
ICONS = {
    "create": "seedling", "transfer": "truck-delivery", "transform": "transform", "retail": "basket",
    "loss": "trash", "adjust": "scale", "holding": "hand-stop", "inspecting": "clipboard-check",
    "sampling": "flask", "packing": "package", "shipping": "truck-delivery", "receiving": "building-store",
    "storing": "building-warehouse", "transporting": "truck",
}  # fmt: skip
STAGES: dict[str, tuple[Any, str]] = {
    "production": (pgettext_lazy("stage", "Production"), "plant-2"),
    "post_harvest": (pgettext_lazy("stage", "After harvest"), "building-factory-2"),
    "storage_transport": (pgettext_lazy("stage", "Storage and transport"), "truck-delivery"),
    "sales": (pgettext_lazy("stage", "Sales"), "building-store"),
}
GAPS: dict[str, Any] = {
    "unknown-origin": _("Where these goods came from before is not recorded."),
    "unstated-quantity": _("The document behind this hand-over states no quantity."),
    "not-confirmed": _("Sent, but nobody has confirmed that it arrived."),
    "declared-only": _("Only one side says so; nothing proves it."),
    "ends-outside": _("The next holder keeps no records here."),
}
REASONS: dict[str, Any] = {
    "spoiled": _("Spoiled"),
    "damaged": _("Damaged in transport or handling"),
    "trimmed": _("Trimmings and evaporation"),
    "destroyed": _("Destroyed by order"),
    "sampled": _("Taken as sample"),
    "not covered by earlier records": _("Not covered by earlier records"),
}

_DECLARED_WRONG = "declared wrong: "  # then the reason of the error declaration (EPCIS 2.0, 7.4.1)
_STATED = re.compile(r"stated as ([0-9.]+) (\S+)")  # of a unit that the lot's cannot be counted in


@register.filter
def entry_title(entry: Entry) -> str:
    """Return what happened in two or three words."""
    word = MOVEMENTS.get(entry.kind)
    if entry.kind == "transfer" and entry.giver == entry.taker:
        return gettext("Moved within the holder's own places")
    if word is None:
        word = STEPS.get(entry.step, entry.step or gettext("Recorded"))
    return str(word)


@register.filter
def entry_icon(entry: Entry) -> str:
    return ICONS.get(entry.kind) or ICONS.get(entry.step, "circle-check")


@register.filter
def entry_tone(entry: Entry) -> str:
    if entry.is_corrected or entry.step == "holding":
        return "attention" if entry.is_corrected else "blocked"
    return ""


@register.simple_tag(takes_context=True)
def amounts(context: template.Context, entry: Entry) -> str:
    """Return what moved, each unit by itself."""
    unit = context.get("weight_unit") or "kg"
    parts = [
        quantity_text(quantity, uom, unit) or gettext("quantity not stated")
        for quantity, uom in entry.amounts
    ]
    return " + ".join(parts)


@register.simple_tag(takes_context=True)
def amount(context: template.Context, value: Decimal | None, uom: str) -> str:
    """Return "40 kg" in the reader's unit of weight, "" where nothing is stated."""
    return quantity_text(value, uom, context.get("weight_unit") or "kg")


@register.filter
def movement_word(kind: str) -> str:
    return str(MOVEMENTS.get(kind, kind))


@register.filter
def stage_word(stage: str) -> str:
    return str(STAGES[str(stage)][0])


@register.filter
def stage_icon(stage: str) -> str:
    return STAGES[str(stage)][1]


@register.filter
def gap_word(code: str) -> str:
    return str(GAPS.get(code, code))


@register.filter
def reason_word(reason: str) -> str:
    """Print a reason; what its recorder wrote in his own words stays as it is."""
    if stated := _STATED.fullmatch(reason):
        return gettext("stated as %(amount)s %(unit)s") % {"amount": stated[1], "unit": unit_word(stated[2])}
    if reason.startswith(_DECLARED_WRONG):
        return gettext("Declared wrong: %(reason)s") % {"reason": reason.removeprefix(_DECLARED_WRONG)}
    return str(REASONS.get(reason, reason))


@register.filter
def party_kind_word(kind: str) -> str:
    known = PARTY_LABELS.get(PartyKind(kind)) if kind in set(PartyKind) else None
    return gettext(known) if known else kind


@register.simple_tag
def unit_word(uom: str) -> str:
    """Return the unit as people write it."""
    return str(UNITS.get(uom, uom))


@register.simple_tag
def contact_of(contacts: dict[int, Any], party_id: int) -> Any:
    """Return the contact of a holder, None where the reader may not see it."""
    return contacts.get(party_id)
