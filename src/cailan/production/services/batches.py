"""Open a crop batch with its seed, say what surrounds it, and close it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Conflict, NotFound
from cailan.parties import queries as parties
from cailan.parties.rules.kinds import PRODUCTION_SITES
from cailan.production.models import CropBatch, Environment, SeedOrigin
from cailan.production.queries.numbering import place_in_numbers
from cailan.production.rules.kinds import BOUGHT, Aspect, SeedSource
from cailan.production.rules.numbers import propose_number
from cailan.production.services import entries
from cailan.production.services.entries import Errors, wrong
from cailan.production.services.sealing import seal
from cailan.products import queries as products

MOST_MU = Decimal(100_000)


class BatchClosed(Conflict):
    code = "crop-batch-closed"
    title = gettext_lazy("This crop batch is closed")
    detail = gettext_lazy("Nothing can be added after its closing. Open a new batch for the next crop.")


class NumberInUse(Conflict):
    code = "crop-batch-number-taken"
    title = gettext_lazy("This batch number is in use")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Where seed or seedlings come from, as it is written down."""

    name: str = ""
    variety: str = ""
    kind: str = ""
    supplier: str = ""
    batch: str = ""
    certificate_no: str = ""
    certificate_document_id: int | None = None


def open_batch(
    actor: Actor,
    *,
    product_id: int,
    site_id: int,
    area_mu: Decimal,
    planted_on: date,
    seed: Seed,
    at: datetime,
    occurred_at: datetime | None = None,
    number: str = "",
    client_key: str = "",
) -> int:
    """Open a crop batch on a plot and return its id; without a seed source it cannot be opened (S0-2.2-4)."""
    actor.require(Permission.FARM_RECORD)
    opened_at = occurred_at or at
    with transaction.atomic():
        said = {"product": product_id, "site": site_id, "area": area_mu, "planted": planted_on}
        known = entries.claim(
            actor, client_key, "open_batch", {**said, "number": number, "at": occurred_at, **asdict(seed)}
        )
        if known is not None:
            return known
        _check_batch(actor, product_id, site_id, area_mu, planted_on, opened_at, number, seed, at)
        taken = set(CropBatch.objects.filter(party_id=actor.acting_party_id).values_list("number", flat=True))
        number = number.strip() or propose_number(
            place_in_numbers(site_id, actor.party_kind), planted_on, taken
        )
        if number in taken:
            raise NumberInUse(
                _("You have a batch %(number)s already. Choose another number.") % {"number": number},
                where="number",
            )
        batch = CropBatch.objects.create(
            party_id=actor.acting_party_id,
            number=number,
            product_id=product_id,
            site_id=site_id,
            area_mu=area_mu,
            planted_on=planted_on,
            opened_at=opened_at,
            worked_at=opened_at,
            recorded_by_id=actor.user_id,
            recorded_at=at,
        )
        seal(actor, "production.batch_opened", batch.pk, at=at)
        _keep_seed(actor, batch, seed, at)
        return entries.answer(actor, client_key, batch.pk)


def _check_batch(
    actor: Actor,
    product_id: int,
    site_id: int,
    area_mu: Decimal,
    planted_on: date,
    opened_at: datetime,
    number: str,
    seed: Seed,
    at: datetime,
) -> None:
    errors: Errors = []
    product = products.facts([product_id]).get(product_id) if 0 < product_id <= entries.LARGEST_ID else None
    if product is None or product.owner_id not in {None, actor.acting_party_id}:
        errors.append(wrong("product", _("This product is not in your library. Choose one from the list.")))
    _check_plot(actor, errors, site_id)
    if not area_mu.is_finite() or not 0 < area_mu <= MOST_MU or area_mu != round(area_mu, 2):
        errors.append(wrong("area_mu", _("State the area in mu (亩), such as 2.5.")))
    entries.check_moment(errors, "occurred_at", opened_at, at)
    if planted_on > timezone.localtime(at).date():
        errors.append(wrong("planted_on", _("This day is yet to come. Open the batch when it is planted.")))
    entries.check_text(errors, "number", number, 80)
    _check_seed(actor, errors, seed)
    entries.refuse(errors)


def _check_plot(actor: Actor, errors: Errors, site_id: int) -> None:
    sites = {site.id: site for site in parties.sites_of(actor, actor.acting_party_id)}
    if site_id not in sites:
        errors.append(wrong("site", _("This is none of your places. Choose one of your plots.")))
    elif sites[site_id].kind not in PRODUCTION_SITES:
        errors.append(wrong("site", _("Nothing grows here. Choose a plot, a base, a pond or a house.")))


def _check_seed(actor: Actor, errors: Errors, seed: Seed) -> None:
    source = _("State the seed source: a batch cannot be opened without it.")
    entries.check_choice(errors, "seed_kind", seed.kind, list(SeedSource))
    entries.check_text(errors, "seed_name", seed.name, 80, missing=source)
    entries.check_text(errors, "variety", seed.variety, 80, missing=_("State the variety."))
    bought = seed.kind in BOUGHT
    entries.check_text(
        errors,
        "seed_supplier",
        seed.supplier,
        120,
        missing=_("State who sold the seed or seedlings.") if bought else "",
    )
    entries.check_text(errors, "seed_batch", seed.batch, 60)
    entries.check_text(errors, "certificate_no", seed.certificate_no, 80)
    if seed.certificate_document_id is not None:
        entries.own_documents(actor, errors, "photo", [seed.certificate_document_id])


def _keep_seed(actor: Actor, batch: CropBatch, seed: Seed, at: datetime, reason: str = "") -> int:
    row = SeedOrigin.objects.create(
        batch=batch,
        name=seed.name.strip(),
        variety=seed.variety.strip(),
        kind=seed.kind,
        supplier=seed.supplier.strip(),
        seed_batch=seed.batch.strip(),
        certificate_no=seed.certificate_no.strip(),
        certificate_document_id=seed.certificate_document_id,
        recorded_by_id=actor.user_id,
        recorded_at=at,
        reason=reason.strip(),
    )
    seal(actor, "production.seed_recorded", row.pk, at=at)
    return row.pk


def own_batch(actor: Actor, batch_id: int) -> CropBatch:
    """Return a batch of the actor's party, locked: work on it and its harvest wait for each other."""
    row = CropBatch.objects.select_for_update().filter(pk=batch_id, party_id=actor.acting_party_id).first()
    if row is None:
        raise NotFound
    return row


def correct_seed(
    actor: Actor, *, batch_id: int, seed: Seed, reason: str, at: datetime, client_key: str = ""
) -> int:
    """Write down the seed source anew, with the reason; the former record stays. Return the new record's id."""
    actor.require(Permission.FARM_RECORD)
    with transaction.atomic():
        said = {"batch": batch_id, "reason": reason, **asdict(seed)}
        known = entries.claim(actor, client_key, "correct_seed", said)
        if known is not None:
            return known
        batch = own_batch(actor, batch_id)
        errors: Errors = []
        entries.check_text(errors, "reason", reason, 200, missing=_("Say why the record is corrected."))
        _check_seed(actor, errors, seed)
        entries.refuse(errors)
        SeedOrigin.objects.filter(batch=batch, is_current=True).update(is_current=False)
        return entries.answer(actor, client_key, _keep_seed(actor, batch, seed, at, reason))


def record_environment(
    actor: Actor,
    *,
    site_id: int,
    aspect: str,
    finding: str,
    measured_on: date,
    at: datetime,
    report_no: str = "",
    document_id: int | None = None,
    client_key: str = "",
) -> int:
    """Write down what was found of soil, water or air of a place, and return the record's id."""
    actor.require(Permission.FARM_RECORD)
    with transaction.atomic():
        said = {"site": site_id, "aspect": aspect, "finding": finding, "on": measured_on, "report": report_no}
        known = entries.claim(actor, client_key, "record_environment", {**said, "document": document_id})
        if known is not None:
            return known
        errors: Errors = []
        _check_plot(actor, errors, site_id)
        entries.check_choice(errors, "aspect", aspect, list(Aspect))
        entries.check_text(errors, "finding", finding, 200, missing=_("Say what was found."))
        entries.check_text(errors, "report_no", report_no, 80)
        if measured_on > timezone.localtime(at).date():
            errors.append(wrong("measured_on", _("This day is yet to come.")))
        documents: Collection[int] = [document_id] if document_id is not None else []
        entries.own_documents(actor, errors, "photo", documents)
        entries.refuse(errors)
        row = Environment.objects.create(
            party_id=actor.acting_party_id,
            site_id=site_id,
            aspect=aspect,
            finding=finding.strip(),
            measured_on=measured_on,
            report_no=report_no.strip(),
            document_id=document_id,
            recorded_by_id=actor.user_id,
            recorded_at=at,
        )
        seal(actor, "production.environment_recorded", row.pk, at=at)
        return entries.answer(actor, client_key, row.pk)


@transaction.atomic
def close_batch(
    actor: Actor, *, batch_id: int, at: datetime, note: str = "", occurred_at: datetime | None = None
) -> None:
    """Close a batch: its crop is off the plot. Closing it again changes nothing."""
    actor.require(Permission.FARM_RECORD)
    batch = own_batch(actor, batch_id)
    errors: Errors = []
    entries.check_text(errors, "note", note, 200)
    entries.check_moment(errors, "occurred_at", occurred_at or at, at)
    entries.refuse(errors)
    if batch.closed_at is not None:
        return
    batch.closed_at, batch.closed_by_id, batch.closing_note = occurred_at or at, actor.user_id, note.strip()
    batch.save(update_fields=["closed_at", "closed_by_id", "closing_note"])
    seal(actor, "production.batch_closed", batch.pk, at=at)
