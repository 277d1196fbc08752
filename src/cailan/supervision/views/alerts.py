"""Alerts: the one work list of whoever oversees, and one alert with where the goods are."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cailan.kernel.access import Actor, ActorRequest, Permission
from cailan.kernel.pages import blame, render_page
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.lots import queries as lots
from cailan.supervision import queries, services
from cailan.supervision.forms import NoteForm
from cailan.supervision.templatetags.recall_words import ALERT_STATES
from cailan.tracing import queries as tracing


@require_GET
def alerts(request: ActorRequest) -> HttpResponse:
    """All alerts of the area, newest first."""
    state = request.GET.get("state", "")
    state = state if state in ALERT_STATES else ""
    page = queries.list_alerts(request.actor, state=state, cursor=request.GET.get("cursor", ""))
    more = {"state": state} if state else {}
    tabs = [{"url": "?", "label": _("All"), "active": not state}]
    tabs += [
        {"url": f"?{urlencode({'state': name})}", "label": str(words[0]), "active": name == state}
        for name, words in ALERT_STATES.items()
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "next": f"?{urlencode({**more, 'cursor': page.next})}" if page.next else "",
    }
    return render_page(request, "supervision/alerts.html", context, part="rows")


@require_GET
def alert(request: ActorRequest, alert_id: int) -> HttpResponse:
    """One alert: what was found, who refuses it, where each kilo is now."""
    found = queries.get_alert(request.actor, alert_id)
    return render_page(request, "supervision/alert.html", _context(request.actor, found, NoteForm()))


def _context(actor: Actor, found: queries.AlertFacts, form: NoteForm) -> dict[str, object]:
    context: dict[str, object] = {
        "alert": found,
        "lot": found.lot,
        "form": form,
        "may_decide": actor.may(Permission.RECALL_MANAGE),
    }
    if found.lot is not None and lots.visible_ids(actor, [found.lot.id]):
        scope = tracing.scope(actor, found.lot.code)
        context |= {
            "scope": scope,
            "where": queries.where_now(scope),
            "rows": [(row, scope.contacts.get(row.holder_id)) for row in scope.holders],
            "coming": queries.on_the_way(actor, found.lot.id),
            "recall": queries.open_recalls_of([found.lot.id]).get(found.lot.id),
        }
    recall = context.get("recall")
    number = found.recall or (recall.number if isinstance(recall, queries.RecallFacts) else "")
    context |= {"number": number, "sees_board": bool(number) and queries.sees_recall(actor, number)}
    return context


@require_POST
def acknowledge(request: ActorRequest, alert_id: int) -> HttpResponse:
    """Say that one is at it."""
    services.acknowledge(request.actor, alert_id=alert_id, at=timezone.now())
    messages.success(request, _("Others see that you took it on."))
    return redirect("supervision:alert", alert_id)


@require_POST
def handle(request: ActorRequest, alert_id: int) -> HttpResponse:
    """Settle an alert without a recall."""
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            services.handle_alert(
                request.actor, alert_id=alert_id, note=form.cleaned_data["note"], at=timezone.now()
            )
        except InvalidInput as problem:
            blame(form, problem)
        else:
            messages.success(request, _("The alert is handled."))
            return redirect("supervision:alert", alert_id)
    found = queries.get_alert(request.actor, alert_id)
    if not request.actor.may(Permission.RECALL_MANAGE):
        raise NotFound
    return render_page(request, "supervision/alert.html", _context(request.actor, found, form), status=422)
