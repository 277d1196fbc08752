"""One's own organisation: what is kept of it, its places, its people, its book."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cailan.accounts import queries as accounts
from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import blame, render_page
from cailan.kernel.problems import Problem
from cailan.parties import queries, services
from cailan.parties.forms import (
    BookFilterForm,
    CounterpartyForm,
    MemberForm,
    SiteForm,
    cleaned,
    site_parents,
)
from cailan.parties.services.agencies import roles_for


@require_GET
def organisation(request: ActorRequest) -> HttpResponse:
    """Everything kept of one's own organisation, numbers masked."""
    if request.actor.party_id is None:
        return redirect("parties:waiting")
    file = queries.get_file(request.actor, request.actor.party_id)
    sites = queries.sites_of(request.actor, request.actor.party_id)
    members = accounts.list_members(request.actor)
    uri = file.facts.uri
    seals = queries.seals_of(request.actor, uri, sites=sites, user_ids=[one.user_id for one in members])
    context = {
        "file": file,
        "party": file.facts,
        "region_path": queries.region_path(file.facts.region),
        "seal": seals.get(uri),
        "sites": [(site, seals.get(site.uri)) for site in sites],
        "members": [(one, seals.get(queries.member_subject(uri, one.user_id))) for one in members],
        "may_manage": request.actor.may(Permission.PARTY_MANAGE),
        "may_appoint": request.actor.may(Permission.ACCOUNT_MANAGE),
    }
    return render_page(request, "parties/organisation.html", context)


def new_site(request: ActorRequest) -> HttpResponse:
    """Add a place."""
    request.actor.require(Permission.PARTY_MANAGE)
    own = [(site.id, site.name) for site in queries.sites_of(request.actor, request.actor.acting_party_id)]
    markets = [(site.id, site.name) for site in queries.market_sites(request.actor)]
    form = SiteForm(request.POST or None, parents=site_parents(own, markets))
    if request.method == "POST" and "narrow" not in request.POST and form.is_valid():
        try:
            services.add_site(request.actor, **form.cleaned_data, at=timezone.now())
        except Problem as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("The place is in your list."))
            return redirect("parties:organisation")
    return render_page(request, "parties/new_site.html", {"form": form}, status=422 if form.errors else 200)


def new_member(request: ActorRequest) -> HttpResponse:
    """Open an account for a colleague."""
    request.actor.require(Permission.ACCOUNT_MANAGE)
    form = MemberForm(request.POST or None, roles=roles_for(request.actor.party_kind))
    if request.method == "POST" and form.is_valid():
        try:
            services.add_member(request.actor, **form.cleaned_data, at=timezone.now())
        except Problem as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("The account is open. Hand over user name and first password."))
            return redirect("parties:organisation")
    return render_page(request, "parties/new_member.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def book(request: ActorRequest) -> HttpResponse:
    """One's suppliers and customers."""
    form = BookFilterForm(request.GET)
    chosen = cleaned(form)
    page = queries.counterparties(request.actor, **chosen, cursor=request.GET.get("cursor", ""))
    more = urlencode({**chosen, "cursor": page.next}) if page.next else ""
    seals = queries.seals_of_entries(request.actor, [entry.party_id for entry in page.items])
    context = {
        "page": page,
        "rows": [(entry, seals.get(entry.party_id)) for entry in page.items],
        "form": form,
        "more": f"?{more}" if more else "",
        "may_manage": request.actor.may(Permission.PARTY_MANAGE),
    }
    return render_page(request, "parties/book.html", context, part="rows")


def new_counterparty(request: ActorRequest) -> HttpResponse:
    """Keep a supplier or customer; look an organisation up by its credit code first."""
    request.actor.require(Permission.PARTY_MANAGE)
    form = CounterpartyForm(request.POST or None)
    found = None
    if request.method == "POST" and "find" in request.POST:
        found = queries.find_by_identity(
            request.actor, request.POST.get("id_scheme", ""), request.POST.get("id_number", "")[:40]
        )
        values = request.POST.dict() | ({"name": found.name} if found else {})
        form = CounterpartyForm(initial=values)
    elif request.method == "POST" and form.is_valid():
        try:
            services.add_counterparty(request.actor, **form.cleaned_data, at=timezone.now())
        except Problem as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("It is in your book."))
            return redirect("parties:book")
    context = {"form": form, "found": found, "was_sought": "find" in request.POST}
    return render_page(
        request,
        "parties/new_counterparty.html",
        context,
        status=422 if form.is_bound and form.errors else 200,
    )
