"""Draw a chain: boxes in layers along the flow, lines as thick as what they carry."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from math import sqrt

from cailan.products.rules.units import UNITS
from cailan.tracing.rules import layering
from cailan.tracing.rules.chain import Chain, Edge
from cailan.tracing.rules.drawing import Amount, Box, Line, Picture, Point, total, weakest
from cailan.tracing.rules.folding import Folded, fold

LIMIT = 120
COMPACT_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Measures:
    """Sizes in pixels: a card, the room between layers for the lines' labels, the room between neighbours."""

    card: tuple[float, float]
    layer_gap: float
    gap: float
    margin: float


WIDE = Measures(card=(208.0, 112.0), layer_gap=78.0, gap=28.0, margin=24.0)
TALL = Measures(card=(300.0, 112.0), layer_gap=58.0, gap=12.0, margin=14.0)
TALL_CARD_BESIDE_ANOTHER = (160.0, 112.0)
SIZES = {"process": (132.0, 120.0), "gap": (152.0, 58.0), "origin": (136.0, 40.0), "exit": (136.0, 40.0)}
# Lines meet a process at its circle, not at the edge of its words: how far inside its box, before and after.
INSETS = {"process": ((42.0, 42.0), (36.0, 0.0))}  # wide, tall
NO_INSETS = ((0.0, 0.0), (0.0, 0.0))
DETOUR = 10.0  # room for a line that passes a layer without stopping
THINNEST, THICKEST = 2.0, 9.0


@dataclass(slots=True)
class _Graph:
    """The picture before its places are known; kept inside this module while it is built."""

    boxes: dict[str, Box] = field(default_factory=dict)
    flows: dict[tuple[str, str], list[Edge]] = field(default_factory=lambda: defaultdict(list))
    layer: dict[str, int] = field(default_factory=dict)
    arcs: list[layering.Arc] = field(default_factory=list)
    ways: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # a line's stops, detours included


def layout(chain: Chain, *, compact: bool = False) -> Picture:
    """Return the chain as a picture: left to right, or top to bottom and folded further when `compact`.

    Deterministic: the same chain gives the same picture whatever order its parts come in.
    """
    measures = TALL if compact else WIDE
    folded = fold(chain, limit=COMPACT_LIMIT if compact else LIMIT)
    graph = _graph(chain, folded)
    keys = sorted(graph.boxes, key=_natural)
    arcs = layering.without_cycles(
        keys, sorted(graph.flows, key=lambda arc: (_natural(arc[0]), _natural(arc[1])))
    )
    graph.layer = layering.layers_of(keys, arcs)
    _route(graph, arcs)
    rows = layering.ordered(
        [*keys, *(key for key in graph.layer if key not in graph.boxes)], graph.arcs, graph.layer
    )
    widest = max(
        (
            sum(graph.boxes[key].kind in {"stock", "group"} for key in row if key in graph.boxes)
            for row in rows
        ),
        default=0,
    )
    card = TALL_CARD_BESIDE_ANOTHER if compact and widest > 1 else measures.card
    boxes, stops, size = _place(graph, rows, measures, card, compact=compact)
    return Picture(
        width=size[0],
        height=size[1],
        boxes=tuple(boxes[key] for key in keys),
        lines=_lines(graph, stops, compact=compact),
        is_tall=compact,
        is_truncated=chain.is_truncated,
    )


def _natural(key: str) -> tuple[str, int, str]:
    head = key.lstrip("abcdefghijklmnopqrstuvwxyz")
    digits = head.split("-", 1)[0]
    return key[: len(key) - len(head)], int(digits), head[len(digits) :]


def _graph(chain: Chain, folded: Folded) -> _Graph:
    graph = _Graph()
    for node in folded.nodes:
        kind = "process" if node.kind == "process" else "stock"
        graph.boxes[f"n{node.id}"] = Box(
            f"n{node.id}", kind, 0, 0, 0, 0, node=node, is_focus=node.id in chain.focus
        )
    for group in folded.groups:
        graph.boxes[group.key] = Box(group.key, "group", 0, 0, 0, 0, group=group)
    box_of = folded.box_of()
    outside = {node.id for node in chain.nodes if node.is_external}
    for edge in sorted(chain.edges, key=lambda edge: edge.id):
        source = None if edge.source_id is None else box_of.get(edge.source_id)
        target = None if edge.target_id is None else box_of.get(edge.target_id)
        if source and target:
            if source != target:
                graph.flows[source, target].append(edge)
        elif source and edge.target_id is None:
            graph.flows[source, _stub(graph, "exit", f"{source}-{edge.kind}", edge)].append(edge)
        elif target and edge.source_id is None:
            is_gap = edge.kind == "create" and edge.proof == "declared" and edge.target_id in outside
            kind = "gap" if is_gap else "origin"
            graph.flows[_stub(graph, kind, f"{target}-{edge.kind}", edge), target].append(edge)
    return graph


def _stub(graph: _Graph, kind: str, name: str, edge: Edge) -> str:
    key = f"{kind}{name[1:]}"
    before = graph.boxes[key].edges if key in graph.boxes else ()
    graph.boxes[key] = Box(key, kind, 0, 0, 0, 0, edges=(*before, edge))
    return key


def _route(graph: _Graph, arcs: list[layering.Arc]) -> None:
    """Give every line that skips layers a stop in each, so that boxes make room for it."""
    for number, (source, target) in enumerate(arcs):
        stops = [source]
        for at in range(graph.layer[source] + 1, graph.layer[target]):
            detour = f"d{number}-{at}"
            graph.layer[detour] = at
            stops.append(detour)
        stops.append(target)
        graph.arcs.extend(pairwise(stops))
        graph.ways[source, target] = stops


def _place(
    graph: _Graph, rows: list[list[str]], measures: Measures, card: tuple[float, float], *, compact: bool
) -> tuple[dict[str, Box], dict[str, tuple[Point, Point]], tuple[float, float]]:
    """Return the boxes in place, where lines enter and leave each stop, and the picture's size."""
    sizes = {key: SIZES.get(box.kind, card) for key, box in graph.boxes.items()}
    depth = [max((sizes[key][compact] for key in row if key in sizes), default=0.0) for row in rows]
    across = {key: sizes[key][not compact] if key in sizes else DETOUR for row in rows for key in row}
    centre = layering.centres(rows, graph.arcs, across, measures.gap)
    shift = measures.margin - min((centre[key] - across[key] / 2 for key in centre), default=0.0)
    boxes, stops, along = {}, {}, measures.margin
    for row, deep in zip(rows, depth, strict=True):
        for key in row:
            mid = centre[key] + shift
            own = sizes[key][compact] if key in sizes else deep
            start = along + (deep - own) / 2
            before, after = (
                INSETS.get(graph.boxes[key].kind, NO_INSETS)[compact] if key in sizes else (0.0, 0.0)
            )
            stops[key] = (_turn(start + before, mid, compact), _turn(start + own - after, mid, compact))
            if key in sizes:
                x, y = _turn(start, mid - across[key] / 2, compact)
                old = graph.boxes[key]
                boxes[key] = Box(
                    key, old.kind, x, y, *sizes[key], old.node, old.group, old.edges, is_focus=old.is_focus
                )
        along += deep + measures.layer_gap
    length = along - measures.layer_gap + measures.margin if rows else 2 * measures.margin
    breadth = (
        max((centre[key] + across[key] / 2 + shift for key in centre), default=measures.margin)
        + measures.margin
    )
    return boxes, stops, _turn(round(length, 1), round(breadth, 1), compact)


def _turn(along: float, across: float, compact: bool) -> Point:  # noqa: FBT001 (a direction, not a switch)
    return (round(across, 1), round(along, 1)) if compact else (round(along, 1), round(across, 1))


def _lines(graph: _Graph, stops: dict[str, tuple[Point, Point]], *, compact: bool) -> tuple[Line, ...]:
    most = _most(graph.flows.values())
    leaving = Counter(source for source, _ in graph.flows)
    arriving = Counter(target for _, target in graph.flows)
    lines = []
    for (source, target), edges in sorted(
        graph.flows.items(), key=lambda item: (_natural(item[0][0]), _natural(item[0][1]))
    ):
        way = graph.ways.get((source, target)) or graph.ways[target, source][::-1]
        points = _points(way, stops, is_turned=(source, target) not in graph.ways)
        amounts, unstated = total(edges)
        is_at_end = leaving[source] > 1 or arriving[target] <= 1
        lines.append(
            Line(
                source,
                target,
                tuple(edges),
                amounts,
                unstated,
                weakest(edges),
                edges[0].kind,
                _thickness(amounts, most),
                points,
                _label_at(
                    points,
                    at_end=is_at_end,
                    is_alone=leaving[source] == 1 == arriving[target],
                    compact=compact,
                ),
            )
        )
    return tuple(lines)


def _points(way: list[str], stops: dict[str, tuple[Point, Point]], *, is_turned: bool) -> tuple[Point, ...]:
    """Return where a line leaves, enters and leaves every stop on its way, and arrives."""
    first, last = (0, 1) if is_turned else (1, 0)
    points = [stops[way[0]][first]]
    for stop in way[1:-1]:
        points += [stops[stop][last], stops[stop][first]]
    return (*points, stops[way[-1]][last])


def _label_at(points: tuple[Point, ...], *, at_end: bool, is_alone: bool, compact: bool) -> Point:
    """Return the middle of the label: where lines of a fan lie apart, half-way where a line is alone."""
    start, end = (points[-2], points[-1]) if at_end else (points[0], points[1])
    share = 0.5 if is_alone else (0.62 if at_end else 0.38)
    eased = share * share * (3 - 2 * share)  # the height of the line's S-curve there
    along = 1 if compact else 0
    middle = [0.0, 0.0]
    middle[along] = start[along] + (end[along] - start[along]) * share
    middle[1 - along] = start[1 - along] + (end[1 - along] - start[1 - along]) * eased
    return round(middle[0], 1), round(middle[1], 1)


def _most(flows: Iterable[list[Edge]]) -> dict[str, Decimal]:
    most: dict[str, Decimal] = {}
    for edges in flows:
        for kind, quantity in map(_comparable, total(edges)[0]):
            most[kind] = max(most.get(kind, Decimal(0)), quantity)
    return most


def _comparable(amount: Amount) -> tuple[str, Decimal]:
    """Return the amount among its like: kilograms, litres or pieces; a unit we do not know on its own."""
    unit = UNITS.get(amount.uom)
    if unit is None:
        return amount.uom, abs(amount.quantity)
    return unit.dimension, abs(amount.quantity) * unit.factor


def _thickness(amounts: tuple[Amount, ...], most: dict[str, Decimal]) -> float:
    shares = [quantity / most[kind] for kind, quantity in map(_comparable, amounts) if most[kind]]
    return round(THINNEST + (THICKEST - THINNEST) * sqrt(max(shares, default=Decimal(0))), 1)
