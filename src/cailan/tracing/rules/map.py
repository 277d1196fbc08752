"""A chain on the map: its places on the region's drawing, those further away on the country's."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from cailan.products.rules.units import gettext_noop
from cailan.tracing.rules.chain import Chain, Edge, Node
from cailan.tracing.rules.drawing import Point, weakest
from cailan.tracing.rules.projection import COUNTRY, REGION, Frame, is_inside, to_country, to_region
from cailan.tracing.rules.window import (
    LABEL_SHIFT,
    LETTERS,
    Area,
    Window,
    label_box,
    overlaps,
    whole,
    window_around,
)

Project = Callable[[float, float], Point]

# City seats of the Greater Bay Area, for orientation: name, longitude, latitude.
CITIES = (
    (gettext_noop("Guangzhou"), 113.35, 23.35),
    (gettext_noop("Shenzhen"), 114.1, 22.66),
    (gettext_noop("Zhuhai"), 113.3, 22.14),
    (gettext_noop("Foshan"), 112.85, 23.12),
    (gettext_noop("Huizhou"), 114.7, 23.25),
    (gettext_noop("Dongguan"), 113.87, 22.95),
    (gettext_noop("Zhongshan"), 113.36, 22.48),
    (gettext_noop("Jiangmen"), 112.65, 22.3),
    (gettext_noop("Zhaoqing"), 112.1, 23.5),
    (gettext_noop("Hong Kong"), 114.2, 22.36),
    (gettext_noop("Macao"), 113.62, 22.03),
    (gettext_noop("Shaoguan"), 113.6, 24.85),
    (gettext_noop("Qingyuan"), 112.9, 24.2),
    (gettext_noop("Meizhou"), 116.1, 24.2),
    (gettext_noop("Shantou"), 116.6, 23.3),
    (gettext_noop("Zhanjiang"), 110.2, 21.2),
    (gettext_noop("Maoming"), 110.95, 21.9),
    (gettext_noop("Yunfu"), 111.7, 22.8),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the chain on a drawing."""

    x: float
    y: float
    name: str  # "" where the label found no room
    anchor: str  # start or end: the label's side
    label_x: float
    is_focus: bool
    is_roomy: bool  # the label has room on a phone as well


@dataclass(frozen=True, slots=True)
class Way:
    """One way goods went, as an SVG path."""

    path: str
    proof: str


@dataclass(frozen=True, slots=True)
class City:
    """A name for orientation."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drawing with what lies on it, seen through a window of it."""

    frame: Frame
    window: Window
    places: tuple[Place, ...]
    ways: tuple[Way, ...]
    cities: tuple[City, ...] = ()


@dataclass(frozen=True, slots=True)
class MapPicture:
    """The chain's map; the country's sheet is there only when a place lies outside the region's."""

    region: Sheet
    country: Sheet | None
    unknown: int  # holdings whose place nobody stated


def map_of(chain: Chain) -> MapPicture | None:
    """Return the map of a chain, or None where no holding has a place."""
    placed = [node for node in chain.nodes if node.latitude is not None and node.longitude is not None]
    if not placed:
        return None
    points = [_project(node, to_region) for node in placed]
    inside = [point for point in points if is_inside(REGION, point)]
    window = window_around(inside)
    stock = sum(node.kind == "stock" for node in chain.nodes)
    return MapPicture(
        region=_sheet(chain, placed, REGION, window, to_region),
        country=_sheet(chain, placed, COUNTRY, whole(COUNTRY), to_country)
        if len(inside) < len(points)
        else None,
        unknown=stock - sum(node.kind == "stock" for node in placed),
    )


def _sheet(chain: Chain, placed: list[Node], frame: Frame, window: Window, project: Project) -> Sheet:
    at = {node.id: _project(node, project) for node in placed}
    ways: dict[tuple[Point, Point], list[Edge]] = defaultdict(list)
    for edge in sorted(chain.edges, key=lambda edge: edge.id):
        source, target = at.get(edge.source_id or 0), at.get(edge.target_id or 0)
        if source and target and source != target:
            ways[source, target].append(edge)
    spots: dict[Point, list[Node]] = defaultdict(list)
    for node in sorted(placed, key=lambda node: (node.id not in chain.focus, node.id)):
        if is_inside(frame, at[node.id]):
            spots[at[node.id]].append(node)
    taken = [label_box(point, "", window.unit, "start") for point in spots]
    places = tuple(_place(point, nodes, chain, window, taken) for point, nodes in spots.items())
    cities = _cities(window, taken) if frame is REGION else ()
    lines = tuple(Way(arc(*ends), weakest(ways[ends])) for ends in sorted(ways))
    return Sheet(frame, window, places, lines, cities)


def _place(point: Point, nodes: list[Node], chain: Chain, window: Window, taken: list[Area]) -> Place:
    """Return the place with its label right or left, large enough for phones if it can be; else without."""
    name = " / ".join(list(dict.fromkeys(node.site or node.holder for node in nodes))[:2])
    is_focus = any(node.id in chain.focus for node in nodes)
    own = label_box(point, "", window.unit, "start")
    others = [area for area in taken if area != own]
    for letter in LETTERS:
        for anchor in ("start", "end"):
            area = label_box(point, name, window.unit, anchor, letter)
            if window.holds(area) and not any(overlaps(area, other) for other in others):
                taken.append(area)
                shift = LABEL_SHIFT * window.unit * (1 if anchor == "start" else -1)
                return Place(*point, name, anchor, round(point[0] + shift, 1), is_focus, letter == LETTERS[0])
    return Place(*point, "", "start", point[0], is_focus, is_roomy=False)


def _cities(window: Window, taken: list[Area]) -> tuple[City, ...]:
    cities = []
    for name, longitude, latitude in CITIES:
        x, y = map(_tenth, to_region(longitude, latitude))
        half = len(name) * 3.6 * window.unit
        area = (x - half, y - 11 * window.unit, x + half, y + 4 * window.unit)
        if window.holds(area) and not any(overlaps(area, other) for other in taken):
            cities.append(City(name, x, y))
    return tuple(cities)


def arc(start: Point, end: Point) -> str:
    """Return a path that bends to its left, so that there and back lie apart."""
    (x, y), (u, v) = start, end
    bend_x, bend_y = (x + u) / 2 + (v - y) * 0.18, (y + v) / 2 - (u - x) * 0.18
    return f"M{x:g} {y:g}Q{bend_x:.1f} {bend_y:.1f} {u:g} {v:g}"


def _project(node: Node, project: Project) -> Point:
    x, y = project(node.longitude or 0.0, node.latitude or 0.0)
    return _tenth(x), _tenth(y)


def _tenth(value: float) -> float:
    return round(value, 1)
