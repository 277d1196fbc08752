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
    """Insert one chunk; identities are given in the order of the rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_record (kind, subject, party_id, key_id, at, payload, salt, entry, leaf)"
            " SELECT kind, subject, %s, %s, %s, payload, decode(salt, 'hex'), decode(entry, 'base64'),"
            " decode(leaf, 'hex')"
            " FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
            " WITH ORDINALITY AS e (kind, subject, payload, salt, entry, leaf, place)"
            " ORDER BY place RETURNING id",
            [
                signer.party_id,
                signer.key_id,
                at,
                [said.kind for said in entries],
                [said.subject for said in entries],
                [one.payload.decode() for one in sealed],
                [one.salt.hex() for one in sealed],
                [b64encode(one.entry).decode() for one in sealed],
                [one.leaf.hex() for one in sealed],
            ],
        )
        return sorted(row[0] for row in cursor.fetchall())
