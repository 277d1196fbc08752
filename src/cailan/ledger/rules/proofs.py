"""Proofs that travel: C2SP tlog-proof, and the bundle that holds everything a verifier needs."""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from cailan.ledger.rules import jcs, merkle, notes, tiles
from cailan.ledger.rules.envelope import Envelope, NotAnEntry, digest, is_signed_by, leaf_hash, read

HEADER = "c2sp.org/tlog-proof@v1"
FORMAT = "cailan-proof@v1"
LONGEST = 4_000_000
_MOST_HASHES = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class NotAProof(ValueError):
    """A file that is neither a proof bundle nor a tlog-proof."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that an entry stands in the log."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    entry: bytes

    def text(self) -> str:
        """Write the proof as C2SP tlog-proof@v1; the entry travels in its `extra` line."""
        lines = [HEADER, f"extra {_text(self.entry)}", f"index {self.index}", *map(_text, self.hashes), ""]
        return "\n".join(lines) + "\n" + self.checkpoint


@dataclass(frozen=True, slots=True)
class Bundle:
    """A proof with its payload (where disclosed) and the public keys that its signatures name."""

    proof: Proof
    payload: dict[str, Any] | None = None
    salt: bytes = b""
    signer_key: bytes = b""
    log_key: str = ""
    record_id: int | None = None
    claims: dict[str, Any] | None = None  # kind, subject, at, party, key as printed beside the entry

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form; what the entry seals also stands in clear beside it."""
        envelope, _ = read(self.proof.entry)
        return {
            "format": FORMAT,
            "record": self.record_id,
            "kind": envelope.kind,
            "subject": envelope.subject,
            "at": envelope.at,
            "party": envelope.party,
            "payload": self.payload,
            "salt": _text(self.salt) if self.payload is not None else None,
            "entry": _text(self.proof.entry),
            "signer": {"key": envelope.key, "alg": "Ed25519", "public_key": _text(self.signer_key)},
            "index": self.proof.index,
            "hashes": [_text(one) for one in self.proof.hashes],
            "checkpoint": self.proof.checkpoint,
            "log": {"vkey": self.log_key},
        }


class Check(StrEnum):
    """What is checked, in this order."""

    CLAIMS = "claims"
    PAYLOAD = "payload"
    SIGNATURE = "signature"
    INCLUSION = "inclusion"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check: True, False, or None where the file does not hold what it needs."""

    check: Check
    holds: bool | None
    detail: str = ""


def verify(bundle: Bundle, *, log_key: str = "") -> tuple[Envelope | None, list[Finding]]:
    """Check a bundle against itself and a log key known from elsewhere (the bundle's own, if none)."""
    try:
        envelope, signature = read(bundle.proof.entry)
    except NotAnEntry as error:
        return None, [Finding(Check.SIGNATURE, holds=False, detail=str(error))]
    return envelope, [
        _claims(bundle, envelope),
        _payload(bundle, envelope),
        Finding(
            Check.SIGNATURE,
            is_signed_by(envelope, signature, bundle.signer_key) if bundle.signer_key else None,
            f"key {envelope.key}",
        ),
        *_in_log(bundle.proof, log_key or bundle.log_key),
    ]


def _claims(bundle: Bundle, envelope: Envelope) -> Finding:
    for name, claimed in (bundle.claims or {}).items():
        sealed = getattr(envelope, name)
        if claimed != sealed or type(claimed) is not type(sealed):
            return Finding(Check.CLAIMS, holds=False, detail=f"{name}: sealed {sealed!r}, here {claimed!r}")
    return Finding(Check.CLAIMS, True if bundle.claims else None)


def _payload(bundle: Bundle, envelope: Envelope) -> Finding:
    if bundle.payload is None:
        return Finding(Check.PAYLOAD, None)
    try:
        found = digest(bundle.salt, jcs.encode(bundle.payload))
    except jcs.OutOfProfile as error:
        return Finding(Check.PAYLOAD, holds=False, detail=str(error))
    holds = found == envelope.digest
    return Finding(
        Check.PAYLOAD, holds, f"digest {found}" if holds else f"sealed {envelope.digest}, here {found}"
    )


def _in_log(proof: Proof, log_key: str) -> list[Finding]:
    try:
        text = proof.checkpoint.rpartition("\n\n")[0] + "\n"
        checkpoint = notes.Checkpoint.parse(text)
        leaf = leaf_hash(proof.entry)
        root = merkle.root_from_inclusion(leaf, proof.index, checkpoint.size, proof.hashes)
        inclusion = Finding(
            Check.INCLUSION,
            root == checkpoint.root,
            f"entry {proof.index} of {checkpoint.size}, log {checkpoint.origin}",
        )
    except ValueError as error:
        inclusion = Finding(Check.INCLUSION, holds=False, detail=str(error))
    if not log_key:
        return [inclusion, Finding(Check.CHECKPOINT, None)]
    try:
        key = notes.NoteKey.parse(log_key)
        signed, _keys = notes.open_note(proof.checkpoint, [key])
        origin = notes.Checkpoint.parse(signed).origin
        return [inclusion, Finding(Check.CHECKPOINT, origin == key.name, f"log {key.name}")]
    except ValueError as error:
        return [inclusion, Finding(Check.CHECKPOINT, holds=False, detail=str(error))]


def parse(raw: bytes) -> Bundle:
    """Read a proof file of either form; raise NotAProof, saying why."""
    if len(raw) > LONGEST:
        raise NotAProof(f"longer than {LONGEST} bytes")
    try:
        text = raw.decode()
        return parse_text(text) if text.startswith(HEADER) else _parse_bundle(orjson.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAProof(f"neither a proof bundle nor a tlog-proof: {error}") from None


def parse_text(text: str) -> Bundle:
    """Read a tlog-proof whose `extra` line holds the entry."""
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n")[1:]
    if not gap or not lines or not lines[0].startswith("extra "):
        raise NotAProof("this tlog-proof does not carry its entry")
    index = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
    if index is None or len(lines) > _MOST_HASHES + 2:
        raise NotAProof("no index, or too many hashes")
    return Bundle(Proof(int(index[1]), _hashes(lines[2:]), checkpoint, _raw(lines[0].removeprefix("extra "))))


def _parse_bundle(value: Any) -> Bundle:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise NotAProof(f'"format" is not {FORMAT}')
    index, record, hashes, checkpoint = value["index"], value["record"], value["hashes"], value["checkpoint"]
    wrong = (
        type(index) is not int
        or not isinstance(hashes, list)
        or len(hashes) > _MOST_HASHES
        or not isinstance(checkpoint, str)
        or not (value["payload"] is None or isinstance(value["payload"], dict))
        or not isinstance(value["log"]["vkey"], str)
    )
    if wrong:
        raise NotAProof("a member has the wrong type")
    return Bundle(
        proof=Proof(index, _hashes(hashes), checkpoint, _raw(value["entry"])),
        payload=value["payload"],
        salt=_raw(value["salt"]) if value["payload"] is not None else b"",
        signer_key=_raw(value["signer"]["public_key"]),
        log_key=value["log"]["vkey"],
        record_id=record if type(record) is int else None,
        claims={name: value[name] for name in ("kind", "subject", "at", "party")}
        | {"key": value["signer"]["key"]},
    )


def _hashes(texts: Sequence[str]) -> tuple[bytes, ...]:
    found = tuple(_raw(text) for text in texts)
    if any(len(one) != tiles.HASH_BYTES for one in found):
        raise NotAProof("a hash is not 32 bytes long")
    return found


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _raw(text: str) -> bytes:
    raw = b64decode(text, validate=True)
    if _text(raw) != text:
        raise NotAProof("base64 with bits to spare")
    return raw
