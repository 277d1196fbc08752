"""Signed reports, the public list, and a laboratory's own certificate."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import blame, public, render_page
from cailan.kernel.problems import NotAllowed, NotFound, NotSignedIn, Problem
from cailan.ledger import queries as ledger
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.quality import queries, services
from cailan.quality.forms.fields import HandlingForm, ReasonForm
from cailan.quality.forms.promising import ResultsFilter
from cailan.quality.forms.sampling import LaboratoryForm
from cailan.quality.views import frame


@public
@require_http_methods(["GET", "POST"])
def report(request: ActorRequest, report_id: int) -> HttpResponse:
    """One report as its reader may see it; its laboratory may take it up again, officials say how it was handled."""
    actor = request.actor
    line, facts, may_open = queries.get_report(actor, report_id)
    lot = lots.find_public(line.lot_code)
    forms: dict[str, Any] = {"reopen": ReasonForm(), "handle": HandlingForm()}
    status = 200
    if request.method == "POST":
        if not actor.is_signed_in:
            raise NotSignedIn
        verb = request.POST.get("verb", "")
        if verb not in forms:
            raise NotFound
        forms[verb] = form = (ReasonForm if verb == "reopen" else HandlingForm)(request.POST)
        status = 422
        if form.is_valid():
            try:
                return _carry_out(request, verb, report_id, form)
            except Problem as problem:
                status = problem.status
                blame(form, problem)
    seals = ledger.latest_seals(actor, [f"report:{line.number}"])
    context = {
        "line": line,
        "report": facts,
        "lot": lot,
        "may_open": may_open,
        "forms": forms,
        "seal": seals.get(f"report:{line.number}"),
        "may_reopen": may_open and actor.party_kind == "lab" and actor.may(Permission.TEST_SIGN),
        "may_handle": actor.party_kind in {"regulator", "market"} and line.verdict == "failed" and may_open,
    }
    frame_of = "shell.html" if actor.is_signed_in else "guest.html"
    return render_page(request, "quality/report.html", context | {"report_frame": frame_of}, status=status)


def _carry_out(request: ActorRequest, verb: str, report_id: int, form: Any) -> HttpResponse:
    at = timezone.now()
    if verb == "reopen":
        services.reopen(request.actor, report_id=report_id, reason=form.cleaned_data["reason"], at=at)
        messages.success(request, _("Taken up again. Enter the corrected results and sign."))
    else:
        services.record_handling(request.actor, report_id=report_id, text=form.cleaned_data["text"], at=at)
        messages.success(request, _("Recorded and shown to everybody."))
    return redirect("quality:report", report_id)


@public
@require_GET
def results(request: ActorRequest) -> HttpResponse:
    """The public list of results, failures and their handling included."""
    form = ResultsFilter(request.GET, markets=parties.approved_markets())
    asked = dict(form.cleaned_data) if form.is_valid() else {}
    page = queries.public_results(
        market_id=asked.get("market"),
        product=(asked.get("product") or "").strip(),
        verdict=asked.get("verdict") or "",
        since=asked.get("since"),
        until=asked.get("until"),
        cursor=request.GET.get("cursor", ""),
    )
    context = {
        "page": page,
        "form": form,
        "next": frame.next_page(request, page.next),
        "is_asked": any(asked.values()),
    }
    return render_page(request, "quality/results.html", context)


@require_GET
def concerning(request: ActorRequest) -> HttpResponse:
    """The results that concern one's own goods."""
    page = queries.concerning(request.actor, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "next": frame.next_page(request, page.next)}
    return render_page(request, "quality/concerning.html", context, part="rows")


@require_http_methods(["GET", "POST"])
def laboratory(request: ActorRequest) -> HttpResponse:
    """What the laboratory states of its certificate."""
    actor = request.actor
    actor.require(Permission.TEST_SIGN)
    if actor.party_kind != "lab":
        raise NotAllowed
    known = queries.own_laboratory(actor)
    initial = (
        {"cma_number": known.cma_number, "cma_valid_to": known.cma_valid_to, "scope": known.scope}
        if known
        else {}
    )
    form = LaboratoryForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            services.state_laboratory(actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Kept and sealed. Samples can be sent to you."))
            return redirect("quality:worklist")
    return render_page(request, "quality/laboratory.html", {"form": form, "known": known}, status=status)
