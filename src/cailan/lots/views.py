"""Pages of stock: what there is, and one page for each thing that can happen to it."""

from collections.abc import Callable, Sequence
from datetime import datetime
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

from cailan.kernel.access import Actor, ActorRequest, Permission
from cailan.kernel.pages import blame, recorded, refused, render_page
from cailan.kernel.problems import KeyReused, NotAllowed, NotFound, Problem
from cailan.lots import forms, queries, services
from cailan.parties import queries as parties
from cailan.products import queries as products

MOST_ROWS = 60
MOST_OUTPUTS = 20
FIELDS = {
    "lot.quantity": "quantity",
    "lot.uom": "uom",
    "lot.number": "number",
    "lot.product_id": "product",
    "site_id": "site",
    "supplier_id": "supplier",
    "to_party_id": "taker",
}


@require_GET
def lots(request: ActorRequest) -> HttpResponse:
    """List lots over all categories, newest first."""
    request.actor.require(Permission.LOT_READ)
    text, category = request.GET.get("text", "").strip()[:300], request.GET.get("category", "")[:40]
    is_held = True if request.GET.get("held") == "1" else None
    page = queries.list_lots(
        request.actor, text=text, category=category, is_held=is_held, cursor=request.GET.get("cursor", "")
    )
    basket = [branch for branch in products.list_categories() if branch.is_basket]
    left = queries.remaining_everywhere([lot.id for lot in page.items])
    context = {
        "rows": [(lot, left.get(lot.id)) for lot in page.items],
        "next": _next_page(request, page.next),
        "text": text,
        "category": category,
        "held": is_held,
        "categories": _category_tabs(request, basket, category),
        **_may(request.actor),
    }
    return render_page(request, "lots/list.html", context, part="rows")


def _next_page(request: ActorRequest, cursor: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "cursor"}
    return f"?{urlencode({**kept, 'cursor': cursor})}" if cursor else ""


def _category_tabs(request: ActorRequest, basket: Sequence[Any], chosen: str) -> list[dict[str, Any]]:
    kept = {name: value for name, value in request.GET.items() if name in {"text", "held"}}
    tabs = [{"url": f"?{urlencode(kept)}", "label": _("All"), "active": not chosen}]
    tabs += [
        {
            "url": f"?{urlencode({**kept, 'category': one.code})}",
            "label": one.name,
            "active": one.code == chosen,
        }
        for one in basket
    ]
    return tabs


@require_GET
def find(request: ActorRequest) -> HttpResponse:
    """Go from whatever was scanned, typed or pasted to the lot, or to the list of what fits."""
    text = request.GET.get("q", "").strip()[:300]
    if not text:
        return redirect("lots:list")
    try:
        lot = queries.get_lot(request.actor, text)
    except NotFound:
        named = queries.lots_named(request.actor, text)
        if len(named) == 1:
            return redirect("tracing:lot", named[0].code)
        return redirect(f"{reverse('lots:list')}?{urlencode({'text': text})}")
    return redirect("tracing:lot", lot.code)


@require_GET
def stock(request: ActorRequest) -> HttpResponse:
    """Show what the party has now."""
    request.actor.require(Permission.LOT_READ)
    text = request.GET.get("text", "").strip()[:300]
    page = queries.stock(request.actor, text=text, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "text": text, "next": _next_page(request, page.next), **_may(request.actor)}
    return render_page(request, "lots/stock.html", context, part="rows")


def _may(actor: Actor) -> dict[str, bool]:
    return {"may_create": actor.may(Permission.LOT_CREATE), "may_move": actor.may(Permission.LOT_MOVE)}


def _names(ids: Sequence[int]) -> list[tuple[int, str]]:
    known = parties.facts(ids)
    return [(pk, known[pk].name) for pk in ids if pk in known]


def _partners(actor: Actor, kind: str) -> list[tuple[int, str]]:
    """Return those one deals with: the latest first, then the rest of the book."""
    usual = _names(queries.usual_partners(actor, suppliers=kind == "supplier"))
    book = [
        (entry.party_id, entry.name) for entry in parties.counterparties(actor, kind=kind, limit=500).items
    ]
    known = dict(book)
    latest = [(pk, known[pk]) for pk, _name in usual if pk in known]
    return list(dict([*latest, *book]).items())


def _sites(actor: Actor) -> list[tuple[int, str]]:
    return [(site.id, site.name) for site in parties.sites_of(actor, actor.acting_party_id)]


def _product_names(actor: Actor) -> list[str]:
    """Return names to choose from: what the party made lately, what it deals in, then the library."""
    usual = products.facts(queries.usual_products(actor))
    main = [entry.product for entry in products.main_products(actor)]
    library = products.list_products(actor, limit=500).items
    return list(dict.fromkeys(product.name for product in [*usual.values(), *main, *library]))


def _available(actor: Actor, code: str) -> list[forms.Available]:
    """Return the lots in stock, one line a lot; only the named one where one is named."""
    found: dict[str, forms.Available] = {}
    for holding in queries.stock(actor, text=code, limit=500).items:
        lot = holding.lot
        before = found.get(lot.code)
        known = holding.remaining is not None and (before is None or before.remaining is not None)
        total = (before.remaining or 0 if before else 0) + (holding.remaining or 0) if known else None
        found[lot.code] = forms.Available(lot.code, lot.name, lot.number, lot.uom, total, lot.maker)  # type: ignore[arg-type]
    return list(found.values())[:MOST_ROWS]


def _record(
    request: ActorRequest,
    form: Any,
    template: str,
    context: dict[str, Any],
    done: Callable[[services.Outcome], str],
) -> HttpResponse:
    """Show a form; record what was sent; say a refusal beside the input, which stays."""
    actor, status = request.actor, 200
    if request.method == "POST" and "more" not in request.POST:
        status = 422
        if form.is_valid():
            try:
                wanted = queries.complete(actor, form.request())
                outcome = services.record(
                    actor, wanted, at=timezone.now(), client_key=f"page-{form.cleaned_data['client_key']}"
                )
            except KeyReused:
                form.with_new_key()
                again = _(
                    "This page was sent before with other input. Check it, and send it again as a new record."
                )
                form.add_error(None, again)
                status = 409
            except Problem as problem:
                status = problem.status
                say(form, problem)
            else:
                return recorded(request, done(outcome), _("Recorded and sealed."))
    if status == HTTPStatus.OK:
        return render_page(request, template, {"form": form, **context})
    return refused(request, template, context, form, status=status)


def say(form: Any, problem: Problem) -> None:
    """Put a refusal beside the fields it names, a refused lot's beside its quantity, else at the top."""
    for error in problem.extra.get("errors", []):
        error["where"] = FIELDS.get(error["where"], error["where"])
    problem.extra.setdefault("where", f"quantity_{problem.extra.get('lot')}")
    blame(form, problem)


def _to_first(outcome: services.Outcome) -> str:
    return reverse("tracing:lot", args=[outcome.lot_codes[0]]) if outcome.lot_codes else reverse("lots:stock")


def _to_stock(outcome: services.Outcome) -> str:
    return reverse("lots:stock")


def _data(request: ActorRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _now() -> datetime:
    return timezone.now()


@require_http_methods(["GET", "POST"])
def create(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    actor.require(Permission.LOT_CREATE)
    names = _product_names(actor)
    latest = products.facts(queries.usual_products(actor)[:1])
    initial = {"product": next((one.name for one in latest.values()), "")}
    form = forms.CreateForm(
        _data(request), party_id=actor.acting_party_id, sites=_sites(actor), now=_now(), initial=initial
    )
    context = {
        "products": names,
        "title": _("New lot"),
        "lead": _("A harvest, catch, collection or intake begins"),
    }
    return _record(request, form, "lots/new.html", context, _to_first)


@require_http_methods(["GET", "POST"])
def receive(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    actor.require(Permission.LOT_CREATE)
    suppliers = _partners(actor, "supplier")
    form = forms.ReceiveForm(
        _data(request), suppliers=suppliers, party_id=actor.acting_party_id, sites=_sites(actor), now=_now()
    )
    context = {
        "products": _product_names(actor),
        "title": _("Receive goods"),
        "lead": _("From a supplier whose books are not on Cailan"),
        "has_no_partner": not suppliers,
    }
    return _record(request, form, "lots/new.html", context, _to_first)


def _lines(request: ActorRequest, title: str, button: str, icon: str) -> dict[str, Any]:
    code = request.GET.get("lot", "")[:300]
    return {
        "title": title,
        "button": button,
        "icon": icon,
        "available": _available(request.actor, code),
        "code": code,
    }


@require_http_methods(["GET", "POST"])
def transfer(request: ActorRequest) -> HttpResponse:
    request.actor.require(Permission.LOT_MOVE)
    context = _lines(request, _("Sell or hand over"), _("Hand over"), "truck-delivery")
    takers = _partners(request.actor, "customer")
    form = forms.TransferForm(_data(request), takers=takers, available=context["available"], now=_now())
    context["has_no_partner"] = not takers
    return _record(request, form, "lots/lines.html", context, _to_stock)


@require_http_methods(["GET", "POST"])
def retail(request: ActorRequest) -> HttpResponse:
    request.actor.require(Permission.LOT_MOVE)
    context = _lines(request, _("Sold to consumers"), _("Record the sale"), "basket")
    form = forms.RetailForm(_data(request), available=context["available"], now=_now())
    return _record(request, form, "lots/lines.html", context, _to_stock)


@require_http_methods(["GET", "POST"])
def lose(request: ActorRequest) -> HttpResponse:
    request.actor.require(Permission.LOT_MOVE)
    context = _lines(request, _("Lost or discarded"), _("Record the loss"), "trash")
    form = forms.LoseForm(_data(request), available=context["available"], now=_now())
    return _record(request, form, "lots/lines.html", context, _to_stock)


@require_http_methods(["GET", "POST"])
def transform(request: ActorRequest) -> HttpResponse:
    """Process or repack: several lots in, several out."""
    request.actor.require(Permission.LOT_CREATE)
    context = _lines(request, _("Process or repack"), _("Record"), "transform")
    asked = request.POST.get("outputs", "2")
    outputs = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else 2  # noqa: PLR2004
    outputs = max(1, min(outputs + ("more" in request.POST), MOST_OUTPUTS))
    form = forms.TransformForm(
        _data(request),
        party_id=request.actor.acting_party_id,
        outputs=outputs,
        available=context["available"],
        now=_now(),
    )
    context |= {"products": _product_names(request.actor), "outputs": outputs}
    return _record(request, form, "lots/transform.html", context, _to_first)


@require_http_methods(["GET", "POST"])
def count(request: ActorRequest, holding_id: int) -> HttpResponse:
    """Write down what a count of one holding found."""
    request.actor.require(Permission.LOT_MOVE)
    holding = queries.get_holding(request.actor, holding_id)
    form = forms.CountForm(
        _data(request), lot=holding.lot.code, holding_id=holding.id, uom=holding.lot.uom, now=_now()
    )
    return _record(request, form, "lots/count.html", {"holding": holding}, _to_stock)


@require_http_methods(["GET", "POST"])
def hold(request: ActorRequest, code: str) -> HttpResponse:
    """Stop a lot at every holder at once."""
    lot = queries.get_lot(request.actor, code)
    if not queries.may_hold(request.actor, lot):
        raise NotAllowed(
            _("Only the maker, a laboratory, the market or a regulator may hold a lot everywhere.")
        )
    form = forms.HoldForm(_data(request))
    return _decide(request, form, {"lot": lot, "is_release": False})


@require_http_methods(["GET", "POST"])
def release(request: ActorRequest, code: str) -> HttpResponse:
    lot = queries.get_lot(request.actor, code)
    request.actor.require(Permission.LOT_HOLD)
    return _decide(request, forms.ReleaseForm(_data(request)), {"lot": lot, "is_release": True})


def _decide(request: ActorRequest, form: Any, context: dict[str, Any]) -> HttpResponse:
    lot, status = context["lot"], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            act = services.release if context["is_release"] else services.hold
            try:
                codes = act(request.actor, lot=lot.code, at=timezone.now(), **form.cleaned_data)
            except Problem as problem:
                status = problem.status
                say(form, problem)
            else:
                done = (
                    _("Released: %(count)d lots.") if context["is_release"] else _("On hold: %(count)d lots.")
                )
                messages.success(request, done % {"count": len(codes)})
                return redirect("tracing:lot", lot.code)
    return render_page(request, "lots/hold.html", {"form": form, **context}, status=status)
