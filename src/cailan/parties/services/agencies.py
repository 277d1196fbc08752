"""Authorities and the platform's own parties, and the people of every party."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cailan.accounts import rules as account_rules
from cailan.accounts import services as accounts
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotAllowed
from cailan.ledger import services as ledger
from cailan.parties.models import Party, Region
from cailan.parties.rules import kinds, uris
from cailan.parties.rules.kinds import PartyKind
from cailan.parties.services.externals import mint_token
from cailan.parties.services.identities import check, keep
from cailan.parties.services.registration import AlreadyRegistered
from cailan.parties.services.sealing import seal_member, seal_parties

AGENCY_KINDS = (PartyKind.REGULATOR, PartyKind.OPERATOR, PartyKind.TECHNICAL)
_ROLES = {
    PartyKind.REGULATOR: ("owner", "officer", "auditor"),
    PartyKind.OPERATOR: ("owner", "auditor"),
    PartyKind.TECHNICAL: ("owner", "auditor"),
    PartyKind.LAB: ("owner", "clerk"),
    PartyKind.MARKET: ("owner", "clerk"),
}


def roles_for(kind: str) -> tuple[str, ...]:
    """Return the roles that people may have in a party of this kind."""
    return _ROLES.get(PartyKind(kind), ("owner", "clerk", "auditor"))


@transaction.atomic
def create_agency(
    actor: Actor,
    *,
    kind: str,
    name: str,
    at: datetime,
    area: str = "",
    id_number: str = "",
    address: str = "",
    contact_name: str = "",
    phone: str = "",
    name_en: str = "",
    username: str = "",
    password: str = "",
) -> int:
    """Create an authority with its area, or a party of the platform, with its first account; return its id.

    Only the platform operator may (Guangdong sheet S2 5.3.3.3 b).
    """
    actor.require(Permission.PARTY_MANAGE)
    if not (actor.sees_everything or actor.party_kind == PartyKind.OPERATOR) or kind not in AGENCY_KINDS:
        raise NotAllowed(_("Authorities are set up by the platform operator."))
    is_regulator = kind == PartyKind.REGULATOR
    if not name.strip():
        raise InvalidInput(errors=[{"where": "name", "what": _("State the name of the authority.")}])
    if is_regulator and not Region.objects.filter(pk=area).exists():
        raise InvalidInput(
            errors=[{"where": "area", "what": _("Choose the area that this authority oversees.")}]
        )
    party = Party(
        kind=kind,
        status="approved",
        uri=uris.party_uri(settings.CAILAN.id_url, mint_token()),
        name=name.strip(),
        name_en=name_en,
        region_id=area or None,
        area_id=area if is_regulator else None,
        address=address,
        contact_name=contact_name,
        phone=phone,
        approved_at=at,
    )
    if id_number:
        _identify(party, id_number, at)
    party.save()
    ledger.make_key(actor, party_id=party.pk, at=at)
    audit.record(actor, "parties.agency.created", f"party:{party.pk}", kind=kind, area=area)
    seal_parties(actor, "parties.agency_created", [party.uri], at=at)
    if username:
        _appoint(
            actor,
            party,
            username=username,
            display_name=contact_name or name,
            role="owner",
            password=password,
            at=at,
        )
    return party.pk


@transaction.atomic
def ensure_import_party(actor: Actor, *, at: datetime) -> int:
    """Return the platform's own party that answers for documents imported on the command line; make it once."""
    if not actor.sees_everything:
        raise NotAllowed
    uri = f"{settings.CAILAN.id_url}/party/imported-documents"
    party, is_new = Party.objects.get_or_create(
        uri=uri,
        defaults={
            "kind": PartyKind.TECHNICAL,
            "status": "approved",
            "name": "导入的文件",
            "name_en": "Imported documents",
            "approved_at": at,
        },
    )
    if is_new:
        ledger.make_key(actor, party_id=party.pk, at=at)
        audit.record(actor, "parties.agency.created", f"party:{party.pk}", kind=str(party.kind))
        seal_parties(actor, "parties.agency_created", [party.uri], at=at)
    return party.pk


def _identify(party: Party, id_number: str, at: datetime) -> None:
    found = check("uscc", id_number, where="id_number", on=at.date())
    if refusal := kinds.why_not_register(PartyKind(party.kind), found):
        raise InvalidInput(errors=[{"where": "id_number", "what": _(refusal.message), "code": refusal.code}])
    kept = keep(found)
    if Party.objects.filter(id_digest__in=kept.known_as).exists():
        raise AlreadyRegistered("approved")
    party.id_scheme, party.id_masked = kept.scheme, kept.masked
    party.id_encrypted, party.id_digest = kept.encrypted, kept.digest


@transaction.atomic
def add_member(
    actor: Actor, *, username: str, display_name: str, role: str, password: str, at: datetime
) -> int:
    """Open an account for a person of one's own party, its password to be changed at once; return its id.

    A user name that exists is refused: nobody is drawn into a party without his doing. Who has an account
    already registers another party from it.
    """
    actor.require(Permission.ACCOUNT_MANAGE)
    party = Party.objects.get(pk=actor.acting_party_id)
    if role not in roles_for(party.kind):
        raise InvalidInput(errors=[{"where": "role", "what": _("Choose a role from the list.")}])
    return _appoint(
        actor, party, username=username, display_name=display_name, role=role, password=password, at=at
    )


def _appoint(
    actor: Actor, party: Party, *, username: str, display_name: str, role: str, password: str, at: datetime
) -> int:
    privileged = party.kind in account_rules.PRIVILEGED_KINDS
    if reason := account_rules.why_password_refused(password, is_privileged=privileged, username=username):
        raise InvalidInput(errors=[{"where": "password", "what": str(accounts.REASONS[reason])}])
    user_id = accounts.open_account(
        actor, username=username, display_name=display_name[:80], password=password, at=at
    )
    accounts.grant(
        actor,
        user_id=user_id,
        party_id=party.pk,
        party_name=party.name,
        party_kind=party.kind,
        region=party.area_id or "",
        role=role,
    )
    seal_member(actor, party.uri, user_id, at=at)
    return user_id
