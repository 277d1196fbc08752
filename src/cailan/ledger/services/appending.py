"""Seal statements in the transaction of the facts they tell."""

import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cailan.kernel.access import Actor
from cailan.kernel.problems import InvalidInput
from cailan.ledger.models import Key
from cailan.ledger.rules.envelope import SALT_BYTES, Entry, NotAnEntry, Sealed, seal
from cailan.ledger.rules.jcs import OutOfProfile
from cailan.ledger.services.keys import PLATFORM, NoKey, Signer, signer_for, store_new, unlock

_PER_STATEMENT = 5_000
_COPY = (
    "COPY ledger_record (id, kind, subject, party_id, key_id, at, payload, salt, entry, leaf)"
    " FROM STDIN WITH (FORMAT BINARY)"
)
_PLATFORM_LOCK = 0x6C65_6467_6572_01  # "ledger", then what is locked


class NotSealable(InvalidInput):
    code = "not-sealable"
    title = _("This statement cannot be sealed")
    detail = _("Write decimals and times as strings, whole numbers below 2^53, and field names in ASCII.")


def append(actor: Actor, entries: Sequence[Entry], *, at: datetime) -> list[int]:
    """Seal statements for the party that acts, queue them for the log, and return their records in order.

    Refuses to run outside a transaction: a seal stands or falls with the fact it proves.
    """
    if not connection.in_atomic_block:
        message = "append() runs in the transaction of the fact it seals"
        raise RuntimeError(message)
    if not entries:
        return []
    if actor.sees_everything and actor.party_id is None:
        return append_signed(platform_signer(), entries, at=at)
    signer = signer_for(actor.acting_party_id)
    if signer is None:
        raise NoKey
    return append_signed(signer, entries, at=at)


def platform_signer(purpose: str = Key.Purpose.SEAL) -> Signer:
    """Return a key of the platform; the first use makes and announces both, the seal's and the log's."""
    found = signer_for(PLATFORM, purpose)
    if found is None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PLATFORM_LOCK])
            found = signer_for(PLATFORM, purpose)
            if found is None:
                made = {one: store_new(PLATFORM, one, at=timezone.now()) for one in Key.Purpose.values}
                announced = [announcement("ledger.key.created", key) for key in made.values()]
                append_signed(unlock(made[Key.Purpose.SEAL]), announced, at=timezone.now())
                found = unlock(made[purpose])
    return found


def announcement(kind: str, key: Key) -> Entry:
    """Return the statement that a key belongs to a party."""
    return Entry(
        kind,
        f"key:{key.key_id}",
        {
            "alg": key.alg,
            "key": key.key_id,
            "party": key.party_id,
            "public_key": b64encode(bytes(key.public_key)).decode(),
            "purpose": str(key.purpose),
        },
    )


def append_signed(signer: Signer, entries: Sequence[Entry], *, at: datetime) -> list[int]:
    """Seal statements with a given key."""
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    ids: list[int] = []
    for start in range(0, len(entries), _PER_STATEMENT):
        chunk = entries[start : start + _PER_STATEMENT]
        ids += _insert(signer, chunk, _sealed(signer, chunk, at), at)
    return ids


def _sealed(signer: Signer, entries: Sequence[Entry], at: datetime) -> list[Sealed]:
    salts = secrets.token_bytes(SALT_BYTES * len(entries))
    found = []
    for place, said in enumerate(entries):
        salt = salts[SALT_BYTES * place : SALT_BYTES * (place + 1)]
        try:
            found.append(
                seal(said, at=at, party=signer.party_id, key=signer.key_id, salt=salt, sign=signer.sign)
            )
        except OutOfProfile as error:
            raise NotSealable(where=f"{said.kind}{error.where}", what=error.why) from None
        except NotAnEntry as error:
            raise NotSealable(where=said.kind, what=str(error)) from None
    return found


def _insert(signer: Signer, entries: Sequence[Entry], sealed: Sequence[Sealed], at: datetime) -> list[int]:
    """Take numbers from the sequence and copy the rows in: several times faster than INSERT with arrays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('ledger_record', 'id')) FROM generate_series(1, %s)",
            [len(sealed)],
        )
        ids = sorted(row[0] for row in cursor.fetchall())
        with connection.wrap_database_errors, cursor.copy(_COPY) as copy:
            copy.set_types(
                ["int8", "text", "text", "int8", "text", "timestamptz", "text", "bytea", "bytea", "bytea"]
            )
            for record, said, one in zip(ids, entries, sealed, strict=True):
                copy.write_row(
                    (
                        record,
                        said.kind,
                        said.subject,
                        signer.party_id,
                        signer.key_id,
                        at,
                        one.payload.decode(),
                        one.salt,
                        one.entry,
                        one.leaf,
                    )
                )
    return ids
