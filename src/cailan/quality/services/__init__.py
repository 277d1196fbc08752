"""The verbs of quality: load limits, test, sample, report, promise."""

from cailan.quality.services.loading import LoadReport, load_limits, load_starter
from cailan.quality.services.promising import issue_certificate, void_certificate
from cailan.quality.services.reporting import record_handling, reopen, sign_report
from cailan.quality.services.sampling import accept_sample, request_test, state_laboratory, take_sample
from cailan.quality.services.self_testing import self_test
from cailan.quality.services.testing import enter_results, object_to

__all__ = [
    "LoadReport",
    "accept_sample",
    "enter_results",
    "issue_certificate",
    "load_limits",
    "load_starter",
    "object_to",
    "record_handling",
    "reopen",
    "request_test",
    "self_test",
    "sign_report",
    "state_laboratory",
    "take_sample",
    "void_certificate",
]
