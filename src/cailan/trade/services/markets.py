"""A market says how its stalls sell: by ticket to other traders, or shortly to consumers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotAllowed
from cailan.parties.rules.kinds import PartyKind
from cailan.trade.models.tickets import MarketMode
from cailan.trade.rules.tickets import Mode
from cailan.trade.services.sealing import seal_mode


@transaction.atomic
def set_market_mode(actor: Actor, *, mode: str, at: datetime) -> None:
    """Switch how the stalls of the actor's market sell."""
    if actor.party_kind != PartyKind.MARKET:
        raise NotAllowed(_("Only the market itself decides how its stalls sell."))
    actor.require(Permission.PARTY_MANAGE)
    if mode not in set(Mode):
        raise InvalidInput(errors=[{"where": "mode", "what": _("Choose wholesale or retail.")}])
    MarketMode.objects.update_or_create(
        market_id=actor.acting_party_id, defaults={"mode": mode, "set_at": at, "set_by_id": actor.user_id}
    )
    seal_mode(actor, actor.acting_party_id, at=at)
    audit.record(actor, "trade.market_mode.set", f"party:{actor.acting_party_id}", mode=mode)
