"""Take inputs from the store for a piece of work: under lock, in order, never what may not be used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cailan.kernel.access import Actor
from cailan.kernel.problems import Conflict
from cailan.production.models import FarmInput, Operation, Use
from cailan.production.queries.inputs import label_of
from cailan.production.rules import store
from cailan.production.rules.kinds import REGISTERED, SEED_COATING, OperationKind
from cailan.production.services import entries
from cailan.production.services.entries import Errors, wrong
from cailan.products import queries as products
from cailan.products.rules import units
from cailan.products.rules.facts import ProductFacts


class InputNotUsable(Conflict):
    code = "input-not-usable"
    title = gettext_lazy("This input may not be used here")


class BannedInput(InputNotUsable):
    code = "banned-input"
    title = gettext_lazy("This input is forbidden on this crop")


class NotEnoughInput(Conflict):
    code = "not-enough-input"
    title = gettext_lazy("There is not that much left in the store")


@dataclass(frozen=True, slots=True)
class Material:
    """So much of an input, with dose and dilution as they were applied."""

    input_id: int
    quantity: Decimal
    uom: str
    dose: str = ""
    dilution: str = ""


def check(materials: Sequence[Material], errors: Errors) -> None:
    """Name what is wrong with materials in themselves."""
    for place, one in enumerate(materials):
        where = f"quantity_{place}"
        entries.check_amount(errors, where, one.quantity, one.uom)
        entries.check_text(errors, f"dose_{place}", one.dose, 60)
        entries.check_text(errors, f"dilution_{place}", one.dilution, 60)
    if len({one.input_id for one in materials}) < len(materials):
        errors.append(wrong("input_1", _("Name each input once.")))


def use(
    actor: Actor, operation: Operation, materials: Sequence[Material], *, crop: ProductFacts, on: date
) -> None:
    """Take materials from the store for an operation; refuse what is expired, forbidden, or more than is left."""
    rows = _locked(actor, [one.input_id for one in materials])
    if len({row.pk for row in rows.values()}) < len(rows):  # two records of one purchase
        entries.refuse([wrong("input_1", _("Name each input once."))])
    for place, one in enumerate(materials):
        row = rows.get(one.input_id)
        if row is None:
            entries.refuse(
                [wrong(f"input_{place}", _("This is not in your store. Choose one from the list."))]
            )
            continue
        refuse_unusable(row, kind=operation.kind, crop=crop, on=on, place=place)
        amount = _in_unit_of(row, one, place)
        try:
            row.remaining_quantity = store.take(row.remaining_quantity, amount)
        except store.NotEnoughInput as refused:
            raise NotEnoughInput(
                _("Of %(name)s only %(left)s %(uom)s are left. Enter less, or record the purchase first.")
                % {
                    "name": row.name,
                    "left": f"{refused.remaining.normalize():f}",
                    "uom": _(units.UNITS[row.uom].label),
                },
                where=f"quantity_{place}",
                remaining=str(refused.remaining),
            ) from None
        row.save(update_fields=["remaining_quantity"])
        Use.objects.create(
            operation=operation,
            farm_input=row,
            quantity=amount,
            dose=one.dose.strip(),
            dilution=one.dilution.strip(),
        )


def give_back(operation: Operation) -> None:
    """Put what an operation used back into the store, for it is corrected."""
    uses = list(operation.uses.select_related("farm_input"))
    rows = _locked_versions([use.farm_input.root_id or use.farm_input_id for use in uses])
    for use in uses:
        row = rows[use.farm_input.root_id or use.farm_input_id]
        row.remaining_quantity += use.quantity
        row.save(update_fields=["remaining_quantity"])


def refuse_unusable(row: FarmInput, *, kind: str, crop: ProductFacts, on: date, place: int) -> None:
    """Refuse an input that is forbidden on the crop, expired, or not registered for it, and say since when."""
    names = [one["name"] for one in row.ingredients] or [row.name]
    coating = SEED_COATING if kind == OperationKind.SOWING else ""
    for ban in products.banned(names, category=crop.category, on=on, product=crop.slug, use=coating).values():
        said = {
            "name": row.name,
            "substance": ban.substance,
            "since": ban.valid_from.isoformat(),
            "crop": crop.name,
            "notice": ban.notice or ban.basis,
        }
        everywhere = _(
            "%(name)s contains %(substance)s, which is forbidden since %(since)s (%(notice)s). Do not use it; "
            "keep it apart and hand it in."
        )
        here = _(
            "%(name)s contains %(substance)s, which may not be used on %(crop)s since %(since)s (%(notice)s). "
            "Choose another input."
        )
        raise BannedInput(
            (everywhere if ban.is_for_all else here) % said,
            where=f"input_{place}",
            substance=ban.substance,
            since=said["since"],
        )
    refusal = store.why_not_use(
        row.name,
        on=on,
        bought_on=row.bought_on,
        expires_on=row.expires_on,
        is_registered=row.kind in REGISTERED,
        interval_days=store.interval_for(label_of(row), crop.id),
        crop=crop.name,
    )
    if refusal is not None:
        raise InputNotUsable(_(refusal.message) % refusal.facts, where=f"input_{place}", reason=refusal.code)


def _in_unit_of(row: FarmInput, one: Material, place: int) -> Decimal:
    try:
        return units.check(units.rounded(units.convert(one.quantity, one.uom, row.uom)), row.uom)
    except units.UnitError as error:
        entries.refuse([wrong(f"quantity_{place}", _(error.message))])
        raise


def _locked(actor: Actor, ids: Sequence[int]) -> dict[int, FarmInput]:
    """Return the current version of each purchase of the party, locked in the order of all; keyed as asked."""
    asked = dict(
        FarmInput.objects.filter(
            pk__in=[pk for pk in ids if 0 < pk <= entries.LARGEST_ID], party_id=actor.acting_party_id
        ).values_list("pk", "root_id")
    )
    rows = _locked_versions([root or pk for pk, root in asked.items()])
    return {pk: rows[root or pk] for pk, root in asked.items()}


def _locked_versions(roots: Sequence[int]) -> dict[int, FarmInput]:
    current = FarmInput.objects.select_for_update().filter(is_current=True)
    rows = current.filter(Q(pk__in=roots) | Q(root_id__in=roots)).order_by("pk")
    return {row.root_id or row.pk: row for row in rows}
