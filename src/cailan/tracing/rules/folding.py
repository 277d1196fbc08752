"""Fold a chain that is too large to look at: the many buyers of one seller become one box, totals kept."""

from collections import defaultdict
from dataclasses import dataclass

from cailan.tracing.rules.chain import Chain, Node
from cailan.tracing.rules.drawing import Group, total

LEAST_MEMBERS = 3


@dataclass(frozen=True, slots=True)
class Folded:
    """The nodes still drawn one by one, and the groups that stand for all the others."""

    nodes: tuple[Node, ...]
    groups: tuple[Group, ...]

    def box_of(self) -> dict[int, str]:
        """Return the key of the box each node is drawn in."""
        boxes = {node.id: f"n{node.id}" for node in self.nodes}
        boxes.update({node_id: group.key for group in self.groups for node_id in group.node_ids})
        return boxes


def fold(chain: Chain, *, limit: int, least_members: int = LEAST_MEMBERS) -> Folded:
    """Fold the leaves of one neighbour into one box, wherever there are several, in a chain above `limit`.

    A leaf is a holding outside the focus with exactly one neighbour, on one side only. Held and free leaves
    are folded apart, so that a hold is never hidden.
    """
    if len(chain.nodes) <= limit:
        return Folded(chain.nodes, ())
    members: set[int] = set()
    groups: list[Group] = []
    families = sorted(_families(chain).items(), key=lambda item: (-len(item[1]), item[0]))
    for (parent, is_upstream, is_held), leaves in families:
        if len(leaves) < least_members:
            break
        if parent in members or members & {leaf.id for leaf in leaves}:
            continue
        groups.append(_group(chain, parent, leaves, is_upstream=is_upstream, is_held=is_held))
        members.update(leaf.id for leaf in leaves)
    kept = tuple(node for node in chain.nodes if node.id not in members)
    return Folded(kept, tuple(sorted(groups, key=lambda group: group.node_ids)))


def _families(chain: Chain) -> dict[tuple[int, bool, bool], list[Node]]:
    before, after = _neighbours(chain)
    families: dict[tuple[int, bool, bool], list[Node]] = defaultdict(list)
    for node in sorted(chain.nodes, key=lambda node: node.id):
        if node.id in chain.focus or node.kind != "stock":
            continue
        sources, targets = before[node.id] - {node.id}, after[node.id] - {node.id}
        if len(sources) == 1 and not targets:
            families[next(iter(sources)), False, node.is_held].append(node)
        elif len(targets) == 1 and not sources:
            families[next(iter(targets)), True, node.is_held].append(node)
    return families


def _neighbours(chain: Chain) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    before: dict[int, set[int]] = defaultdict(set)
    after: dict[int, set[int]] = defaultdict(set)
    known = {node.id for node in chain.nodes}
    for edge in chain.edges:
        if edge.source_id in known and edge.target_id in known:
            before[edge.target_id].add(edge.source_id)
            after[edge.source_id].add(edge.target_id)
    return before, after


def _group(chain: Chain, parent: int, leaves: list[Node], *, is_upstream: bool, is_held: bool) -> Group:
    ids = {leaf.id for leaf in leaves}
    between = [
        edge
        for edge in chain.edges
        if (edge.source_id in ids and edge.target_id == parent)
        or (edge.source_id == parent and edge.target_id in ids)
    ]
    amounts, unstated = total(between)
    return Group(
        key=f"g{min(ids)}",
        node_ids=tuple(sorted(ids)),
        holder_count=len({leaf.holder_id for leaf in leaves}),
        amounts=amounts,
        unstated=unstated,
        is_held=is_held,
        is_upstream=is_upstream,
    )
