"""Rendering pages: a whole page or one of its parts, the shell around it, and problems."""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error as django_server_error

from cailan.kernel.access import PUBLIC, Actor
from cailan.kernel.problems import Broken, Conflict, InvalidInput, NotAllowed, NotFound, Problem

# Everything a page needs comes from here; nothing runs inline.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)

ShellPart = Callable[[HttpRequest, Actor], dict[str, Any]]
_shell_parts: list[ShellPart] = []


class PageTooOld(NotAllowed):
    code = "page-too-old"
    title = _("The page was open too long")
    detail = _("For your safety the form was not accepted. Go back, reload the page and send it again.")


class SomebodyElse(Conflict):
    code = "somebody-else"
    title = _("This was entered by somebody else, or for another party")
    detail = _("Sign in again as who entered it, for the same party; then it is sent.")


def add_shell(part: ShellPart) -> None:
    """Let an upper floor add to the shell's context: menu, badges (from an app's `ready`)."""
    _shell_parts.append(part)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the actor and what the upper floors put around a page."""
    actor: Actor = getattr(request, "actor", PUBLIC)
    context: dict[str, Any] = {"actor": actor}
    for part in _shell_parts:
        context.update(part(request, actor))
    return context


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a page as open to anybody; every other page asks for a sign-in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def scans(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the scanner of a page run its decoder, which is WebAssembly; no other page may run any."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        policy = f"{CONTENT_SECURITY_POLICY}; script-src 'self' 'wasm-unsafe-eval'"
        response["Content-Security-Policy"] = policy
        return response

    return wrapped


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page, or only its partial `part` when htmx asks for it."""
    wants_part = (
        bool(part) and request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")
    )
    name = f"{template}#{part}" if wants_part else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def blame(form: Form, problem: Problem) -> None:
    """Put a refusal at the fields of a form that it names; the rest above the form. The form keeps the refusal."""
    form.problem = problem  # type: ignore[attr-defined]  # for `refused`, which says it to machines
    errors = problem.extra.get("errors") or [
        {"where": problem.extra.get("where"), "what": str(problem.detail)}
    ]
    for error in errors:
        form.add_error(error["where"] if error["where"] in form.fields else None, error["what"])


def recorded(request: HttpRequest, url: str, message: str | Promise) -> HttpResponse:
    """Answer an entry that was taken: a person goes on to a page, a phone's queue learns where it is kept."""
    is_queued = is_for_machine(request)
    is_looked_at = not is_queued or request.headers.get("Cailan-Entry") == "open"
    if is_looked_at:  # the page that follows shows it
        messages.success(request, str(message))
    if is_queued:
        return JsonResponse({"state": "accepted", "url": url, "message": str(message)})
    return redirect(url)


def refused(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    form: Form,
    *,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    part: str = "",
) -> HttpResponse:
    """Answer an entry that was not taken: a person sees the form as filled in, a phone's queue which field and why."""
    if not is_for_machine(request):
        return render_page(request, template, {"form": form, **context}, part=part, status=status)
    errors = [
        {"where": "" if name == NON_FIELD_ERRORS else name, "what": str(what)}
        for name, whats in form.errors.items()
        for what in whats
    ]
    problem: Problem = getattr(form, "problem", None) or InvalidInput(errors[0]["what"] if errors else None)
    problem.extra["errors"] = errors
    response = problem_json(problem)
    response.status_code = status
    return response


MACHINE_DOORS = ("/api/", "/epcis/")


def is_for_machine(request: HttpRequest) -> bool:
    """Say whether a refusal is read by a program: by its door, or by what it accepts."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith(MACHINE_DOORS) or ("json" in accept and "text/html" not in accept)


def problem_json(problem: Problem) -> HttpResponse:
    """Say a refusal to a machine."""
    return JsonResponse(
        problem.as_dict(),
        status=problem.status,
        content_type="application/problem+json",
        headers=dict(problem.headers),
    )


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Answer a refusal: as problem+json to machines, as a page to people."""
    if is_for_machine(request):
        return problem_json(problem)
    response = render(request, "errors/problem.html", {"problem": problem}, status=problem.status)
    for name, value in problem.headers.items():
        response[name] = value
    return response


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's signature)
    return problem_response(request, PageTooOld())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return problem_response(request, NotFound())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return problem_response(request, NotAllowed())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return problem_response(request, Problem())


def server_error(request: HttpRequest) -> HttpResponse:
    return problem_json(Broken()) if is_for_machine(request) else django_server_error(request)
