"""Read crop batches."""

from collections.abc import Collection
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import get_language

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, clamp, read_cursor, write_cursor
from cailan.kernel.problems import NotFound
from cailan.parties import queries as parties
from cailan.parties.rules.naming import shown_name
from cailan.production.models import CropBatch, Environment, Harvest, HarvestRefusal, SeedOrigin
from cailan.production.queries.barring import bans_of, treatments_of
from cailan.production.queries.numbering import propose_for
from cailan.production.queries.visibility import of_party
from cailan.production.queries.working import operations_of, to_harvest
from cailan.production.rules.facts import BatchFacts, BatchFile, EnvironmentFacts, RefusedHarvest, SeedFacts
from cailan.production.rules.safety import earliest_harvest
from cailan.products import queries as products

MOST_OPEN = 30


def to_seed(row: SeedOrigin) -> SeedFacts:
    return SeedFacts(
        row.pk,
        row.name,
        row.variety,
        row.kind,
        row.supplier,
        row.seed_batch,
        row.certificate_no,
        row.certificate_document_id,
        row.recorded_at,
        row.reason,
    )


def named(rows: "QuerySet[CropBatch]") -> "QuerySet[CropBatch]":
    seeds = SeedOrigin.objects.filter(is_current=True)
    return rows.select_related("product__category", "site__region", "party").prefetch_related(
        Prefetch("seed_origins", queryset=seeds)
    )


def to_batch(row: CropBatch) -> BatchFacts:
    language = get_language() or ""
    english = language.startswith("en")
    seeds = list(row.seed_origins.all())
    party, region = row.party, row.site.region
    return BatchFacts(
        id=row.pk,
        party_id=row.party_id,
        producer=shown_name(name=party.name, name_en=party.name_en, kind=party.kind, language=language),
        number=row.number,
        product_id=row.product_id,
        product=row.product.name_en if english else row.product.name_zh,
        category=row.product.category_id,
        site_id=row.site_id,
        site=row.site.name,
        region=(region.name_en if english else region.name_zh) if region else "",
        area_mu=row.area_mu,
        planted_on=row.planted_on,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closing_note=row.closing_note,
        seed=to_seed(seeds[0]) if seeds else None,
    )


def list_batches(
    actor: Actor, *, is_open: bool = True, text: str = "", cursor: str = "", limit: int | None = None
) -> Page[BatchFacts]:
    """List crop batches that the actor sees, those worked on last first."""
    actor.require(Permission.LOT_READ)
    rows = named(CropBatch.objects.filter(of_party(actor), closed_at__isnull=is_open))
    if text:
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(site__name__icontains=text)
            | Q(product_id__in=products.matching(actor, text=text))
        )
    size = clamp(limit)
    if cursor:
        moment, pk = read_cursor(cursor, 2)
        rows = rows.filter(Q(worked_at__lt=moment) | Q(worked_at=moment, pk__lt=pk))
    found = list(rows.order_by("-worked_at", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    more = write_cursor([last.worked_at.isoformat(), last.pk]) if last else ""
    return Page(tuple(map(to_batch, found[:size])), more)


def open_batches(actor: Actor) -> tuple[BatchFacts, ...]:
    """List the actor's own open batches, the one worked on last first: for the phone."""
    rows = named(CropBatch.objects.filter(party_id=actor.acting_party_id, closed_at=None))
    return tuple(map(to_batch, rows.order_by("-worked_at", "-pk")[:MOST_OPEN]))


def find_batch(actor: Actor, batch_id: int) -> CropBatch:
    row = named(CropBatch.objects.filter(of_party(actor), pk=batch_id)).first()
    if row is None:
        raise NotFound
    return row


def next_lot_number(actor: Actor, batch_id: int, day: date) -> str:
    """Return the number that the next harvest of a batch gets."""
    return propose_for(find_batch(actor, batch_id), day)


def environment_of(site_ids: Collection[int]) -> dict[int, tuple[EnvironmentFacts, ...]]:
    """Return the latest finding of soil, water and air of each place, or of the base it lies in."""
    sites = {pk: site.parent_id for pk, site in parties.site_facts(site_ids).items()}
    wanted = set(sites) | {parent for parent in sites.values() if parent is not None}
    rows = (
        Environment.objects.filter(site_id__in=wanted)
        .order_by("site_id", "aspect", "-measured_on", "-pk")
        .distinct("site_id", "aspect")
    )
    of_site: dict[int, dict[str, EnvironmentFacts]] = {pk: {} for pk in wanted}
    for row in rows:
        of_site[row.site_id][row.aspect] = EnvironmentFacts(
            row.pk, row.aspect, row.finding, row.measured_on, row.report_no, row.document_id
        )
    order = ("soil", "water", "air")
    found = {}
    for pk, parent in sites.items():
        known = (of_site[parent] if parent is not None else {}) | of_site[pk]
        found[pk] = tuple(known[aspect] for aspect in order if aspect in known)
    return found


def get_batch(actor: Actor, batch_id: int, *, on: date) -> BatchFile:
    """Return all of one batch, corrected records among the work too, and what bars its harvest on a day."""
    actor.require(Permission.LOT_READ)
    row = find_batch(actor, batch_id)
    harvests = Harvest.objects.filter(batch=row).select_related("lot").order_by("-harvested_at", "-pk")
    refusals = HarvestRefusal.objects.filter(batch=row).order_by("-pk")
    treatments = treatments_of(row)
    crop = products.facts([row.product_id])[row.product_id]
    bans = bans_of(treatments, crop)
    bar = earliest_harvest(treatments)
    forbidden = next((one for one in treatments if one.operation_id in bans), None)
    runs = bar is not None and bar.allowed_from is not None and bar.allowed_from > on
    return BatchFile(
        batch=to_batch(row),
        environment=environment_of([row.site_id])[row.site_id],
        operations=operations_of([row.pk], is_current=False).get(row.pk, ()),
        harvests=tuple(map(to_harvest, harvests[:500])),
        refusals=tuple(
            RefusedHarvest(one.pk, one.batch_id, one.tried_at, one.allowed_from, one.cause)
            for one in refusals[:100]
        ),
        allowed_from=bar.allowed_from if bar and runs else None,
        barred_by=forbidden.name if forbidden else bar.treatment.name if bar and runs else "",
        is_barred_for_ever=forbidden is not None,
    )
