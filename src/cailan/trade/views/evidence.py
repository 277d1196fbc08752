"""“My evidence” for a lot, as a page and as one paper."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import render_page
from cailan.labels.queries import pdf, qr_svg
from cailan.trade import queries
from cailan.trade.views.money import paper


@require_GET
def evidence(request: ActorRequest, code: str) -> HttpResponse:
    """What proves where a lot is from, for a claim against the supplier."""
    found = queries.evidence(request.actor, code, at=timezone.now())
    if request.GET.get("format") == "pdf":
        address = request.build_absolute_uri(reverse("consumers:scan", args=[found.lot.code]))
        verify = request.build_absolute_uri(reverse("ledger:verify"))
        data = queries.evidence_data(found, owner=request.actor.party_name, verify_url=verify)
        content = pdf("trade/evidence", data, files={"qr.svg": qr_svg(address).encode()})
        return paper(content, f"evidence-{found.lot.code}.pdf")
    return render_page(request, "trade/evidence.html", {"evidence": found, "lot": found.lot})
