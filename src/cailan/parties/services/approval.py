"""Approve or refuse registrations: by the region's authority, the market, or the platform operator."""

from copy import copy
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models.base import ModelState
from django.utils.translation import gettext_lazy as _

from cailan.accounts import services as accounts
from cailan.kernel import audit, outbox
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Conflict, InvalidInput, NotAllowed, NotFound
from cailan.ledger import services as ledger
from cailan.parties.events import PartyApproved, PartyRefused
from cailan.parties.models import Party
from cailan.parties.queries.visibility import is_overseen, visible
from cailan.parties.rules import uris
from cailan.parties.services.externals import mint_token
from cailan.parties.services.sealing import seal_member, seal_parties


class NotPending(Conflict):
    code = "not-pending"
    title = _("This registration has been decided already")
    detail = _("Look at the party's page for who decided and when.")


def _pending(actor: Actor, party_id: int) -> Party:
    """Return the registration to decide on, locked."""
    if not Party.objects.filter(visible(actor), pk=party_id).exists():
        raise NotFound
    actor.require(Permission.PARTY_APPROVE)
    party = Party.objects.select_for_update().get(pk=party_id)
    if not is_overseen(actor, party_id=party.pk, region=party.region_id, market_id=party.market_id):
        raise NotAllowed(_("This party lies outside your area. Leave it to the authority there."))
    if party.registrant_id == actor.user_id and actor.user_id is not None:
        raise NotAllowed(_("Nobody approves a registration of their own. Ask a colleague."))
    if party.status != "pending":
        raise NotPending
    return party


@transaction.atomic
def approve(actor: Actor, *, party_id: int, at: datetime) -> None:
    """Let a registered party take part: it gets its signing key, and who registered it becomes its owner."""
    party = _pending(actor, party_id)
    party.status, party.approved_at, party.before_claim, party.refused_reason = "approved", at, None, ""
    party.save(update_fields=["status", "approved_at", "before_claim", "refused_reason"])
    ledger.make_key(actor, party_id=party.pk, at=at)
    if party.registrant_id is not None:
        accounts.grant(
            actor,
            user_id=party.registrant_id,
            party_id=party.pk,
            party_name=party.name,
            party_kind=party.kind,
            region="",
            role="owner",
        )
        seal_member(actor, party.uri, party.registrant_id, at=at)
    audit.record(actor, "parties.party.approved", f"party:{party.pk}")
    seal_parties(actor, "parties.approved", [party.uri], at=at)
    outbox.publish([PartyApproved(party_id=party.pk, kind=party.kind, region=party.region_id or "")])


@transaction.atomic
def refuse(actor: Actor, *, party_id: int, reason: str, at: datetime) -> None:
    """Refuse a registration with a reason; its number may be registered again, rightly this time."""
    if not reason.strip():
        raise InvalidInput(
            errors=[{"where": "reason", "what": str(_("Say why, so that they can put it right."))}]
        )
    party = _pending(actor, party_id)
    if party.before_claim is not None:
        claimed, party = party, _give_back(party)
        seal_parties(actor, "parties.returned", [claimed.uri], at=at)
    party.status, party.refused_reason, party.id_digest = "refused", reason.strip()[:200], None
    party.save()
    audit.record(actor, "parties.party.refused", f"party:{party.pk}", reason=party.refused_reason)
    seal_parties(actor, "parties.refused", [party.uri], at=at)
    outbox.publish([PartyRefused(party_id=party.pk, reason=party.refused_reason)])


def _give_back(claimed: Party) -> Party:
    """Part a refused claim from the subject that documents speak of; return the claim as a row of its own."""
    former = claimed.before_claim or {}
    claim = copy(claimed)
    claim.pk, claim.gln, claim.before_claim, claim.seal_salt = None, None, None, uuid4()
    claim._state = ModelState()  # noqa: SLF001 (Django's documented way to copy a row)
    claim.uri = uris.party_uri(settings.CAILAN.id_url, mint_token())
    for field in _CLAIMED:
        setattr(claimed, field, former.get(field, ""))
    claimed.status, claimed.before_claim = "external", None
    claimed.registrant_id = claimed.market_id = claimed.legal_id_encrypted = None
    claimed.save()
    return claim


_CLAIMED = (
    "kind",
    "name",
    "name_en",
    "region_id",
    "address",
    "legal_person",
    "legal_id_scheme",
    "legal_id_masked",
    "contact_name",
    "phone",
)
