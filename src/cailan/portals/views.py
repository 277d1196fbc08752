"""Each role's home: what to do, and how things stand; and the menu around every page."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cailan.kernel.access import Actor, ActorRequest, Permission
from cailan.kernel.pages import render_page
from cailan.kernel.problems import NotAllowed
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.portals import queries, rules
from cailan.portals.queries import SHOWN
from cailan.supervision import queries as supervision


@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """Lead everybody to the own portal; who has no party yet sees what to do."""
    name = rules.portal_of(request.actor.party_kind)
    if name:
        return redirect(f"portals:{name}")
    registrations = parties.list_registrations(request.actor)
    return render_page(request, "portals/newcomer.html", {"registrations": registrations})


@require_GET
def portal(request: ActorRequest, name: str) -> HttpResponse:
    """Show the portal of the actor's role; no other."""
    actor = request.actor
    if rules.portal_of(actor.party_kind) != name:
        raise NotAllowed(
            _("This portal belongs to another role. Switch the party you act for, or go to your own.")
        )
    week = _start_of_week(timezone.now())
    context: dict[str, Any] = {
        "tasks": list(_open(actor, rules.TASKS[name], request)),
        "name": name,
        "work": queries.work_of(actor, name),
    }
    if name in rules.HOLDING_PORTALS:
        context |= {
            "numbers": lots.numbers(actor, week),
            "stock": lots.stock(actor, limit=SHOWN).items,
            "waiting": queries.waiting_for_tests(actor),
        }
        if name == "merchant":
            context["today"] = queries.today(actor, timezone.localtime())
    elif actor.may(Permission.LOT_READ):
        context |= {
            "area": lots.area_numbers(actor, week),
            "held": lots.list_lots(actor, is_held=True, limit=SHOWN).items,
            "latest": lots.list_lots(actor, limit=SHOWN).items,
        }
    if actor.may(Permission.ALERT_READ):
        context["alerts"] = supervision.list_alerts(actor, limit=SHOWN).items
    if actor.may(Permission.PARTY_APPROVE):
        context["pending"] = parties.list_parties(actor, status="pending", limit=SHOWN).items
    return render_page(request, "portals/home.html", context)


def _start_of_week(now: datetime) -> datetime:
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())


def frame(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Return the menu and the portal's name for the shell."""
    name = rules.portal_of(actor.party_kind)
    if not actor.is_signed_in or not name:
        return {"nav": [], "portal_name": ""}
    start = rules.Item(f"portals:{name}", rules.gettext_noop("Home"), "home")
    nav = list(_open(actor, (start, *rules.MENUS[name]), request))
    return {"nav": nav, "portal_name": _(rules.PORTAL_NAMES[name])}


def _open(actor: Actor, items: Iterable[rules.Item], request: HttpRequest) -> Iterable[dict[str, Any]]:
    """Yield the items whose doors exist and which the actor may open."""
    for item in items:
        if item.permission and not actor.may(Permission(item.permission)):
            continue
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        is_home = item.url_name.startswith("portals:")
        yield {
            "url": url + item.query,
            "label": _(item.label),
            "hint": _(item.hint) if item.hint else "",
            "icon": item.icon,
            "active": request.path == url or (not is_home and request.path.startswith(f"{url}/")),
            "badge": queries.count(actor, item.counts) or "",
        }
