"""The verbs of exchange: capture documents, import files."""

from cailan.exchange.services.capturing import CaptureResult, capture
from cailan.exchange.services.importing import (
    ImportReport,
    check_size,
    import_file,
    keep_file,
    run_job,
)
from cailan.exchange.services.resolving import RowProblem
from cailan.exchange.services.steps import carry_through, mark, try_out
from cailan.exchange.services.templates import template_file

__all__ = [
    "CaptureResult",
    "ImportReport",
    "RowProblem",
    "capture",
    "carry_through",
    "check_size",
    "import_file",
    "keep_file",
    "mark",
    "run_job",
    "template_file",
    "try_out",
]
