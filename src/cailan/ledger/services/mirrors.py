"""Compare what was sealed with what the contexts hold now."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
from django.db import connection

from cailan.ledger.rules.alterations import Alteration, Part, differences

_CHUNK = 2_000

Rebuild = Callable[[Sequence[str]], dict[str, dict[str, Any]]]
"""Subjects → the payload that each would be sealed with today, from the context's own rows."""

_mirrors: dict[str, Rebuild] = {}
_families: dict[str, tuple[str, ...]] = {}  # kind → the kinds that replace it


def mirror(kind: str, rebuild: Rebuild, *, family: Sequence[str] = ()) -> None:
    """Let the audit compare sealed payloads of a kind with a context's rows (from its app's `ready`).

    `family` names the kinds that tell the whole state of one thing, each in its turn: the newest of them all counts.
    """
    _mirrors[kind] = rebuild
    _families[kind] = tuple({kind, *family})


Watch = Callable[[], Sequence[Alteration]]
"""Find rows that no longer follow from the sealed ones."""

_watches: list[Watch] = []


def watch(find: Watch) -> None:
    """Let the audit ask a context for derived rows that disagree with their sources (from its app's `ready`)."""
    _watches.append(find)


def derived() -> Iterator[Alteration]:
    """Yield what the contexts find wrong with the rows they derive."""
    for find in _watches:
        yield from find()


def compare(last_record: int, faulty: set[int]) -> Iterator[tuple[int, list[Alteration]]]:
    """Yield, chunk by chunk, how many sealed facts were compared and which are stored differently now.

    The newest record of a kind, or of its family, about a subject counts; records that are altered themselves are
    passed over.
    """
    after = 0
    while rows := _sealed(after, last_record):
        after = rows[-1][0]
        by_kind: dict[str, list[tuple[int, str, str]]] = {}
        for record_id, kind, subject, payload in rows:
            if record_id not in faulty:
                by_kind.setdefault(kind, []).append((record_id, subject, payload))
        found: list[Alteration] = []
        for kind, sealed in by_kind.items():
            found += _differences(kind, sealed)
        yield sum(map(len, by_kind.values())), found


def _differences(kind: str, sealed: list[tuple[int, str, str]]) -> Iterator[Alteration]:
    stored = _mirrors[kind]([subject for _record, subject, _payload in sealed])
    for record_id, subject, payload in sealed:
        if subject not in stored:
            yield Alteration(Part.FACT, "missing", record_id=record_id, kind=kind, subject=subject)
            continue
        for where, before, now in differences(orjson.loads(payload), stored[subject]):
            yield Alteration(Part.FACT, where, before, now, record_id, kind, subject)


def _sealed(after: int, last: int) -> list[tuple[int, str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, subject, payload FROM ledger_record r"
            " WHERE id > %s AND id <= %s AND kind = ANY(%s)"
            " AND NOT EXISTS (SELECT 1 FROM ledger_record later WHERE later.subject = r.subject"
            " AND (%s::jsonb -> r.kind) ? later.kind AND later.id > r.id AND later.id <= %s) ORDER BY id LIMIT %s",
            [after, last, list(_mirrors), orjson.dumps(_families).decode(), last, _CHUNK],
        )
        return cursor.fetchall()  # type: ignore[no-any-return]
