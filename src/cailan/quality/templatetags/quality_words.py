"""Words of tests and limits for templates of every floor."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext

from cailan.quality.rules.certificate import BASIS_LABELS, PATTERN_LABELS
from cailan.quality.rules.facts import ItemFacts, PlaceFacts
from cailan.quality.rules.judging import REASON_LABELS, VERDICT_LABELS
from cailan.quality.rules.limits import MARKETS, PLACE_LABELS, Limit
from cailan.quality.rules.quick import METHOD_LABELS, QUICK_LABELS
from cailan.quality.rules.sampling import PURPOSE_LABELS, STATUS_LABELS

register = template.Library()
_TONES = {
    "passed": "good",
    "failed": "blocked",
    "pending": "attention",
    "unknown": "unknown",
    "none": "unknown",
}
_WORDS: dict[str, dict[str, str]] = {
    "place": PLACE_LABELS,
    "reason": REASON_LABELS,
    "verdict": VERDICT_LABELS,
    "quick": QUICK_LABELS,
    "method": METHOD_LABELS,
    "purpose": PURPOSE_LABELS,
    "status": STATUS_LABELS,
    "basis": BASIS_LABELS,
    "pattern": PATTERN_LABELS,
}


@register.filter
def word(code: str, kind: str) -> str:
    """Print a code of a kind in words; a code that is not ours stays as it is."""
    label = _WORDS[kind].get(str(code))
    return gettext(label) if label else str(code)


@register.filter
def verdict_tone(verdict: str) -> str:
    return _TONES.get(verdict, "unknown")


@register.filter
def places(codes: tuple[str, ...] | list[str]) -> str:
    """Print places: Mainland, Hong Kong."""
    separator = gettext(", ")
    return separator.join(gettext(PLACE_LABELS[code]) for code in codes)


@register.filter
def amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


@register.filter
def found(item: ItemFacts) -> str:
    """Print what was found: a number, “not detected”, or what a quick test showed."""
    if item.is_quick:
        return word(item.reading, "quick")
    if item.value is not None:
        return f"{amount(item.value)} {item.unit}"
    below = f" (< {amount(item.lod)} {item.unit})" if item.lod else ""
    return gettext("not detected") + below


@register.filter
def cells(item: ItemFacts) -> tuple[PlaceFacts | None, ...]:
    """Return what each of the three places says, in their order."""
    said = {one.place: one for one in item.places}
    return tuple(said.get(place) for place in MARKETS)


@register.filter
def limit_words(place: PlaceFacts | None) -> str:
    """Print a limit as it was judged by."""
    if place is None or not place.limit:
        return gettext("no limit known")
    return gettext("must not be detected") if place.limit == "0" else f"≤ {place.limit} {place.unit}"


@register.filter
def in_words(limit: Limit | None) -> str:
    """Print a limit of the table."""
    if limit is None:
        return "—"
    return gettext("must not be detected") if limit.value is None else f"{amount(limit.value)} {limit.unit}"


@register.simple_tag
def markets() -> tuple[str, ...]:
    return tuple(str(place) for place in MARKETS)
