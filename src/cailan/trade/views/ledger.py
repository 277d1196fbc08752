"""The purchase and sales ledger: one page with every filter, and the same as a file."""

from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import render_page
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.parties import queries as parties
from cailan.trade import queries
from cailan.trade.forms.ledger import LedgerForm
from cailan.trade.rules.ledger import BOUGHT, SIDES, SOLD
from cailan.trade.rules.money import OWED, OWING
from cailan.trade.views.stock import next_page


@require_GET
def ledger(request: ActorRequest) -> HttpResponse:
    """Every document of the party, or of a party that one oversees, filtered as asked."""
    actor, side, party_id = request.actor, _side(request), _party(request)
    owner_id = queries.whose(actor, party_id)
    form = LedgerForm(request.GET)
    filters = form.filters() if form.is_valid() else None
    page = (
        queries.list_ledger(
            actor, side=side, filters=filters, party_id=party_id, cursor=request.GET.get("cursor", "")
        )
        if filters is not None
        else None
    )
    kept = {name: value for name, value in request.GET.items() if name not in {"cursor", "side"} and value}
    context = {
        "form": form,
        "page": page,
        "side": side,
        "next": next_page(request, page.next) if page else "",
        "is_filtered": filters is None or filters.is_any,
        "owner": parties.facts([owner_id]).get(owner_id),
        "is_own": owner_id == actor.party_id,
        "party_id": party_id,
        "tabs": [
            {"url": f"?{urlencode({**kept, 'side': one})}", "label": label, "active": one == side}
            for one, label in ((BOUGHT, _("Purchases")), (SOLD, _("Sales")))
        ],
        "exports": [
            (kind.upper(), f"{reverse('trade:ledger_file', args=[kind])}?{urlencode({**kept, 'side': side})}")
            for kind in ("csv", "xlsx")
        ],
    }
    return render_page(request, "trade/ledger.html", context, part="rows", status=200 if page else 422)


def _side(request: ActorRequest) -> str:
    side = request.GET.get("side", BOUGHT)
    return side if side in SIDES else BOUGHT


def _party(request: ActorRequest) -> int | None:
    text = request.GET.get("party", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 (a bigint)
        raise NotFound
    return int(text)


@require_GET
def ledger_file(request: ActorRequest, suffix: str) -> HttpResponse | StreamingHttpResponse:
    """The ledger as a file: CSV as it is read, XLSX from a temporary file; neither stands in memory as a whole."""
    if suffix not in {"csv", "xlsx"}:
        raise NotFound
    side, party_id = _side(request), _party(request)
    form = LedgerForm(request.GET)
    if not form.is_valid():
        raise InvalidInput(errors=[{"where": name, "what": str(one[0])} for name, one in form.errors.items()])
    found = queries.ledger_file(
        request.actor, suffix=suffix, side=side, filters=form.filters(), party_id=party_id
    )
    return StreamingHttpResponse(found.chunks, content_type=found.media_type, headers=found.headers)


@require_GET
def order(request: ActorRequest, side: str, order_id: int) -> HttpResponse:
    """Go to the ticket or the purchase behind a line of the books."""
    if side not in {OWED, OWING}:
        raise NotFound
    address = queries.order_address(request.actor, side=side, order_id=order_id)
    return redirect(*address)
