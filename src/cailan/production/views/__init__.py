"""Pages of a farm, for a phone in the field."""

from cailan.production.views.batches import (
    batch,
    batches,
    close,
    correct_seed,
    environment,
    open_batch,
)
from cailan.production.views.growing import growth_photo
from cailan.production.views.harvesting import harvest, harvested
from cailan.production.views.inputs import buy_input, correct_input, farm_input, inputs
from cailan.production.views.working import correct, log

__all__ = [
    "batch",
    "batches",
    "buy_input",
    "close",
    "correct",
    "correct_input",
    "correct_seed",
    "environment",
    "farm_input",
    "growth_photo",
    "harvest",
    "harvested",
    "inputs",
    "log",
    "open_batch",
]
