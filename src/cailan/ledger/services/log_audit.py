"""Recompute the whole log from its rows, and name every row that is not what was sealed."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from cailan.ledger.models import Checkpoint, Tile
from cailan.ledger.rules import notes
from cailan.ledger.rules.alterations import (
    Alteration,
    KnownKey,
    Part,
    StoredRecord,
    check_record,
    entry_altered,
)
from cailan.ledger.rules.envelope import leaf_hash
from cailan.ledger.rules.merkle import Tree
from cailan.ledger.rules.tiles import HASH_BYTES, WIDTH

CHUNK = 100 * WIDTH
COLUMNS = (
    "r.id, r.kind, r.subject, r.party_id, r.key_id,"
    """ to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), r.payload, r.salt, r.entry, r.leaf"""
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A place where entry and leaf agree with each other, but not with the tile."""

    record: StoredRecord
    tile_hash: bytes


class LogAudit:
    """One walk along the log, with the tree growing beside it."""

    def __init__(self, keys: Mapping[str, KnownKey], log_keys: list[bytes], *, signatures: bool) -> None:
        self.keys = keys
        self.log_keys = log_keys
        self.signatures = signatures
        self.tree = Tree()  # of what the records give
        self.other: Tree | None = None  # of what the tiles give, while the two differ
        self.doubts: list[_Doubt] = []
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.checkpoints = 0

    def run(self, size: int, progress: Progress) -> Iterator[Alteration]:
        """Yield every alteration of the first `size` entries, their tiles and their checkpoints."""
        checkpoints = Checkpoint.objects.filter(size__lte=size).order_by("size").iterator()
        following = next(checkpoints, None)
        for start in range(0, size, CHUNK):
            end = min(start + CHUNK, size)
            rows, tiles = _rows(start, end), _leaf_tiles(start, end)
            for seq in range(start, end):
                yield from self._entry(seq, rows.get(seq), _hash_at(tiles, seq))
                while following is not None and following.size == seq + 1:
                    yield from self._checkpoint(following)
                    following = next(checkpoints, None)
            if self.other is None:
                self._collect_tiles()
            progress(end, size)
        if size and not self._has_checkpoint(size):
            yield Alteration(Part.CHECKPOINT, "missing", sealed=str(size))
        yield from self._settle(tiles_hold=True)
        self._collect_tiles()
        yield from self._stored_tiles()

    def _entry(self, seq: int, row: tuple[Any, ...] | None, tile_hash: bytes) -> Iterator[Alteration]:
        if row is None:
            yield Alteration(Part.ORDER, "place", seq=seq)
            self._grow(tile_hash, tile_hash)
            return
        if row[1] is None:
            yield Alteration(Part.MISSING, record_id=row[0], seq=seq)
            self._grow(tile_hash, tile_hash)
            return
        record = StoredRecord.from_row(row[1:], seq)
        computed = leaf_hash(record.entry)
        if computed == record.leaf == tile_hash:
            self._grow(computed, computed)
        elif computed == record.leaf:
            if self.other is None:
                self.other = copy.deepcopy(self.tree)
            self.doubts.append(_Doubt(record, tile_hash))
            self._grow(computed, tile_hash)
        elif computed == tile_hash:
            yield record.altered(Part.LEAF, "", computed.hex(), record.leaf.hex())
            self._grow(computed, computed)
        else:  # the entry was changed; where the leaf is no witness either, the tile is the only one left
            yield entry_altered(record, tile_hash)
            if record.leaf != tile_hash:
                yield record.altered(Part.LEAF, "", tile_hash.hex(), record.leaf.hex())
            self._grow(tile_hash, tile_hash)
            return
        yield from check_record(record, self.keys, with_signature=self.signatures)

    def _grow(self, computed: bytes, tile_hash: bytes) -> None:
        self.tree.append(computed)
        if self.other is not None:
            self.other.append(tile_hash)

    def _checkpoint(self, stored: Checkpoint) -> Iterator[Alteration]:
        self.checkpoints += 1
        root = self._signed_root(stored)
        if root is None:
            yield Alteration(
                Part.CHECKPOINT, f"note of size {stored.size}", stored=stored.note.partition("\n\n")[0]
            )
            root = bytes(stored.root)
        elif root != bytes(stored.root):
            yield Alteration(
                Part.CHECKPOINT, f"root of size {stored.size}", root.hex(), bytes(stored.root).hex()
            )
        if self.other is not None:
            if root == self.tree.root():
                yield from self._settle(tiles_hold=False)
            elif root == self.other.root():
                yield from self._settle(tiles_hold=True)
        if root != self.tree.root():
            yield Alteration(
                Part.CHECKPOINT,
                f"tree of size {stored.size}",
                root.hex(),
                self.tree.root().hex(),
                seq=stored.size,
            )

    def _signed_root(self, stored: Checkpoint) -> bytes | None:
        """Return the root under the signature of a log key, if the note is whole and of this size."""
        try:
            origin = stored.note.partition("\n")[0]
            text, _signed = notes.open_note(
                stored.note, [notes.NoteKey(origin, key) for key in self.log_keys]
            )
            found = notes.Checkpoint.parse(text)
        except notes.NotANote:
            return None
        return found.root if found.size == stored.size and found.extensions == () else None

    def _settle(self, *, tiles_hold: bool) -> Iterator[Alteration]:
        """Say of each doubt who is wrong: the tiles, or the records."""
        if self.other is None:
            return
        doubts, self.doubts = self.doubts, []
        if tiles_hold:
            self.tree = self.other
        self.other = None
        moved = _records_by_leaf([doubt.tile_hash for doubt in doubts]) if tiles_hold else {}
        for doubt in doubts:
            seq = doubt.record.seq or 0
            if not tiles_hold:
                yield doubt.record.altered(
                    Part.TILE, f"0/{seq // WIDTH}", doubt.record.leaf.hex(), doubt.tile_hash.hex()
                )
            elif doubt.tile_hash in moved:
                belongs = f"record {moved[doubt.tile_hash]}"
                yield doubt.record.altered(Part.ORDER, "place", belongs, f"record {doubt.record.id}")
            else:
                yield doubt.record.altered(Part.ENTRY, "", doubt.tile_hash.hex(), doubt.record.leaf.hex())

    def _collect_tiles(self) -> None:
        for place, data in self.tree.changed_tiles().items():
            if place[0]:  # leaves were compared one by one
                self.tiles[place] = data

    def _stored_tiles(self) -> Iterator[Alteration]:
        """Compare the inner tiles, and look for tiles that should not be there, or are not."""
        stored = {(tile.level, tile.idx): bytes(tile.data) for tile in Tile.objects.filter(level__gt=0)}
        for place in sorted(self.tiles.keys() | stored.keys()):
            sealed, kept = self.tiles.get(place, b""), stored.get(place, b"")
            if kept[: len(sealed)] != sealed or not sealed:
                at = next((n for n in range(len(sealed)) if kept[n : n + 1] != sealed[n : n + 1]), 0)
                yield Alteration(
                    Part.TILE,
                    f"{place[0]}/{place[1]} byte {at}",
                    sealed[at : at + 1].hex(),
                    kept[at : at + 1].hex(),
                )

    def _has_checkpoint(self, size: int) -> bool:
        return Checkpoint.objects.filter(size=size).exists()


def _rows(start: int, end: int) -> dict[int, tuple[Any, ...]]:
    """Return seq → (the record's number in the entry, then its columns)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.seq, e.record_id, {COLUMNS} FROM ledger_entry e"  # noqa: S608 (our own words)
            " LEFT JOIN ledger_record r ON r.id = e.record_id WHERE e.seq >= %s AND e.seq < %s",
            [start, end],
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _leaf_tiles(start: int, end: int) -> dict[int, bytes]:
    found = Tile.objects.filter(level=0, idx__gte=start // WIDTH, idx__lte=end // WIDTH)
    return {tile.idx: bytes(tile.data) for tile in found}


def _hash_at(tiles: dict[int, bytes], seq: int) -> bytes:
    at = seq % WIDTH * HASH_BYTES
    return tiles.get(seq // WIDTH, b"")[at : at + HASH_BYTES]


def _records_by_leaf(leaves: list[bytes]) -> dict[bytes, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT leaf, id FROM ledger_record WHERE leaf = ANY(%s)", [leaves])
        return {bytes(leaf): record for leaf, record in cursor.fetchall()}
