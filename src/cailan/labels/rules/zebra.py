"""ZPL II: graphic fields in the alternative compression that every Zebra printer of this century reads."""

from collections.abc import Iterable
from itertools import groupby

_TWENTIES = "ghijklmnopqrstuvwxyz"  # g is 20, h is 40 … z is 400
_ONES = "GHIJKLMNOPQRSTUVWXY"  # G is 1 … Y is 19
_LONGEST_RUN = 400


def label(width: int, height: int, fields: Iterable[str]) -> str:
    """Return one label of a size in dots."""
    return f"^XA\n^PW{width}\n^LL{height}\n^LH0,0\n" + "".join(f"{field}\n" for field in fields) + "^XZ\n"


def graphic_field(x: int, y: int, width: int, height: int, bits: bytes) -> str:
    """Return a picture, whose rows are filled up to whole bytes, at a place in dots."""
    row = -(-width // 8)
    total = row * height
    if len(bits) != total:
        raise ValueError(f"{width} × {height} dots are {total} bytes, not {len(bits)}")
    rows = [bits[at : at + row].hex().upper() for at in range(0, total, row)]
    before = [None, *rows]
    packed = "".join(
        ":" if text == earlier else _packed(text) for earlier, text in zip(before, rows, strict=False)
    )
    return f"^FO{x},{y}^GFA,{total},{total},{row},{packed}^FS"


def _packed(row: str) -> str:
    """Write one row: runs by count and digit; white to the end is a comma, black to the end an exclamation mark."""
    for digit, sign in (("0", ","), ("F", "!")):
        bare = row.rstrip(digit)
        if bare != row:
            return _runs(bare) + sign
    return _runs(row)


def _runs(digits: str) -> str:
    return "".join(_run(digit, len(list(same))) for digit, same in groupby(digits))


def _run(digit: str, count: int) -> str:
    if count == 1:
        return digit
    text = ""
    while count > _LONGEST_RUN:
        text, count = text + _TWENTIES[-1] + digit, count - _LONGEST_RUN
    twenties, ones = divmod(count, 20)
    return text + (_TWENTIES[twenties - 1] if twenties else "") + (_ONES[ones - 1] if ones else "") + digit
