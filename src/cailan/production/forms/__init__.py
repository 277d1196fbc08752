"""The forms of a farm: inputs, batches, work, harvest."""

from cailan.production.forms.batches import CloseForm, EnvironmentForm, OpenBatchForm, SeedForm
from cailan.production.forms.harvesting import HarvestForm
from cailan.production.forms.inputs import CorrectInputForm, InputForm
from cailan.production.forms.working import CorrectForm, WorkForm

__all__ = [
    "CloseForm",
    "CorrectForm",
    "CorrectInputForm",
    "EnvironmentForm",
    "HarvestForm",
    "InputForm",
    "OpenBatchForm",
    "SeedForm",
    "WorkForm",
]
