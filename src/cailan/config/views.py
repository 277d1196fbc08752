"""Doors of the house itself: health, robots, the language switch, what refusals mean."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language as django_set_language

from cailan.accounts import services as accounts
from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import public
from cailan.kernel.problems import NotFound, kinds, what_to_do

ROBOTS = "User-agent: *\nAllow: /$\nAllow: /t/\nDisallow: /\n"


@public
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Say that this process answers and reaches the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@public
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain")


@public
@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("cailan/icon-192.png"), permanent=True)


@public
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps pages for the time without a network; it must stand at the root to serve the whole site."""
    response = render(request, "sw.js", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@public
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")


@require_GET
def pending(request: ActorRequest) -> HttpResponse:
    """Where entries stand that were made on this phone; the phone fills it in, also without a network."""
    return render(request, "pending.html")


@require_GET
def token(request: ActorRequest) -> HttpResponse:
    """Say who is signed in, and the token with which a phone sends what it kept for them."""
    actor = request.actor
    return JsonResponse({"user": actor.user_id, "party": actor.party_id, "token": get_token(request)})


@public
@require_GET
def problems(request: HttpRequest, code: str = "") -> HttpResponse:
    """Explain one kind of refusal, which its `type` leads to, or all of them."""
    rows = [
        {"code": kind.code, "status": kind.status, "title": kind.title, "what_to_do": what_to_do(kind)}
        for kind in sorted(kinds(), key=lambda kind: kind.code)
        if code in {"", kind.code}
    ]
    if not rows:
        raise NotFound
    return render(request, "problems.html", {"rows": rows, "is_one": bool(code)})


@public
@require_POST
def set_language(request: ActorRequest) -> HttpResponse:
    """Switch the language of the pages, and remember it for who is signed in."""
    response: HttpResponse = django_set_language(request)
    language = request.POST.get("language", "")
    if request.actor.user_id is not None and language in dict(settings.LANGUAGES):
        accounts.choose_language(request.actor, language=language)
    return response
