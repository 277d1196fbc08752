"""Keep numbers encrypted, and find them again by a keyed digest (GB/T 22239-2019 8.1.4.8)."""

import hmac
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


class CannotRead(ValueError):
    """None of the keys opens this."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys derived from one secret: one encrypts, one digests."""

    encryption: bytes
    digest: bytes


@lru_cache(maxsize=8)
def derive(secret: str) -> Keys:
    """Derive both keys from the server's secret (HKDF-SHA-256, RFC 5869)."""
    made = HKDF(SHA256(), length=64, salt=None, info=b"cailan party identities v1").derive(secret.encode())
    return Keys(made[:32], made[32:])


def encrypt(keys: Keys, number: str, *, scheme: str, nonce: bytes) -> bytes:
    """Encrypt a number (AES-256-GCM); its scheme is bound to it."""
    return nonce + AESGCM(keys.encryption).encrypt(nonce, number.encode(), scheme.encode())


def decrypt(candidates: tuple[Keys, ...], kept: bytes, *, scheme: str) -> str:
    """Decrypt a number with the present keys, else with former ones; raise `CannotRead`."""
    for keys in candidates:
        try:
            plain = AESGCM(keys.encryption).decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], scheme.encode())
        except InvalidTag:
            continue
        return plain.decode()
    raise CannotRead


def digest(keys: Keys, scheme: str, number: str, *, owner_id: int | None = None) -> bytes:
    """Return the keyed digest by which the same subject is found again.

    With an owner the digest is of that party's book only: what others keep of the same person is not linked.
    """
    scope = "" if owner_id is None else str(owner_id)
    return hmac.digest(keys.digest, f"{scheme}\n{number}\n{scope}".encode(), "sha256")
