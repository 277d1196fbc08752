"""Crop batches: list, one from end to end, opening, seed, surroundings, closing."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cailan.documents.rules import DocumentKind
from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import render_page
from cailan.kernel.problems import NotAllowed
from cailan.lots import queries as lots
from cailan.production import queries, services
from cailan.production.forms import CloseForm, EnvironmentForm, OpenBatchForm, SeedForm
from cailan.production.forms.batches import initial_seed
from cailan.production.forms.working import plain
from cailan.production.rules.facts import BatchFile
from cailan.production.views.entering import plots, product_names, take
from cailan.production.views.steps import next_step


@require_GET
def batches(request: ActorRequest) -> HttpResponse:
    """List crop batches, those worked on last first."""
    is_open, text = request.GET.get("closed") != "1", request.GET.get("text", "").strip()[:80]
    page = queries.list_batches(
        request.actor, is_open=is_open, text=text, cursor=request.GET.get("cursor", "")
    )
    kept = {"text": text, **({} if is_open else {"closed": "1"})}
    context = {
        "page": page,
        "text": text,
        "is_open": is_open,
        "tabs": [
            {"url": f"?{urlencode({'text': text})}", "label": _("Growing"), "active": is_open},
            {
                "url": f"?{urlencode({'text': text, 'closed': '1'})}",
                "label": _("Harvested and closed"),
                "active": not is_open,
            },
        ],
        "next": f"?{urlencode({**kept, 'cursor': page.next})}" if page.next else "",
        "may_record": request.actor.may(Permission.FARM_RECORD),
        "shows_producer": not request.actor.may(Permission.FARM_RECORD),
    }
    return render_page(request, "production/batches.html", context, part="rows")


def _is_own(request: ActorRequest, found: BatchFile) -> bool:
    return found.batch.party_id == request.actor.party_id and request.actor.may(Permission.FARM_RECORD)


def _own(request: ActorRequest, batch_id: int) -> BatchFile:
    found = queries.get_batch(request.actor, batch_id, on=timezone.localdate())
    if not _is_own(request, found):
        raise NotAllowed
    return found


@require_GET
def batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Show a crop from seed to harvest, and what is to be done next."""
    found = queries.get_batch(request.actor, batch_id, on=timezone.localdate())
    is_own = _is_own(request, found)
    waiting = _waiting(request) if is_own and found.harvests else frozenset()
    context = {
        "file": found,
        "batch": found.batch,
        "days": (timezone.localdate() - found.batch.planted_on).days,
        "works": found.operations,
        "is_own": is_own,
        "waiting": waiting,
        "next_step": next_step(found, waiting) if is_own else None,
        "today": timezone.localdate(),
    }
    return render_page(request, "production/batch.html", context)


def _waiting(request: ActorRequest) -> frozenset[str]:
    """Return the codes of the party's lots that wait for their self-test."""
    return frozenset(one.lot.code for one in lots.waiting(request.actor, limit=500).items)


@require_http_methods(["GET", "POST"])
def open_batch(request: ActorRequest) -> HttpResponse:
    """Open a crop batch; the form begins with what was planted last."""
    actor, at = request.actor, timezone.now()
    actor.require(Permission.FARM_RECORD)
    places = plots(request)
    latest = queries.open_batches(actor)[:1]
    initial: dict[str, Any] = {"planted_on": timezone.localdate()}
    for before in latest:
        initial |= {"product": before.product, "area_mu": plain(before.area_mu)}
        initial |= initial_seed(before.seed) if before.seed else {}
    data = request.POST if request.method == "POST" else None
    form = OpenBatchForm(data, party_id=actor.acting_party_id, sites=places, now=at, initial=initial)

    def act(documents: tuple[int, ...]) -> str:
        batch_id = services.open_batch(
            actor, **form.said(), seed=form.seed(next(iter(documents), None)), at=at, client_key=form.key
        )
        return reverse("production:batch", args=[batch_id])

    context = {"has_plots": bool(places), "products": product_names(request)}
    done = _("The batch is open.")
    return take(
        request,
        form,
        "production/open_batch.html",
        context,
        act,
        message=done,
        at=at,
        kind=DocumentKind.CERTIFICATE,
    )


@require_http_methods(["GET", "POST"])
def correct_seed(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Write the seed source down anew, with the reason."""
    actor, at, found = request.actor, timezone.now(), _own(request, batch_id)
    seed = found.batch.seed
    data = request.POST if request.method == "POST" else None
    form = SeedForm(data, now=at, initial=initial_seed(seed) if seed else None)

    def act(documents: tuple[int, ...]) -> str:
        before = seed.certificate_document_id if seed else None
        services.correct_seed(
            actor,
            batch_id=batch_id,
            seed=form.seed(next(iter(documents), before)),
            reason=form.cleaned_data["reason"],
            at=at,
            client_key=form.key,
        )
        return reverse("production:batch", args=[batch_id])

    done = _("Corrected and sealed; the former record stays.")
    return take(
        request,
        form,
        "production/seed.html",
        {"batch": found.batch},
        act,
        message=done,
        at=at,
        kind=DocumentKind.CERTIFICATE,
    )


@require_http_methods(["GET", "POST"])
def environment(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Write down what was found of soil, water or air on the batch's plot."""
    actor, at, found = request.actor, timezone.now(), _own(request, batch_id)
    known = {one.aspect for one in found.environment}
    missing = next((aspect for aspect in ("soil", "water", "air") if aspect not in known), "soil")
    data = request.POST if request.method == "POST" else None
    form = EnvironmentForm(data, now=at, initial={"aspect": missing})

    def act(documents: tuple[int, ...]) -> str:
        said = form.cleaned_data
        services.record_environment(
            actor,
            site_id=found.batch.site_id,
            aspect=said["aspect"],
            finding=said["finding"],
            measured_on=said["measured_on"],
            report_no=said["report_no"],
            document_id=next(iter(documents), None),
            at=at,
            client_key=form.key,
        )
        return reverse("production:batch", args=[batch_id])

    context = {"batch": found.batch, "known": found.environment}
    done = _("Kept for this place.")
    return take(
        request,
        form,
        "production/environment.html",
        context,
        act,
        message=done,
        at=at,
        kind=DocumentKind.REPORT,
    )


@require_POST
def close(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Close a batch; nothing can be added afterwards but what was done before."""
    request.actor.require(Permission.FARM_RECORD)
    form = CloseForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    services.close_batch(request.actor, batch_id=batch_id, note=note, at=timezone.now())
    messages.success(request, _("The batch is closed."))
    return redirect("production:batch", batch_id)
