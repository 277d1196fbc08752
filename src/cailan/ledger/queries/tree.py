"""Read the tree: tiles, entries, checkpoints, and the log's own name."""

from django.conf import settings
from django.db import connection

from cailan.kernel.problems import NotFound
from cailan.ledger.models import Checkpoint, Key, Tile
from cailan.ledger.rules import notes
from cailan.ledger.rules.tiles import HASH_BYTES, TilePath, bundle


class TileCache:
    """A reader of tiles that asks the database once for each."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, idx: int) -> bytes:
        if (level, idx) not in self._known:
            found = Tile.objects.filter(level=level, idx=idx).values_list("data", flat=True).first()
            self._known[level, idx] = bytes(found or b"")
        return self._known[level, idx]


def latest_checkpoint() -> str | None:
    """Return the newest checkpoint as a signed note; None while the log is empty."""
    return Checkpoint.objects.order_by("-size").values_list("note", flat=True).first()


def log_key() -> notes.NoteKey | None:
    """Return the public key that signs checkpoints; None while the log is empty."""
    public = (
        Key.objects.filter(purpose=Key.Purpose.LOG, retired_at=None)
        .values_list("public_key", flat=True)
        .first()
    )
    return notes.NoteKey(settings.CAILAN.log_origin, bytes(public)) if public else None


def tile_bytes(path: TilePath) -> bytes:
    """Return the hashes of a tile, or the bundle of entries, in exactly the width asked for."""
    if path.level is None:
        return _entries(path)
    data = Tile.objects.filter(level=path.level, idx=path.idx).values_list("data", flat=True).first()
    wanted = path.width * HASH_BYTES
    if data is None or len(data) < wanted:
        raise NotFound
    return bytes(data[:wanted])


def _entries(path: TilePath) -> bytes:
    first = path.idx * 256
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.entry FROM ledger_entry e JOIN ledger_record r ON r.id = e.record_id"
            " WHERE e.seq >= %s AND e.seq < %s ORDER BY e.seq",
            [first, first + path.width],
        )
        found = [bytes(row[0]) for row in cursor.fetchall()]
    if len(found) != path.width:
        raise NotFound
    return bundle(found)
