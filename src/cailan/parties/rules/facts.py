"""What leaves this context, and the shapes in which others hand in what documents name."""

from dataclasses import dataclass
from datetime import datetime

from cailan.parties.rules.naming import shown_name


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A party as others may see it; contact and phone are masked unless the asker oversees it."""

    id: int
    kind: str
    status: str
    uri: str
    name: str
    name_en: str
    region: str
    region_name: str
    area: str
    id_masked: str
    contact_name: str
    phone: str
    market_id: int | None
    is_external: bool

    def name_in(self, language: str | None) -> str:
        """Return the name for a page in a language."""
        return shown_name(name=self.name, name_en=self.name_en, kind=self.kind, language=language)


@dataclass(frozen=True, slots=True)
class PartyFile:
    """All that is kept of one party, for itself and those who oversee it; numbers of persons stay masked."""

    facts: PartyFacts
    id_scheme: str
    legal_person: str
    legal_id_masked: str
    address: str
    area_name: str
    market_name: str
    refused_reason: str
    created_at: datetime
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A place of a party."""

    id: int
    uri: str
    party_id: int
    kind: str
    name: str
    code: str
    region: str
    latitude: float | None
    longitude: float | None
    region_name: str = ""
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """A place of the administrative tree (GB/T 2260, towns by GB/T 10114)."""

    code: str
    parent: str
    level: str
    name: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class CounterpartyFacts:
    """A supplier or customer in a party's own book, with the fields its owner keeps."""

    id: int
    party_id: int
    kind: str
    status: str
    uri: str
    name: str
    id_scheme: str
    id_masked: str
    address: str
    legal_person: str
    contact_name: str
    phone: str
    is_supplier: bool
    is_customer: bool
    grade: str

    @property
    def is_registered(self) -> bool:
        """Say whether the subject itself takes part in the platform."""
        return self.status == "approved"


@dataclass(frozen=True, slots=True)
class ExternalSpec:
    """A party that a document names and nobody registered."""

    uri: str
    name: str
    gln: str | None = None
    region: str | None = None
    kind: str = "external"


@dataclass(frozen=True, slots=True)
class ExternalSiteSpec:
    """A place that a document names and nobody registered; the party must exist, by URI."""

    uri: str
    party_uri: str
    name: str
    latitude: float | None = None
    longitude: float | None = None
