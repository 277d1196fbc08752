"""Name parties and places for the world: by GS1 keys where they have them, else under our own domain."""

import hashlib

GS1 = "https://id.gs1.org"


def party_uri(id_url: str, token: str, gln: str | None = None) -> str:
    """Return the URI of a party: Digital Link with AI 417 for a GLN (GS1 General Specifications 3.7.8)."""
    return f"{GS1}/417/{gln}" if gln else f"{id_url}/party/{token}"


def site_uri(id_url: str, token: str, gln: str | None = None) -> str:
    """Return the URI of a place: Digital Link with AI 414 for a GLN (GS1 General Specifications 3.7.5)."""
    return f"{GS1}/414/{gln}" if gln else f"{id_url}/site/{token}"


def external_uri(id_url: str, owner_id: int, name: str, identity: str = "") -> str:
    """Return the URI of a party known by name or number in the book of one party only.

    `identity` is a keyed digest: URIs travel in events, and from a plain hash a number could be guessed.
    """
    digest = hashlib.sha256((identity or name.strip()).encode()).hexdigest()[:16]
    return f"{id_url}/party/{owner_id}/ext/{digest}"
