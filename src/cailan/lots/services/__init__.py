"""Book what happens to goods: the one write path of lots, holdings and flows."""

from cailan.lots.services.clearing import clear
from cailan.lots.services.following import Followed, follow
from cailan.lots.services.holds import hold, release
from cailan.lots.services.places import MasterData
from cailan.lots.services.problems import (
    AwaitsTest,
    InTransit,
    LotOnHold,
    NotEnough,
    NotHeld,
    NotYours,
    NumberTaken,
    UnknownLot,
)
from cailan.lots.services.recording import Outcome, record, record_many
from cailan.lots.services.showing import show_to

__all__ = [
    "AwaitsTest",
    "Followed",
    "InTransit",
    "LotOnHold",
    "MasterData",
    "NotEnough",
    "NotHeld",
    "NotYours",
    "NumberTaken",
    "Outcome",
    "UnknownLot",
    "clear",
    "follow",
    "hold",
    "record",
    "record_many",
    "release",
    "show_to",
]
