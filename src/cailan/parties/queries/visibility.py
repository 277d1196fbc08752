"""Who sees which parties: one predicate for every list and every single look."""

from django.db.models import Q

from cailan.kernel.access import Actor, Permission, region_prefix
from cailan.parties.models import Counterparty, Party
from cailan.parties.rules.kinds import PartyKind

# Not Q(): an empty predicate vanishes when another is added with OR.
EVERYBODY = Q(pk__isnull=False)


def region_scope(actor: Actor) -> str | None:
    """Return what region codes of a regulator's area begin with: "" for the country, None for no area."""
    if actor.party_kind != PartyKind.REGULATOR or not actor.region or not actor.may(Permission.PARTY_READ):
        return None
    return region_prefix(actor.region)


def overseen(actor: Actor) -> Q | None:
    """Return the predicate of the parties that the actor oversees; None for nobody."""
    if actor.sees_everything or (actor.party_kind == PartyKind.OPERATOR and actor.may(Permission.PARTY_READ)):
        return EVERYBODY
    if (scope := region_scope(actor)) is not None:
        return Q(region__code__startswith=scope) if scope else EVERYBODY
    if actor.party_kind == PartyKind.MARKET and actor.may(Permission.PARTY_READ):
        return Q(market_id=actor.party_id)
    return None


def visible(actor: Actor) -> Q:
    """Return the predicate of the parties an actor sees: its own, those it oversees, those in its book."""
    if actor.party_id is None and not actor.sees_everything:
        return Q(pk__in=())
    circle = overseen(actor)
    if circle is EVERYBODY:
        return circle
    own = Party.objects.filter(pk=actor.party_id or 0).values("pk")
    book = Counterparty.objects.filter(owner_id=actor.party_id).values("party_id")
    # A union of keys instead of OR: each arm uses its own index.
    known = own.union(book)
    return Q(pk__in=known) if circle is None else Q(pk__in=known) | circle


def is_overseen(actor: Actor, *, party_id: int, region: str | None, market_id: int | None) -> bool:
    """Say the same of one party already at hand."""
    if actor.sees_everything or (actor.party_kind == PartyKind.OPERATOR and actor.may(Permission.PARTY_READ)):
        return True
    if (scope := region_scope(actor)) is not None:
        return (region or "").startswith(scope)
    is_market = actor.party_kind == PartyKind.MARKET and actor.may(Permission.PARTY_READ)
    return (
        is_market
        and actor.party_id is not None
        and market_id == actor.party_id
        and party_id != actor.party_id
    )
