"""Layout of the tree on disk and on the wire (C2SP tlog-tiles): 256 hashes a tile."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 256
HASH_BYTES = 32
HEIGHT = 8  # levels of the tree that one tile spans
HIGHEST_LEVEL = 63  # of tiles, as the specification bounds it
_PATH = re.compile(r"(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_LONGEST_NUMBER = 7  # groups of three digits: below 2^63


class NotATile(ValueError):
    """A path that names no tile."""


@dataclass(frozen=True, slots=True)
class TilePath:
    """What a path asks for: `level` is None for a bundle of entries."""

    level: int | None
    idx: int
    width: int


def number_path(number: int) -> str:
    """Write a tile's number in groups of three digits: 1234067 → x001/x234/067."""
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:  # noqa: PLR2004
        number //= 1000
        groups.append(f"x{number % 1000:03d}")
    return "/".join(reversed(groups))


def parse_path(path: str) -> TilePath:
    """Read what follows `tile/`; raise NotATile unless it is written the one right way."""
    match = _PATH.fullmatch(path)
    if not match or match[2].count("/") >= _LONGEST_NUMBER:
        raise NotATile(path)
    level = None if match[1] == "entries" else int(match[1])
    idx = int(match[2].replace("x", "").replace("/", ""))
    width = int(match[3]) if match[3] else WIDTH
    if number_path(idx) != match[2] or (match[3] and width >= WIDTH) or (level or 0) > HIGHEST_LEVEL:
        raise NotATile(path)
    return TilePath(level, idx, width)


def width_at(size: int, level: int, idx: int) -> int:
    """Return how many hashes the tile holds in a tree of `size` leaves: 0 to 256."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - idx * WIDTH))


def bundle(entries: Iterable[bytes]) -> bytes:
    """Write entries one behind the other, each after its length (big-endian uint16)."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def hashes_in(tile: bytes) -> list[bytes]:
    """Cut a tile into its hashes."""
    return [tile[start : start + HASH_BYTES] for start in range(0, len(tile), HASH_BYTES)]
