"""Read the store of inputs."""

from datetime import date

from django.db.models import Q, QuerySet

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.production.models import FarmInput, Use
from cailan.production.queries.visibility import of_party
from cailan.production.rules.facts import Ingredient, InputFacts, UseFacts
from cailan.production.rules.store import LabelInterval, interval_for

MOST = 200


def label_of(row: FarmInput) -> tuple[LabelInterval, ...]:
    return tuple(LabelInterval(line["product"] or None, line["days"]) for line in row.label)


def to_input(row: FarmInput) -> InputFacts:
    return InputFacts(
        id=row.pk,
        root_id=row.root_id or row.pk,
        party_id=row.party_id,
        kind=row.kind,
        name=row.name,
        registration_no=row.registration_no,
        manufacturer=row.manufacturer,
        ingredients=tuple(Ingredient(one["name"], one["content"]) for one in row.ingredients),
        label=label_of(row),
        batch=row.batch,
        quantity=row.quantity,
        remaining=row.remaining_quantity,
        uom=row.uom,
        bought_on=row.bought_on,
        expires_on=row.expires_on,
        supplier_id=row.supplier_id,
        supplier_name=row.supplier_name,
        store_id=row.store_id,
        store=row.store.name if row.store else "",
        document_ids=tuple(row.document_ids),
        recorded_at=row.recorded_at,
        corrects_id=row.corrects_id,
        reason=row.reason,
        is_current=row.is_current,
    )


def to_use(row: Use, now: FarmInput, product_id: int) -> UseFacts:
    """Return a use with what its purchase says now: a corrected label counts for what was used before."""
    return UseFacts(
        input_id=now.pk,
        input_name=now.name,
        registration_no=now.registration_no,
        manufacturer=now.manufacturer,
        ingredients=tuple(one["name"] for one in now.ingredients),
        quantity=row.quantity,
        uom=now.uom,
        dose=row.dose,
        dilution=row.dilution,
        interval_days=interval_for(label_of(now), product_id),
    )


def current_of(uses: list[Use]) -> dict[int, FarmInput]:
    """Return the newest version of each purchase that was used, by the id of its first version."""
    roots = {use.farm_input.root_id or use.farm_input_id for use in uses}
    rows = FarmInput.objects.filter(Q(pk__in=roots) | Q(root_id__in=roots), is_current=True)
    return {row.root_id or row.pk: row for row in rows}


def _visible(actor: Actor) -> "QuerySet[FarmInput]":
    return FarmInput.objects.filter(of_party(actor)).select_related("store")


def list_inputs(
    actor: Actor, *, text: str = "", is_left: bool = False, cursor: str = "", limit: int | None = None
) -> Page[InputFacts]:
    """List the purchases in the store, newest first, each as it holds now; `is_left`: only what is not used up."""
    actor.require(Permission.LOT_READ)
    rows = _visible(actor).filter(is_current=True)
    if text:
        rows = rows.filter(
            Q(name__icontains=text) | Q(batch__icontains=text) | Q(registration_no__icontains=text)
        )
    if is_left:
        rows = rows.filter(remaining_quantity__gt=0)
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(map(to_input, page.items)), page.next)


def get_input(actor: Actor, input_id: int) -> InputFacts:
    """Return one purchase, of any version."""
    actor.require(Permission.LOT_READ)
    row = _visible(actor).filter(pk=input_id).first()
    if row is None:
        raise NotFound
    return to_input(row)


def usable_inputs(actor: Actor, *, on: date) -> tuple[InputFacts, ...]:
    """List what is left in the actor's own store and has not expired, what was bought first at the top."""
    rows = FarmInput.objects.filter(
        party_id=actor.acting_party_id, is_current=True, remaining_quantity__gt=0
    ).filter(Q(expires_on=None) | Q(expires_on__gte=on))
    return tuple(to_input(row) for row in rows.select_related("store").order_by("bought_on", "pk")[:MOST])


def uses_of(actor: Actor, input_id: int) -> tuple[tuple[int, str, Use], ...]:
    """List the work in which a purchase was used, newest first: batch id, batch number, and the use itself."""
    found = get_input(actor, input_id)
    rows = (
        Use.objects.filter(Q(farm_input_id=found.root_id) | Q(farm_input__root_id=found.root_id))
        .filter(operation__is_current=True, operation__is_void=False)
        .select_related("operation__batch")
        .order_by("-operation__started_at", "-pk")
    )
    return tuple((row.operation.batch_id, row.operation.batch.number, row) for row in rows[:MOST])
