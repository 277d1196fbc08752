"""Seals of things, and the proofs that belong to them."""

from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext_lazy as _

from cailan.kernel.access import Actor
from cailan.kernel.problems import Conflict, NotFound
from cailan.ledger.models import Key
from cailan.ledger.queries.tree import TileCache, latest_checkpoint, log_key
from cailan.ledger.rules import notes
from cailan.ledger.rules.envelope import read
from cailan.ledger.rules.merkle import inclusion_proof
from cailan.ledger.rules.proofs import Bundle, Proof

Disclosure = Callable[[Actor, str], bool]
"""(actor, subject) → whether this actor may read the payload."""

_disclosures: dict[str, Disclosure] = {}


class NotInTheLogYet(Conflict):
    code = "not-in-the-log-yet"
    title = _("This record waits for its place in the log")
    detail = _("It is signed and kept; its proof is ready in a few seconds. Try again then.")


@dataclass(frozen=True, slots=True)
class Seal:
    """Who stated something about a subject, when, and where it stands in the log."""

    record_id: int
    kind: str
    subject: str
    party_id: int
    key_id: str
    at: datetime
    seq: int | None
    digest: str

    @property
    def state(self) -> str:
        return "waiting" if self.seq is None else "sealed"


def disclose(kind: str, allows: Disclosure) -> None:
    """Let a context decide who reads the payloads of a kind (from its app's `ready`); else nobody."""
    _disclosures[kind] = allows


def may_read(actor: Actor, record_id: int) -> bool:
    """Say whether the actor may read the payload of a record; ask the context that sealed it."""
    kind, subject = _kind_and_subject(record_id)
    allows = _disclosures.get(kind)
    return allows is not None and allows(actor, subject)


def seals_for(actor: Actor, subjects: Sequence[str]) -> dict[str, tuple[Seal, ...]]:  # noqa: ARG001
    """Return the seals of each subject, the oldest first; everybody may see who sealed what when."""
    found: dict[str, list[Seal]] = {subject: [] for subject in subjects}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, r.kind, r.subject, r.party_id, r.key_id, r.at, e.seq, r.entry FROM ledger_record r"
            " LEFT JOIN ledger_entry e ON e.record_id = r.id WHERE r.subject = ANY(%s) ORDER BY r.id",
            [list(found)],
        )
        for row in cursor.fetchall():
            digest = orjson.loads(bytes(row[7]))["envelope"]["digest"]
            found[row[2]].append(Seal(row[0], row[1], row[2], row[3], row[4], row[5], row[6], digest))
    return {subject: tuple(seals) for subject, seals in found.items()}


def proof(record_id: int) -> Proof:
    """Return the proof that a record stands in the log, up to the newest checkpoint."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.entry, e.seq FROM ledger_record r LEFT JOIN ledger_entry e ON e.record_id = r.id"
            " WHERE r.id = %s",
            [record_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    entry, index = row
    checkpoint = latest_checkpoint()
    if index is None or checkpoint is None:
        raise NotInTheLogYet
    size = notes.Checkpoint.parse(checkpoint.rpartition("\n\n")[0] + "\n").size
    return Proof(index, tuple(inclusion_proof(index, size, TileCache())), checkpoint, bytes(entry))


def proof_bundle(record_id: int, *, with_payload: bool = False) -> dict[str, Any]:
    """Return everything a verifier needs, as JSON; the caller decides whether the payload is disclosed."""
    found = proof(record_id)
    envelope, _signature = read(found.entry)
    signer = Key.objects.filter(key_id=envelope.key).values_list("public_key", flat=True).first()
    log = log_key()
    payload, salt = _payload(record_id) if with_payload else (None, b"")
    return Bundle(
        proof=found,
        payload=payload,
        salt=salt,
        signer_key=bytes(signer or b""),
        log_key=str(log or ""),
        record_id=record_id,
    ).as_json()


def _payload(record_id: int) -> tuple[dict[str, Any], bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload, encode(salt, 'base64') FROM ledger_record WHERE id = %s", [record_id])
        payload, salt = cursor.fetchone()
    return orjson.loads(payload), b64decode(salt)


def _kind_and_subject(record_id: int) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, subject FROM ledger_record WHERE id = %s", [record_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return row[0], row[1]
