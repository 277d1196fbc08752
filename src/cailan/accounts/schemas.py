"""What machines send and get about accounts."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints


class MeOut(Schema):
    user_id: int | None
    display_name: str
    party_id: int | None
    party_name: str
    party_kind: str
    role: str
    region: str
    means: str
    permissions: list[str]
    parties: list[tuple[int, str]]


class MemberOut(Schema):
    user_id: int
    username: str
    display_name: str
    role: str
    is_active: bool


class KeyIn(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
    role: Literal["machine", "auditor"] = "machine"
    valid_days: int = Field(365, ge=1, le=1095)


class NewKeyOut(Schema):
    key: str = Field(description="Shown this once; only its hash is kept.")


class KeyOut(Schema):
    id: int
    name: str
    prefix: str
    role: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


class KeysOut(Schema):
    items: list[KeyOut]
    next: str
