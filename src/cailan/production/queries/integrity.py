"""Rebuild what is sealed of a farm's record, say who may read it, and find what no longer follows from it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q, QuerySet, Sum

from cailan.kernel.access import Actor
from cailan.ledger.rules.alterations import Alteration, Part
from cailan.parties import queries as parties
from cailan.parties.rules.sealed import hidden, instant
from cailan.production.models import (
    CropBatch,
    Environment,
    FarmInput,
    Harvest,
    HarvestRefusal,
    Operation,
    SeedOrigin,
    Use,
)

Payload = dict[str, Any]


def plain(value: object) -> Any:
    """Write a column into a payload: decimals, days and times as text, nothing as "" or 0."""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, float):
        return str(value)
    return "" if value is None else value


def _columns(row: Model, *names: str) -> Payload:
    return {name: plain(getattr(row, name)) for name in names}


def _input(row: FarmInput) -> Payload:
    names = ("kind", "name", "registration_no", "manufacturer", "ingredients", "label", "batch", "quantity")
    more = ("uom", "bought_on", "expires_on", "document_ids", "recorded_at", "reason")
    return _columns(row, *names, *more) | {
        "party": row.party_id,
        "supplier": row.supplier_id or 0,
        "supplier_name": hidden(str(row.seal_salt), "supplier_name", row.supplier_name),
        "store": row.store_id or 0,
        "root": row.root_id or row.pk,
        "corrects": row.corrects_id or 0,
        "recorded_by": row.recorded_by_id or 0,
    }


def _batch(row: CropBatch) -> Payload:
    return _columns(row, "number", "area_mu", "planted_on", "opened_at", "recorded_at") | {
        "party": row.party_id,
        "product": row.product_id,
        "site": row.site_id,
        "recorded_by": row.recorded_by_id or 0,
    }


def _closing(row: CropBatch) -> Payload:
    return _columns(row, "closed_at", "closing_note") | {"closed_by": row.closed_by_id or 0}


def _seed(row: SeedOrigin) -> Payload:
    names = ("name", "variety", "kind", "seed_batch", "certificate_no", "recorded_at", "reason")
    return _columns(row, *names) | {
        "batch": row.batch_id,
        "supplier": hidden(str(row.seal_salt), "supplier", row.supplier),
        "certificate_document": row.certificate_document_id or 0,
        "recorded_by": row.recorded_by_id or 0,
    }


def _environment(row: Environment) -> Payload:
    return _columns(row, "aspect", "finding", "measured_on", "report_no", "recorded_at") | {
        "party": row.party_id,
        "site": row.site_id,
        "document": row.document_id or 0,
        "recorded_by": row.recorded_by_id or 0,
    }


def _operation(row: Operation) -> Payload:
    salt = str(row.seal_salt)
    where = "" if row.latitude is None else f"{row.latitude} {row.longitude}"
    names = ("kind", "title", "started_at", "ended_at", "area_mu", "target", "note", "photo_ids")
    return _columns(row, *names, "recorded_at", "reason", "is_void") | {
        "batch": row.batch_id,
        "operator": hidden(salt, "operator", row.operator),
        "position": hidden(salt, "position", where),
        "corrects": row.corrects_id or 0,
        "recorded_by": row.recorded_by_id or 0,
        "uses": [
            {"input": use.farm_input_id, **_columns(use, "quantity", "dose", "dilution")}
            for use in sorted(row.uses.all(), key=lambda use: use.pk)
        ],
    }


def _harvest(row: Harvest) -> Payload:
    return _columns(
        row, "quantity", "uom", "harvested_at", "method", "photo_ids", "event_id", "recorded_at"
    ) | {
        "batch": row.batch_id,
        "lot": row.lot_id,
        "operator": hidden(str(row.seal_salt), "operator", row.operator),
        "recorded_by": row.recorded_by_id or 0,
    }


def _refusal(row: HarvestRefusal) -> Payload:
    return _columns(row, "tried_at", "allowed_from", "cause", "recorded_at") | {
        "batch": row.batch_id,
        "operation": row.operation_id,
        "recorded_by": row.recorded_by_id or 0,
    }


def _works() -> "QuerySet[Operation]":
    return Operation.objects.prefetch_related("uses")


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of sealed statement is named and rebuilt, and where its party stands."""

    noun: str
    rows: Callable[[], "QuerySet[Any]"]
    payload: Callable[[Any], Payload]
    party: str

    def rebuild(self, subjects: Sequence[str]) -> dict[str, Payload]:
        """Return the payloads of subjects from today's rows."""
        ids = [number_in(subject) for subject in subjects]
        return {f"{self.noun}:{row.pk}": self.payload(row) for row in self.rows().filter(pk__in=ids)}


def number_in(subject: str) -> int:
    return int(subject.rpartition(":")[2])


KINDS: dict[str, Kind] = {
    "production.input_bought": Kind("farm_input", FarmInput.objects.all, _input, "party_id"),
    "production.batch_opened": Kind("crop_batch", CropBatch.objects.all, _batch, "party_id"),
    "production.batch_closed": Kind("crop_batch", CropBatch.objects.all, _closing, "party_id"),
    "production.seed_recorded": Kind("seed_origin", SeedOrigin.objects.all, _seed, "batch__party_id"),
    "production.environment_recorded": Kind("environment", Environment.objects.all, _environment, "party_id"),
    "production.work_logged": Kind(
        "farm_work", Operation.objects.prefetch_related("uses").all, _operation, "batch__party_id"
    ),
    "production.harvested": Kind("harvest", Harvest.objects.all, _harvest, "batch__party_id"),
    "production.harvest_refused": Kind(
        "refused_harvest", HarvestRefusal.objects.all, _refusal, "batch__party_id"
    ),
}
_BY_NOUN = {kind.noun: kind for kind in KINDS.values()}


def may_read_sealed(actor: Actor, subject: str) -> bool:
    """Say whether a seal's content is of the actor's own farm, or of one that it oversees."""
    if actor.sees_everything:
        return True
    kind = _BY_NOUN[subject.rpartition(":")[0]]
    owner_id = kind.rows().filter(pk=number_in(subject)).values_list(kind.party, flat=True).first()
    if owner_id is None or actor.party_id is None:
        return False
    return owner_id == actor.party_id or parties.oversees(actor, owner_id)


def misstated() -> Iterator[Alteration]:
    """Name stores that are not purchase less use, and records that are shown though they were corrected."""
    used = dict(_used_by_root())
    for row in FarmInput.objects.filter(is_current=True).iterator():
        follows = row.quantity - used.get(row.root_id or row.pk, Decimal(0))
        if follows != row.remaining_quantity:
            yield _alteration(f"farm_input:{row.pk}", "remaining_quantity", follows, row.remaining_quantity)
    wrong = Q(is_current=True, corrected_by__isnull=False) | Q(is_current=False, corrected_by=None)
    shown: list[tuple[str, QuerySet[Any]]] = [
        ("farm_input", FarmInput.objects.filter(wrong)),
        ("farm_work", Operation.objects.filter(wrong)),
    ]
    for noun, rows in shown:
        for found in rows:
            yield _alteration(f"{noun}:{found.pk}", "is_current", not found.is_current, found.is_current)
    newest: set[int] = set(
        SeedOrigin.objects.order_by("batch_id", "-pk").distinct("batch_id").values_list("pk", flat=True)
    )
    for seed in SeedOrigin.objects.all().iterator():
        if seed.is_current != (seed.pk in newest):
            yield _alteration(f"seed_origin:{seed.pk}", "is_current", seed.pk in newest, seed.is_current)


def _used_by_root() -> Iterator[tuple[int, Decimal]]:
    uses = Use.objects.filter(operation__is_current=True, operation__is_void=False)
    totals: dict[int, Decimal] = {}
    rows = uses.values_list("farm_input_id", "farm_input__root_id").annotate(total=Sum("quantity"))
    for pk, root, total in rows:
        totals[root or pk] = totals.get(root or pk, Decimal(0)) + total
    yield from totals.items()


def _alteration(subject: str, where: str, follows: object, now: object) -> Alteration:
    return Alteration(Part.FACT, where, str(plain(follows)), str(plain(now)), subject=subject)
