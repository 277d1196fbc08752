"""What wraps every request: its address and number in the logs, and the one renderer of problems for pages."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from cailan.kernel import audit
from cailan.kernel.access import Actor
from cailan.kernel.pages import CONTENT_SECURITY_POLICY, SomebodyElse, problem_response
from cailan.kernel.problems import Problem, TooLarge, WrongMethod

_ENVELOPE_BYTES = 1_000_000  # what a form adds to its file

Handler = Callable[[HttpRequest], HttpResponse]


class RequestMiddleware:
    """Give each request a number, and the logs its address."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        number = uuid.uuid4().hex[:12]
        structlog.contextvars.bind_contextvars(request=number, path=request.path)
        audit.remote_address.set(_address(request))
        method = request.method
        if method == "HEAD":  # whoever answers GET answers HEAD (RFC 9110, 9.1); the server drops the body
            request.method = "GET"
        response = self.get_response(request)
        request.method = method
        response["X-Request-Id"] = number
        response.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response


def _address(request: HttpRequest) -> str | None:
    """Return who called: behind TLS the proxy before us says it, as the last of the chain."""
    chain = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    said = chain.rpartition(",")[2].strip()
    try:
        return str(ip_address(said or request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


class ProblemMiddleware:
    """Turn refusals into pages, or problem+json for machines."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = _refusal(request)
        response = problem_response(request, refusal) if refusal else self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:  # Django's and ninja's own says nothing
            allowed = response["Allow"]
            response = problem_response(request, WrongMethod())
            response["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Problem):
            return problem_response(request, exception)
        if isinstance(exception, RequestDataTooBig):
            return problem_response(request, TooLarge())
        if isinstance(exception, MultiPartParserError):
            return problem_response(request, Problem())
        return None


def _refusal(request: HttpRequest) -> Problem | None:
    """Refuse what nobody need read: text that PostgreSQL takes nowhere, and what is too large for any door."""
    if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return Problem()
    if _is_anothers(request):
        return SomebodyElse()
    length = request.META.get("CONTENT_LENGTH") or "0"
    limit = settings.CAILAN.upload_limit_bytes
    if length.isdecimal() and int(length) > limit + _ENVELOPE_BYTES:
        return TooLarge(limit_bytes=limit)
    return None


def _is_anothers(request: HttpRequest) -> bool:
    """Say whether a phone sends what was entered under another name or party than its session has by now.

    The phone asks first who is signed in; between its question and the entry another window may have switched.
    """
    owner = request.headers.get("Cailan-Owner")
    actor: Actor | None = getattr(request, "actor", None)
    if not owner or actor is None or not actor.is_signed_in:
        return False
    return owner != f"{actor.user_id}-{'' if actor.party_id is None else actor.party_id}"
