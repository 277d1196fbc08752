"""The typed edge of parties."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

Text = Annotated[str, Field(max_length=200)]
Short = Annotated[str, Field(max_length=60)]
Number = Annotated[str, Field(max_length=40)]
Code = Annotated[str, Field(max_length=12, pattern=r"^[0-9A-Z]*$")]
Id = Annotated[int, Field(ge=1, lt=2**63)]


class RegistrationIn(Schema):
    """What an organisation or person states of itself."""

    kind: Annotated[str, Field(max_length=30)]
    name: Text
    id_scheme: Annotated[str, Field(max_length=20)]
    id_number: Number
    region: Code
    address: Text = ""
    legal_person: Short = ""
    legal_id_scheme: Annotated[str, Field(max_length=20)] = "resident_id"
    legal_id_number: Number = ""
    contact_name: Short = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    username: Annotated[str, Field(max_length=80)] = ""
    password: Annotated[str, Field(max_length=200)] = ""
    name_en: Text = ""
    gln: Annotated[str, Field(max_length=13)] = ""
    market_id: Id | None = None


class RegisteredOut(Schema):
    id: int
    status: str


class PartyOut(Schema):
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


class PartyFileOut(Schema):
    facts: PartyOut
    id_scheme: str
    legal_person: str
    legal_id_masked: str
    address: str
    area_name: str
    market_name: str
    refused_reason: str
    created_at: datetime
    approved_at: datetime | None


class PartiesOut(Schema):
    items: list[PartyOut]
    next: str


class RefusalIn(Schema):
    reason: Text


class NumberIn(Schema):
    """A whole number, in the body so that no log keeps it."""

    id_scheme: Annotated[str, Field(max_length=20)]
    id_number: Number


class AgencyIn(Schema):
    """An authority with its area, or a party of the platform, and its first account."""

    kind: Annotated[str, Field(max_length=30)]
    name: Text
    area: Code = ""
    id_number: Number = ""
    address: Text = ""
    contact_name: Short = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    username: Annotated[str, Field(max_length=80)] = ""
    password: Annotated[str, Field(max_length=200)] = ""


class MemberIn(Schema):
    username: Annotated[str, Field(min_length=1, max_length=80)]
    display_name: Annotated[str, Field(min_length=1, max_length=80)]
    role: Annotated[str, Field(max_length=20)]
    password: Annotated[str, Field(max_length=200)]


class SiteIn(Schema):
    kind: Annotated[str, Field(max_length=20)]
    name: Annotated[str, Field(max_length=120)]
    code: Number = ""
    region: Code = ""
    latitude: float | None = None
    longitude: float | None = None
    parent_id: Id | None = None
    gln: Annotated[str, Field(max_length=13)] = ""
    address: Text = ""


class SiteOut(Schema):
    id: int
    uri: str
    party_id: int
    kind: str
    name: str
    code: str
    region: str
    region_name: str
    latitude: float | None
    longitude: float | None
    parent_id: int | None


class CounterpartyIn(Schema):
    """The six fields of a supplier or customer, and which of them it is."""

    name: Text
    id_scheme: Annotated[str, Field(max_length=20)] = ""
    id_number: Number = ""
    address: Text = ""
    legal_person: Short = ""
    contact_name: Short = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    is_supplier: bool = False
    is_customer: bool = False
    grade: Annotated[str, Field(max_length=20)] = ""


class CounterpartyOut(Schema):
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


class CounterpartiesOut(Schema):
    items: list[CounterpartyOut]
    next: str


class IdOut(Schema):
    id: int


class RegionOut(Schema):
    code: str
    parent: str
    level: str
    name: str
    latitude: float | None
    longitude: float | None
