"""Refusals of documents and files, with the place, the reason and what to do; EPCIS names for machines."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cailan.kernel.problems import Problem


class EpcisProblem(Problem):
    """A refusal under the name that the EPCIS 2.0 REST binding gives it (part 12.6)."""

    exception = "ImplementationException"

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "type": f"epcisException:{self.exception}"}


class CaptureRefused(EpcisProblem):
    """`errors` names each fault: {"where", "event", "what"}."""

    code = "capture-refused"
    exception = "ValidationException"
    title = _("The document was not captured")
    detail = _("Nothing of it was recorded. Correct the places named and capture it again.")


class CaptureTooLarge(EpcisProblem):
    status = 413
    code = "capture-too-large"
    exception = "CaptureLimitExceededException"
    title = _("The document is too large")
    detail = _("Split it into smaller documents.")


class UnknownMediaType(EpcisProblem):
    status = 415
    code = "unknown-media-type"
    exception = "UnsupportedMediaTypeException"
    title = _("This kind of document is not captured")
    detail = _("Send EPCIS 2.0 as application/ld+json or application/json.")


class NoSuchResource(EpcisProblem):
    status = 404
    code = "no-such-resource"
    exception = "NoSuchResourceException"
    title = _("Nothing found here")
    detail = _("Check the id. Records of others that you take no part in are not shown.")


class UnreadableFile(Problem):
    status = 422
    code = "unreadable-file"
    title = _("This file cannot be read")
    detail = _("Save it again as CSV (UTF-8) or XLSX, with the columns of our template.")
