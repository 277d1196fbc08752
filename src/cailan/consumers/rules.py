"""What the public may see of a chain: organisations by name, persons masked, no papers, no exact home of anybody."""

import re
from dataclasses import replace

from cailan.parties.rules.masking import mask
from cailan.tracing.rules.chain import Chain, Edge, Node

_PERSON = re.compile(r"[\u4e00-\u9fff]{2,3}")
_SHOP = "店档行社场厂铺市记园坊庄"
MAYBE_PERSONS = frozenset({"external", "merchant"})


def public_name(name: str, kind: str) -> str:
    """Return a holder's name as anybody may read it; short Chinese names of unregistered holders may be persons'."""
    looks_like_a_person = _PERSON.fullmatch(name) is not None and name[-1] not in _SHOP
    if kind == "individual" or (kind in MAYBE_PERSONS and looks_like_a_person):
        return mask("name", name)
    return name


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
