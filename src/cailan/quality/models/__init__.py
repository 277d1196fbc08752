"""Limits by place and day, samples and what was found in them, signed reports, promise certificates."""

from cailan.quality.models.certificates import Certificate
from cailan.quality.models.limits import Limit
from cailan.quality.models.testing import (
    Handling,
    Laboratory,
    Objection,
    Reopening,
    Report,
    Result,
    Sample,
    Test,
)

__all__ = [
    "Certificate",
    "Handling",
    "Laboratory",
    "Limit",
    "Objection",
    "Reopening",
    "Report",
    "Result",
    "Sample",
    "Test",
]
