"""Book what happens to goods: the one write path of lots, holdings and flows."""

from cailan.lots.services.holds import hold, release
from cailan.lots.services.problems import (
    LotOnHold,
    NotEnough,
    NotHeld,
    NotYours,
    NumberTaken,
    UnknownLot,
)
from cailan.lots.services.recording import Outcome, record, record_many

__all__ = [
    "LotOnHold",
    "NotEnough",
    "NotHeld",
    "NotYours",
    "NumberTaken",
    "Outcome",
    "UnknownLot",
    "hold",
    "record",
    "record_many",
    "release",
]
