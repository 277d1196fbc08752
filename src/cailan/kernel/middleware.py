"""What wraps every request: its address and number in the logs, and the one renderer of problems for pages."""

import uuid
from collections.abc import Callable

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from cailan.kernel import audit
from cailan.kernel.pages import problem_response
from cailan.kernel.problems import Problem, TooLarge

# Everything a page needs comes from here; nothing runs inline.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)

Handler = Callable[[HttpRequest], HttpResponse]


class RequestMiddleware:
    """Give each request a number, and the logs its address."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        number = uuid.uuid4().hex[:12]
        structlog.contextvars.bind_contextvars(request=number, path=request.path)
        audit.remote_address.set(request.META.get("REMOTE_ADDR") or None)
        # No text that we keep or look for holds a NUL, and PostgreSQL takes none.
        has_nul = "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        response = problem_response(request, Problem()) if has_nul else self.get_response(request)
        response["X-Request-Id"] = number
        response.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response


class ProblemMiddleware:
    """Turn refusals into pages (or problem+json where the caller asks for JSON)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Problem):
            return problem_response(request, exception)
        if isinstance(exception, RequestDataTooBig):
            return problem_response(request, TooLarge())
        if isinstance(exception, MultiPartParserError):
            return problem_response(request, Problem())
        return None
