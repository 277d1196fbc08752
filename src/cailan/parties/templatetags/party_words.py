"""Words and tones of parties for templates of every floor."""

from django import template
from django.utils.translation import get_language, gettext

from cailan.parties.forms import ID_LABELS, ROLE_LABELS, STATUS_LABELS
from cailan.parties.rules.facts import PartyFacts
from cailan.parties.rules.identity import IdKind
from cailan.parties.rules.kinds import PARTY_LABELS, SITE_LABELS, PartyKind, SiteKind

register = template.Library()
_TONES = {"pending": "attention", "approved": "good", "refused": "blocked", "suspended": "blocked"}


@register.filter
def party_kind(kind: str) -> str:
    """Print a kind of party: base → Production base."""
    return gettext(PARTY_LABELS[PartyKind(kind)]) if kind in set(PartyKind) else kind


@register.filter
def party_name(party: PartyFacts) -> str:
    """Print a party's name in the language of the page."""
    return party.name_in(get_language())


@register.filter
def site_kind(kind: str) -> str:
    """Print a kind of place."""
    return gettext(SITE_LABELS[SiteKind(kind)]) if kind in set(SiteKind) else kind


@register.filter
def party_status(status: str) -> str:
    """Print the state of a party."""
    return str(STATUS_LABELS.get(status, status))


@register.filter
def party_tone(status: str) -> str:
    """Return the tone of a party's state."""
    return _TONES.get(status, "unknown")


@register.filter
def role(name: str) -> str:
    """Print a role."""
    return str(ROLE_LABELS.get(name, name))


@register.filter
def id_kind(scheme: str) -> str:
    """Print the kind of a number."""
    return str(ID_LABELS[IdKind(scheme)]) if scheme in set(IdKind) else scheme
