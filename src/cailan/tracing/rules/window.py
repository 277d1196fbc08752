"""The part of a base drawing that is looked at, and where labels find room in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cailan.tracing.rules.captions import width
from cailan.tracing.rules.drawing import Point
from cailan.tracing.rules.projection import REGION, Frame

Area = tuple[float, float, float, float]  # left, top, right, bottom

# A label's size in pixels of a drawing seen whole: large enough for a phone, and what a desk needs.
LETTERS = (22.0, 15.0)
DOT = 8.0
LABEL_SHIFT = 11.0
NARROWEST = 170.0  # units of the region: about 110 km
MARGIN = 0.2


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a drawing, and the size there of one pixel of the whole."""

    x: float
    y: float
    width: float
    height: float
    unit: float

    def holds(self, area: Area) -> bool:
        """Say whether an area lies inside."""
        left, top, right, bottom = area
        is_across = self.x <= left and right <= self.x + self.width
        return is_across and self.y <= top and bottom <= self.y + self.height


def whole(frame: Frame) -> Window:
    """Return the window that shows all of a drawing."""
    return Window(0.0, 0.0, frame.width, frame.height, 1.0)


def window_around(points: Sequence[Point]) -> Window:
    """Return the part of the region that shows all points with room around, in the region's proportions."""
    if not points:
        return whole(REGION)
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    proportion = REGION.width / REGION.height
    wide = max(right - left, (bottom - top) * proportion) * (1 + 2 * MARGIN)
    wide = min(REGION.width, max(NARROWEST, wide))
    high = wide / proportion
    x = min(max(0.0, (left + right - wide) / 2), REGION.width - wide)
    y = min(max(0.0, (top + bottom - high) / 2), REGION.height - high)
    return Window(round(x, 1), round(y, 1), round(wide, 1), round(high, 1), round(wide / REGION.width, 3))


def label_box(point: Point, name: str, unit: float, anchor: str, letter: float = LETTERS[-1]) -> Area:
    """Return the area of a label right ("start") or left ("end") of its place; without a name, of the dot."""
    x, y = point
    if not name:
        return x - DOT * unit, y - DOT * unit, x + DOT * unit, y + DOT * unit
    near, far = LABEL_SHIFT * unit, (LABEL_SHIFT + width(name) * letter) * unit
    high = letter * 0.7 * unit
    return (
        (x + near, y - high, x + far, y + high)
        if anchor == "start"
        else (x - far, y - high, x - near, y + high)
    )


def overlaps(one: Area, other: Area) -> bool:
    """Say whether two areas have a point in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
