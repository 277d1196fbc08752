"""Who sells a lot now: asked by a buyer that stands before the goods and has scanned their label."""

from cailan.kernel.access import Actor
from cailan.lots import queries as lots
from cailan.parties import queries as parties


def sellers_of(actor: Actor, lot_id: int) -> tuple[int, ...]:
    """Return the registered parties that have some of a lot to sell, those in the actor's book and market first."""
    holdings = lots.holding_facts_of(lots.starts_of([lot_id]))
    holders = {
        one.holder_id
        for one in holdings.values()
        if one.lot.id == lot_id
        and not one.is_in_transit
        and not one.is_waiting
        and (one.remaining is None or one.remaining > 0)
        and one.holder_id != actor.party_id
    }
    known = parties.facts(holders)
    own = parties.facts([actor.acting_party_id])[actor.acting_party_id]
    market = own.market_id or 0
    registered = [pk for pk in holders if known[pk].status == "approved"]
    return tuple(sorted(registered, key=lambda pk: (known[pk].market_id != market, pk)))
