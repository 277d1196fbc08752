"""The Merkle tree of RFC 6962: grow it at its right edge, prove, verify; tiles are handed in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

from cailan.ledger.rules.tiles import HASH_BYTES, HEIGHT, WIDTH, width_at

EMPTY_ROOT = sha256(b"").digest()

TileReader = Callable[[int, int], bytes]
"""(level, number) → the tile's hashes, at least as many as the tree needs."""


class Disagreement(ValueError):
    """Hashes that do not lead to the root they claim."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (RFC 6962 2.1)."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """The right edge of a growing tree: the roots of its full subtrees, from large to small."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []  # (height, root), the heights strictly falling
        self._tiles: dict[int, bytearray] = {}  # level → the tile that grows there
        self._changed: dict[tuple[int, int], bytes] = {}

    @classmethod
    def at(cls, size: int, read: TileReader) -> "Tree":
        """Take up a tree of `size` leaves again, from the tiles at its right edge."""
        tree = cls()
        tree.size = size
        for level in range((size.bit_length() + HEIGHT - 1) // HEIGHT):
            idx = (size >> (HEIGHT * level)) // WIDTH
            width = width_at(size, level, idx)
            tree._tiles[level] = bytearray(read(level, idx)[: width * HASH_BYTES] if width else b"")
        for height in reversed(range(size.bit_length())):
            if size >> height & 1:
                tree._peaks.append((height, subtree_hash(height, (size >> height) - 1, read)))
        return tree

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        height, found, peaks = 0, leaf, self._peaks
        self._keep(0, leaf)
        while peaks and peaks[-1][0] == height:
            found = sha256(b"\x01" + peaks.pop()[1] + found).digest()
            height += 1
            if height % HEIGHT == 0:
                self._keep(height // HEIGHT, found)
        peaks.append((height, found))
        self.size += 1

    def root(self) -> bytes:
        """Return the root of all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        found = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def changed_tiles(self) -> dict[tuple[int, int], bytes]:
        """Return the tiles that grew since the last call: (level, number) → all its hashes."""
        changed, self._changed = self._changed, {}
        for level, tile in self._tiles.items():
            if tile:
                changed[level, (self.size >> (HEIGHT * level)) // WIDTH] = bytes(tile)
        return changed

    def _keep(self, level: int, found: bytes) -> None:
        """Lay a hash into its tile; a full tile is handed over, and the next begins.

        A leaf is laid down before `size` counts it, so the number of its tile is that of the present size; an
        inner node is laid down with the last leaf below it, which gives the same number one level up.
        """
        tile = self._tiles.setdefault(level, bytearray())
        tile += found
        if len(tile) == WIDTH * HASH_BYTES:
            self._changed[level, self.size >> (HEIGHT * (level + 1))] = bytes(tile)
            tile.clear()


def subtree_hash(height: int, number: int, read: TileReader) -> bytes:
    """Return the root of the `number`-th full subtree of 2^height leaves."""
    level, inside = divmod(height, HEIGHT)
    first = number << inside
    tile = read(level, first // WIDTH)
    start = first % WIDTH * HASH_BYTES
    hashes = [tile[start + HASH_BYTES * at : start + HASH_BYTES * (at + 1)] for at in range(1 << inside)]
    if len(hashes[-1]) != HASH_BYTES:
        raise Disagreement(f"tile {level}/{first // WIDTH} is too short")
    return fold(hashes)


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over 2^n hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def range_hash(start: int, end: int, read: TileReader) -> bytes:
    """Return the hash MTH(D[start:end]) of a range that begins where a subtree of its size begins."""
    parts = []
    while start < end:
        height = (end - start).bit_length() - 1
        parts.append(subtree_hash(height, start >> height, read))
        start += 1 << height
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found


def root_at(size: int, read: TileReader) -> bytes:
    """Return the root of the first `size` leaves."""
    return range_hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: TileReader) -> list[bytes]:
    """Return the hashes that lead from a leaf to the root of `size` leaves, lowest first (RFC 6962 2.1.1)."""
    if not 0 <= index < size:
        raise Disagreement(f"no leaf {index} in a tree of {size}")
    proof, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(range_hash(middle, end, read))
            end = middle
        else:
            proof.append(range_hash(start, middle, read))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, read: TileReader) -> list[bytes]:
    """Return the hashes that show the first `old` leaves unchanged among `new` (RFC 6962 2.1.2)."""
    if not 0 <= old <= new:
        raise Disagreement(f"no tree of {old} leaves inside one of {new}")
    if old in (0, new):
        return []
    proof, start, end = [], 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(range_hash(middle, end, read))
            end = middle
        else:
            proof.append(range_hash(start, middle, read))
            start = middle
    if start:  # the old root itself is known to whoever asks
        proof.append(range_hash(start, end, read))
    return proof[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Iterable[bytes]) -> bytes:
    """Return the root that a proof leads to (RFC 9162 2.1.3.2); raise Disagreement for a wrong length."""
    if not 0 <= index < size:
        raise Disagreement(f"no leaf {index} in a tree of {size}")
    found = leaf
    for sibling, is_left in _climb(index, size - 1, proof):
        found = node_hash(sibling, found) if is_left else node_hash(found, sibling)
    return found


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise Disagreement unless the tree of `new` leaves begins with that of `old` (RFC 9162 2.1.4.2)."""
    if not 0 <= old <= new:
        raise Disagreement(f"no tree of {old} leaves inside one of {new}")
    if old in (0, new):
        known_root = new_root if old else EMPTY_ROOT
        if proof or old_root != known_root:
            raise Disagreement("nothing to prove, or two roots of one size")
        return
    if not proof:
        raise Disagreement("the proof is too short")
    first, *path = proof if old & (old - 1) else (old_root, *proof)
    height = (old & -old).bit_length() - 1  # of the last full subtree of the earlier tree
    before = after = first
    for sibling, is_left in _climb((old - 1) >> height, (new - 1) >> height, path):
        if is_left:
            before = node_hash(sibling, before)
        after = node_hash(sibling, after) if is_left else node_hash(after, sibling)
    if before != old_root or after != new_root:
        raise Disagreement("the later tree does not contain the earlier one")


def _climb(at: int, last: int, proof: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each hash of a proof and whether it stands on the left, from node `at` up to the root."""
    for sibling in proof:
        if last == 0:
            raise Disagreement("the proof is too long")
        is_left = bool(at & 1) or at == last
        yield sibling, is_left
        while is_left and not at & 1 and at:  # the last node of a row has no neighbour until further up
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    if last:
        raise Disagreement("the proof is too short")


def _split(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)
