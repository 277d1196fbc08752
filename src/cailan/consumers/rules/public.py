"""What the public may see of a chain: organisations by name, persons masked, no papers, no exact home of anybody."""

from dataclasses import replace

from cailan.parties.rules.masking import public_name
from cailan.tracing.rules.chain import Chain, Edge, Node


def public_chain(chain: Chain) -> Chain:
    """Return the chain without personal data and business papers."""
    return replace(
        chain,
        nodes=tuple(_public_node(node) for node in chain.nodes),
        edges=tuple(_public_edge(edge) for edge in chain.edges),
    )


def _public_node(node: Node) -> Node:
    name = public_name(node.holder, node.holder_kind)
    if name == node.holder:
        return node
    return replace(
        node,
        holder=name,
        site="",
        latitude=None if node.latitude is None else round(node.latitude, 1),
        longitude=None if node.longitude is None else round(node.longitude, 1),
    )


def _public_edge(edge: Edge) -> Edge:
    return replace(edge, document="", reason="")
