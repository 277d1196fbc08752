"""Refusals: what happened, where, and what to do (RFC 9457)."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type_base = "/problems/"


class Problem(Exception):
    """A refusal with a code, a title and a sentence that tells the user what to do."""

    status = 400
    code = "bad-request"
    title: str | Promise = _("This request cannot be carried out")
    detail: str | Promise = _("Check what was sent and try again.")

    def __init__(self, detail: str | Promise | None = None, **extra: Any) -> None:
        if detail is not None:
            self.detail = detail
        self.extra = extra
        super().__init__(str(self.detail))

    def as_dict(self) -> dict[str, Any]:
        """Return the members of `application/problem+json`."""
        return {
            "type": type_base + self.code,
            "title": str(self.title),
            "status": self.status,
            "detail": str(self.detail),
            **self.extra,
        }


class InvalidInput(Problem):
    """One or several fields are wrong; `errors` names each: {"where", "what"}."""

    status = 422
    code = "invalid-input"
    title = _("Some of the input is not valid")

    def __init__(
        self, detail: str | Promise | None = None, *, errors: list[dict[str, Any]] | None = None, **extra: Any
    ) -> None:
        if errors is not None:
            extra["errors"] = errors
        super().__init__(detail, **extra)


class NotSignedIn(Problem):
    status = 401
    code = "not-signed-in"
    title = _("You are not signed in")
    detail = _("Sign in, or send an API key in the Authorization header.")


class NotAllowed(Problem):
    status = 403
    code = "not-allowed"
    title = _("You may not do this")
    detail = _("Ask the owner of your organisation's account for this right.")


class NotFound(Problem):
    status = 404
    code = "not-found"
    title = _("Nothing found here")
    detail = _("Check the code or address. Records of others that you take no part in are not shown.")


class Conflict(Problem):
    status = 409
    code = "conflict"
    title = _("This clashes with what is already recorded")


class KeyReused(Conflict):
    code = "key-reused"
    title = _("This client key was used for another request")
    detail = _("Send a new key with a new request; repeat a key only with exactly the same request.")


class TooLarge(Problem):
    status = 413
    code = "too-large"
    title = _("This is too large")
    detail = _("Send a smaller file, or split it.")


class Busy(Problem):
    status = 503
    code = "busy"
    title = _("Busy for a moment")
    detail = _("Somebody else is changing the same records. Nothing was written; try again.")
