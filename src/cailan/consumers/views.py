"""Pages for everybody: the front page, and what a scanned code says. No sign-in, no framework script."""

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from cailan.consumers import queries
from cailan.consumers.templatetags import shop_styles
from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import public, render_page
from cailan.kernel.problems import NotFound
from cailan.labels import queries as labels
from cailan.lots import queries as lots
from cailan.production import queries as production

_A_DAY = "public, max-age=86400"
_NEVER_KEPT = "no-store"  # a recall shows at the next look, whatever stands between


@public
@require_GET
def front(request: ActorRequest) -> HttpResponse:
    """Say what this is, and take a code; who is signed in goes to the own portal."""
    if request.actor.is_signed_in:
        return redirect("portals:home")
    return render_page(request, "consumers/front.html")


@public
@require_GET
def enter(request: ActorRequest) -> HttpResponse:
    """Take a code that was typed or pasted."""
    text = request.GET.get("code", "").strip()[:300]
    if not text:
        return redirect("consumers:front")
    try:
        return redirect("consumers:scan", _code_of(text))
    except NotFound:
        return _unknown(request, text)


@public
@require_GET
def scan(request: ActorRequest, text: str) -> HttpResponse:
    """Show what is behind a trace code: a lot's chain, or a ticket."""
    return _show(request, text)


@public
@require_GET
def scan_gtin(request: ActorRequest, gtin: str, number: str) -> HttpResponse:
    """Show the chain behind a GS1 Digital Link of GTIN and lot."""
    return _show(request, f"https://id.gs1.org/01/{quote(gtin, safe='')}/10/{quote(number, safe='')}")


def _show(request: ActorRequest, text: str) -> HttpResponse:
    try:
        if queries.ticket_code(text[:300]):
            found = queries.scan_ticket(text[:300])
            response = render_page(request, "consumers/ticket.html", {"scan": found, "ticket": found.ticket})
        else:
            response = _show_lot(request, text[:300])
        response["Content-Security-Policy"] = shop_styles.policy()
    except NotFound:
        response = _unknown(request, text)
    response["Cache-Control"] = _NEVER_KEPT
    return response


def _show_lot(request: ActorRequest, text: str) -> HttpResponse:
    found = queries.scan(text)
    context = {"scan": found, "trace": found.trace, "lot": found.trace.lot, "summary": found.summary}
    return render_page(request, "consumers/scan.html", context)


def _unknown(request: ActorRequest, text: str) -> HttpResponse:
    return render_page(request, "consumers/unknown.html", {"text": text[:80]}, status=404)


def _code_of(text: str) -> str:
    """Return the code of the lot or ticket that a text names; raise NotFound for what is not ours."""
    return queries.ticket_code(text) or lots.find_public(text).code


@public
@require_GET
def qr(request: ActorRequest, code: str) -> HttpResponse:
    """The QR code that leads any phone to the scan page."""
    picture = labels.qr_svg(queries.address_of(_code_of(code)))
    return HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": _A_DAY})


@public
@require_GET
def photo(request: ActorRequest, code: str, document_id: int) -> HttpResponse:
    """A picture of how a lot grew, to whoever holds the lot's code."""
    opened = production.public_photo(code, document_id, size=request.GET.get("size", ""))
    sent = opened.as_response()
    return HttpResponse(opened.path.read_bytes(), content_type=sent["content_type"], headers=sent["headers"])


@public
@require_GET
def label(request: ActorRequest, code: str) -> HttpResponse:
    """A label to print: product, maker, lot number, QR code."""
    found = queries.scan(code)
    return render_page(request, "consumers/label.html", {"lot": found.trace.lot})
