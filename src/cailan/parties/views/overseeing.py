"""Registrations to decide on, and the parties that one oversees."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import blame, render_page
from cailan.kernel.problems import InvalidInput, NotAllowed, Problem
from cailan.parties import queries, services
from cailan.parties.forms import AgencyForm, FilterForm, RefusalForm, cleaned
from cailan.parties.rules.kinds import PartyKind


@require_GET
def parties(request: ActorRequest) -> HttpResponse:
    """All parties that one sees, narrowed by kind, state and name."""
    form = FilterForm(request.GET)
    chosen = cleaned(form)
    page = queries.list_parties(request.actor, **chosen, cursor=request.GET.get("cursor", ""))
    more = urlencode({**chosen, "cursor": page.next}) if page.next else ""
    pending = queries.count_pending(request.actor)
    context = {
        "page": page,
        "form": form,
        "more": f"?{more}" if more else "",
        "pending": pending,
        "may_create": request.actor.party_kind == PartyKind.OPERATOR
        and request.actor.may(Permission.PARTY_MANAGE),
    }
    return render_page(request, "parties/parties.html", context, part="rows")


@require_GET
def party(request: ActorRequest, party_id: int) -> HttpResponse:
    """One party: who it is, where it works, and the decision if it waits for one."""
    return _party(request, party_id, RefusalForm())


def _party(request: ActorRequest, party_id: int, form: RefusalForm, *, status: int = 200) -> HttpResponse:
    file = queries.get_file(request.actor, party_id)
    is_own_claim = file.facts.status != "approved" and request.actor.party_id is None
    sites = () if is_own_claim else queries.sites_of(request.actor, party_id)
    seals = queries.seals_of(request.actor, file.facts.uri, sites=sites)
    context = {
        "file": file,
        "party": file.facts,
        "region_path": queries.region_path(file.facts.region),
        "seal": seals.get(file.facts.uri),
        "sites": [(site, seals.get(site.uri)) for site in sites],
        "may_decide": queries.may_decide(request.actor, file.facts),
        "form": form,
    }
    return render_page(request, "parties/party.html", context, status=status)


@require_POST
def approve(request: ActorRequest, party_id: int) -> HttpResponse:
    services.approve(request.actor, party_id=party_id, at=timezone.now())
    messages.success(request, _("Approved. The party has its signing key and may take part."))
    return redirect("parties:party", party_id)


@require_POST
def refuse(request: ActorRequest, party_id: int) -> HttpResponse:
    form = RefusalForm(request.POST)
    if form.is_valid():
        try:
            services.refuse(
                request.actor, party_id=party_id, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        except InvalidInput as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Refused. They see the reason when they sign in."))
            return redirect("parties:list")
    return _party(request, party_id, form, status=422)


def new_agency(request: ActorRequest) -> HttpResponse:
    """Set up an authority with its area and first officer."""
    request.actor.require(Permission.PARTY_MANAGE)
    if request.actor.party_kind != PartyKind.OPERATOR:
        raise NotAllowed(_("Only the platform's operator sets up authorities."))
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and "narrow" not in request.POST and form.is_valid():
        try:
            party_id = services.create_agency(
                request.actor, kind=PartyKind.REGULATOR, **form.cleaned_data, at=timezone.now()
            )
        except Problem as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("The authority is set up; its first officer can sign in."))
            return redirect("parties:party", party_id)
    return render_page(request, "parties/new_agency.html", {"form": form}, status=422 if form.errors else 200)
