"""Gather what was put on crops, and what of it was forbidden when it was."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q
from django.utils import timezone

from cailan.production.models import CropBatch, FarmInput, Operation, Use
from cailan.production.queries.inputs import current_of, label_of
from cailan.production.rules.kinds import SEED_COATING, OperationKind
from cailan.production.rules.safety import Ban, Treatment
from cailan.production.rules.store import interval_for
from cailan.products import queries as products
from cailan.products.rules.facts import ProductFacts


def treatments_of(batch: CropBatch) -> list[Treatment]:
    """Return what was put on a batch's crop as it holds now, with the intervals that the labels give for it.

    What was logged on another batch of the same crop and plot while the crop stood there counts too, where this batch
    was written down afterwards: a new batch ends no interval.
    """
    of_plot = Q(operation__batch__product_id=batch.product_id, operation__batch__site_id=batch.site_id)
    uses = list(
        Use.objects.filter(operation__is_current=True, operation__is_void=False)
        .filter(Q(operation__batch_id=batch.pk) | of_plot & Q(operation__recorded_at__lte=batch.recorded_at))
        .select_related("operation__batch", "farm_input")
        .order_by("operation__started_at", "pk")
    )
    newest = current_of(uses)
    return [_treatment(use, newest) for use in uses if _concerns(use.operation, batch)]


def _concerns(work: Operation, batch: CropBatch) -> bool:
    if work.batch_id == batch.pk:
        return True
    stood_there = timezone.localtime(work.started_at).date() >= batch.planted_on
    return stood_there and work.kind != OperationKind.SOWING


def _treatment(use: Use, newest: Mapping[int, FarmInput]) -> Treatment:
    now, work = newest[use.farm_input.root_id or use.farm_input_id], use.operation
    return Treatment(
        operation_id=work.pk,
        started_at=work.started_at,
        stopped_on=timezone.localtime(work.ended_at).date(),
        name=now.name,
        ingredients=tuple(one["name"] for one in now.ingredients),
        interval_days=interval_for(label_of(now), work.batch.product_id) or 0,
        is_coating=work.kind == OperationKind.SOWING,
    )


def bans_of(treatments: Collection[Treatment], crop: ProductFacts) -> dict[int, Ban]:
    """Return, by operation, what was forbidden on the crop on the day it was used."""
    found: dict[int, Ban] = {}
    for use in ("", SEED_COATING):
        found |= _bans_of([one for one in treatments if one.is_coating == bool(use)], crop, use)
    return found


def _bans_of(treatments: Collection[Treatment], crop: ProductFacts, use: str) -> dict[int, Ban]:
    by_day: dict[date, set[str]] = defaultdict(set)
    for one in treatments:
        by_day[one.stopped_on].update(one.ingredients or (one.name,))
    bans = products.banned_by_day(by_day, category=crop.category, product=crop.slug, use=use)
    found: dict[int, Ban] = {}
    for one in treatments:
        for name in one.ingredients or (one.name,):
            if ban := bans[one.stopped_on].get(name):
                found[one.operation_id] = Ban(ban.substance, ban.valid_from, ban.notice or ban.basis)
    return found
