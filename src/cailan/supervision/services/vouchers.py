"""Whom electronic vouchers name: buyers without an account learn of a recall by the phone on their ticket."""

from collections.abc import Collection
from dataclasses import dataclass, field

from cailan.kernel.access import Actor, Permission
from cailan.supervision.services.noticing import Buyer, Told
from cailan.trade import queries as trade
from cailan.trade.rules.tickets import Kind, Status

OUT = frozenset({Status.OPEN, Status.ACCEPTED, Status.DISPUTED, Status.SETTLED, Status.CLOSED})


@dataclass(slots=True)
class Vouchers:
    """What tickets say of buyers: phones of those in the graph, and those who are in no graph, by seller."""

    phones: dict[int, str] = field(default_factory=dict)
    buyers: dict[int, list[Buyer]] = field(default_factory=dict)


def vouchers_of(lot_ids: Collection[int]) -> Vouchers:
    """Read the tickets on which lots went out to buyers who keep no books here."""
    found = Vouchers()
    wanted = set(lot_ids)
    tickets = {one.code: one for some in trade.tickets_of_lots(wanted).values() for one in some}
    for code, facts in tickets.items():
        if facts.kind == Kind.DISPATCH or facts.status not in OUT:
            continue
        # As its seller sees it: an order reaches the buyers of sellers outside the authority's area too.
        seller = Actor(party_id=facts.seller_id, permissions=frozenset({Permission.LOT_READ}), means="system")
        file = trade.find_ticket(seller, code)
        if not file.buyer_phone or file.is_buyer_registered:
            continue
        if file.buyer_id is not None:
            found.phones[file.buyer_id] = file.buyer_phone
            continue
        lines: dict[int, Told] = {}
        for line in facts.lines:
            if line.lot_id in wanted:
                told = lines.setdefault(line.lot_id, Told(uom=line.uom))
                same_unit = told.quantity is not None and told.uom == line.uom
                told.quantity = (
                    told.quantity + line.quantity if same_unit and told.quantity is not None else None
                )
        name = file.buyer or code
        found.buyers.setdefault(facts.seller_id, []).append(Buyer(name, file.buyer_phone, lines))
    return found
