"""Suppliers and customers that a party keeps in its own book (往来主体)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput
from cailan.parties.models import Counterparty, Party
from cailan.parties.queries.reading import digests
from cailan.parties.rules import uris
from cailan.parties.rules.facts import ExternalSpec
from cailan.parties.rules.identity import Identity
from cailan.parties.rules.kinds import PERSON_DOCUMENTS
from cailan.parties.services.externals import ensure_external, external_uri
from cailan.parties.services.identities import check, keep
from cailan.parties.services.sealing import seal_entry, seal_parties


@transaction.atomic
def add_counterparty(
    actor: Actor,
    *,
    name: str,
    at: datetime,
    id_scheme: str = "",
    id_number: str = "",
    address: str = "",
    legal_person: str = "",
    contact_name: str = "",
    phone: str = "",
    is_supplier: bool = False,
    is_customer: bool = False,
    grade: str = "",
) -> int:
    """Keep a supplier or customer and return the id of the party behind it.

    A subject on the platform is found by its number; another becomes a party known from documents only.
    Kept again, the entry takes the new fields and keeps both roles.
    """
    actor.require(Permission.PARTY_MANAGE)
    owner_id = actor.acting_party_id
    name = name.strip()
    errors = []
    if not name:
        errors.append({"where": "name", "what": _("State the name of the supplier or customer.")})
    if not (is_supplier or is_customer):
        errors.append(
            {"where": "is_supplier", "what": _("Say whether it supplies you, buys from you, or both.")}
        )
    if errors:
        raise InvalidInput(errors=errors)
    found = check(id_scheme, id_number, where="id_number", on=at.date()) if id_number else None
    party_id = _subject(actor, owner_id, name, found, at)
    if party_id == owner_id:
        raise InvalidInput(errors=[{"where": "id_number", "what": _("This is your own number.")}])
    entry_id = _keep_entry(
        owner_id,
        party_id,
        {
            "name": name,
            "address": address,
            "legal_person": legal_person,
            "contact_name": contact_name,
            "phone": phone,
            "grade": grade,
        },
        is_supplier=is_supplier,
        is_customer=is_customer,
    )
    audit.record(actor, "parties.counterparty.kept", f"party:{party_id}")
    owner_uri = Party.objects.values_list("uri", flat=True).get(pk=owner_id)
    seal_entry(actor, owner_uri, entry_id, at=at)
    return party_id


def _subject(actor: Actor, owner_id: int, name: str, found: Identity | None, at: datetime) -> int:
    """Return the party behind an entry, making one known from documents only where there is none."""
    if found is None:
        uri = external_uri(owner_id, name)
        return ensure_external(actor, [ExternalSpec(uri=uri, name=name)])[uri]
    known = Party.objects.filter(id_digest__in=digests(found.kind, found.value))
    is_person = found.kind in PERSON_DOCUMENTS
    if is_person:
        # Who knows a number but not the name learns nothing about the person.
        known = known.filter(name=name, status="approved")
    if (pk := known.values_list("pk", flat=True).first()) is not None:
        return int(pk)
    kept = keep(found, owner_id=owner_id if is_person else None)
    if is_person and (mine := Party.objects.filter(id_digest__in=kept.known_as).first()):
        return mine.pk
    if is_person:
        uri = external_uri(owner_id, name, kept.digest.hex())
    else:
        # One name for an organisation whoever speaks of it first, even when two do so at the same moment.
        uri = uris.party_uri(settings.CAILAN.id_url, f"ext-{kept.digest.hex()[:16]}")
    party_id = ensure_external(actor, [ExternalSpec(uri=uri, name=name)])[uri]
    unidentified = Party.objects.filter(pk=party_id, id_digest=None)
    if unidentified.update(
        id_scheme=kept.scheme, id_masked=kept.masked, id_encrypted=kept.encrypted, id_digest=kept.digest
    ):
        seal_parties(actor, "parties.identified", [uri], at=at)
    return party_id


def _keep_entry(
    owner_id: int, party_id: int, fields: dict[str, str], *, is_supplier: bool, is_customer: bool
) -> int:
    entry = Counterparty.objects.select_for_update().filter(
        owner_id=owner_id, party_id=party_id
    ).first() or Counterparty(owner_id=owner_id, party_id=party_id)
    for field, value in fields.items():
        setattr(entry, field, value.strip() or getattr(entry, field))
    entry.is_supplier |= is_supplier
    entry.is_customer |= is_customer
    entry.save()
    return entry.pk
