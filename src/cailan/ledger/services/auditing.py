"""The audit: recompute everything that was sealed, and compare it with what is stored."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection

from cailan.kernel import audit as trail
from cailan.kernel.access import Actor, Permission
from cailan.ledger.models import Key
from cailan.ledger.rules.alterations import (
    Alteration,
    KnownKey,
    Part,
    StoredRecord,
    check_record,
    entry_altered,
)
from cailan.ledger.rules.envelope import NotAnEntry, is_signed_by, key_id, leaf_hash, read
from cailan.ledger.services.log_audit import CHUNK, COLUMNS, LogAudit, Progress
from cailan.ledger.services.mirrors import compare, derived

MOST_NAMED = 1_000


@dataclass(slots=True)
class Report:
    """What was checked, and what is not as it was sealed; `altered` counts also what is no longer named."""

    entries: int = 0
    waiting: int = 0
    checkpoints: int = 0
    keys: int = 0
    facts: int = 0
    altered: int = 0
    alterations: list[Alteration] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.altered

    def take(self, found: Iterable[Alteration]) -> None:
        for one in found:
            self.altered += 1
            if len(self.alterations) < MOST_NAMED:
                self.alterations.append(one)


def audit(actor: Actor, *, signatures: bool = True, progress: Progress | None = None) -> Report:
    """Check keys, every record, the tree, its tiles and checkpoints, and the rows that contexts sealed.

    Without `signatures` the entries' own signatures are trusted to the tree, which is several times faster.
    """
    actor.require(Permission.AUDIT_READ)
    report = Report()
    size, last_record = _extent(report)
    keys = _keys(report)
    log_keys = [
        bytes(key) for key in Key.objects.filter(purpose=Key.Purpose.LOG).values_list("public_key", flat=True)
    ]
    walk = LogAudit(keys, log_keys, signatures=signatures)
    report.take(walk.run(size, progress or (lambda _done, _all: None)))
    report.entries, report.checkpoints = size, walk.checkpoints
    report.take(_waiting(report, keys, last_record))
    faulty = {one.record_id for one in report.alterations if one.record_id is not None}
    for checked, found in compare(last_record, faulty):
        report.facts += checked
        report.take(found)
    report.take(derived())
    trail.record(actor, "ledger.audited", "ledger", entries=report.entries, altered=report.altered)
    return report


def _extent(report: Report) -> tuple[int, int]:
    """Return how long the log is, and the newest record; the three places that know must agree."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT size FROM ledger_cursor), 0),"
            " coalesce((SELECT max(seq) + 1 FROM ledger_entry), 0),"
            " coalesce((SELECT max(size) FROM ledger_checkpoint), 0),"
            " coalesce((SELECT max(id) FROM ledger_record), 0),"
            " (SELECT root FROM ledger_cursor),"
            " (SELECT root FROM ledger_checkpoint ORDER BY size DESC LIMIT 1)"
        )
        counted, entries, signed, last_record, kept_root, signed_root = cursor.fetchone()
    size = max(counted, entries, signed)
    if counted != size:
        report.take([Alteration(Part.ORDER, "size kept by the sequencer", str(size), str(counted))])
    elif signed_root is not None and signed == counted and bytes(signed_root) != bytes(kept_root):
        report.take(
            [
                Alteration(
                    Part.ORDER, "root kept by the sequencer", bytes(signed_root).hex(), bytes(kept_root).hex()
                )
            ]
        )
    return size, last_record


def _keys(report: Report) -> dict[str, KnownKey]:
    """Return the keys as the log announced them; a key row that says something else is an alteration."""
    announced = _announcements()
    known: dict[str, KnownKey] = {}
    for key in Key.objects.order_by("pk").iterator():
        report.keys += 1
        said = announced.get(key.key_id, {})
        public = bytes(key.public_key)
        stored = {"party": key.party_id, "public_key": b64encode(public).decode(), "purpose": key.purpose}
        for name, value in stored.items():
            if said.get(name) != value:
                found = Alteration(
                    Part.KEY, name, str(said.get(name, "")), str(value), subject=f"key:{key.key_id}"
                )
                report.take([found])
        if key_id(public) == key.key_id:
            known[key.key_id] = KnownKey(said.get("party", -1), public)
    for name in announced.keys() - known.keys():
        report.take([Alteration(Part.KEY, "missing", sealed=name, subject=f"key:{name}")])
    return known


def _announcements() -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM ledger_record WHERE kind = 'ledger.key.created' ORDER BY id")
        said = []
        for (payload,) in cursor.fetchall():
            try:
                said.append(orjson.loads(payload))
            except orjson.JSONDecodeError:  # an altered record: the walk along the log names it
                continue
    return {one["key"]: one for one in said if isinstance(one, dict) and isinstance(one.get("key"), str)}


def _waiting(report: Report, keys: dict[str, KnownKey], last_record: int) -> Iterator[Alteration]:
    """Check the records that have no place in the log yet: only their signatures hold them."""
    after = 0
    while rows := _without_place(after, last_record):
        after = rows[-1][0]
        for row in rows:
            report.waiting += 1
            record = StoredRecord.from_row(row)
            if leaf_hash(record.entry) == record.leaf:
                yield from check_record(record, keys, with_signature=True)
            elif _is_whole(record, keys):
                yield record.altered(Part.LEAF, "", leaf_hash(record.entry).hex(), record.leaf.hex())
            else:
                yield entry_altered(record, record.leaf)


def _without_place(after: int, last_record: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM ledger_record r WHERE r.id > %s AND r.id <= %s AND NOT EXISTS"  # noqa: S608 (our own words)
            " (SELECT 1 FROM ledger_entry e WHERE e.record_id = r.id) ORDER BY r.id LIMIT %s",
            [after, last_record, CHUNK],
        )
        return cursor.fetchall()  # type: ignore[no-any-return]


def _is_whole(record: StoredRecord, keys: dict[str, KnownKey]) -> bool:
    try:
        envelope, signature = read(record.entry)
    except NotAnEntry:
        return False
    return envelope.key in keys and is_signed_by(envelope, signature, keys[envelope.key].public_key)
