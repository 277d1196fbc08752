"""What trade adds to the page of a lot: to sell it, and the evidence for a claim."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor, Permission
from cailan.parties.rules.kinds import PRODUCERS
from cailan.tracing.queries import Action, Trace


def actions(actor: Actor, trace: Trace) -> Iterator[Action]:
    """Yield what a holder may do with its stock of a lot, and with a lot that it once had."""
    lot = trace.lot
    mine = [node for node in trace.chain.nodes if node.lot_id == lot.id and node.holder_id == actor.party_id]
    may_go = (
        any(node.remaining != 0 and not node.is_waiting and not node.is_in_transit for node in mine)
        and not lot.is_held
    )
    if may_go and actor.may(Permission.LOT_MOVE):
        if actor.party_kind in PRODUCERS:
            yield Action(_("Dispatch"), f"{reverse('trade:dispatch')}?lot={lot.code}", "truck-delivery", True)
        else:
            yield Action(_("Sell"), f"{reverse('trade:sell')}?lot={lot.code}", "shopping-cart", True)
    if mine:
        yield Action(_("My evidence"), reverse("trade:evidence", args=[lot.code]), "file-certificate")
