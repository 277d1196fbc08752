"""Draw a hand-over as one step: goods in transit that have arrived are no place of their own."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from cailan.tracing.rules.chain import Chain, Edge, Node


def join(chain: Chain) -> Chain:
    """Return the chain with each hand-over that both sides have told as one edge, from giver to taker.

    What is still on its way stays a node, with what is left of it. Where several stocks went into one shipment and
    several takers drew from it, nobody knows whose went to whom: the shipment stays a node then.
    """
    coming: dict[int, list[Edge]] = defaultdict(list)
    going: dict[int, list[Edge]] = defaultdict(list)
    for edge in chain.edges:
        if edge.target_id is not None:
            coming[edge.target_id].append(edge)
        if edge.source_id is not None:
            going[edge.source_id].append(edge)
    gone: set[int] = set()
    joined: dict[int, Node] = {}
    edges: dict[int, Edge] = {edge.id: edge for edge in chain.edges}
    for node in chain.nodes:
        if (
            not node.is_in_transit
            or not coming[node.id]
            or not going[node.id]
            or _is_unknown(coming, going, node)
        ):
            continue
        if len(coming[node.id]) == 1:
            _split_up(edges, coming[node.id][0], going[node.id], node)
        elif len(going[node.id]) == 1 and node.remaining == 0:
            _bring_together(edges, coming[node.id], going[node.id][0])
        else:
            continue
        if node.remaining:
            joined[node.id] = replace(node, quantity=node.remaining)
        else:
            gone.add(node.id)
    nodes = tuple(joined.get(node.id, node) for node in chain.nodes if node.id not in gone)
    in_order = sorted(edges.values(), key=lambda edge: (edge.occurred_at, edge.id))
    return Chain(nodes, tuple(in_order), chain.focus - gone, chain.is_truncated)


def _is_unknown(coming: dict[int, list[Edge]], going: dict[int, list[Edge]], node: Node) -> bool:
    return node.remaining is None or any(
        edge.quantity is None for edge in (*coming[node.id], *going[node.id])
    )


def _split_up(edges: dict[int, Edge], sent: Edge, takings: list[Edge], node: Node) -> None:
    """One stock, several takers: each draws from that stock; what is left is still on its way."""
    for taking in takings:
        document = taking.document or sent.document
        edges[taking.id] = replace(taking, source_id=sent.source_id, sent_by=sent.event_id, document=document)
    if node.remaining:
        edges[sent.id] = replace(sent, quantity=Decimal(node.remaining))
    else:
        del edges[sent.id]


def _bring_together(edges: dict[int, Edge], sendings: list[Edge], taking: Edge) -> None:
    """Several stocks, one taker: what each gave, taken as the one taking says."""
    del edges[taking.id]
    for sent in sendings:
        edges[sent.id] = replace(
            taking,
            id=sent.id,
            source_id=sent.source_id,
            quantity=sent.quantity,
            sent_by=sent.event_id,
            document=taking.document or sent.document,
        )
