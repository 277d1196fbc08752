"""Register: anybody may, for an organisation or himself; an officer decides later."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cailan.accounts import rules as account_rules
from cailan.accounts import services as accounts
from cailan.gs1.errors import Gs1Error
from cailan.gs1.keys import parse_gln
from cailan.kernel import audit
from cailan.kernel.access import SYSTEM, Actor
from cailan.kernel.problems import Conflict, InvalidInput, NotAllowed
from cailan.parties.models import Party, Region
from cailan.parties.rules import kinds, uris
from cailan.parties.rules.identity import Identity, IdKind
from cailan.parties.rules.kinds import PartyKind
from cailan.parties.services.externals import mint_token
from cailan.parties.services.identities import Kept, check, keep
from cailan.parties.services.sealing import seal_parties

_TRY, _MOST_TRIES = (
    "parties.registration.tried",
    60,
)  # a market's office registers its stalls from one address
OPEN_KINDS = (
    PartyKind.BASE,
    PartyKind.PROCESSOR,
    PartyKind.DISTRIBUTION_CENTRE,
    PartyKind.CIRCULATION,
    PartyKind.MARKET,
    PartyKind.MERCHANT,
    PartyKind.LAB,
    PartyKind.CARRIER,
    PartyKind.INDIVIDUAL,
)


class AlreadyRegistered(Conflict):
    code = "already-registered"

    def __init__(self, status: str) -> None:
        reasons = {
            "pending": _("This number is registered and waits for approval. Ask the one who registered it."),
            "suspended": _("This subject is registered and suspended. Ask your supervising authority."),
        }
        known = _("This number is registered already. Ask that organisation's owner to give you an account.")
        super().__init__(reasons.get(status, known), where="id_number")


def count_try(actor: Actor, *, at: datetime) -> None:
    """Count one try to register, and refuse an address that tries too often: each tells whether a number is known."""
    if actor.user_id is None:
        audit.refuse_too_many(_TRY, most=_MOST_TRIES, within=timedelta(hours=1), at=at)
        audit.record(actor, _TRY, "registration")


@transaction.atomic
def register(
    actor: Actor,
    *,
    kind: str,
    name: str,
    id_scheme: str,
    id_number: str,
    region: str,
    at: datetime,
    address: str = "",
    legal_person: str = "",
    legal_id_scheme: str = IdKind.RESIDENT_ID,
    legal_id_number: str = "",
    contact_name: str = "",
    phone: str = "",
    username: str = "",
    password: str = "",
    name_en: str = "",
    gln: str = "",
    market_id: int | None = None,
) -> int:
    """Register a party, state pending, and return its id.

    The credit code's check character and the legal person's ID are checked (S2 5.3.3.3 a). Who is signed in
    registers for that account; everybody else opens one with `username` and `password`.
    """
    if kind not in OPEN_KINDS:
        raise NotAllowed(_("Authorities and the platform's own parties are set up by the platform operator."))
    found = check(id_scheme, id_number, where="id_number", on=at.date())
    if refusal := kinds.why_not_register(PartyKind(kind), found):
        raise InvalidInput(errors=[{"where": "id_number", "what": _(refusal.message), "code": refusal.code}])
    legal = _legal_person(found, legal_person, legal_id_scheme, legal_id_number, at)
    _check_fields(name=name, region=region, gln=gln, kind=kind, market_id=market_id)
    user_id = actor.user_id or _open_account(
        actor, kind=kind, username=username, password=password, display_name=contact_name or name, at=at
    )
    party = _claim(keep(found), gln=gln)
    fields: dict[str, Any] = {
        "kind": str(kind),
        "status": "pending",
        "name": name.strip(),
        "name_en": name_en.strip(),
        "region_id": region,
        "address": address,
        "legal_person": legal_person,
        "contact_name": contact_name,
        "phone": phone,
        "market_id": market_id,
        "registrant_id": user_id,
    }
    _fill(party, fields, legal)
    audit.record(actor, "parties.party.registered", f"party:{party.pk}", kind=kind, user=user_id)
    seal_parties(SYSTEM, "parties.registered", [party.uri], at=at)
    return party.pk


def _legal_person(found: Identity, name: str, scheme: str, number: str, at: datetime) -> Kept | None:
    """Return the legal person's number; a mainland organisation must state it with the name."""
    if number:
        return keep(check(scheme, number, where="legal_id_number", on=at.date()))
    if found.kind is IdKind.USCC:
        what = _("State the identity number of the legal person, as on the licence.")
        raise InvalidInput(errors=[{"where": "legal_id_number", "what": what, "code": "number-missing"}])
    if found.kind in kinds.ORGANISATION_DOCUMENTS and not name:
        what = _("Name the person who answers for the organisation.")
        raise InvalidInput(errors=[{"where": "legal_person", "what": what, "code": "name-missing"}])
    return None


def _check_fields(*, name: str, region: str, gln: str, kind: str, market_id: int | None) -> None:
    errors = []
    if not name.strip():
        errors.append({"where": "name", "what": _("State the name as on the licence or identity card.")})
    if not Region.objects.filter(pk=region).exclude(level="country").exists():
        errors.append({"where": "region", "what": _("Choose the region from the list.")})
    if gln:
        try:
            parse_gln(gln)
        except Gs1Error:
            errors.append({"where": "gln", "what": _("A GLN has 13 digits, the last one a check digit.")})
    is_market = (
        market_id is not None
        and Party.objects.filter(pk=market_id, kind=PartyKind.MARKET, status="approved").exists()
    )
    if market_id is not None and not (is_market and kind == PartyKind.MERCHANT):
        errors.append(
            {"where": "market_id", "what": _("Choose an approved market; only merchants belong to one.")}
        )
    if errors:
        raise InvalidInput(errors=errors)


def _open_account(
    actor: Actor, *, kind: str, username: str, password: str, display_name: str, at: datetime
) -> int:
    privileged = kind in account_rules.PRIVILEGED_KINDS
    if not username:
        raise InvalidInput(errors=[{"where": "username", "what": _("Choose a user name to sign in with.")}])
    if reason := account_rules.why_password_refused(password, is_privileged=privileged, username=username):
        raise InvalidInput(errors=[{"where": "password", "what": str(accounts.REASONS[reason])}])
    return accounts.open_account(
        actor, username=username, display_name=display_name[:80], password=password, at=at, must_change=False
    )


def _claim(kept: Kept, *, gln: str) -> Party:
    """Return the row to fill: a new one, or that of a subject known from documents, who now speaks up."""
    party = Party.objects.select_for_update().filter(id_digest__in=kept.known_as).first()
    if party is None:
        token = mint_token()
        party = Party(uri=uris.party_uri(settings.CAILAN.id_url, token, gln or None), gln=gln or None)
    elif party.status != "external":
        raise AlreadyRegistered(party.status)
    else:
        party.before_claim = {
            "kind": party.kind,
            "name": party.name,
            "region_id": party.region_id,
            "address": party.address,
        }
    party.id_scheme, party.id_masked = kept.scheme, kept.masked
    party.id_encrypted, party.id_digest = kept.encrypted, kept.digest
    return party


def _fill(party: Party, fields: dict[str, Any], legal: Kept | None) -> None:
    for field, value in fields.items():
        setattr(party, field, value)
    if legal is not None:
        party.legal_id_scheme, party.legal_id_masked, party.legal_id_encrypted = (
            legal.scheme,
            legal.masked,
            legal.encrypted,
        )
    try:
        with transaction.atomic():
            party.save()
    except IntegrityError as error:
        if "gln" in str(error) or "uri" in str(error):
            raise Conflict(
                _("Another party has registered this GLN. Check it with your GS1 office."), where="gln"
            ) from None
        raise AlreadyRegistered("pending") from None
