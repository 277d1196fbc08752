"""How a row is written into a sealed payload: what is public in clear, what is of a person by digest."""

from datetime import UTC, datetime
from hashlib import sha256

from cailan.parties.rules.kinds import ORGANISATION_DOCUMENTS, PartyKind

_PUBLIC_BODIES = frozenset({PartyKind.REGULATOR, PartyKind.OPERATOR, PartyKind.TECHNICAL, PartyKind.MARKET})


def is_public(kind: str, id_scheme: str) -> bool:
    """Say whether a party is an organisation, whose name stands on a public register."""
    return kind in _PUBLIC_BODIES or id_scheme in ORGANISATION_DOCUMENTS


def hidden(salt: str, field: str, value: str) -> str:
    """Return what binds a row to a value of a person: gone with the row's salt, never guessed from the log."""
    return "sha256:" + sha256(f"{salt}\n{field}\n{value}".encode()).hexdigest() if value else ""


def fingerprint(kept: bytes | memoryview | None) -> str:
    """Return the digest of bytes that are encrypted already."""
    return "" if kept is None else sha256(bytes(kept)).hexdigest()


def instant(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")
