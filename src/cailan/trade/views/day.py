"""The stall's day on one page."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import render_page
from cailan.trade import queries
from cailan.trade.views.money import asked_day


@require_GET
def day(request: ActorRequest) -> HttpResponse:
    """What the day brought; cost, margin and debts only to who may see money."""
    actor, date = request.actor, asked_day(request)
    context = {
        "day": queries.day_of(actor, date),
        "date": date,
        "previous": date - timedelta(days=1),
        "following": date + timedelta(days=1) if date < timezone.localdate() else None,
        "may_enter": actor.may(Permission.LOT_MOVE),
    }
    return render_page(request, "trade/day.html", context)
