"""News of parties for upper floors."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class PartyApproved:
    """A party may take part from now on."""

    name: ClassVar[str] = "parties.party.approved"
    party_id: int
    kind: str
    region: str


@dataclass(frozen=True, slots=True)
class PartyRefused:
    """A registration was refused."""

    name: ClassVar[str] = "parties.party.refused"
    party_id: int
    reason: str
