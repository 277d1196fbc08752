"""Send a sample to a laboratory: on request of the holder, or by an official; the laboratory accepts it."""

import secrets
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.kernel import audit, ids
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotAllowed
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.lots import queries as lots
from cailan.lots import services as lot_services
from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties
from cailan.parties.rules.kinds import PartyKind
from cailan.products.rules import units
from cailan.quality.models import Laboratory, Sample
from cailan.quality.queries import integrity
from cailan.quality.queries.samples import find_sample
from cailan.quality.rules.sampling import Purpose, Status
from cailan.quality.services import measuring
from cailan.quality.services.problems import (
    AlreadyRequested,
    NeverHeld,
    NotALaboratory,
    NotYourStock,
    NumberInUse,
    UnknownLaboratory,
    WrongState,
)

OFFICIALS = frozenset({PartyKind.REGULATOR, PartyKind.MARKET})


def request_test(
    actor: Actor,
    *,
    lot: str,
    lab_id: int,
    at: datetime,
    quantity: Decimal | None = None,
    note: str = "",
    client_key: str = "",
) -> int:
    """Send a sample of one's own stock to a laboratory; at a centre it is the test on arrival.

    Each arrival is tested: another holder of the same lot requests its own.
    """
    actor.require(Permission.LOT_MOVE)
    found = lots.get_lot(actor, lot)
    if known := _known(actor, client_key):
        return known
    is_in_stock = any(one.lot.id == found.id for one in lots.stock(actor, text=found.code, limit=500).items)
    if not is_in_stock:
        raise NotYourStock
    is_centre = actor.party_kind == PartyKind.DISTRIBUTION_CENTRE
    return _take(
        actor,
        found,
        purpose=Purpose.INCOMING if is_centre else Purpose.ENTRUSTED,
        holder_id=actor.acting_party_id,
        lab_id=lab_id,
        quantity=quantity,
        place="",
        note=note,
        taken_at=at,
        at=at,
        client_key=client_key,
    )


def take_sample(
    actor: Actor,
    *,
    lot: str,
    holder_id: int,
    lab_id: int,
    at: datetime,
    taken_at: datetime | None = None,
    quantity: Decimal | None = None,
    place: str = "",
    note: str = "",
    client_key: str = "",
) -> int:
    """Take a sample at a holder as an official (抽检), also of goods that were sold meanwhile."""
    actor.require(Permission.ALERT_READ)
    if actor.party_kind not in OFFICIALS:
        raise NotAllowed(_("Samples at others are taken by regulators and market operators."))
    found = lots.get_lot(actor, lot)
    if known := _known(actor, client_key):
        return known
    if holder_id not in holders_of(found.id):
        raise NeverHeld
    if not parties.oversees(actor, holder_id):
        what = _("This holder is outside your area or market. Ask the authority there to take the sample.")
        raise InvalidInput(errors=[{"where": "holder", "what": what}])
    measuring.check_moment(taken_at or at, at)
    return _take(
        actor,
        found,
        purpose=Purpose.OFFICIAL,
        holder_id=holder_id,
        lab_id=lab_id,
        quantity=quantity,
        place=place,
        note=note,
        taken_at=taken_at or at,
        at=at,
        client_key=client_key,
    )


def holders_of(lot_id: int) -> frozenset[int]:
    """Return everybody who ever had some of a lot."""
    graph = lots.walk(lots.starts_of([lot_id]), back=False, forward=False)
    return frozenset(node.holder_id for node in graph.nodes if node.lot_id == lot_id)


def _known(actor: Actor, client_key: str) -> int | None:
    if not client_key:
        return None
    keyed = Sample.objects.filter(requester_id=actor.acting_party_id, client_key=client_key)
    return keyed.values_list("pk", flat=True).first()


def _take(
    actor: Actor,
    lot: LotFacts,
    *,
    purpose: Purpose,
    holder_id: int,
    lab_id: int,
    quantity: Decimal | None,
    place: str,
    note: str,
    taken_at: datetime,
    at: datetime,
    client_key: str,
) -> int:
    _check_lab(lab_id, at)
    if quantity is not None:
        _check_quantity(quantity, lot.uom)
    try:
        with transaction.atomic():
            row = Sample.objects.create(
                number=_new_number(taken_at),
                purpose=str(purpose),
                status=str(Status.REQUESTED),
                lot_id=lot.id,
                holder_id=holder_id,
                requester_id=actor.acting_party_id,
                lab_id=lab_id,
                quantity=quantity,
                uom=lot.uom if quantity is not None else "",
                place=place.strip(),
                note=note.strip(),
                taken_at=taken_at,
                taken_by_id=actor.user_id,
                client_key=client_key or None,
            )
            _seal(actor, "quality.sample_taken", row.number, integrity.rebuild_samples, at)
            lot_services.show_to(actor, lots=[lot.code], party_id=lab_id, at=at)
            audit.record(
                actor, "quality.sample_taken", f"lot:{lot.code}", sample=row.number, purpose=str(purpose)
            )
            return row.pk
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if constraint == "one_open_request_per_stock":
            raise AlreadyRequested from None
        if constraint == "sample_key_once" and (known := _known(actor, client_key)):
            return known
        raise


def _check_lab(lab_id: int, at: datetime) -> None:
    today = timezone.localdate(at)
    labs = Laboratory.objects.filter(party_id=lab_id, party__status="approved", cma_valid_to__gte=today)
    if not labs.exists():
        what = _("Choose a laboratory from the list: its certificate must hold on this day.")
        raise UnknownLaboratory(errors=[{"where": "lab", "what": what}])


def _check_quantity(quantity: Decimal, uom: str) -> None:
    try:
        units.check(quantity, uom)
    except units.UnitError as error:
        raise InvalidInput(errors=[{"where": "quantity", "what": _(error.message)}]) from None


def _new_number(day: datetime) -> str:
    """Mint a sample number: CY, the day, six characters without those that are mistaken for others."""
    drawn = "".join(secrets.choice(ids.ALPHABET) for _ in range(6))
    return f"CY{timezone.localdate(day):%y%m%d}{drawn}"


def _seal(actor: Actor, kind: str, number: str, rebuild: ledger.Rebuild, at: datetime) -> None:
    subject = f"{integrity.SAMPLE}{number}"
    ledger.append(actor, [Entry(kind, subject, rebuild([subject])[subject])], at=at)


def accept_sample(actor: Actor, *, sample_id: int, lab_number: str, condition: str, at: datetime) -> None:
    """Take a sample into the laboratory, under the laboratory's own number, in the condition it came."""
    actor.require(Permission.TEST_RECORD)
    row = lock_own(actor, sample_id)
    if row.status != Status.REQUESTED:
        raise WrongState
    if not lab_number.strip():
        what = _("Enter the number that your laboratory gives to the sample.")
        raise InvalidInput(errors=[{"where": "lab_number", "what": what}])
    try:
        with transaction.atomic():
            row.lab_number, row.condition = lab_number.strip(), condition.strip()
            row.accepted_at, row.accepted_by_id, row.status = at, actor.user_id, str(Status.ACCEPTED)
            row.save(update_fields=["lab_number", "condition", "accepted_at", "accepted_by_id", "status"])
            _seal(actor, "quality.sample_accepted", row.number, integrity.rebuild_acceptances, at)
            audit.record(actor, "quality.sample_accepted", f"sample:{row.number}", number=row.lab_number)
    except IntegrityError:
        raise NumberInUse from None


def lock_own(actor: Actor, sample_id: int) -> Sample:
    """Return a sample of the actor's own laboratory, locked where a transaction runs; another's is refused."""
    row = find_sample(actor, sample_id)
    if row.lab_id != actor.party_id or actor.party_kind != PartyKind.LAB:
        raise NotALaboratory
    if not transaction.get_connection().in_atomic_block:
        return row
    return Sample.objects.select_for_update(of=("self",)).select_related("lot").get(pk=row.pk)


@transaction.atomic
def state_laboratory(actor: Actor, *, cma_number: str, cma_valid_to: date, scope: str, at: datetime) -> None:
    """State the number of one's certificate (CMA) and until when it holds; then samples can be sent here."""
    actor.require(Permission.TEST_SIGN)
    if actor.party_kind != PartyKind.LAB:
        raise NotALaboratory
    if not cma_number.strip():
        what = _("Enter the number on the certificate.")
        raise InvalidInput(errors=[{"where": "cma_number", "what": what}])
    Laboratory.objects.update_or_create(
        party_id=actor.acting_party_id,
        defaults={
            "cma_number": cma_number.strip(),
            "cma_valid_to": cma_valid_to,
            "scope": scope.strip(),
            "stated_at": at,
        },
    )
    subject = f"{integrity.LABORATORY}{actor.acting_party_id}"
    state = integrity.rebuild_laboratories([subject])[subject]
    ledger.append(actor, [Entry("quality.laboratory", subject, state)], at=at)
    audit.record(actor, "quality.laboratory.stated", f"party:{actor.party_id}", until=state["cma_valid_to"])
