"""Pages of tickets: the list, the voucher with its code, on paper, and what may become of it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import blame, render_page
from cailan.kernel.problems import NotFound, Problem
from cailan.labels import queries as labels
from cailan.ledger import queries as ledger
from cailan.trade import queries, services
from cailan.trade.forms.tickets import CloseForm, ConfirmForm, SettleForm
from cailan.trade.queries import seals, selling
from cailan.trade.queries.vouchers import PAPERS, public_url, voucher_data
from cailan.trade.rules.tickets import Act, Mode, Status, may
from cailan.trade.services.markets import set_market_mode
from cailan.trade.views.stock import next_page

SIDES = ("sold", "bought")


@require_GET
def tickets(request: ActorRequest) -> HttpResponse:
    """Tickets of both sides, newest first; those that nobody has confirmed, with how long they wait."""
    side, status = request.GET.get("side", ""), request.GET.get("status", "")
    side = side if side in SIDES else ""
    status = status if status in {"open", *Status} else ""
    page = queries.list_tickets(request.actor, side=side, status=status, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "next": next_page(request, page.next),
        "side": side,
        "status": status,
        "now": timezone.now(),
        "may_move": request.actor.may(Permission.LOT_MOVE),
        "tabs": [
            {"url": "?", "label": _("All"), "active": not side and not status},
            {"url": "?status=open", "label": _("Not settled"), "active": status == "open"},
            {"url": "?side=sold", "label": _("Sold"), "active": side == "sold" and not status},
            {"url": "?side=bought", "label": _("Bought"), "active": side == "bought" and not status},
        ],
    }
    return render_page(request, "trade/tickets.html", context, part="rows")


@require_GET
def ticket(request: ActorRequest, ticket_code: str) -> HttpResponse:
    """The voucher on screen, for both sides."""
    found = queries.find_ticket(request.actor, ticket_code)
    return render_page(request, "trade/ticket.html", _context(request, found))


def _context(request: ActorRequest, found: queries.TicketFile) -> dict[str, Any]:
    status, may_move = found.facts.status, request.actor.may(Permission.LOT_MOVE)
    form = None
    if found.is_seller and may_move and may(Act.CONFIRM, status):
        prices = selling.last_prices(
            request.actor, [line.product for line in found.facts.lines], buyer_id=found.buyer_id
        )
        form = ConfirmForm(request.POST or None, lines=found.facts.lines, prices=prices)
    subject = seals.ticket_subject(found.facts.id)
    return {
        "ticket": found,
        "facts": found.facts,
        "url": public_url(found.facts.code),
        "form": form,
        "seal": ledger.latest_seals(request.actor, [subject]).get(subject),
        "may_void": may_move and may(Act.VOID, status) and (found.is_seller or status == Status.REQUESTED),
        "may_close": may_move and found.is_seller and may(Act.CLOSE, status) and found.buyer_id is None,
        "may_settle": may_move and (found.is_seller or found.is_buyer),
        "papers": list(PAPERS),
    }


@require_GET
def ticket_qr(request: ActorRequest, ticket_code: str) -> HttpResponse:
    """The code of a ticket, as large as the screen."""
    facts = queries.find_ticket(request.actor, ticket_code).facts
    return HttpResponse(labels.qr_svg(public_url(facts.code)), content_type="image/svg+xml")


@require_GET
def ticket_pdf(request: ActorRequest, ticket_code: str, paper: str) -> HttpResponse:
    """The voucher on paper: a roll of 80 mm, A5 or A4."""
    if paper not in PAPERS:
        raise NotFound
    found = queries.find_ticket(request.actor, ticket_code)
    made = labels.pdf(
        "trade/voucher", voucher_data(found, paper=paper),
        files={"qr.svg": labels.qr_svg(public_url(found.facts.code)).encode()},
    )  # fmt: skip
    name = f'inline; filename="{found.facts.number}-{paper}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})


def _refused(request: ActorRequest, ticket_code: str, problem: Problem) -> HttpResponse:
    """Show the ticket as it stands, with why it could not be changed."""
    found = queries.find_ticket(request.actor, ticket_code)
    context = {**_context(request, found), "problem": problem}
    return render_page(request, "trade/ticket.html", context, status=problem.status)


@require_POST
def void(request: ActorRequest, ticket_code: str) -> HttpResponse:
    """Take the goods back, or drop a request."""
    found = queries.find_ticket(request.actor, ticket_code)
    try:
        services.void_ticket(
            request.actor,
            ticket_id=found.facts.id,
            reason=request.POST.get("reason", "")[:200],
            at=timezone.now(),
        )
    except NotFound:
        raise
    except Problem as problem:
        return _refused(request, ticket_code, problem)
    messages.success(request, _("The ticket is void; its goods are in stock again."))
    return redirect("trade:ticket", ticket_code)


@require_http_methods(["GET", "POST"])
def close(request: ActorRequest, ticket_code: str) -> HttpResponse:
    """Say to whom the goods were handed who keeps no books here."""
    found = queries.find_ticket(request.actor, ticket_code)
    if not found.is_seller:
        raise NotFound
    form, status = CloseForm(request.POST or None), HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                services.close_ticket(
                    request.actor, ticket_id=found.facts.id, at=timezone.now(), **form.cleaned_data
                )
            except Problem as problem:
                blame(form, problem)
                status = HTTPStatus(problem.status)
            else:
                messages.success(request, _("Handed over: the ticket is closed."))
                return redirect("trade:ticket", ticket_code)
    return render_page(request, "trade/close.html", {"form": form, "facts": found.facts}, status=status)


@require_POST
def confirm(request: ActorRequest, ticket_code: str) -> HttpResponse:
    """Say yes to what a buyer asked for."""
    found = queries.find_ticket(request.actor, ticket_code)
    if not found.is_seller:
        raise NotFound
    context = _context(request, found)
    form = context["form"]
    if form is None or not form.is_valid():
        status = HTTPStatus.CONFLICT if form is None else HTTPStatus.UNPROCESSABLE_ENTITY
        if form is None:
            context["problem"] = services.NotInThatState()
        return render_page(request, "trade/ticket.html", context, status=status)
    try:
        services.confirm_request(
            request.actor, ticket_id=found.facts.id, prices=form.prices(), at=timezone.now()
        )
    except Problem as problem:
        return _refused(request, ticket_code, problem)
    messages.success(request, _("Confirmed and sealed."))
    return redirect("trade:ticket", ticket_code)


@require_POST
def settle(request: ActorRequest, ticket_code: str, dispute_id: int) -> HttpResponse:
    """End a dispute, each side in its way."""
    found = queries.find_ticket(request.actor, ticket_code)
    form = SettleForm(request.POST)
    is_here = dispute_id in {one.id for one in found.disputes}
    if not is_here or not (found.is_seller or found.is_buyer):
        raise NotFound
    if not form.is_valid():
        return redirect("trade:ticket", ticket_code)
    try:
        services.settle_dispute(request.actor, dispute_id=dispute_id, at=timezone.now(), **form.cleaned_data)
    except Problem as problem:
        return _refused(request, ticket_code, problem)
    messages.success(request, _("Settled and sealed."))
    return redirect("trade:ticket", ticket_code)


@require_http_methods(["GET", "POST"])
def market_mode(request: ActorRequest) -> HttpResponse:
    """The market says whether its stalls sell by ticket or to consumers."""
    actor = request.actor
    if request.method == "POST":
        set_market_mode(actor, mode=request.POST.get("mode", ""), at=timezone.now())
        messages.success(request, _("The stalls see the new screen from now on."))
        return redirect("trade:market_mode")
    if actor.party_kind != "market":
        raise NotFound
    context = {"mode": selling.selling_mode(actor), "modes": list(Mode), "home": reverse("trade:market_mode")}
    return render_page(request, "trade/market_mode.html", context)
