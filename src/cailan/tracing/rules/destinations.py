"""Where a batch went: quantity per destination, stock and loss against its output (seed 003, 4.2.4)."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from cailan.tracing.rules.chain import Chain, Edge, Node

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Destination:
    """What went to one taker, to consumers, into a process, or was lost."""

    kind: str  # transfer, transform, retail, loss, adjust
    holder: str
    region: str
    quantity: Decimal
    uom: str
    documents: tuple[str, ...]
    products: tuple[tuple[str, str], ...]  # codes and names of the lots that the process made


@dataclass(frozen=True, slots=True)
class Distribution:
    """The whole output of a batch and where each part of it is."""

    uom: str
    output: Decimal
    rows: tuple[Destination, ...]
    in_stock: Decimal
    has_unstated: bool

    @property
    def difference(self) -> Decimal:
        return self.output - sum((row.quantity for row in self.rows), ZERO) - self.in_stock

    @property
    def closes(self) -> bool:
        return self.difference == 0


def distribute(chain: Chain, lot_id: int, maker_id: int) -> Distribution:
    """Add up what left the maker's holdings of a lot, by destination."""
    nodes = {node.id: node for node in chain.nodes}
    mine = {node.id for node in chain.nodes if node.lot_id == lot_id and node.holder_id == maker_id}
    output = ZERO
    unstated = any(nodes[pk].remaining is None for pk in mine)
    grouped: dict[tuple[str, int], list[Edge]] = defaultdict(list)
    for edge in chain.edges:
        inside, outside = edge.source_id in mine, edge.target_id in mine
        if inside == outside:
            continue
        if edge.quantity is None:
            unstated = True
        if outside:
            output += edge.quantity or ZERO
        else:
            target = nodes.get(edge.target_id or 0)
            grouped[edge.kind, target.holder_id if target and target.kind == "stock" else 0].append(edge)
    return Distribution(
        uom=next((nodes[pk].uom for pk in mine), ""),
        output=output,
        rows=tuple(_row(kind, edges, nodes, chain) for (kind, _holder), edges in grouped.items()),
        in_stock=sum((nodes[pk].remaining or ZERO for pk in mine), ZERO),
        has_unstated=unstated,
    )


def _row(kind: str, edges: list[Edge], nodes: dict[int, Node], chain: Chain) -> Destination:
    target = nodes.get(edges[0].target_id or 0)
    processes = {edge.target_id for edge in edges if kind == "transform"}
    made = {
        nodes[edge.target_id].code: nodes[edge.target_id].product
        for edge in chain.edges
        if edge.source_id in processes and edge.target_id in nodes
    }
    return Destination(
        kind=kind,
        holder=target.holder if target is not None else "",
        region=target.region if target is not None else "",
        quantity=sum((edge.quantity or ZERO for edge in edges), ZERO),
        uom=edges[0].uom,
        documents=tuple(dict.fromkeys(edge.document for edge in edges if edge.document)),
        products=tuple(made.items()),
    )
