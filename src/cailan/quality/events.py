"""What quality tells upwards."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ReportFailed:
    """A laboratory signed a report that fails a lot; the lot and all made from it are on hold."""

    name: ClassVar[str] = "quality.report.failed"
    report_id: int
    lot_id: int
    lot_code: str
    product: str
    lab_id: int
    kind: str  # incoming, entrusted, official
    findings: str
    refused_by: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportPassed:
    """A laboratory signed a report that a lot passes."""

    name: ClassVar[str] = "quality.report.passed"
    report_id: int
    lot_id: int
    lot_code: str
    lab_id: int
    kind: str
    at: datetime
