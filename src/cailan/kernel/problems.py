"""Refusals: what happened, where, and what to do (RFC 9457)."""

from collections.abc import Iterator, Mapping
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
    headers: Mapping[str, str] = {}

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
    headers = {"WWW-Authenticate": "Bearer"}


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


class WrongMethod(Problem):
    status = 405
    code = "wrong-method"
    title = _("This address does not do that")
    detail = _("Use one of the methods that the header Allow names; GET opens a page.")


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


class TooMany(Problem):
    status = 429
    code = "too-many"
    title = _("Too many tries from your address")

    def __init__(self, retry_after_seconds: int) -> None:
        self.headers = {"Retry-After": str(retry_after_seconds)}
        minutes = -(-retry_after_seconds // 60)
        super().__init__(_("Wait %(minutes)d minutes and try again.") % {"minutes": minutes})


class Busy(Problem):
    status = 503
    code = "busy"
    title = _("Busy for a moment")
    detail = _("Somebody else is changing the same records. Nothing was written; try again.")


class Broken(Problem):
    status = 500
    code = "broken"
    title = _("Something broke on our side")
    detail = _("Nothing of what you sent was saved. Try again in a minute, or tell the operator the time.")


def kinds() -> Iterator[type[Problem]]:
    """Yield each kind of refusal that Cailan gives: every class of ours that has a code of its own."""
    waiting: list[type[Problem]] = [Problem]
    seen: set[type[Problem]] = set()
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        waiting.extend(kind.__subclasses__())
        if (
            "code" in vars(kind)
            and kind.__module__.startswith("cailan.")
            and ".tests." not in kind.__module__
        ):
            yield kind


def what_to_do(kind: type[Problem]) -> str | Promise:
    """Return the advice of a kind of refusal; "" where only the single answer can say."""
    return kind.detail if kind is Problem or kind.detail is not Problem.detail else ""
