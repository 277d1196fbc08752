"""Where everything stands on a label, in dots of a label printer; the largest letters that fit are taken.

One layout serves every printer: the PDF and the Zebra file show the same label.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cailan.labels.rules.content import LabelContent, tidied

DOTS_PER_MM = 8  # 203 dpi
MARGIN = 10
LARGEST_SIZE, SMALLEST_SIZE = 30, 14  # 14 dots are 1.8 mm, the least that GB 7718 allows
EASY_SIZE = 18  # below it the code gives way first
SMALLEST_MODULE = 3  # 0.38 mm: still read by every phone
_NEVER_FIRST = frozenset("，。、；：！？）】》」』”’%,.;:!?)]}")

Measure = Callable[[str, int, bool], int]


@dataclass(frozen=True, slots=True)
class Run:
    """Letters on one line; `y` is the line that they stand on."""

    x: int
    y: int
    size: int
    is_bold: bool
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    width: int
    height: int
    runs: tuple[Run, ...]
    frames: tuple[Frame, ...]
    code: Frame


def arrange(content: LabelContent, *, modules: int, measure: Measure) -> Layout | None:
    """Place a label's parts; None when they do not fit even in the smallest letters that may be used."""
    for size, module in _tries():
        if found := _arrange(content, modules * module, size, measure):
            return found
    return None


def _tries() -> Iterator[tuple[int, int]]:
    for size in range(LARGEST_SIZE, SMALLEST_SIZE - 1, -1):
        for module in (6, 5, 4) if size >= EASY_SIZE else (4, SMALLEST_MODULE):
            yield size, module


def _arrange(content: LabelContent, side: int, size: int, measure: Measure) -> Layout | None:
    width, height = content.width_mm * DOTS_PER_MM, content.height_mm * DOTS_PER_MM
    left = width - MARGIN - side
    letters = _below_code(tidied(content.code), left, side, measure)
    if letters is None or left < width * 0.4 or side + MARGIN + len(letters) * (letters[0].size + 4) > height:
        return None
    written = _column(content, size, left - MARGIN - MARGIN // 2, measure)
    if written is None or max((run.y for run in written[0]), default=0) > height - MARGIN:
        return None
    runs, frames = written
    if any(frame.y + frame.height > height - MARGIN // 2 for frame in frames):
        return None
    below = tuple(
        Run(run.x, side + MARGIN // 2 + (at + 1) * (run.size + 4) - 4, run.size, run.is_bold, run.text)
        for at, run in enumerate(letters)
    )
    return Layout(width, height, (*runs, *below), frames, Frame(left, MARGIN // 2, side, side))


def _below_code(code: str, left: int, side: int, measure: Measure) -> list[Run] | None:
    """Write the code's letters below it, on as few lines as a careful reader needs."""
    for lines in range(1, 4):
        length = -(-len(code) // lines)
        parts = [code[at : at + length] for at in range(0, len(code), length)] if code else [""]
        for size in range(20, SMALLEST_SIZE - 1, -1):
            if all(measure(part, size, False) <= side for part in parts):
                return [
                    Run(left + (side - measure(part, size, False)) // 2, 0, size, False, part)
                    for part in parts
                ]
    return None


def _column(
    content: LabelContent, size: int, width: int, measure: Measure
) -> tuple[tuple[Run, ...], tuple[Frame, ...]] | None:
    runs: list[Run] = []
    title_size, step = round(size * 1.35), round(size * 1.28)
    y = MARGIN // 2
    for part in wrap(tidied(content.title), width, lambda text: measure(text, title_size, True)):
        y += round(title_size * 1.2)
        runs.append(Run(MARGIN, y, title_size, True, part))
    y += size // 3
    for name, value in content.lines:
        for part in wrap(_line(name, value), width, lambda text: measure(text, size, False)):
            y += step
            runs.append(Run(MARGIN, y, size, False, part))
    return _marks(content.marks, runs, y + size // 2, size, width, measure)


def _line(name: str, value: str) -> str:
    """Join name and value as their script does."""
    name, value = tidied(name), tidied(value)
    if not name:
        return value
    return f"{name}: {value}" if name.isascii() else f"{name}：{value}"


def _marks(
    marks: tuple[str, ...], runs: list[Run], y: int, size: int, width: int, measure: Measure
) -> tuple[tuple[Run, ...], tuple[Frame, ...]] | None:
    frames: list[Frame] = []
    x, high, pad = MARGIN, round(size * 1.45), size // 3
    for mark in filter(None, map(tidied, marks)):
        wide = measure(mark, size, True) + 2 * pad
        if wide > width:
            return None
        if x > MARGIN and x + wide > MARGIN + width:
            x, y = MARGIN, y + high + pad
        frames.append(Frame(x, y, wide, high))
        runs.append(Run(x + pad, y + round(size * 1.1), size, True, mark))
        x += wide + pad
    return tuple(runs), tuple(frames)


def wrap(text: str, width: int, measure: Callable[[str], int]) -> list[str]:
    """Break a text into lines: between Chinese characters anywhere, else between words where that is possible."""
    lines: list[str] = []
    rest = text
    while rest:
        length = _longest(rest, width, measure)
        lines.append(rest[:length].rstrip())
        rest = rest[length:].lstrip()
    return lines


def _longest(text: str, width: int, measure: Callable[[str], int]) -> int:
    """Return how many characters the first line takes."""
    if measure(text) <= width:
        return len(text)
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= width else (low, middle - 1)
    if low < len(text) and text[low] in _NEVER_FIRST and low > 1:
        low -= 1
    if _is_inside_a_word(text, low):
        start = max((at for at in range(1, low) if not _is_inside_a_word(text, at)), default=0)
        if 0 < start >= low // 2:
            return start
    return low


def _is_inside_a_word(text: str, at: int) -> bool:
    return at < len(text) and all(each.isascii() and not each.isspace() for each in text[at - 1 : at + 1])
