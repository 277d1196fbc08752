"""Read work and harvests."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import NotFound
from cailan.production.models import FarmInput, Harvest, Operation, Use
from cailan.production.queries.inputs import current_of, to_use
from cailan.production.queries.visibility import of_party
from cailan.production.rules.facts import HarvestFacts, OperationFacts

MOST = 500


def to_operations(rows: Collection[Operation]) -> tuple[OperationFacts, ...]:
    """Return work with what was used in it; two statements for any number."""
    uses = list(
        Use.objects.filter(operation__in=[row.pk for row in rows])
        .select_related("farm_input", "operation__batch")
        .order_by("pk")
    )
    newest = current_of(uses)
    by_work: dict[int, list[Use]] = defaultdict(list)
    for use in uses:
        by_work[use.operation_id].append(use)
    return tuple(_to_operation(row, by_work[row.pk], newest) for row in rows)


def _to_operation(row: Operation, uses: Iterable[Use], newest: dict[int, FarmInput]) -> OperationFacts:
    return OperationFacts(
        id=row.pk,
        batch_id=row.batch_id,
        kind=row.kind,
        title=row.title,
        started_at=row.started_at,
        ended_at=row.ended_at,
        recorded_at=row.recorded_at,
        area_mu=row.area_mu,
        target=row.target,
        operator=row.operator,
        note=row.note,
        latitude=row.latitude,
        longitude=row.longitude,
        photo_ids=tuple(row.photo_ids),
        uses=tuple(
            to_use(use, newest[use.farm_input.root_id or use.farm_input_id], use.operation.batch.product_id)
            for use in uses
        ),
        is_current=row.is_current,
        is_void=row.is_void,
        corrects_id=row.corrects_id,
        reason=row.reason,
    )


def operations_of(batch_ids: Collection[int], *, is_current: bool) -> dict[int, tuple[OperationFacts, ...]]:
    """Return the work on batches, the latest first; `is_current`: only what holds now and was done."""
    rows = Operation.objects.filter(batch_id__in=batch_ids)
    if is_current:
        rows = rows.filter(is_current=True, is_void=False)
    found: dict[int, list[OperationFacts]] = defaultdict(list)
    for one in to_operations(list(rows.order_by("-started_at", "-pk")[: MOST * max(1, len(batch_ids))])):
        found[one.batch_id].append(one)
    return {pk: tuple(works) for pk, works in found.items()}


def get_operation(actor: Actor, operation_id: int) -> OperationFacts:
    """Return one piece of work of a farm that the actor sees."""
    actor.require(Permission.LOT_READ)
    row = Operation.objects.filter(of_party(actor, "batch__party"), pk=operation_id).first()
    if row is None:
        raise NotFound
    return to_operations([row])[0]


def to_harvest(row: Harvest) -> HarvestFacts:
    return HarvestFacts(
        id=row.pk,
        batch_id=row.batch_id,
        lot_id=row.lot_id,
        lot_code=row.lot.code,
        number=row.lot.number,
        quantity=row.quantity,
        uom=row.uom,
        harvested_at=row.harvested_at,
        method=row.method,
        operator=row.operator,
        photo_ids=tuple(row.photo_ids),
    )


def get_harvest(actor: Actor, harvest_id: int) -> HarvestFacts:
    """Return one harvest of a farm that the actor sees."""
    actor.require(Permission.LOT_READ)
    rows = Harvest.objects.filter(of_party(actor, "batch__party"), pk=harvest_id)
    row = rows.select_related("lot").first()
    if row is None:
        raise NotFound
    return to_harvest(row)
