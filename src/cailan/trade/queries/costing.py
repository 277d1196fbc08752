"""What goods cost: follow the graph back to the party's own purchases, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

from cailan.kernel.access import Actor
from cailan.lots import queries as lots
from cailan.trade.models.tickets import PurchaseLine
from cailan.trade.rules.costing import Inflow, Ways, unit_costs, unit_price


def costs_of(actor: Actor, holding_ids: Collection[int]) -> dict[int, Fraction | None]:
    """Return what one unit of each of the party's holdings cost it, in fen; None where that is unknown."""
    wanted = set(holding_ids)
    bought = _bought(actor, wanted)
    if not (rest := wanted - bought.keys()):
        return bought
    graph = lots.walk(rest, forward=False)
    ours = {node.id: node for node in graph.nodes if node.holder_id == actor.party_id}
    bought |= _bought(actor, ours.keys() - wanted)
    processes = frozenset(pk for pk, node in ours.items() if node.process)
    inflows = tuple(
        Inflow(
            edge.target_id,
            edge.source_id if edge.source_id in ours else None,
            edge.quantity,
            is_found=edge.kind == "adjust",
        )
        for edge in graph.edges
        if edge.target_id in ours and edge.target_id is not None
    )
    return unit_costs(wanted, Ways(inflows, processes, _made_by(processes)), bought)


def _bought(actor: Actor, holding_ids: Collection[int]) -> dict[int, Fraction | None]:
    """Return the prices of what the party bought itself; what others paid is not its cost."""
    rows = PurchaseLine.objects.filter(
        holding_id__in=holding_ids, purchase__buyer_id=actor.acting_party_id
    ).values_list("holding_id", "amount_fen", "price_fen", "quantity", "uom", "lot__uom")
    return {
        pk: None if price is None or uom != lot_uom else unit_price(amount, quantity)
        for pk, amount, price, quantity, uom, lot_uom in rows
    }


def _made_by(processes: Collection[int]) -> dict[int, Decimal | None]:
    """Return how much came out of each process; None where it came out in several units or unmeasured."""
    if not processes:
        return {}
    made: dict[int, list[tuple[Decimal | None, str]]] = defaultdict(list)
    for edge in lots.walk(processes, back=False, limit=0).edges:
        if edge.source_id in processes and edge.source_id is not None and edge.target_id is not None:
            made[edge.source_id].append((edge.quantity, edge.uom))
    totals: dict[int, Decimal | None] = {}
    for pk, parts in made.items():
        amounts = [amount for amount, _uom in parts if amount is not None]
        is_clear = len(amounts) == len(parts) and len({uom for _amount, uom in parts}) == 1
        totals[pk] = sum(amounts, Decimal(0)) if is_clear else None
    return totals
