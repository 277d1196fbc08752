"""Show the farm's record: to its owner, to those who oversee it, and how a lot grew to whoever may see the lot."""

from cailan.production.queries.batches import get_batch, list_batches, next_lot_number, open_batches
from cailan.production.queries.growing import growth_of, public_photo
from cailan.production.queries.inputs import get_input, list_inputs, usable_inputs, uses_of
from cailan.production.queries.templating import templates_for
from cailan.production.queries.working import get_harvest, get_operation

__all__ = [
    "get_batch",
    "get_harvest",
    "get_input",
    "get_operation",
    "growth_of",
    "list_batches",
    "list_inputs",
    "next_lot_number",
    "open_batches",
    "public_photo",
    "templates_for",
    "usable_inputs",
    "uses_of",
]
