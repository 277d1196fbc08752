"""Carry sealed records into the log, in an order that no late commit can disturb, and sign the new root."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from cailan.kernel.problems import Problem
from cailan.ledger.models import Key
from cailan.ledger.queries.tree import TileCache
from cailan.ledger.rules import notes
from cailan.ledger.rules.merkle import EMPTY_ROOT, Disagreement, Tree
from cailan.ledger.services.appending import platform_signer

_LOG_LOCK = 0x6C65_6467_6572_02
_SEQUENCER_LOCK = 0x6C65_6467_6572_03
BATCH = 20_000


class LogDamaged(Problem):
    status = 500
    code = "log-damaged"
    title = _("The log does not lead to its own root")
    detail = _("Nothing was added. Run the audit: it names what was changed.")


@dataclass(frozen=True, slots=True)
class _Cursor:
    """How far the log has read the queue; `restored`: the database came from another server's dump."""

    xid: str
    record_id: int
    floor_id: int
    size: int
    root: bytes
    restored: bool


_tree = Tree()  # the right edge, kept between batches; taken up anew whenever the stored root is another one


def sequence_once(limit: int = BATCH) -> int:
    """Carry up to `limit` waiting records into the log and sign the new checkpoint; return how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOG_LOCK])
        at = _read_cursor(cursor)
        waiting = _read_queue(cursor, at, limit)
        if waiting:
            tree = _tree_at(at)
            for _record, _xid, leaf in waiting:
                tree.append(bytes(leaf))
            _write(cursor, at, tree, [record for record, _xid, _leaf in waiting])
        if waiting or at.restored:
            _move_cursor(cursor, at, waiting)
    return len(waiting)


def take_sequencer_lock() -> bool:
    """Make this session the only sequencer, for as long as it lives; say whether it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_SEQUENCER_LOCK])
        return bool(cursor.fetchone()[0])


def _read_cursor(cursor: Any) -> _Cursor:
    cursor.execute(
        "INSERT INTO ledger_cursor (id, xid, record_id, floor_id, size, root) VALUES (1, '0', 0, 0, 0, %s)"
        " ON CONFLICT DO NOTHING",
        [EMPTY_ROOT],
    )
    cursor.execute(
        "SELECT xid::text, record_id, floor_id, size, root, xid >= pg_snapshot_xmax(pg_current_snapshot())"
        " AND xid IS DISTINCT FROM pg_current_xact_id_if_assigned() FROM ledger_cursor"
    )
    xid, record_id, floor_id, size, root, restored = cursor.fetchone()
    return _Cursor(xid, record_id, floor_id, size, bytes(root), restored)


def _read_queue(cursor: Any, at: _Cursor, limit: int) -> list[tuple[int, str, bytes]]:
    """Return (record, xid, leaf) of what waits.

    Numbers are given before commits, so a row may appear below one already read: only transactions older
    than every running one are read (and our own, when nothing older runs). After a restore the numbers of the
    former server mean nothing here, and nothing of it still runs: everything left over is read at once.
    """
    horizon = (
        "true"
        if at.restored
        else "(xid < pg_snapshot_xmin(pg_current_snapshot()) OR xid = pg_current_xact_id_if_assigned()"
        " AND xid = pg_snapshot_xmin(pg_current_snapshot()))"
    )
    cursor.execute(
        "SELECT id, xid::text, leaf FROM ledger_record"  # noqa: S608 (our own words)
        " WHERE (xid, id) > (%s::xid8, %s) AND id > %s"
        f" AND {horizon} ORDER BY xid, id" + ("" if at.restored else f" LIMIT {limit:d}"),
        [at.xid, at.record_id, at.floor_id],
    )
    return cursor.fetchall()  # type: ignore[no-any-return]


def _tree_at(at: _Cursor) -> Tree:
    global _tree  # noqa: PLW0603 (one right edge per process, verified against the stored root)
    if _tree.size != at.size or _tree.root() != at.root:
        try:
            _tree = Tree.at(at.size, TileCache())
        except Disagreement:
            raise LogDamaged from None
        if _tree.root() != at.root:
            _tree = Tree()
            raise LogDamaged
    return _tree


def _write(cursor: Any, at: _Cursor, tree: Tree, records: list[int]) -> None:
    cursor.execute(
        "INSERT INTO ledger_entry (seq, record_id)"
        " SELECT %s + place, record FROM unnest(%s::bigint[]) WITH ORDINALITY AS e (record, place)",
        [at.size - 1, records],
    )
    cursor.executemany(
        "INSERT INTO ledger_tile (level, idx, data) VALUES (%s, %s, %s)"
        " ON CONFLICT (level, idx) DO UPDATE SET data = EXCLUDED.data",
        [(level, idx, data) for (level, idx), data in tree.changed_tiles().items()],
    )
    root = tree.root()
    cursor.execute(
        "INSERT INTO ledger_checkpoint (size, root, note) VALUES (%s, %s, %s)",
        [tree.size, root, _signed_note(tree.size, root)],
    )
    cursor.execute("UPDATE ledger_cursor SET size = %s, root = %s", [tree.size, root])


def _signed_note(size: int, root: bytes) -> str:
    signer = platform_signer(Key.Purpose.LOG)
    origin = settings.CAILAN.log_origin
    text = notes.Checkpoint(origin, size, root).text()
    return notes.sign(text, notes.NoteKey(origin, signer.public_key), signer.sign)


def _move_cursor(cursor: Any, at: _Cursor, waiting: list[tuple[int, str, bytes]]) -> None:
    if at.restored:
        cursor.execute(
            "UPDATE ledger_cursor SET xid = '0', record_id = 0,"
            " floor_id = (SELECT coalesce(max(record_id), 0) FROM ledger_entry)"
        )
        return
    record_id, xid, _leaf = waiting[-1]
    cursor.execute("UPDATE ledger_cursor SET xid = %s::xid8, record_id = %s", [xid, record_id])
