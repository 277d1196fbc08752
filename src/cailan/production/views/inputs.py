"""The store of inputs."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import render_page
from cailan.kernel.problems import Conflict, NotAllowed
from cailan.parties import queries as parties
from cailan.production import queries, services
from cailan.production.forms import CorrectInputForm, InputForm
from cailan.production.forms.inputs import initial_of
from cailan.production.views.entering import number, product_names, take
from cailan.products import queries as products


@require_GET
def inputs(request: ActorRequest) -> HttpResponse:
    """List the store: what was bought, what remains of it, what has expired."""
    text = request.GET.get("text", "").strip()[:80]
    page = queries.list_inputs(request.actor, text=text, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "text": text,
        "today": timezone.localdate(),
        "next": f"?{urlencode({'text': text, 'cursor': page.next})}" if page.next else "",
        "may_record": request.actor.may(Permission.FARM_RECORD),
    }
    return render_page(request, "production/inputs.html", context, part="rows")


@require_GET
def farm_input(request: ActorRequest, input_id: int) -> HttpResponse:
    """Show one purchase and where it was used."""
    found = queries.get_input(request.actor, input_id)
    names = products.facts([line.product_id for line in found.label if line.product_id is not None])
    context = {
        "input": found,
        "label": [
            (names[line.product_id].name if line.product_id in names else "", line.days)
            for line in found.label
        ],
        "uses": queries.uses_of(request.actor, input_id),
        "today": timezone.localdate(),
        "may_correct": _is_own(request, found.party_id) and found.is_current,
    }
    return render_page(request, "production/input.html", context)


def _is_own(request: ActorRequest, party_id: int) -> bool:
    return party_id == request.actor.party_id and request.actor.may(Permission.FARM_RECORD)


def _form_parts(request: ActorRequest) -> dict[str, Any]:
    actor = request.actor
    book = parties.counterparties(actor, kind="supplier", limit=200).items
    return {
        "party_id": actor.acting_party_id,
        "suppliers": {entry.name: entry.party_id for entry in book},
        "sites": [(site.id, site.name) for site in parties.sites_of(actor, actor.acting_party_id)],
        "now": timezone.now(),
    }


def _context(request: ActorRequest, parts: dict[str, Any]) -> dict[str, Any]:
    return {"suppliers": list(parts["suppliers"]), "products": product_names(request)}


@require_http_methods(["GET", "POST"])
def buy_input(request: ActorRequest) -> HttpResponse:
    """Write down a purchase; `again` begins with an earlier one's label."""
    actor, at = request.actor, timezone.now()
    actor.require(Permission.FARM_RECORD)
    parts = _form_parts(request)
    initial: dict[str, Any] = {"bought_on": timezone.localdate()}
    if (again := number(request.GET.get("again"))) is not None and request.method == "GET":
        kept = initial_of(queries.get_input(actor, again))
        initial = kept | initial | {"batch": "", "expires_on": None, "quantity": ""}
    form = InputForm(request.POST if request.method == "POST" else None, initial=initial, **parts)

    def act(documents: tuple[int, ...]) -> str:
        services.buy_input(actor, at=at, client_key=form.key, **form.said(), document_ids=documents)
        return reverse("production:inputs")

    done = _("In the store and sealed.")
    return take(
        request, form, "production/buy_input.html", _context(request, parts), act, message=done, at=at
    )


@require_http_methods(["GET", "POST"])
def correct_input(request: ActorRequest, input_id: int) -> HttpResponse:
    """Write a purchase down anew, with the reason."""
    actor, at = request.actor, timezone.now()
    found = queries.get_input(actor, input_id)
    if not _is_own(request, found.party_id):
        raise NotAllowed
    if not found.is_current:
        raise Conflict(_("This purchase was corrected before. Correct the newest record of it."))
    parts = _form_parts(request)
    data = request.POST if request.method == "POST" else None
    form = CorrectInputForm(data, initial=initial_of(found), **parts)

    def act(documents: tuple[int, ...]) -> str:
        new_id = services.correct_input(
            actor,
            input_id=input_id,
            reason=form.cleaned_data["reason"],
            at=at,
            client_key=form.key,
            document_ids=documents or found.document_ids,
            **form.said(),
        )
        return reverse("production:input", args=[new_id])

    context = {**_context(request, parts), "input": found}
    done = _("Corrected and sealed; the former record stays.")
    return take(request, form, "production/buy_input.html", context, act, message=done, at=at)
