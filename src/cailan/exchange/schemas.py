"""Imports and captures on the wire."""

from datetime import datetime

from ninja import Schema


class ImportOut(Schema):
    id: int
    name: str
    state: str
    total: int
    done: int
    accepted: int
    known: int
    refused: int
    reason: str
    created_at: datetime
    finished_at: datetime | None


class ImportsOut(Schema):
    items: list[ImportOut]
    next: str


class RowProblemOut(Schema):
    row: int
    column: str
    value: str
    what: str


class CaptureJobOut(Schema):
    """A capture job (EPCIS 2.0, 8.2.6): captured wholly or not at all."""

    captureID: str  # noqa: N815 (the standard's names)
    createdAt: datetime  # noqa: N815
    finishedAt: datetime  # noqa: N815
    running: bool
    success: bool
    captureErrorBehaviour: str  # noqa: N815
    errors: list[dict[str, str]]
