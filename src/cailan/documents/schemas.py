"""The typed edge of documents."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field


class DocumentOut(Schema):
    id: int
    owner_id: int
    name: str
    kind: str
    digest: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    added_at: datetime


class DocumentsOut(Schema):
    items: list[DocumentOut]
    next: str


class ShareIn(Schema):
    party_ids: Annotated[list[Annotated[int, Field(ge=1, lt=2**63)]], Field(min_length=1, max_length=500)]
