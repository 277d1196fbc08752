"""Propose numbers."""

from datetime import date

from cailan.parties import queries as parties
from cailan.production.models import CropBatch, Harvest
from cailan.production.rules.numbers import propose_number


def propose_for(batch: CropBatch, day: date) -> str:
    """Return the number that the next harvest of a batch gets: plot and day, counted on where taken."""
    site = parties.site_facts([batch.site_id])[batch.site_id]
    taken = Harvest.objects.filter(batch__party_id=batch.party_id, batch__product_id=batch.product_id)
    return propose_number(site.code or site.name, day, set(taken.values_list("lot__number", flat=True)))
