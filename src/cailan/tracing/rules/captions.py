"""Words and curves on a drawing: how wide a text is, where to cut it, how a line bends."""

from collections.abc import Sequence
from itertools import pairwise
from unicodedata import east_asian_width

from cailan.tracing.rules.drawing import Point


def width(text: str) -> float:
    """Return the text's width in ems: a Chinese character is one wide, a Latin letter about a half."""
    return sum(1.0 if east_asian_width(letter) in "WFA" else 0.58 for letter in text)


def fit(text: str, room: float) -> str:
    """Return the text cut to `room` ems, with an ellipsis where something was cut."""
    if width(text) <= room:
        return text
    taken = ""
    for letter in text:
        if width(taken + letter) > room - 1:
            break
        taken += letter
    return taken.rstrip() + "…"


def groups(code: str, size: int = 4) -> tuple[str, ...]:
    """Cut a code into groups that can be read aloud."""
    return tuple(code[at : at + size] for at in range(0, len(code), size))


def curve(points: Sequence[Point], *, is_tall: bool) -> str:
    """Return an SVG path through the points that leaves and arrives along the flow."""
    path = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for at, ((x, y), (u, v)) in enumerate(pairwise(points)):
        if at % 2:  # across a layer: straight
            path.append(f"L{u:g} {v:g}")
        elif is_tall:
            path.append(f"C{x:g} {(y + v) / 2:g} {u:g} {(y + v) / 2:g} {u:g} {v:g}")
        else:
            path.append(f"C{(x + u) / 2:g} {y:g} {(x + u) / 2:g} {v:g} {u:g} {v:g}")
    return "".join(path)
