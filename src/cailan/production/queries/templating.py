"""Offer work to log again: as it was last done here, then the usual work for the crop."""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from django.db.models import Q
from django.utils.translation import get_language

from cailan.kernel.access import Actor
from cailan.production.models import CropBatch, Operation
from cailan.production.queries.batches import find_batch
from cailan.production.queries.working import to_operations
from cailan.production.rules.facts import Template
from cailan.products import queries as products

LOOKED_BACK = 60
MOST_RECENT = 6
RECENT, LISTED = "done-", "list-"


def templates_for(actor: Actor, batch_id: int) -> tuple[Template, ...]:
    """Return what can be logged again on a batch: the last work on this crop here, then what is usual for it."""
    batch = find_batch(actor, batch_id)
    return (*_recent(batch), *_listed(batch))


def _recent(batch: CropBatch) -> Iterator[Template]:
    """Yield the last work here, each kind with its inputs and target once: this batch first, then the same crop."""
    same_crop = Q(batch__party_id=batch.party_id, batch__product_id=batch.product_id)
    rows = Operation.objects.filter(same_crop, is_current=True, is_void=False)
    latest = list(rows.order_by("-started_at", "-pk")[:LOOKED_BACK])
    latest.sort(key=lambda row: row.batch_id != batch.pk)  # stable: the newest first within each
    seen: set[tuple[object, ...]] = set()
    for work in to_operations(latest):
        sort = (work.kind, work.title, work.target, tuple(use.input_name for use in work.uses))
        if sort in seen or len(seen) >= MOST_RECENT:
            continue
        seen.add(sort)
        yield Template(f"{RECENT}{work.id}", work.kind, work.title, work.target, work.uses, work.started_at)


@cache
def _lines() -> tuple[dict[str, str], ...]:
    text = (files("cailan.production") / "data" / "templates.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _listed(batch: CropBatch) -> Iterator[Template]:
    """Yield the usual work for the branch of the catalogue in which the crop stands."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    parents = {one.code: one.parent for one in products.list_categories()}
    branches, code = {""}, batch.product.category_id
    while code and code not in branches:
        branches.add(code)
        code = parents.get(code, "")
    for line in _lines():
        if line["category"] in branches:
            yield Template(
                f"{LISTED}{line['key']}", line["kind"], line[f"title_{language}"], line[f"target_{language}"]
            )
