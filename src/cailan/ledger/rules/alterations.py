"""Find what was changed in a stored record, and name it down to the byte where one byte was changed."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cailan.ledger.rules.envelope import Envelope, NotAnEntry, digest, is_signed_by, leaf_hash, read

_LONGEST_SEARCHED = 4_000  # one million hashes, about a second


class Part(StrEnum):
    """What can have been altered."""

    PAYLOAD = "payload"
    SALT = "salt"
    COLUMN = "column"  # kind, subject, party, key or time beside the entry
    ENTRY = "entry"
    LEAF = "leaf"
    SIGNATURE = "signature"
    ORDER = "order"
    MISSING = "missing"
    TILE = "tile"
    CHECKPOINT = "checkpoint"
    KEY = "key"
    FACT = "fact"  # the business row that was sealed


@dataclass(frozen=True, slots=True)
class Alteration:
    """One thing that is not as it was sealed."""

    part: Part
    where: str = ""
    sealed: str = ""
    stored: str = ""
    record_id: int | None = None
    kind: str = ""
    subject: str = ""
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as the table holds it."""

    id: int
    kind: str
    subject: str
    party_id: int
    key_id: str
    at: str  # as in the envelope: UTC with milliseconds
    payload: str
    salt: bytes
    entry: bytes
    leaf: bytes
    seq: int | None = None

    @classmethod
    def from_row(cls, row: Sequence[Any], seq: int | None = None) -> "StoredRecord":
        """Take the columns in the order of the fields, the time with microseconds."""
        record_id, kind, subject, party_id, key, at, payload, salt, entry, leaf = row
        at = at.replace("000Z", "Z") if at.endswith("000Z") else at
        return cls(
            record_id, kind, subject, party_id, key, at, payload, bytes(salt), bytes(entry), bytes(leaf), seq
        )

    def altered(self, part: Part, where: str = "", sealed: str = "", stored: str = "") -> Alteration:
        return Alteration(part, where, sealed, stored, self.id, self.kind, self.subject, self.seq)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A public key and the party that it was announced for."""

    party_id: int
    public_key: bytes


def check_record(
    record: StoredRecord, keys: Mapping[str, KnownKey], *, with_signature: bool
) -> Iterator[Alteration]:
    """Yield how the columns, the payload and the signature of a record differ from its entry."""
    payload = record.payload.encode()
    expected = Envelope(
        record.kind,
        record.subject,
        record.at,
        record.party_id,
        record.key_id,
        digest(record.salt, payload),
    )
    if not with_signature and record.entry.startswith(b'{"envelope":%b,"sig":"' % expected.signed_bytes()):
        return
    try:
        envelope, signature = read(record.entry)
    except NotAnEntry as error:
        yield record.altered(Part.ENTRY, stored=str(error))
        return
    yield from _columns(record, envelope)
    if expected.digest != envelope.digest:
        yield _payload(record, payload, envelope.digest)
    if with_signature:
        yield from _signature(record, envelope, signature, keys)


def _columns(record: StoredRecord, envelope: Envelope) -> Iterator[Alteration]:
    pairs = (
        ("kind", envelope.kind, record.kind),
        ("subject", envelope.subject, record.subject),
        ("party_id", envelope.party, record.party_id),
        ("key_id", envelope.key, record.key_id),
        ("at", envelope.at, record.at),
    )
    for name, sealed, stored in pairs:
        if sealed != stored:
            yield record.altered(Part.COLUMN, name, str(sealed), str(stored))


def _signature(
    record: StoredRecord, envelope: Envelope, signature: bytes, keys: Mapping[str, KnownKey]
) -> Iterator[Alteration]:
    key = keys.get(envelope.key)
    if key is None:
        yield record.altered(Part.SIGNATURE, "key", envelope.key)
    elif key.party_id != envelope.party:
        yield record.altered(Part.SIGNATURE, "party", str(envelope.party), str(key.party_id))
    elif not is_signed_by(envelope, signature, key.public_key):
        yield record.altered(Part.SIGNATURE)


def _payload(record: StoredRecord, payload: bytes, wanted: str) -> Alteration:
    """Name the changed byte, if one byte of the salt or of the payload explains the difference."""
    goal = bytes.fromhex(wanted) if len(wanted) == hashlib.sha256().digest_size * 2 else b""
    place = changed_byte(record.salt, lambda salt: hashlib.sha256(salt + payload).digest() == goal)
    if place is not None:
        at, before = place
        return record.altered(Part.SALT, f"byte {at}", f"0x{before:02x}", f"0x{record.salt[at]:02x}")
    place = changed_byte(payload, lambda text: hashlib.sha256(record.salt + text).digest() == goal)
    if place is None:
        return record.altered(Part.PAYLOAD, stored=excerpt(payload, 0))
    at, before = place
    repaired = payload[:at] + bytes([before]) + payload[at + 1 :]
    return record.altered(Part.PAYLOAD, f"byte {at}", excerpt(repaired, at), excerpt(payload, at))


def entry_altered(record: StoredRecord, sealed_leaf: bytes) -> Alteration:
    """Name the change of an entry whose leaf hash was `sealed_leaf`."""
    place = changed_byte(record.entry, lambda entry: leaf_hash(entry) == sealed_leaf)
    if place is None:
        return record.altered(Part.ENTRY, "", sealed_leaf.hex(), leaf_hash(record.entry).hex())
    at, before = place
    return record.altered(Part.ENTRY, f"byte {at}", f"0x{before:02x}", f"0x{record.entry[at]:02x}")


def changed_byte(stored: bytes, fits: Callable[[bytes], bool]) -> tuple[int, int] | None:
    """Return (place, former value) of the one byte whose change explains a difference, or None."""
    if len(stored) > _LONGEST_SEARCHED:
        return None
    candidate = bytearray(stored)
    for place, present in enumerate(stored):
        for value in range(256):
            candidate[place] = value
            if value != present and fits(bytes(candidate)):
                return place, value
        candidate[place] = present
    return None


def excerpt(text: bytes, at: int) -> str:
    """Return the words around a place, as they can be printed."""
    return text[max(0, at - 24) : at + 24].decode(errors="replace")


def differences(sealed: Any, stored: Any, where: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield (place, sealed, stored) wherever two JSON values differ."""
    if isinstance(sealed, dict) and isinstance(stored, dict):
        for name in sorted(sealed.keys() | stored.keys()):
            yield from differences(sealed.get(name, ""), stored.get(name, ""), f"{where}/{name}".lstrip("/"))
    elif isinstance(sealed, list) and isinstance(stored, list):
        for place in range(max(len(sealed), len(stored))):
            before, now = (values[place] if place < len(values) else "" for values in (sealed, stored))
            yield from differences(before, now, f"{where}/{place}")
    elif sealed != stored:
        yield where, str(sealed), str(stored)
