"""Keep the store of inputs: each purchase with what its label says (投入品采购和贮存)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Conflict, NotFound
from cailan.parties import queries as parties
from cailan.production.models import CropBatch, FarmInput, Operation, Use
from cailan.production.rules.facts import Ingredient
from cailan.production.rules.kinds import REGISTERED, InputKind
from cailan.production.rules.store import MOST_DAYS, LabelInterval
from cailan.production.services import entries
from cailan.production.services.entries import Errors, wrong
from cailan.production.services.harvesting import hold_what_was_harvested_too_early
from cailan.production.services.sealing import seal
from cailan.products import queries as products

MOST_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What is written down of a purchase."""

    kind: str
    name: str
    quantity: Decimal
    uom: str
    bought_on: date
    supplier_name: str
    registration_no: str = ""
    manufacturer: str = ""
    ingredients: tuple[Ingredient, ...] = ()
    label: tuple[LabelInterval, ...] = ()
    batch: str = ""
    expires_on: date | None = None
    supplier_id: int | None = None
    store_id: int | None = None
    document_ids: tuple[int, ...] = ()


def buy_input(actor: Actor, *, at: datetime, client_key: str = "", **said: Any) -> int:
    """Keep a purchase in the store and return its id; the fields are those of `Purchase`."""
    actor.require(Permission.FARM_RECORD)
    purchase = Purchase(**said)
    with transaction.atomic():
        known = entries.claim(actor, client_key, "buy_input", asdict(purchase))
        if known is not None:
            return known
        purchase = _checked(actor, purchase, at)
        row = FarmInput.objects.create(
            **_columns(purchase), **_recorder(actor, at), remaining_quantity=purchase.quantity
        )
        seal(actor, "production.input_bought", row.pk, at=at)
        return entries.answer(actor, client_key, row.pk)


def correct_input(
    actor: Actor, *, input_id: int, reason: str, at: datetime, client_key: str = "", **said: Any
) -> int:
    """Replace a purchase that was written down wrong; what was used of it stays used. Return the new row's id."""
    actor.require(Permission.FARM_RECORD)
    purchase = Purchase(**said)
    with transaction.atomic():
        known = entries.claim(
            actor, client_key, "correct_input", {"input": input_id, "reason": reason, **asdict(purchase)}
        )
        if known is not None:
            return known
        old = (
            FarmInput.objects.select_for_update().filter(pk=input_id, party_id=actor.acting_party_id).first()
        )
        if old is None:
            raise NotFound
        if not old.is_current:
            raise Conflict(_("This purchase was corrected before. Correct the newest record of it."))
        purchase = _checked(actor, purchase, at, reason=reason)
        root_id = old.root_id or old.pk
        left = purchase.quantity - _used_of(root_id, old.uom, purchase.uom)
        if left < 0:
            used = f"{(purchase.quantity - left).normalize():f}"
            what = _("%(used)s of it were used already: the purchase cannot have been less.") % {"used": used}
            entries.refuse([wrong("quantity", what)])
        old.is_current = False
        old.save(update_fields=["is_current"])
        row = FarmInput.objects.create(
            **_columns(purchase),
            **_recorder(actor, at),
            remaining_quantity=left,
            root_id=root_id,
            corrects=old,
            reason=reason.strip(),
        )
        seal(actor, "production.input_bought", row.pk, at=at)
        if (old.ingredients, old.label) != (row.ingredients, row.label):
            _look_at_harvests_again(actor, root_id, at)
        return entries.answer(actor, client_key, row.pk)


def _look_at_harvests_again(actor: Actor, root_id: int, at: datetime) -> None:
    """Hold what was harvested where the label, read rightly, did not allow it."""
    worked: dict[int, list[Operation]] = defaultdict(list)
    uses = Use.objects.filter(operation__is_current=True, operation__is_void=False)
    of_purchase = Q(farm_input_id=root_id) | Q(farm_input__root_id=root_id)
    for use in uses.filter(of_purchase).select_related("operation").order_by("pk"):
        worked[use.operation.batch_id].append(use.operation)
    for batch in CropBatch.objects.filter(pk__in=worked).order_by("pk"):
        hold_what_was_harvested_too_early(actor, batch, worked[batch.pk], at=at)


def _used_of(root_id: int, uom: str, new_uom: str) -> Decimal:
    """Return what current work has used of a purchase; its unit can change only while nothing was used."""
    uses = Use.objects.filter(operation__is_current=True, operation__is_void=False)
    total = uses.filter(Q(farm_input_id=root_id) | Q(farm_input__root_id=root_id)).aggregate(
        total=Sum("quantity")
    )["total"]
    if total and uom != new_uom:
        entries.refuse([wrong("uom", _("Some was used already: keep the unit of the first record."))])
    return total or Decimal(0)


def _recorder(actor: Actor, at: datetime) -> dict[str, Any]:
    return {"party_id": actor.acting_party_id, "recorded_by_id": actor.user_id, "recorded_at": at}


def _columns(purchase: Purchase) -> dict[str, Any]:
    plain = {field.name: getattr(purchase, field.name) for field in fields(purchase)}
    return plain | {
        "ingredients": [asdict(one) for one in purchase.ingredients],
        "label": [{"product": line.product_id or 0, "days": line.days} for line in purchase.label],
        "document_ids": list(purchase.document_ids),
    }


def _checked(actor: Actor, said: Purchase, at: datetime, *, reason: str | None = None) -> Purchase:
    """Return the purchase trimmed; raise InvalidInput naming every field that is wrong."""
    errors: Errors = []
    entries.check_choice(errors, "kind", said.kind, list(InputKind))
    entries.check_text(errors, "name", said.name, 80, missing=_("State the name on the label."))
    entries.check_text(errors, "supplier_name", said.supplier_name, 120, missing=_("State who sold it."))
    for where, most in (("registration_no", 40), ("manufacturer", 120), ("batch", 60)):
        entries.check_text(errors, where, getattr(said, where), most)
    if reason is not None:
        entries.check_text(errors, "reason", reason, 200, missing=_("Say why the record is corrected."))
    entries.check_amount(errors, "quantity", said.quantity, said.uom)
    today = timezone.localtime(at).date()
    if said.bought_on > today or (today - said.bought_on).days > 3650:  # noqa: PLR2004 (ten years)
        errors.append(wrong("bought_on", _("Check the day of the purchase.")))
    if said.expires_on is not None and said.expires_on < said.bought_on:
        errors.append(wrong("expires_on", _("It had expired before it was bought. Check both days.")))
    _check_label(errors, said)
    _check_references(actor, errors, said)
    entries.own_documents(actor, errors, "photo", said.document_ids)
    entries.refuse(errors)
    return replace(
        said,
        **{
            name: getattr(said, name).strip()
            for name in ("name", "supplier_name", "registration_no", "manufacturer", "batch")
        },
        ingredients=tuple(Ingredient(one.name.strip(), one.content.strip()) for one in said.ingredients),
    )


def _check_label(errors: Errors, said: Purchase) -> None:
    if said.kind in REGISTERED:
        if not said.registration_no.strip():
            errors.append(
                wrong("registration_no", _("State the registration number (登记证号) on the label."))
            )
        if not said.ingredients:
            errors.append(wrong("ingredients", _("State the active ingredients as on the label.")))
        if not said.label:
            errors.append(wrong("interval_days", _("State the safety interval in days as on the label.")))
    if len(said.ingredients) > MOST_LINES or len(said.label) > MOST_LINES:
        errors.append(wrong("ingredients", _("At most %(most)d lines.") % {"most": MOST_LINES}))
    for one in said.ingredients:
        entries.check_text(errors, "ingredients", one.name, 60, missing=_("An ingredient has a name."))
        entries.check_text(errors, "ingredients", one.content, 40)
    if any(not 0 <= line.days <= MOST_DAYS for line in said.label):
        errors.append(
            wrong("interval_days", _("A safety interval has 0 to %(most)d days.") % {"most": MOST_DAYS})
        )
    if len({line.product_id for line in said.label}) < len(said.label):
        errors.append(wrong("crop_intervals", _("Name each crop once.")))


def _check_references(actor: Actor, errors: Errors, said: Purchase) -> None:
    if said.supplier_id is not None and not _knows(actor, said.supplier_id):
        errors.append(wrong("supplier_name", _("You do not know this supplier. Type its name instead.")))
    if said.store_id is not None and said.store_id not in _own_sites(actor):
        errors.append(wrong("store", _("This is none of your places. Choose one of yours.")))
    named = {line.product_id for line in said.label if line.product_id is not None}
    if named - set(products.facts(sorted(named))):
        errors.append(wrong("crop_intervals", _("One of these crops is not in the library.")))


def _knows(actor: Actor, party_id: int) -> bool:
    try:
        parties.get_party(actor, party_id)
    except NotFound:
        return False
    return True


def _own_sites(actor: Actor) -> Sequence[int]:
    return [site.id for site in parties.sites_of(actor, actor.acting_party_id)]
