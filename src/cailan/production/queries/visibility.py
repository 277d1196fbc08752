"""Who sees a farm's record: the farm itself, the regulators of its region, the platform's operator."""

from django.db.models import Q

from cailan.kernel.access import Actor
from cailan.parties import queries as parties
from cailan.parties.rules.kinds import PartyKind


def of_party(actor: Actor, path: str = "party") -> Q:
    """Return the predicate of rows whose party the actor is, or oversees by region; `path` leads to the party."""
    if actor.sees_everything or actor.party_kind == PartyKind.OPERATOR:
        return Q(pk__isnull=False)
    if (scope := parties.region_scope(actor)) is not None:
        # The country's authority sees farms of which no region is known, too.
        return Q(**{f"{path}__region__code__startswith": scope}) if scope else Q(pk__isnull=False)
    if actor.party_id is None:
        return Q(pk__in=())
    return Q(**{f"{path}_id": actor.party_id})
