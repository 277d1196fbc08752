"""The verbs of a farm: buy an input, open a batch, work on it, harvest, close; and correct what was recorded wrong."""

from cailan.production.services.batches import (
    BatchClosed,
    NumberInUse,
    close_batch,
    correct_seed,
    open_batch,
    record_environment,
)
from cailan.production.services.harvesting import HarvestForbidden, HarvestTooEarly, harvest
from cailan.production.services.inputs import buy_input, correct_input
from cailan.production.services.using import BannedInput, InputNotUsable, Material, NotEnoughInput
from cailan.production.services.working import correct_operation, log_operation

__all__ = [
    "BannedInput",
    "BatchClosed",
    "HarvestForbidden",
    "HarvestTooEarly",
    "InputNotUsable",
    "Material",
    "NotEnoughInput",
    "NumberInUse",
    "buy_input",
    "close_batch",
    "correct_input",
    "correct_operation",
    "correct_seed",
    "harvest",
    "log_operation",
    "open_batch",
    "record_environment",
]
