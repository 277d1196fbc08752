"""Pages to buy: scan, confirm with one tap, say what differs, ask for goods, write a purchase by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cailan.documents import queries as documents
from cailan.documents import services as files
from cailan.documents.rules import DocumentKind
from cailan.kernel.access import Actor, ActorRequest, Permission
from cailan.kernel.pages import blame, recorded, refused, render_page, scans
from cailan.kernel.problems import KeyReused, NotFound, Problem
from cailan.ledger import queries as ledger
from cailan.products import queries as products
from cailan.trade import queries, services
from cailan.trade.forms.purchases import MOST_ROWS, PurchaseForm, ScanForm
from cailan.trade.forms.tickets import AskForm, ReceiveForm
from cailan.trade.queries import seals, selling
from cailan.trade.queries.origins import usual_origins, usual_suppliers
from cailan.trade.queries.scanning import Meaning, Scanned
from cailan.trade.queries.scanning import scanned as meaning_of
from cailan.trade.services.receiving import why_gone
from cailan.trade.views.selling import say, unit_of

MOST_PHOTOS = 6


@scans
@require_http_methods(["GET", "POST"])
def scan(request: ActorRequest) -> HttpResponse:
    """Scan with the camera, by a photo, or type the code."""
    form, status = ScanForm(request.POST or None, request.FILES or None), HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        form = ScanForm(request.POST, request.FILES)
        if form.is_valid():
            return redirect(f"{reverse('trade:scanned')}?{urlencode({'code': form.cleaned_data['code']})}")
    may_buy = request.actor.may(Permission.LOT_MOVE)
    return render_page(request, "trade/scan.html", {"form": form, "may_buy": may_buy}, status=status)


@require_GET
def scanned(request: ActorRequest) -> HttpResponse:
    """Go on to what a code means: a ticket to confirm, one's own goods, goods to ask for, or nothing known."""
    actor, text = request.actor, request.GET.get("code", "").strip()[:300]
    if not text:
        return redirect("trade:scan")
    actor.require(Permission.LOT_READ)
    meant = meaning_of(actor, text)
    onward = _onward(meant)
    if onward:
        return redirect(onward)
    return render_page(request, "trade/scanned.html", _explained(meant), status=_status_of(meant))


def _onward(meant: Scanned) -> str:
    if meant.meaning == Meaning.CONFIRM and meant.ticket:
        return reverse("trade:receive", args=[meant.ticket.code])
    if meant.meaning == Meaning.TICKET:
        return reverse("trade:ticket", args=[meant.text])
    if meant.meaning == Meaning.OWN_LOT and meant.lot:
        return reverse("tracing:lot", args=[meant.lot.code])
    if meant.meaning == Meaning.ASK and meant.lot:
        return f"{reverse('trade:ask')}?{urlencode({'code': meant.lot.code})}"
    return ""


def _status_of(meant: Scanned) -> int:
    return {Meaning.UNKNOWN: HTTPStatus.NOT_FOUND, Meaning.GONE: HTTPStatus.CONFLICT}.get(
        meant.meaning, HTTPStatus.OK
    )


def _explained(meant: Scanned) -> dict[str, Any]:
    """Return a code that leads nowhere further here, and why."""
    why = ""
    if meant.ticket is not None:
        problem = services.TicketForAnother()
        why = (
            str(problem.detail)
            if meant.ticket.status == "open"
            else why_gone(meant.ticket.status, meant.ticket.changed_at, is_ours=meant.is_for_us)
        )
    code = meant.ticket.code if meant.ticket else meant.lot.code if meant.lot else ""
    return {"meant": meant, "why": why, "public": f"/t/{code}" if code else ""}


@require_http_methods(["GET", "POST"])
def receive(request: ActorRequest, ticket_code: str) -> HttpResponse:
    """A ticket as a draft of the purchase: one tap confirms it; what differs can be said line by line."""
    actor = request.actor
    actor.require(Permission.LOT_MOVE)
    meant = meaning_of(actor, ticket_code)
    if meant.meaning == Meaning.TICKET:  # confirmed before: twice is once
        return _already(request, meant.text)
    if meant.meaning == Meaning.GONE:
        return render_page(request, "trade/scanned.html", _explained(meant), status=_status_of(meant))
    if meant.meaning != Meaning.CONFIRM or meant.ticket is None or meant.ticket.code != ticket_code.upper():
        raise NotFound
    ticket = meant.ticket
    form = ReceiveForm(
        request.POST if request.method == "POST" else None, lines=ticket.lines, now=timezone.now()
    )
    context = {"ticket": ticket, "form": form, "held": [line for line in ticket.lines if line.is_held]}
    if request.method == "GET":
        return render_page(request, "trade/receive.html", context)
    if not form.is_valid():
        return refused(request, "trade/receive.html", context, form)
    try:
        photos = keep_photos(actor, request, "photos")
        booked = services.accept_ticket(
            actor, code=ticket.code, received=form.received(photos), at=timezone.now(),
            occurred_at=form.cleaned_data["occurred_at"],
        )  # fmt: skip
    except Problem as problem:
        blame(form, problem)
        return refused(request, "trade/receive.html", context, form, status=problem.status)
    told = _("What came is in your stock; the rest stays on its way until it is settled.")
    if booked.status != "disputed":
        told = _("In your stock and in your books, sealed by both sides.")
    return recorded(request, _where(booked, ticket.code), told)


def _where(booked: services.Booked, code: str) -> str:
    if booked.purchase_id and booked.status != "disputed":
        return reverse("trade:purchase", args=[booked.purchase_id])
    return reverse("trade:ticket", args=[code])


def _already(request: ActorRequest, code: str) -> HttpResponse:
    """Show what a ticket became that was confirmed before, to a person and to a phone's queue."""
    found = queries.find_ticket(request.actor, code)
    url = reverse("trade:ticket", args=[code])
    if found.purchase_id and found.is_buyer:
        url = reverse("trade:purchase", args=[found.purchase_id])
    if request.method == "POST":
        return recorded(request, url, _("This ticket is booked already; nothing was booked twice."))
    if found.is_buyer:
        messages.info(request, _("This ticket is booked already; nothing was booked twice."))
    return redirect(url)


def keep_photos(actor: Actor, request: ActorRequest, name: str) -> tuple[int, ...]:
    """Keep the pictures that came with a form, and return their documents."""
    return tuple(
        files.store(actor, file=sent, name=sent.name or "photo", kind=DocumentKind.TICKET, at=timezone.now())
        for sent in request.FILES.getlist(name)[:MOST_PHOTOS]
    )


@require_http_methods(["GET", "POST"])
def ask(request: ActorRequest) -> HttpResponse:
    """Ask a seller for goods whose label was scanned there."""
    actor = request.actor
    actor.require(Permission.LOT_MOVE)
    meant = meaning_of(actor, request.GET.get("code", "")[:300])
    if meant.meaning != Meaning.ASK or meant.lot is None:
        raise NotFound
    first = meant.sellers[0][0]
    price = selling.last_paid(actor, seller_id=first, product=meant.lot.product)
    initial: dict[str, Any] = {"seller": first, "unit": unit_of(request)}
    if price is not None:
        initial |= {"unit": price.uom, "price": f"{price.fen // 100}.{price.fen % 100:02d}"}
    form = AskForm(
        request.POST if request.method == "POST" else None, sellers=meant.sellers, code=meant.lot.code,
        uom=meant.lot.uom, now=timezone.now(), initial=initial,
    )  # fmt: skip
    context = {"form": form, "lot": meant.lot, "is_one": len(meant.sellers) == 1}
    if request.method == "GET":
        return render_page(request, "trade/ask.html", context)
    if not form.is_valid():
        return refused(request, "trade/ask.html", context, form)
    try:
        pk = services.request_ticket(
            actor, seller_id=form.cleaned_data["seller"], order=form.order(), at=timezone.now(),
            client_key=f"page-{form.cleaned_data['client_key']}",
        )  # fmt: skip
    except Problem as problem:
        for error in problem.extra.get("errors", []):
            error["where"] = str(error["where"]).rpartition(".")[2]
        blame(form, problem)
        return refused(request, "trade/ask.html", context, form, status=problem.status)
    code = queries.get_ticket(actor, pk).facts.code
    return recorded(
        request, reverse("trade:ticket", args=[code]), _("Asked: the seller confirms with one tap.")
    )


@require_http_methods(["GET", "POST"])
def buy(request: ActorRequest) -> HttpResponse:
    """Write down a purchase from somebody whose books are not here; the vouchers come first."""
    actor, now = request.actor, timezone.now()
    actor.require(Permission.LOT_CREATE)
    asked = request.POST.get("rows", "1")
    rows = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else 1  # noqa: PLR2004
    rows = max(1, min(rows + ("more" in request.POST), MOST_ROWS))
    form = PurchaseForm(
        request.POST if request.method == "POST" else None, suppliers=usual_suppliers(actor), rows=rows,
        party_id=actor.acting_party_id, unit=unit_of(request), now=now,
    )  # fmt: skip
    kept: tuple[int, ...] = ()
    context: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "products": _product_names(actor),
        "origins": usual_origins(actor),
        "most_rows": MOST_ROWS,
    }
    if request.method == "GET":
        return render_page(request, "trade/buy.html", context)
    try:  # what was photographed stays, whatever else is wrong with the form
        kept = tuple(
            dict.fromkeys(
                [*_kept(actor, request.POST.get("documents", "")), *keep_photos(actor, request, "vouchers")]
            )
        )
    except Problem as problem:
        form.is_valid()
        blame(form, problem)
        return refused(request, "trade/buy.html", context, form, status=problem.status)
    context |= {"kept": kept, "kept_text": ",".join(map(str, kept))}
    if "more" in request.POST:
        return render_page(request, "trade/buy.html", context)
    if not form.is_valid():
        return refused(request, "trade/buy.html", context, form)
    try:
        booked = services.buy_by_hand(
            actor, purchase=form.purchase(kept), at=now, client_key=f"page-{form.cleaned_data['client_key']}"
        )
    except KeyReused as problem:
        form.with_new_key()
        blame(form, problem)
        return refused(request, "trade/buy.html", context, form, status=problem.status)
    except Problem as problem:
        say(form, problem)
        return refused(request, "trade/buy.html", context, form, status=problem.status)
    return recorded(
        request, reverse("trade:purchase", args=[booked.purchase_id]), _("Bought, in stock, and sealed.")
    )


def _kept(actor: Actor, text: str) -> list[int]:
    """Return the vouchers that an earlier try of the form has kept."""
    wanted = [int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 19]  # noqa: PLR2004
    known = documents.facts(wanted[:MOST_PHOTOS])
    return [pk for pk in wanted if pk in known and known[pk].owner_id == actor.party_id]


def _product_names(actor: Actor) -> list[str]:
    """Return names to choose from: what the party deals in, then the library."""
    main = [entry.product.name for entry in products.main_products(actor)]
    return list(dict.fromkeys([*main, *(one.name for one in products.list_products(actor, limit=500).items)]))


@require_http_methods(["GET", "POST"])
def purchase(request: ActorRequest, purchase_id: int) -> HttpResponse:
    """A purchase with its lines, vouchers and seal; more vouchers can be added, none taken away."""
    actor = request.actor
    found = queries.get_purchase(actor, purchase_id)
    problem = None
    if request.method == "POST":
        try:
            added = keep_photos(actor, request, "vouchers")
            services.add_vouchers(actor, purchase_id=purchase_id, document_ids=added, at=timezone.now())
        except NotFound:
            raise
        except Problem as refusal:
            problem = refusal
        else:
            return redirect("trade:purchase", purchase_id)
    subject = seals.purchase_subject(purchase_id)
    context = {
        "purchase": found,
        "problem": problem,
        "seal": ledger.latest_seals(actor, [subject]).get(subject),
        "is_ours": queries.is_own_purchase(actor, purchase_id) and actor.may(Permission.LOT_CREATE),
    }
    return render_page(request, "trade/purchase.html", context, status=problem.status if problem else 200)
