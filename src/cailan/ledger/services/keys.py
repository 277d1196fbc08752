"""Signing keys: made at approval, wrapped at rest, unlocked once per process."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from nacl.signing import SigningKey

from cailan.kernel.problems import Conflict, Problem
from cailan.ledger.models import Key
from cailan.ledger.rules.envelope import ALGORITHM, key_id

PLATFORM = 0
_NONCE_BYTES = 12


class NoKey(Conflict):
    code = "no-signing-key"
    title = _("This party cannot sign yet")
    detail = _("A party gets its signing key when it is approved. Ask the operator to approve it first.")


class KeyExists(Conflict):
    code = "signing-key-exists"
    title = _("This party has a signing key already")
    detail = _("Rotate the key instead of making another.")


class CannotUnlock(Problem):
    status = 500
    code = "cannot-unlock-key"
    title = _("A signing key cannot be unlocked")
    detail = _("The server's secret key has changed. Start it with the former one among its fallbacks.")


@dataclass(frozen=True, slots=True)
class Signer:
    """An unlocked key of a party."""

    party_id: int
    key_id: str
    key: SigningKey

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature (RFC 8032)."""
        return self.key.sign(message).signature

    @property
    def public_key(self) -> bytes:
        return bytes(self.key.verify_key)


def signer_for(party_id: int, purpose: str = Key.Purpose.SEAL) -> Signer | None:
    """Return the party's key in use, unlocked, or None."""
    found = Key.objects.filter(party_id=party_id, purpose=purpose, retired_at=None).first()
    return unlock(found) if found else None


def store_new(party_id: int, purpose: str, *, at: datetime) -> Key:
    """Make a key and keep it, the private half encrypted."""
    made = SigningKey.generate()
    public = bytes(made.verify_key)
    name = key_id(public)
    master = _masters()[0]
    return Key.objects.create(
        party_id=party_id,
        purpose=purpose,
        alg=ALGORITHM,
        key_id=name,
        public_key=public,
        private_encrypted=_wrap(master, bytes(made), name),
        master=master.name,
        created_at=at,
    )


@dataclass(frozen=True, slots=True)
class _Master:
    name: str
    key: bytes


def _masters() -> list[_Master]:
    """Return the keys that wrap keys: of the secret key, then of the former ones."""
    return [_master(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


@lru_cache(maxsize=8)
def _master(secret: str) -> _Master:
    derived = HKDF(SHA256(), length=40, salt=None, info=b"cailan ledger keys v1").derive(secret.encode())
    return _Master(derived[32:].hex(), derived[:32])


def _wrap(master: _Master, private: bytes, name: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(master.key).encrypt(nonce, private, name.encode())


_unlocked: dict[tuple[str, bytes], Signer] = {}


def unlock(row: Key) -> Signer:
    """Return a key ready to sign; kept for the life of the process."""
    wrapped = bytes(row.private_encrypted)
    cached = _unlocked.get((row.key_id, wrapped))
    if cached is None:
        cached = Signer(row.party_id, row.key_id, SigningKey(_unwrap(row.master, wrapped, row.key_id)))
        if key_id(cached.public_key) != row.key_id:
            raise CannotUnlock
        _unlocked[row.key_id, wrapped] = cached
    if cached.party_id != row.party_id:
        raise CannotUnlock
    return cached


def _unwrap(master_name: str, wrapped: bytes, name: str) -> bytes:
    for master in _masters():
        if master.name == master_name:
            try:
                return AESGCM(master.key).decrypt(
                    wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], name.encode()
                )
            except InvalidTag:
                break
    raise CannotUnlock


def rewrap(rows: Iterable[Key]) -> int:
    """Wrap private halves anew with the present master key; return how many were changed."""
    present = _masters()[0]
    changed = 0
    for row in rows:
        if row.master != present.name:
            private = _unwrap(row.master, bytes(row.private_encrypted), row.key_id)
            row.private_encrypted = _wrap(present, private, row.key_id)
            row.master = present.name
            row.save(update_fields=["private_encrypted", "master"])
            changed += 1
    return changed
