"""Log work on a crop, and correct what was logged wrong (农事操作)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Conflict, NotFound
from cailan.production.models import CropBatch, Operation
from cailan.production.rules.kinds import NEEDS_INPUT, OperationKind
from cailan.production.services import entries, using
from cailan.production.services.batches import MOST_MU, BatchClosed, own_batch
from cailan.production.services.entries import Errors, wrong
from cailan.production.services.harvesting import hold_what_was_harvested_too_early
from cailan.production.services.sealing import seal
from cailan.production.services.using import Material
from cailan.products import queries as products

MOST_MATERIALS = 6
MOST_PHOTOS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is written down of a piece of work."""

    kind: str
    occurred_at: datetime
    ended_at: datetime | None = None
    title: str = ""
    area_mu: Decimal | None = None
    target: str = ""
    operator: str = ""
    note: str = ""
    latitude: float | None = None
    longitude: float | None = None
    photo_ids: tuple[int, ...] = ()
    materials: tuple[Material, ...] = ()


def log_operation(actor: Actor, *, batch_id: int, at: datetime, client_key: str = "", **said: Any) -> int:
    """Log a piece of work with its original time and return its id; the fields are those of `Work`."""
    actor.require(Permission.FARM_RECORD)
    work = Work(**said)
    with transaction.atomic():
        known = entries.claim(actor, client_key, "log_operation", {"batch": batch_id, **asdict(work)})
        if known is not None:
            return known
        batch = own_batch(actor, batch_id)
        if batch.closed_at is not None and work.occurred_at > batch.closed_at:
            raise BatchClosed
        row = _keep(actor, batch, work, at)
        return entries.answer(actor, client_key, row.pk)


def correct_operation(
    actor: Actor,
    *,
    operation_id: int,
    reason: str,
    at: datetime,
    client_key: str = "",
    is_void: bool = False,
    **said: Any,
) -> int:
    """Replace a piece of work that was logged wrong, or say that it was not done; return the new record's id.

    What the former record had used goes back into the store first.
    """
    actor.require(Permission.FARM_RECORD)
    work = Work(**said)
    with transaction.atomic():
        sent = {"operation": operation_id, "reason": reason, "is_void": is_void, **asdict(work)}
        known = entries.claim(actor, client_key, "correct_operation", sent)
        if known is not None:
            return known
        batch_id = Operation.objects.filter(pk=operation_id).values_list("batch_id", flat=True).first()
        if batch_id is None:
            raise NotFound
        batch = own_batch(actor, batch_id)
        old = Operation.objects.get(pk=operation_id)
        if not old.is_current:
            raise Conflict(_("This record was corrected before. Correct the newest record of it."))
        errors: Errors = []
        entries.check_text(errors, "reason", reason, 200, missing=_("Say why the record is corrected."))
        entries.refuse(errors)
        using.give_back(old)
        old.is_current = False
        old.save(update_fields=["is_current"])
        row = _keep(actor, batch, work, at, corrects=old, reason=reason, is_void=is_void)
        return entries.answer(actor, client_key, row.pk)


def _keep(
    actor: Actor,
    batch: CropBatch,
    work: Work,
    at: datetime,
    *,
    corrects: Operation | None = None,
    reason: str = "",
    is_void: bool = False,
) -> Operation:
    _check(actor, work, at, is_void=is_void)
    row = Operation.objects.create(
        batch=batch,
        kind=work.kind,
        title=work.title.strip(),
        started_at=work.occurred_at,
        ended_at=work.ended_at or work.occurred_at,
        area_mu=work.area_mu,
        target=work.target.strip(),
        operator=work.operator.strip() or actor.display_name[:60],
        note=work.note.strip(),
        latitude=work.latitude,
        longitude=work.longitude,
        photo_ids=list(work.photo_ids),
        recorded_by_id=actor.user_id,
        recorded_at=at,
        corrects=corrects,
        reason=reason.strip(),
        is_void=is_void,
    )
    crop = products.facts([batch.product_id])[batch.product_id]
    if not is_void:
        using.use(actor, row, work.materials, crop=crop, on=timezone.localtime(work.occurred_at).date())
    batch.worked_at = max(batch.worked_at, work.occurred_at)
    batch.save(update_fields=["worked_at"])
    seal(actor, "production.work_logged", row.pk, at=at)
    hold_what_was_harvested_too_early(actor, batch, [row], at=at)
    return row


def _check(actor: Actor, work: Work, at: datetime, *, is_void: bool) -> None:
    errors: Errors = []
    entries.check_choice(errors, "kind", work.kind, list(OperationKind))
    entries.check_moment(errors, "occurred_at", work.occurred_at, at)
    if work.ended_at is not None:
        entries.check_moment(errors, "ended_at", work.ended_at, at)
        if work.ended_at < work.occurred_at:
            errors.append(wrong("ended_at", _("It ended before it began. Check both times.")))
    for where, most in (("title", 80), ("target", 80), ("operator", 60), ("note", 200)):
        entries.check_text(errors, where, getattr(work, where), most)
    area = work.area_mu
    if area is not None and (not area.is_finite() or not 0 < area <= MOST_MU or area != round(area, 2)):
        errors.append(wrong("area_mu", _("State the area in mu (亩), such as 2.5.")))
    _check_position(errors, work)
    if len(work.photo_ids) > MOST_PHOTOS:
        errors.append(wrong("photo", _("At most %(most)d pictures.") % {"most": MOST_PHOTOS}))
    entries.own_documents(actor, errors, "photo", work.photo_ids)
    if not is_void:
        _check_materials(errors, work.kind, work.materials, work.target)
    entries.refuse(errors)


def _check_position(errors: Errors, work: Work) -> None:
    latitude, longitude = work.latitude, work.longitude
    if (latitude is None) != (longitude is None):
        errors.append(wrong("latitude", _("State latitude and longitude, or neither.")))
    elif latitude is not None and longitude is not None and not _on_earth(latitude, longitude):
        errors.append(wrong("latitude", _("No place on earth has this position.")))


def _on_earth(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180  # noqa: PLR2004 (degrees; false for NaN too)


def _check_materials(errors: Errors, kind: str, materials: Sequence[Material], target: str) -> None:
    if kind in NEEDS_INPUT and not materials:
        errors.append(wrong("input_0", _("Say which input from your store was used, and how much.")))
    if kind == OperationKind.SPRAYING and not target.strip():
        errors.append(wrong("target", _("State the pest or disease it was sprayed against.")))
    if len(materials) > MOST_MATERIALS:
        errors.append(
            wrong("input_0", _("At most %(most)d inputs in one piece of work.") % {"most": MOST_MATERIALS})
        )
    using.check(materials, errors)
