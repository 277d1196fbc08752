"""The sealed entry: a small signed envelope around the salted digest of a payload."""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from cailan.ledger.rules import jcs

ALGORITHM = "Ed25519"
LARGEST_ENTRY = 65_535  # C2SP tlog-tiles: an entry's length is a uint16
SALT_BYTES = 16
LONGEST_SUBJECT = 300
_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_MEMBERS = frozenset({"v", "kind", "subject", "at", "party", "key", "alg", "digest"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement to be sealed: its kind ("lots.transfer"), the thing it is about, and what it says."""

    kind: str
    subject: str
    payload: dict[str, Any]


class NotAnEntry(ValueError):
    """Bytes that are no sealed entry, or a statement that cannot become one."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a signer signed."""

    kind: str
    subject: str
    at: str  # UTC, RFC 3339 with milliseconds
    party: int
    key: str  # hex
    digest: str  # hex SHA-256 of salt and canonical payload

    def signed_bytes(self) -> bytes:
        """Return the canonical bytes under the signature."""
        return orjson.dumps(  # canonical: ASCII names in order, checked strings, one small integer
            {
                "alg": ALGORITHM,
                "at": self.at,
                "digest": self.digest,
                "key": self.key,
                "kind": self.kind,
                "party": self.party,
                "subject": self.subject,
                "v": 1,
            }
        )

    def entry(self, signature: bytes) -> bytes:
        """Return the entry with its signature."""
        return b'{"envelope":%b,"sig":"%b"}' % (self.signed_bytes(), b64encode(signature))


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as it goes into the log, and what is kept beside it."""

    payload: bytes
    salt: bytes
    entry: bytes
    leaf: bytes


def seal(
    said: Entry, *, at: datetime, party: int, key: str, salt: bytes, sign: Callable[[bytes], bytes]
) -> Sealed:
    """Return the sealed form of a statement; raise OutOfProfile or NotAnEntry."""
    why = why_not_sealable(said)
    if why:
        raise NotAnEntry(why)
    payload = jcs.encode(said.payload)
    envelope = Envelope(said.kind, said.subject, instant(at), party, key, digest(salt, payload))
    entry = envelope.entry(sign(envelope.signed_bytes()))
    if len(entry) > LARGEST_ENTRY:
        raise NotAnEntry("the entry is longer than 65 535 bytes")
    return Sealed(payload, salt, entry, leaf_hash(entry))


def why_not_sealable(said: Entry) -> str:
    """Return what is wrong with the names of a statement, or ""."""
    if not _KIND.fullmatch(said.kind):
        return f"kind {said.kind!r} is not dotted lower-case words"
    if not said.subject or len(said.subject) > LONGEST_SUBJECT or not said.subject.isprintable():
        return f"subject {said.subject!r} is empty, too long or has control characters"
    return ""


def read(entry: bytes) -> tuple[Envelope, bytes]:
    """Return the envelope and the signature of entry bytes; raise NotAnEntry for anything else."""
    try:
        value = orjson.loads(entry)
        envelope, signature = value["envelope"], value["sig"]
        if set(value) != {"envelope", "sig"} or set(envelope) != _MEMBERS:
            raise NotAnEntry("members are missing or unknown")
        if envelope["v"] != 1 or envelope["alg"] != ALGORITHM:
            raise NotAnEntry("an unknown version or algorithm")
        found = Envelope(
            **{name: envelope[name] for name in ("kind", "subject", "at", "party", "key", "digest")}
        )
        texts = (found.kind, found.subject, found.at, found.key, found.digest)
        if type(found.party) is not int or any(type(text) is not str for text in texts):
            raise NotAnEntry("a member has the wrong type")
        raw = b64decode(signature, validate=True)
        if found.entry(raw) != entry or instant(datetime.fromisoformat(found.at)) != found.at:
            raise NotAnEntry("another spelling")
        return found, raw
    except (TypeError, KeyError, ValueError, OverflowError) as error:
        raise NotAnEntry(f"no sealed entry: {error}") from None


def is_signed_by(envelope: Envelope, signature: bytes, public_key: bytes) -> bool:
    """Say whether the key that the envelope names is this one and made this signature."""
    return envelope.key == key_id(public_key) and verifies(public_key, envelope.signed_bytes(), signature)


def verifies(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether an Ed25519 signature (RFC 8032) is the key's."""
    try:
        VerifyKey(public_key).verify(message, signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def digest(salt: bytes, payload: bytes) -> str:
    """Return the hex digest that stands for a payload; the salt keeps a short payload from being guessed."""
    return hashlib.sha256(salt + payload).hexdigest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the leaf hash of an entry (RFC 6962 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def key_id(public_key: bytes) -> str:
    """Return the name of a key: 16 bytes of its SHA-256, in hex."""
    return hashlib.sha256(public_key).hexdigest()[:32]


def instant(at: datetime) -> str:
    """Write an instant in UTC with milliseconds, as RFC 3339 has it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
