"""How rows of supervision are written into sealed payloads: decimals as text, persons by salted digest."""

from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256


def plain(value: Decimal | None) -> str:
    """Return a quantity as text, "" where none is stated."""
    return "" if value is None else f"{value.normalize():f}"


def digest_of(lines: Iterable[Iterable[object]]) -> str:
    """Return one digest over rows of a table, whatever their order."""
    texts = sorted("\t".join(str(cell) for cell in line) for line in lines)
    return sha256("\n".join(texts).encode()).hexdigest()


def digest_of_token(token: str) -> bytes:
    """Return what is kept of a link's secret: 128 random bits need no salt."""
    return sha256(f"recall link {token}".encode()).digest()
