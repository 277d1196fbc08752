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
    seen = set(chain.focus)
    starts = [
        edge for pk in sorted(chain.focus) for edge in following[pk] if _leads_out(edge, chain, back=back)
    ]
    stack = _level(starts, (), back=back)
    while stack and len(found) < LONGEST:
        edge, end, is_last = stack.pop()
        is_repeated = end is not None and end in seen
        found.append(Branch(len(is_last) - 1, edge, nodes.get(end or 0), is_last, is_repeated))
        if end is None or is_repeated or len(is_last) >= DEEPEST:
            continue
        seen.add(end)
        stack += _level(following[end], is_last, back=back)
    return tuple(found)


def _leads_out(edge: Edge, chain: Chain, *, back: bool) -> bool:
    end = edge.source_id if back else edge.target_id
    return end not in chain.focus


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
