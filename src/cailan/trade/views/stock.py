"""Pages of a stall's stock: what there is by lot, counting it, writing off what is lost."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import blame, is_for_machine, recorded, refused, render_page
from cailan.kernel.problems import KeyReused, Problem
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.trade import queries, services
from cailan.trade.forms.stock import MOST_LINES, CountSheet, LossForm, holdings_in


def next_page(request: ActorRequest, cursor: str) -> str:
    """Return the address of the following page of a list, its filters kept."""
    kept = {name: value for name, value in request.GET.items() if name != "cursor" and value}
    return f"?{urlencode({**kept, 'cursor': cursor})}" if cursor else ""


@require_GET
def stock(request: ActorRequest) -> HttpResponse:
    """What the stall has, by lot."""
    actor, text = request.actor, request.GET.get("text", "").strip()[:300]
    page = queries.stock_lines(actor, text=text, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "text": text,
        "next": next_page(request, page.next),
        "may_move": actor.may(Permission.LOT_MOVE),
        "may_see_money": actor.may(Permission.MONEY_READ),
    }
    return render_page(request, "trade/stock.html", context, part="rows")


@require_http_methods(["GET", "POST"])
def count(request: ActorRequest) -> HttpResponse:
    """Count many lots on one sheet: first the differences are shown, then all of it is booked at once."""
    actor, now = request.actor, timezone.now()
    actor.require(Permission.LOT_MOVE)
    text = request.GET.get("text", "").strip()[:300]
    if request.method == "GET":
        page = lots.stock(actor, text=text, limit=MOST_LINES)
        form = CountSheet(holdings=page.items, now=now)
        return render_page(
            request, "trade/count.html", {"form": form, "text": text, "is_cut": bool(page.next)}
        )
    found = lots.holding_facts_of(holdings_in(request.POST))
    own = [one for one in found.values() if one.holder_id == actor.party_id]
    form = CountSheet(request.POST, holdings=own, now=now)
    context = {"form": form, "text": text}
    if not form.is_valid():
        return refused(request, "trade/count.html", context, form, status=422)
    # Who has no network cannot be shown the differences first: the queue of the phone sends the sheet itself.
    if "confirmed" not in request.POST and not is_for_machine(request):
        return render_page(request, "trade/count_check.html", {**context, "differences": form.differences()})
    data = form.cleaned_data
    try:
        services.take_stock(
            actor,
            counts=form.counts(),
            occurred_at=data["occurred_at"],
            at=now,
            client_key=data["client_key"],
        )
    except KeyReused:
        return refused(request, "trade/count.html", context, sent_twice(form), status=409)
    except Problem as problem:
        blame(form, problem)
        return refused(request, "trade/count.html", context, form, status=problem.status)
    return recorded(request, reverse("trade:stock"), _("The count is booked and sealed."))


def sent_twice(form: Any) -> Any:
    """Say that a page was sent before with other input, and let it be sent as a new entry."""
    form.with_new_key()
    again = _("This page was sent before with other input. Check it, and send it again as a new record.")
    form.add_error(None, again)
    return form


@require_http_methods(["GET", "POST"])
def loss(request: ActorRequest) -> HttpResponse:
    """Write off what is spoiled, broken or trimmed away, with the reason."""
    actor, now = request.actor, timezone.now()
    actor.require(Permission.LOT_MOVE)
    code = request.GET.get("lot", "").strip()[:300]
    holdings = [
        one for one in lots.stock(actor, text=code, limit=MOST_LINES).items if one.remaining is not None
    ]
    form = LossForm(request.POST if request.method == "POST" else None, holdings=holdings, now=now)
    context = {"form": form, "code": code, "has_stock": bool(holdings)}
    if request.method == "GET":
        return render_page(request, "trade/loss.html", context)
    if not form.is_valid():
        return refused(request, "trade/loss.html", context, form, status=422)
    try:
        goods.record(actor, form.request(), at=now, client_key=f"page-{form.cleaned_data['client_key']}")
    except KeyReused:
        return refused(request, "trade/loss.html", context, sent_twice(form), status=409)
    except Problem as problem:
        problem.extra.setdefault("where", "quantity")
        blame(form, problem)
        return refused(request, "trade/loss.html", context, form, status=problem.status)
    return recorded(request, reverse("trade:stock"), _("The loss is booked and sealed."))
