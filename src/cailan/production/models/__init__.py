"""Inputs in store, crop batches, the work on them, and harvests."""

from cailan.production.models.crops import CropBatch, Environment, SeedOrigin
from cailan.production.models.inputs import ClientEntry, FarmInput
from cailan.production.models.work import Harvest, HarvestRefusal, Operation, Use

__all__ = [
    "ClientEntry",
    "CropBatch",
    "Environment",
    "FarmInput",
    "Harvest",
    "HarvestRefusal",
    "Operation",
    "SeedOrigin",
    "Use",
]
