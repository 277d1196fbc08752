"""Register, and see how it goes."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import blame, public, render_page
from cailan.kernel.problems import NotFound, Problem
from cailan.parties import queries, services
from cailan.parties.forms import RegistrationForm
from cailan.parties.rules.kinds import PARTY_LABELS, PartyKind
from cailan.parties.services.registration import OPEN_KINDS

ICONS = {
    PartyKind.BASE: "plant-2",
    PartyKind.PROCESSOR: "building-factory-2",
    PartyKind.DISTRIBUTION_CENTRE: "building-warehouse",
    PartyKind.CIRCULATION: "truck-delivery",
    PartyKind.MARKET: "building-store",
    PartyKind.MERCHANT: "basket",
    PartyKind.LAB: "flask",
    PartyKind.CARRIER: "truck",
    PartyKind.INDIVIDUAL: "user",
}


@public
@require_GET
def choose_kind(request: ActorRequest) -> HttpResponse:
    """Ask the first question: what are you."""
    choices = [{"kind": kind, "label": _(PARTY_LABELS[kind]), "icon": ICONS[kind]} for kind in OPEN_KINDS]
    return render_page(request, "parties/choose_kind.html", {"choices": choices})


@public
def register(request: ActorRequest, kind: str) -> HttpResponse:
    """The form for one kind of party."""
    if kind not in OPEN_KINDS:
        raise NotFound
    chosen = PartyKind(kind)
    signed_in = request.actor.user_id is not None
    form = RegistrationForm(request.POST or None, kind=chosen, is_signed_in=signed_in)
    # Without script the next level of the region is asked for with a button of its own.
    if request.method == "POST" and "narrow" not in request.POST and form.is_valid():
        now = timezone.now()
        services.count_try(request.actor, at=now)
        try:
            services.register(request.actor, kind=kind, **form.cleaned_data, at=now)
        except Problem as refusal:
            blame(form, refusal)
        else:
            return redirect("parties:waiting" if signed_in else "parties:registered")
    context = {"form": form, "kind": chosen, "label": _(PARTY_LABELS[chosen]), "icon": ICONS[chosen]}
    return render_page(request, "parties/register.html", context, status=422 if form.errors else 200)


@public
@require_GET
def registered(request: ActorRequest) -> HttpResponse:
    """What happens next."""
    return render_page(request, "parties/registered.html")


@require_GET
def waiting(request: ActorRequest) -> HttpResponse:
    """How one's own registrations go."""
    return render_page(
        request, "parties/waiting.html", {"registrations": queries.list_registrations(request.actor)}
    )


@public
@require_GET
def regions(request: ActorRequest) -> HttpResponse:
    """The next level of a region being chosen."""
    name = "area" if "area" in request.GET else "region"
    codes = [code for code in request.GET.getlist(name) if code.isalnum()]
    context = {"name": name, "levels": queries.choose_step_by_step(codes)}
    return render_page(request, "parties/region_picker.html", context)
