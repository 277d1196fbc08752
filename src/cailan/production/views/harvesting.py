"""Harvest, and what comes after it."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import render_page
from cailan.kernel.problems import NotAllowed
from cailan.lots import queries as lots
from cailan.production import queries, services
from cailan.production.forms import HarvestForm
from cailan.production.views.entering import take
from cailan.production.views.steps import steps_after


@require_http_methods(["GET", "POST"])
def harvest(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Harvest a batch; inside a safety interval it says from when, and because of what."""
    actor, at = request.actor, timezone.now()
    found = queries.get_batch(actor, batch_id, on=timezone.localdate())
    if found.batch.party_id != actor.party_id or not actor.may(Permission.FARM_RECORD):
        raise NotAllowed
    last = next(iter(found.harvests), None)
    initial = {
        "number": queries.next_lot_number(actor, batch_id, timezone.localdate()),
        "method": last.method if last else "by_hand",
        "operator": actor.display_name,
    }
    data = request.POST if request.method == "POST" else None
    form = HarvestForm(data, now=at, initial=initial)

    def act(photos: tuple[int, ...]) -> str:
        harvest_id = services.harvest(
            actor, batch_id=batch_id, at=at, client_key=form.key, **form.said(photos)
        )
        return reverse("production:harvested", args=[harvest_id])

    context = {"file": found, "batch": found.batch}
    done = _("Harvested: the lot is made and sealed.")
    return take(request, form, "production/harvest.html", context, act, message=done, at=at)


@require_GET
def harvested(request: ActorRequest, harvest_id: int) -> HttpResponse:
    """Show a harvest and the way of its lot out of the base."""
    actor = request.actor
    found = queries.get_harvest(actor, harvest_id)
    batch = queries.get_batch(actor, found.batch_id, on=timezone.localdate()).batch
    is_own = batch.party_id == actor.party_id
    waiting = {one.lot.code for one in lots.waiting(actor, limit=500).items} if is_own else set()
    context = {
        "harvest": found,
        "batch": batch,
        "is_own": is_own and actor.may(Permission.FARM_RECORD),
        "steps": steps_after(found, is_waiting=found.lot_code in waiting),
    }
    return render_page(request, "production/harvested.html", context)
