"""Harvest a crop batch into a lot, unless a safety interval runs or a banned substance was used (安全间隔期)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.outbox import publish
from cailan.kernel.problems import Conflict, InvalidInput
from cailan.lots import queries as lot_queries
from cailan.lots import services as lots
from cailan.lots.rules.requests import Awaits, Create, NewLot
from cailan.production.events import HarvestContradicted, Harvested, HarvestRefused
from cailan.production.models import CropBatch, Harvest, HarvestRefusal, Operation
from cailan.production.queries.barring import bans_of, treatments_of
from cailan.production.queries.numbering import propose_for
from cailan.production.rules.kinds import HarvestMethod
from cailan.production.rules.safety import Bar, why_not_harvest
from cailan.production.rules.store import MOST_DAYS
from cailan.production.services import entries
from cailan.production.services.batches import BatchClosed, own_batch
from cailan.production.services.entries import Errors, wrong
from cailan.production.services.sealing import seal
from cailan.products import queries as products

MOST_PHOTOS = 9
LONGEST_NUMBER = 80
LONGEST_INTERVAL = timedelta(days=MOST_DAYS)
MOST_CROPS = 50
YEARS = range(2000, 9000)  # what lies outside, the book of lots refuses
# The book of lots has its own words for the same fields.
FIELDS = {"lot.quantity": "quantity", "lot.uom": "uom", "lot.number": "number", "site_id": "site"}


class HarvestTooEarly(Conflict):
    code = "harvest-too-early"
    title = gettext_lazy("The safety interval has not passed")

    def __init__(self, bar: Bar, detail: str, **extra: Any) -> None:
        self.bar = bar
        super().__init__(detail, **extra)


class HarvestForbidden(HarvestTooEarly):
    code = "harvest-forbidden"
    title = gettext_lazy("This crop may not be harvested")


def harvest(
    actor: Actor,
    *,
    batch_id: int,
    quantity: Decimal,
    uom: str,
    method: str,
    occurred_at: datetime,
    at: datetime,
    number: str = "",
    operator: str = "",
    photo_ids: Sequence[int] = (),
    client_key: str = "",
) -> int:
    """Harvest so much of a batch into a lot that waits for its self-test; return the harvest's id.

    Inside a safety interval it is refused, and the attempt itself stays on record.
    """
    actor.require(Permission.FARM_RECORD)
    said = {"quantity": quantity, "uom": uom, "method": method, "number": number, "operator": operator}
    try:
        with transaction.atomic():
            sent = {"batch": batch_id, "at": occurred_at, "photos": tuple(photo_ids), **said}
            known = entries.claim(actor, client_key, "harvest", sent)
            if known is not None:
                return known
            batch = own_batch(actor, batch_id)
            _check(actor, batch, method, occurred_at, operator, photo_ids, at)
            _refuse_barred(batch, occurred_at)
            row = _harvest(actor, batch, said, occurred_at=occurred_at, photo_ids=photo_ids, at=at)
            return entries.answer(actor, client_key, row.pk)
    except HarvestTooEarly as refused:
        _record_refusal(actor, batch_id, refused, tried_at=occurred_at, client_key=client_key, at=at)
        raise


def _check(
    actor: Actor,
    batch: CropBatch,
    method: str,
    occurred_at: datetime,
    operator: str,
    photo_ids: Sequence[int],
    at: datetime,
) -> None:
    if batch.closed_at is not None and occurred_at > batch.closed_at:
        raise BatchClosed
    errors: Errors = []
    entries.check_choice(errors, "method", method, list(HarvestMethod))
    entries.check_moment(errors, "occurred_at", occurred_at, at)
    entries.refuse(errors)  # a moment at the end of the calendar has no day here
    if timezone.localtime(occurred_at).date() < batch.planted_on:
        errors.append(
            wrong(
                "occurred_at",
                _("This batch was planted on %(day)s only. Check the date.") % {"day": batch.planted_on},
            )
        )
    entries.check_text(errors, "operator", operator, 60)
    if len(photo_ids) > MOST_PHOTOS:
        errors.append(wrong("photo", _("At most %(most)d pictures.") % {"most": MOST_PHOTOS}))
    entries.own_documents(actor, errors, "photo", photo_ids)
    entries.refuse(errors)


def _refuse_barred(batch: CropBatch, occurred_at: datetime) -> None:
    treatments = treatments_of(batch)
    crop = products.facts([batch.product_id])[batch.product_id]
    bar = why_not_harvest(
        treatments,
        at=occurred_at,
        day=timezone.localtime(occurred_at).date(),
        bans=bans_of(treatments, crop),
    )
    if bar is None:
        return
    if bar.ban is not None:
        raise HarvestForbidden(
            bar,
            _(
                "%(name)s, used on %(day)s, contains %(substance)s, which is forbidden since %(since)s "
                "(%(notice)s). This crop may not be harvested; ask your agricultural authority what to do with it."
            )
            % {
                "name": bar.treatment.name,
                "day": bar.treatment.stopped_on,
                "substance": bar.ban.substance,
                "since": bar.ban.since,
                "notice": bar.ban.notice,
            },
            where="occurred_at",
            operation=bar.treatment.operation_id,
        )
    raise HarvestTooEarly(
        bar,
        too_early(bar),
        where="occurred_at",
        allowed_from=str(bar.allowed_from),
        operation=bar.treatment.operation_id,
    )


def check_beginning(actor: Actor, request: Create) -> None:
    """Refuse a lot that is begun past its crop batch while the crop may not be harvested.

    Where the request names neither batch nor plot, each crop of this product that the party treated counts.
    """
    moment, lot = request.occurred_at, request.lot
    if lot.product_id is None or moment.year not in YEARS:
        return
    own = CropBatch.objects.filter(party_id=actor.acting_party_id, product_id=lot.product_id)
    named = own.filter(number=str(lot.attributes.get("cailan:batch") or "")).first()
    if named is not None:
        _refuse_barred(named, moment)
        return
    treated = own.filter(
        operations__is_current=True,
        operations__is_void=False,
        operations__uses__isnull=False,
        operations__started_at__range=(moment - LONGEST_INTERVAL, moment),
    )
    crops = list(treated.distinct().order_by("-pk")[:MOST_CROPS])
    for crop in [one for one in crops if one.site_id == request.site_id] or crops:
        _refuse_barred(crop, moment)


def too_early(bar: Bar) -> str:
    """Say from when harvest is allowed, and what it waits for."""
    days = bar.treatment.interval_days
    return ngettext(
        "Harvest is allowed from %(from)s: %(name)s was used on %(day)s, its safety interval is %(days)d day.",
        "Harvest is allowed from %(from)s: %(name)s was used on %(day)s, its safety interval is %(days)d days.",
        days,
    ) % {
        "from": bar.allowed_from,
        "name": bar.treatment.name,
        "day": bar.treatment.stopped_on,
        "days": days,
    }


def _harvest(
    actor: Actor,
    batch: CropBatch,
    said: dict[str, Any],
    *,
    occurred_at: datetime,
    photo_ids: Sequence[int],
    at: datetime,
) -> Harvest:
    number = said["number"].strip() or propose_for(batch, timezone.localtime(occurred_at).date())
    new = NewLot(
        number=number,
        quantity=said["quantity"],
        uom=said["uom"],
        product_id=batch.product_id,
        attributes=_attributes(batch, said["method"], occurred_at),
    )
    wanted = Create(occurred_at=occurred_at, lot=new, site_id=batch.site_id, awaits=str(Awaits.SELF_TEST))
    try:
        if len(number) > LONGEST_NUMBER or "\x00" in number:
            entries.refuse([wrong("number", _("At most %(most)d characters.") % {"most": LONGEST_NUMBER})])
        outcome = lots.record(actor, lot_queries.complete(actor, wanted), at=at)
    except InvalidInput as problem:
        for error in problem.extra.get("errors", []):
            error["where"] = FIELDS.get(error["where"], error["where"])
        raise
    except lots.NumberTaken as problem:
        problem.extra["where"] = "number"
        raise
    lot = lot_queries.get_lot(actor, outcome.lot_codes[0])
    row = Harvest.objects.create(
        batch=batch,
        lot_id=lot.id,
        quantity=said["quantity"],
        uom=said["uom"],
        harvested_at=occurred_at,
        method=said["method"],
        operator=said["operator"].strip() or actor.display_name[:60],
        photo_ids=list(photo_ids),
        event_id=outcome.event_id,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    batch.worked_at = max(batch.worked_at, occurred_at)
    batch.save(update_fields=["worked_at"])
    seal(actor, "production.harvested", row.pk, at=at)
    publish([Harvested(row.pk, batch.pk, batch.party_id, lot.id, lot.code, at)])
    return row


def _attributes(batch: CropBatch, method: str, occurred_at: datetime) -> dict[str, Any]:
    seed = batch.seed_origins.filter(is_current=True).first()
    treatments = treatments_of(batch)
    before = [one for one in treatments if one.started_at <= occurred_at and not one.is_coating]
    names = sorted({name for one in before for name in one.ingredients})
    return {
        "cailan:variety": seed.variety if seed else "",
        "cailan:activeIngredients": names,
        "cailan:batch": batch.number,
        "cailan:harvestMethod": method,
    }


@transaction.atomic
def _record_refusal(
    actor: Actor,
    batch_id: int,
    refused: HarvestTooEarly,
    *,
    tried_at: datetime,
    client_key: str,
    at: datetime,
) -> None:
    """Keep the attempt: an alert can be raised from it. A phone that tries again with the same key adds nothing."""
    bar, cause = refused.bar, str(refused.detail)[:200]
    try:
        with transaction.atomic():
            row = HarvestRefusal.objects.create(
                batch_id=batch_id,
                operation_id=bar.treatment.operation_id,
                tried_at=tried_at,
                allowed_from=bar.allowed_from,
                cause=cause,
                client_key=client_key,
                recorded_by_id=actor.user_id,
                recorded_at=at,
            )
    except IntegrityError:
        return
    batch = CropBatch.objects.select_related("product").get(pk=batch_id)
    seal(actor, "production.harvest_refused", row.pk, at=at)
    publish(
        [
            HarvestRefused(
                refusal_id=row.pk,
                batch_id=batch.pk,
                batch_number=batch.number,
                party_id=batch.party_id,
                product=batch.product.name_zh,
                operation_id=bar.treatment.operation_id,
                cause=cause,
                allowed_from=_iso(bar.allowed_from),
                is_banned=bar.ban is not None,
                at=at,
            )
        ]
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def hold_what_was_harvested_too_early(
    actor: Actor, batch: CropBatch, operations: Collection[Operation], *, at: datetime
) -> None:
    """Hold lots that a record which came late shows to have been harvested inside an interval, and tell upwards.

    Looked at are the operations that were written down or whose input's label was corrected.
    """
    ids = {one.pk for one in operations}
    treatments = [one for one in treatments_of(batch) if one.operation_id in ids]
    if not treatments:
        return
    crop = products.facts([batch.product_id])[batch.product_id]
    bans = bans_of(treatments, crop)
    found: list[tuple[Harvest, Bar]] = []
    since = min(one.started_at for one in treatments)
    for row in batch.harvests.filter(harvested_at__gte=since).order_by("pk"):
        day = timezone.localtime(row.harvested_at).date()
        bar = why_not_harvest(treatments, at=row.harvested_at, day=day, bans=bans)
        if bar is not None:
            found.append((row, bar))
    if found:
        _contradict(actor, batch, found, at)


def _contradict(actor: Actor, batch: CropBatch, found: list[tuple[Harvest, Bar]], at: datetime) -> None:
    bar = found[0][1]
    cause = (too_early(bar) if bar.allowed_from else bar.treatment.name)[:200]
    # The maker answers for its lots, whoever of its people sent the record.
    as_maker = replace(actor, permissions=actor.permissions | {Permission.LOT_HOLD})
    lot_ids = tuple(row.lot_id for row, _bar in found)
    codes = {lot.id: lot.code for lot in lot_queries.facts_of(lot_ids).values()}
    for lot_id in lot_ids:
        lots.hold(as_maker, lot=codes[lot_id], reason=cause, at=at, with_derived=True)
    audit.record(actor, "production.harvest_contradicted", f"crop_batch:{batch.pk}", lots=len(found))
    publish(
        [
            HarvestContradicted(
                batch_id=batch.pk,
                batch_number=batch.number,
                party_id=batch.party_id,
                operation_id=bar.treatment.operation_id,
                lot_ids=lot_ids,
                cause=cause,
                at=at,
            )
        ]
    )
