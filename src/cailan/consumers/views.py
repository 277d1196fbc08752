"""Pages for everybody: the front page, and what a scanned code says. No sign-in, no framework script."""

from urllib.parse import quote

import zxingcpp
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from cailan.consumers import queries
from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import public, render_page
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots

_A_DAY = "public, max-age=86400"


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
        lot = lots.find_public(text)
    except NotFound:
        return _unknown(request, text)
    return redirect("consumers:scan", lot.code)


@public
@require_GET
def scan(request: ActorRequest, text: str) -> HttpResponse:
    """Show the chain behind a trace code."""
    return _show(request, text)


@public
@require_GET
def scan_gtin(request: ActorRequest, gtin: str, number: str) -> HttpResponse:
    """Show the chain behind a GS1 Digital Link of GTIN and lot."""
    return _show(request, f"https://id.gs1.org/01/{quote(gtin, safe='')}/10/{quote(number, safe='')}")


def _show(request: ActorRequest, text: str) -> HttpResponse:
    try:
        found = queries.scan(text[:300])
    except NotFound:
        return _unknown(request, text)
    context = {"scan": found, "trace": found.trace, "lot": found.trace.lot, "summary": found.summary}
    return render_page(request, "consumers/scan.html", context)


def _unknown(request: ActorRequest, text: str) -> HttpResponse:
    return render_page(request, "consumers/unknown.html", {"text": text[:80]}, status=404)


@public
@require_GET
def qr(request: ActorRequest, code: str) -> HttpResponse:
    """The QR code (ISO/IEC 18004, level M) that leads any phone to the scan page."""
    lot = lots.find_public(code)
    symbol = zxingcpp.create_barcode(
        f"{settings.CAILAN.public_url.rstrip('/')}/t/{lot.code}", zxingcpp.BarcodeFormat.QRCode, ec_level="M"
    )
    text = str(symbol.to_svg(scale=1, add_quiet_zones=True))
    side = text.partition('width="')[2].partition('"')[0]
    # Without a viewBox a browser does not scale the picture.
    text = text.replace(f'width="{side}" height="{side}"', f'viewBox="0 0 {side} {side}"', 1)
    return HttpResponse(text, content_type="image/svg+xml", headers={"Cache-Control": _A_DAY})


@public
@require_GET
def label(request: ActorRequest, code: str) -> HttpResponse:
    """A label to print: product, maker, lot number, QR code."""
    found = queries.scan(code)
    return render_page(request, "consumers/label.html", {"lot": found.trace.lot})
