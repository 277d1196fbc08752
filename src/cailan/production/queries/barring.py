"""Gather what was put on crops, and what of it was forbidden when it was."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.utils import timezone

from cailan.production.models import Use
from cailan.production.queries.inputs import current_of, label_of
from cailan.production.rules.kinds import OperationKind
from cailan.production.rules.safety import Ban, Treatment
from cailan.production.rules.store import interval_for
from cailan.products import queries as products
from cailan.products.rules.facts import ProductFacts


def treatments_of(batch_ids: Collection[int]) -> dict[int, list[Treatment]]:
    """Return what was put on each batch as it holds now, with the intervals that the labels give for its crop.

    Coated seed is no treatment of the crop: what is forbidden of it was refused when it was sown.
    """
    uses = list(
        Use.objects.filter(
            operation__batch_id__in=batch_ids, operation__is_current=True, operation__is_void=False
        )
        .exclude(operation__kind=OperationKind.SOWING)
        .select_related("operation__batch", "farm_input")
        .order_by("operation__started_at", "pk")
    )
    newest = current_of(uses)
    found: dict[int, list[Treatment]] = {pk: [] for pk in batch_ids}
    for use in uses:
        now, work = newest[use.farm_input.root_id or use.farm_input_id], use.operation
        found[work.batch_id].append(
            Treatment(
                operation_id=work.pk,
                started_at=work.started_at,
                stopped_on=timezone.localtime(work.ended_at).date(),
                name=now.name,
                ingredients=tuple(one["name"] for one in now.ingredients),
                interval_days=interval_for(label_of(now), work.batch.product_id) or 0,
            )
        )
    return found


def bans_of(treatments: Iterable[Treatment], crop: ProductFacts) -> dict[int, Ban]:
    """Return, by operation, what was forbidden on the crop on the day it was used."""
    by_day: dict[date, set[str]] = defaultdict(set)
    for one in treatments:
        by_day[one.stopped_on].update(one.ingredients or (one.name,))
    bans = products.banned_by_day(by_day, category=crop.category, product=crop.slug)
    found: dict[int, Ban] = {}
    for one in treatments:
        for name in one.ingredients or (one.name,):
            if ban := bans[one.stopped_on].get(name):
                found[one.operation_id] = Ban(ban.substance, ban.valid_from, ban.notice or ban.basis)
    return found
