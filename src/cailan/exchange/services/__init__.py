"""The verbs of exchange: capture documents, import files."""

from cailan.exchange.services.capturing import CaptureResult, capture
from cailan.exchange.services.importing import ImportReport, import_file, keep_file, run_job
from cailan.exchange.services.resolving import RowProblem

__all__ = ["CaptureResult", "ImportReport", "RowProblem", "capture", "import_file", "keep_file", "run_job"]
