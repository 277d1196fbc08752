"""What a chain picture consists of: boxes and lines with places, ready to be printed by any drawer."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cailan.tracing.rules.chain import Edge, Node

Point = tuple[float, float]
# Weakest first: a line that stands for several flows is only as proven as its weakest.
PROOFS = ("declared", "scanned", "device", "counter_signed", "lab", "official")


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of quantities in one unit."""

    quantity: Decimal
    uom: str


@dataclass(frozen=True, slots=True)
class Group:
    """Holdings at the end of the chain that are drawn as one box, all fed by (or feeding) one other box."""

    key: str
    node_ids: tuple[int, ...]
    holder_count: int
    amounts: tuple[Amount, ...]  # of the flows between the group and its neighbour
    unstated: int  # flows without a stated quantity
    is_held: bool
    is_upstream: bool


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the picture; x and y are its upper left corner."""

    key: str
    kind: str  # stock, process, group, gap (origin not proven), origin, exit
    x: float
    y: float
    width: float
    height: float
    node: Node | None = None
    group: Group | None = None
    edges: tuple[Edge, ...] = ()  # what an exit, an origin or a gap stands for
    is_focus: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the picture: all flows between two boxes."""

    source: str
    target: str
    edges: tuple[Edge, ...]
    amounts: tuple[Amount, ...]
    unstated: int
    proof: str
    kind: str
    thickness: float
    points: tuple[Point, ...]
    label_at: Point


@dataclass(frozen=True, slots=True)
class Picture:
    """A chain with every box and line in its place, in pixels."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    is_tall: bool  # flows downwards, for narrow screens
    is_truncated: bool


def total(edges: Iterable[Edge]) -> tuple[tuple[Amount, ...], int]:
    """Return the sums by unit, and how many flows state no quantity."""
    sums: dict[str, Decimal] = {}
    unstated = 0
    for edge in edges:
        if edge.quantity is None:
            unstated += 1
        else:
            sums[edge.uom] = sums.get(edge.uom, Decimal(0)) + edge.quantity
    return tuple(Amount(sums[uom], uom) for uom in sorted(sums)), unstated


def weakest(edges: Iterable[Edge]) -> str:
    """Return the weakest proof among the flows; a level we do not know counts as declared."""
    return min((edge.proof if edge.proof in PROOFS else "declared" for edge in edges), key=PROOFS.index)
