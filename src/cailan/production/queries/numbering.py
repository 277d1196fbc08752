"""Propose numbers."""

from datetime import date

from cailan.parties import queries as parties
from cailan.parties.rules.kinds import PartyKind
from cailan.production.models import CropBatch, Harvest
from cailan.production.rules.numbers import propose_number


def place_in_numbers(site_id: int, party_kind: str) -> str:
    """Return how a plot is called in numbers, which everybody reads; a person's, maybe a home, by its code only."""
    site = parties.site_facts([site_id])[site_id]
    return site.code or ("" if party_kind == PartyKind.INDIVIDUAL else site.name)


def propose_for(batch: CropBatch, day: date) -> str:
    """Return the number that the next harvest of a batch gets: plot and day, counted on where taken."""
    taken = Harvest.objects.filter(batch__party_id=batch.party_id, batch__product_id=batch.product_id)
    return propose_number(
        place_in_numbers(batch.site_id, batch.party.kind),
        day,
        set(taken.values_list("lot__number", flat=True)),
    )
