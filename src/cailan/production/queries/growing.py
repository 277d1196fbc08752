"""Tell how lots grew: for whoever may see the lot, or holds its code."""

from collections.abc import Collection
from dataclasses import replace

from cailan.documents import queries as documents
from cailan.documents.queries import OpenedFile
from cailan.kernel.access import SYSTEM
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.parties.rules.kinds import PartyKind
from cailan.parties.rules.masking import mask, public_name
from cailan.production.models import CropBatch, Harvest
from cailan.production.queries.batches import environment_of, named, to_batch
from cailan.production.queries.working import operations_of
from cailan.production.rules.facts import Growth, OperationFacts

SHOWN_SIZES = {"320", "1080"}


def growth_of(lot_ids: Collection[int]) -> dict[int, Growth]:
    """Return how harvested lots grew, by lot; persons' names masked, positions of phones left out."""
    harvests = list(Harvest.objects.filter(lot_id__in=set(lot_ids)))
    if not harvests:
        return {}
    batch_ids = {row.batch_id for row in harvests}
    batches = {
        row.pk: to_batch(row) for row in named(CropBatch.objects.filter(pk__in=batch_ids)).order_by("pk")
    }
    works = operations_of(batch_ids, is_current=True)
    environment = environment_of({one.site_id for one in batches.values()})
    producers = parties.facts({one.party_id for one in batches.values()})
    names = {pk: public_name(one.name, str(one.kind)) for pk, one in producers.items()}
    at_home = {pk for pk, one in producers.items() if one.kind == PartyKind.INDIVIDUAL}
    found: dict[int, Growth] = {}
    for row in harvests:
        batch = batches[row.batch_id]
        done = tuple(_public(work) for work in works.get(batch.id, ()) if work.started_at <= row.harvested_at)
        photos = {pk for work in done for pk in work.photo_ids} | set(row.photo_ids)
        if batch.seed is not None and batch.seed.certificate_document_id is not None:
            photos.add(batch.seed.certificate_document_id)
        found[row.lot_id] = Growth(
            lot_id=row.lot_id,
            batch_number=batch.number,
            producer=names.get(batch.party_id, ""),
            product=batch.product,
            site="" if batch.party_id in at_home else batch.site,  # a person's plot may be a home
            region=batch.region,
            area_mu=batch.area_mu,
            planted_on=batch.planted_on,
            seed=batch.seed,
            environment=environment.get(batch.site_id, ()),
            operations=tuple(reversed(done)),
            harvested_at=row.harvested_at,
            harvest_method=row.method,
            photo_ids=frozenset(photos),
        )
    return found


def _public(work: OperationFacts) -> OperationFacts:
    return replace(work, operator=mask("name", work.operator), latitude=None, longitude=None, note="")


def public_photo(code: str, document_id: int, size: str = "") -> OpenedFile:
    """Return a picture of how a lot grew, for anybody who holds the lot's code: small enough to tell no place."""
    lot = lots.find_public(code)
    grown = growth_of([lot.id]).get(lot.id)
    if grown is None or document_id not in grown.photo_ids:
        raise NotFound
    document = documents.facts([document_id]).get(document_id)
    if document is None or not document.is_picture:
        raise NotFound
    return documents.open_file(SYSTEM, document_id, size=size if size in SHOWN_SIZES else "1080")
