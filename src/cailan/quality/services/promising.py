"""Issue the promise certificate of a lot (承诺达标合格证), and void it."""

import secrets
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cailan.kernel import audit, ids
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotAllowed, NotFound
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties
from cailan.parties.rules.kinds import HOLDERS
from cailan.products.rules import units
from cailan.quality.models import Certificate
from cailan.quality.queries import certificates, integrity
from cailan.quality.rules import certificate as rules
from cailan.quality.services import measuring
from cailan.quality.services.problems import AlreadyPromised, AlreadyVoid, NotPromised, NotYourStock

WHY_NOT = {
    "banned-used": gettext_lazy(
        "Banned substances are recorded for this lot: %(names)s. It may not be sold at all."
    ),
    "lot-held": gettext_lazy("The lot is on hold. Once it is released, the certificate can be issued."),
    "lot-failed": gettext_lazy("A test of this lot failed. Handle the goods; they get no certificate."),
    "no-form": gettext_lazy("On that day there was no form of this certificate yet. Check the date."),
    "no-basis": gettext_lazy("Choose on what the promise rests."),
    "other-form": gettext_lazy("The form in force on that day does not know this basis. Choose another."),
    "no-self-test": gettext_lazy(
        "There is no passed self-test of this lot. Enter it first, or choose another basis."
    ),
    "no-entrusted-test": gettext_lazy(
        "There is no passed report of a laboratory. Request one, or choose another basis."
    ),
    "not-covered": gettext_lazy(
        "What was used must be tested for: no passed test covers %(names)s. Test for it, or choose another basis."
    ),
    "no-source": gettext_lazy("Choose the certificates under which the goods came."),
    "sources-too-small": gettext_lazy(
        "The certificates chosen cover less than this quantity. Choose more, or enter less."
    ),
}


@transaction.atomic
def issue_certificate(
    actor: Actor,
    *,
    lot: str,
    bases: Collection[str],
    quantity: Decimal,
    uom: str,
    signature: str,
    at: datetime,
    origin: str = "",
    contact: str = "",
    source_ids: Collection[int] = (),
    issued_at: datetime | None = None,
    replaces_id: int | None = None,
    client_key: str = "",
) -> int:
    """Promise that a lot meets the standards, in the form of the day; its code is the lot's own trace code.

    The maker issues the producer's pattern; whoever mixed or repacked goods of others the purchaser's.
    """
    actor.require(Permission.LOT_CREATE)
    if actor.party_kind not in HOLDERS:
        raise NotAllowed(_("The certificate is issued by who produced, mixed or repacked the goods."))
    found = lots.get_lot(actor, lot)
    if known := _known(actor, client_key):
        return known
    moment = issued_at or at
    measuring.check_moment(moment, at, "issued_at")
    if moment < found.made_at:  # else an older form, and older prohibitions, would hold for it
        what = _("The lot was made later than this. Check the date and time.")
        raise InvalidInput(errors=[{"where": "issued_at", "what": what}])
    _check(actor, found, quantity, uom, signature)
    place = origin.strip()[:200] or certificates.origin_of(found)
    if not place:
        raise InvalidInput(errors=[{"where": "origin", "what": _("Say where the goods come from.")}])
    pattern = certificates.pattern_for(actor, found)
    sources = _sources(actor, found, source_ids)
    case = certificates.case_for(
        found, pattern=pattern, bases=tuple(bases), quantity=quantity, uom=uom, sources=sources, at=moment
    )
    if refusal := rules.why_not(case):
        names = "、".join(refusal.names)
        detail = str(WHY_NOT[refusal.code]) % {"names": names}
        errors = [{"where": refusal.where, "what": detail}]
        raise NotPromised(detail, reason=refusal.code, names=list(refusal.names), errors=errors)
    if uom == found.uom and quantity > _most(actor, found):
        what = _("You never had that much of this lot. Enter less.")
        raise InvalidInput(errors=[{"where": "quantity", "what": what}])
    form = rules.form_on(pattern, case.day)
    assert form is not None  # noqa: S101 (why_not refuses a day without a form)
    own = parties.contacts([actor.acting_party_id])[actor.acting_party_id]
    fields = {
        "pattern": pattern,
        "form": form.version,
        "bases": list(dict.fromkeys(bases)),
        "product_name": found.product,
        "quantity": quantity,
        "uom": uom,
        "origin": place,
        "issuer_name": own.name,
        "contact": (contact.strip() or own.phone)[:40],
        "signature": signature.strip()[:80],
    }
    return _write(actor, found, fields, sources, moment, at, replaces_id=replaces_id, client_key=client_key)


def _known(actor: Actor, client_key: str) -> int | None:
    if not client_key:
        return None
    keyed = Certificate.objects.filter(issuer_id=actor.acting_party_id, client_key=client_key)
    return keyed.values_list("pk", flat=True).first()


def _check(actor: Actor, lot: LotFacts, quantity: Decimal, uom: str, signature: str) -> None:
    errors = []
    try:
        units.check(quantity, uom)
    except units.UnitError as error:
        where = "uom" if error.code == "unknown-unit" else "quantity"
        errors.append({"where": where, "what": _(error.message)})
    if not signature.strip():
        errors.append(
            {"where": "signature", "what": _("Sign: enter the name of who promises, or the seal's words.")}
        )
    if errors:
        raise InvalidInput(errors=errors)
    is_maker = lot.maker_id == actor.acting_party_id
    if not is_maker and not any(
        one.lot.id == lot.id for one in lots.stock(actor, text=lot.code, limit=500).items
    ):
        raise NotYourStock(_("A certificate is issued for goods that one made or has in stock."))


def _most(actor: Actor, lot: LotFacts) -> Decimal:
    """Return how much of a lot a party ever had; without end where a quantity is unknown."""
    graph = lots.walk(lots.starts_of([lot.id]), back=False, forward=False)
    own = [
        one.quantity
        for one in graph.nodes
        if (one.lot_id, one.holder_id) == (lot.id, actor.acting_party_id) and not one.is_in_transit
    ]
    return Decimal("Infinity") if None in own else sum(filter(None, own), Decimal(0))


def _sources(actor: Actor, lot: LotFacts, source_ids: Collection[int]) -> tuple[rules.Source, ...]:
    if not source_ids:
        return ()
    offered = {one.id: one for one in certificates.source_certificates(actor, lot)}
    if set(source_ids) - offered.keys():
        what = _(
            "One of these certificates is void or did not come with these goods. Reload and choose again."
        )
        raise InvalidInput(errors=[{"where": "sources", "what": what}])
    chosen = [offered[pk] for pk in dict.fromkeys(source_ids)]
    return tuple(rules.Source(one.id, one.quantity, one.uom, one.is_void) for one in chosen)


def _write(
    actor: Actor,
    lot: LotFacts,
    fields: dict[str, object],
    sources: tuple[rules.Source, ...],
    moment: datetime,
    at: datetime,
    *,
    replaces_id: int | None,
    client_key: str,
) -> int:
    if replaces_id is not None:
        _check_replaced(actor, lot, replaces_id)
    try:
        with transaction.atomic():
            row = Certificate.objects.create(
                number=_new_number(moment),
                lot_id=lot.id,
                issuer_id=actor.acting_party_id,
                salt=secrets.token_hex(16),
                issued_at=moment,
                recorded_at=at,
                replaces_id=replaces_id,
                client_key=client_key or None,
                **fields,
            )
            row.sources.set([one.id for one in sources])
            _seal(actor, "quality.certified", row.number, integrity.rebuild_certificates, at)
            audit.record(actor, "quality.certified", f"lot:{lot.code}", number=row.number)
            return row.pk
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if constraint == "one_certificate_holds_per_lot":
            raise AlreadyPromised from None
        if constraint == "certificate_key_once" and (known := _known(actor, client_key)):
            return known
        raise


def _check_replaced(actor: Actor, lot: LotFacts, replaces_id: int) -> None:
    void = Certificate.objects.filter(
        pk=replaces_id,
        issuer_id=actor.acting_party_id,
        lot_id=lot.id,
        voided_at__isnull=False,
        replaced_by=None,
    )
    if not void.exists():
        what = _("Only a void certificate of your own for this lot can be replaced, and once.")
        raise InvalidInput(errors=[{"where": "replaces", "what": what}])


def _new_number(moment: datetime) -> str:
    drawn = "".join(secrets.choice(ids.ALPHABET) for _ in range(8))
    return f"HG{timezone.localdate(moment):%y%m%d}{drawn}"


def _seal(actor: Actor, kind: str, number: str, rebuild: ledger.Rebuild, at: datetime) -> None:
    subject = f"{integrity.CERTIFICATE}{number}"
    ledger.append(actor, [Entry(kind, subject, rebuild([subject])[subject])], at=at)


@transaction.atomic
def void_certificate(actor: Actor, *, certificate_id: int, reason: str, at: datetime) -> None:
    """Void one's own certificate, with its reason; it stays to be read, crossed out."""
    actor.require(Permission.LOT_CREATE)
    row = (
        Certificate.objects.select_for_update()
        .filter(pk=certificate_id, issuer_id=actor.acting_party_id)
        .first()
    )
    if row is None:
        raise NotFound
    if row.voided_at is not None:
        raise AlreadyVoid
    if not reason.strip():
        raise InvalidInput(errors=[{"where": "reason", "what": _("Say why the certificate is void.")}])
    row.voided_at, row.void_reason = at, reason.strip()[:200]
    row.save(update_fields=["voided_at", "void_reason"])
    _seal(actor, "quality.certificate_voided", row.number, integrity.rebuild_voidings, at)
    audit.record(actor, "quality.certificate_voided", f"certificate:{row.number}")
