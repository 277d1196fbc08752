"""A chain as an indented tree: back to all sources, forward to all takers. Loops of repacking are cut and said."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import east_asian_width

from cailan.tracing.rules.chain import Chain, Edge, Node

DEEPEST = 60
LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of the tree: how goods moved (`edge`), to or from where (`node`; None: in or out of the system)."""

    depth: int
    edge: Edge
    node: Node | None
    is_last: tuple[bool, ...]  # for each level, whether it is the last of its siblings
    is_repeated: bool  # shown further up already: its own branches are not repeated


def grow(chain: Chain, *, back: bool) -> tuple[Branch, ...]:
    """Return the branches from the focus, depth first."""
    nodes = {node.id: node for node in chain.nodes}
    following: dict[int, list[Edge]] = defaultdict(list)
    for edge in chain.edges:
        start = edge.target_id if back else edge.source_id
        if start is not None:
            following[start].append(edge)
    found: list[Branch] = []
    seen: set[int] = set()
    for start in _roots(chain, back=back):
        if start not in seen:
            seen.add(start)
            _climb(following, nodes, start, seen, found, back=back)
    return tuple(found)


def _roots(chain: Chain, *, back: bool) -> list[int]:
    """Return the focus in the order to begin: first what no other holding of the focus leads to."""
    led_to = {
        (edge.source_id if back else edge.target_id)
        for edge in chain.edges
        if {edge.source_id, edge.target_id} <= chain.focus
    }
    return sorted(chain.focus, key=lambda pk: (pk in led_to, pk))


def _climb(
    following: dict[int, list[Edge]],
    nodes: dict[int, Node],
    start: int,
    seen: set[int],
    found: list[Branch],
    *,
    back: bool,
) -> None:
    stack = _level(following[start], (), back=back)
    while stack and len(found) < LONGEST:
        edge, end, is_last = stack.pop()
        is_repeated = end is not None and end in seen
        found.append(Branch(len(is_last) - 1, edge, nodes.get(end or 0), is_last, is_repeated))
        if end is None or is_repeated or len(is_last) >= DEEPEST:
            continue
        seen.add(end)
        stack += _level(following[end], is_last, back=back)


def _level(
    edges: list[Edge], above: tuple[bool, ...], *, back: bool
) -> list[tuple[Edge, int | None, tuple[bool, ...]]]:
    """Return the edges of one level for a stack: the first one on top."""
    level = [
        (edge, edge.source_id if back else edge.target_id, (*above, index == len(edges) - 1))
        for index, edge in enumerate(edges)
    ]
    return level[::-1]


def stems(branch: Branch) -> Iterator[str]:
    """Yield the line-drawing pieces before a branch."""
    for is_last in branch.is_last[:-1]:
        yield "   " if is_last else "│  "
    yield "└─ " if branch.is_last[-1] else "├─ "


def pad(text: str, columns: int) -> str:
    """Fill a text up to so many terminal columns; a Chinese character takes two."""
    taken = sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(0, columns - taken)
