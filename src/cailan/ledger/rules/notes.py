"""Signed notes and checkpoints (C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0)."""

import binascii
import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cailan.ledger.rules.envelope import verifies

ED25519 = 0x01
_DASH = "—"
_ID_BYTES = 4
_MOST_SIGNATURES = 100
_LONGEST = 1_000_000
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NotANote(ValueError):
    """A text that is no signed note, or carries no signature that counts."""


@dataclass(frozen=True, slots=True)
class NoteKey:
    """The public half of a note's key: `name+id+key`, called vkey."""

    name: str
    public_key: bytes

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([ED25519]) + self.public_key).digest()[
            :_ID_BYTES
        ]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(bytes([ED25519]) + self.public_key)}"

    @classmethod
    def parse(cls, text: str) -> "NoteKey":
        """Read a vkey; raise NotANote unless it is an Ed25519 key whose id fits."""
        name, _, rest = text.strip().partition("+")
        found_id, _, encoded = rest.partition("+")
        raw = _bytes(encoded)
        if not _is_name(name) or raw[:1] != bytes([ED25519]) or len(raw) != 33:  # noqa: PLR2004 (type and key)
            raise NotANote("no Ed25519 key of a note")
        key = cls(name, raw[1:])
        if key.id.hex() != found_id:
            raise NotANote("the id of this key does not fit its name")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The root of the first `size` entries of the log named `origin`."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the text that is signed."""
        lines = (self.origin, str(self.size), _base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a note as a checkpoint."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]) or not _SIZE.fullmatch(lines[1]):  # noqa: PLR2004
            raise NotANote("no checkpoint: an origin, a size and a root are needed")
        root = _bytes(lines[2])
        if len(root) != hashlib.sha256().digest_size:
            raise NotANote("the root is no SHA-256")
        return cls(lines[0], int(lines[1]), root, tuple(lines[3:-1]))


def sign(text: str, key: NoteKey, signer: Callable[[bytes], bytes]) -> str:
    """Return the note: the text, and a line with the signature of the key."""
    if not text.endswith("\n") or not _is_text(text):
        raise NotANote("a note ends with a line break and has no control characters")
    return f"{text}\n{_DASH} {key.name} {_base64(key.id + signer(text.encode()))}\n"


def open_note(note: str, keys: Iterable[NoteKey]) -> tuple[str, tuple[NoteKey, ...]]:
    """Return the text and the known keys that signed it.

    Unknown signatures are passed over; a known key whose signature fails, or no known key, raises NotANote.
    """
    text, signatures = _split(note)
    known = {(key.name, key.id): key for key in keys}
    signed = []
    for name, raw in signatures:
        key = known.get((name, raw[:_ID_BYTES]))
        if key is None or key in signed:
            continue
        if not verifies(key.public_key, text.encode(), raw[_ID_BYTES:]):
            raise NotANote(f"the signature of {name} does not fit")
        signed.append(key)
    if not signed:
        raise NotANote("no signature of a known key")
    return text, tuple(signed)


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    if len(note) > _LONGEST or not _is_text(note):
        raise NotANote("too long, or not plain text")
    text, found, lines = note.rpartition("\n\n")
    if not found or not lines.endswith("\n") or lines.count("\n") > _MOST_SIGNATURES:
        raise NotANote("a note is a text, an empty line, and signatures")
    return text + "\n", [_signature(line) for line in lines[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    raw = _bytes(encoded)
    if dash != _DASH or not _is_name(name) or len(raw) <= _ID_BYTES:
        raise NotANote("a signature line is a dash, a name and base64")
    return name, raw


def _is_text(text: str) -> bool:
    return all(
        character == "\n" or (character >= " " and not "\ud800" <= character <= "\udfff")
        for character in text
    )


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def _bytes(encoded: str) -> bytes:
    try:
        raw = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise NotANote("not base64") from None
    if _base64(raw) != encoded:
        raise NotANote("base64 with bits to spare")
    return raw
