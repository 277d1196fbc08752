"""Pages of chains: one lot from all sides, a recall's scope, common ancestors, whereabouts."""

import csv
import re
from typing import Any

import orjson
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cailan.epcis import queries as epcis
from cailan.kernel.access import Actor, ActorRequest, Permission
from cailan.kernel.pages import render_page
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.lots import queries as lots
from cailan.tracing import queries
from cailan.tracing.queries import Trace
from cailan.tracing.rules import story

VIEWS = ("production", "circulation", "supervision")
FORMULA = re.compile(r"^[=+\-@\t\r]")


@require_GET
def lot(request: ActorRequest, code: str) -> HttpResponse:
    """One lot: from where, where now, in which state; with tabs for the three systems."""
    actor = request.actor
    actor.require(Permission.LOT_READ)
    trace = queries.trace(actor, code)
    view = request.GET.get("view", "circulation")
    view = view if view in VIEWS else "circulation"
    context = {
        "trace": trace,
        "lot": trace.lot,
        "view": view,
        "tabs": _tabs(trace, view),
        "summary": queries.summary(trace),
        "actions": _actions(actor, trace),
        "more_actions": queries.actions(actor, trace),
        "top": queries.panels(actor, trace, "top"),
        "panels": queries.panels(actor, trace, view),
        **_details(actor, trace, view),
    }
    return render_page(request, "tracing/lot.html", context)


def _tabs(trace: Trace, view: str) -> list[dict[str, Any]]:
    address = reverse("tracing:lot", args=[trace.lot.code])
    labels = {"production": _("Production"), "circulation": _("Circulation"), "supervision": _("Supervision")}
    return [
        {"url": f"{address}?view={name}", "label": labels[name], "active": name == view} for name in VIEWS
    ]


def _details(actor: Actor, trace: Trace, view: str) -> dict[str, Any]:
    """Gather what only the chosen tab shows."""
    if view == "production":
        return {"ancestors_chain": queries.part(trace, trace.back), "attributes": trace.lot.attributes}
    entries = story.tell(trace.chain, trace.events, trace.corrected)
    if view == "circulation":
        hidden = max(0, len(entries) - story.LONGEST)
        return {"entries": entries[hidden:], "hidden": hidden}
    return {
        "contacts": queries.contacts(actor, trace.chain),
        "holders": queries.holders(trace),
        "holds": lots.holds_on([trace.lot.id]).get(trace.lot.id, ()),
        "seals": queries.seals(actor, trace),
        "entries": [entry for entry in entries if not entry.kind or entry.is_corrected],
    }


def _actions(actor: Actor, trace: Trace) -> dict[str, Any]:
    mine = [
        node for node in trace.chain.nodes if node.lot_id == trace.lot.id and node.holder_id == actor.party_id
    ]
    has_stock = any(node.remaining is None or node.remaining > 0 for node in mine)
    return {
        "may_move": has_stock and actor.may(Permission.LOT_MOVE) and not trace.lot.is_held,
        "may_process": has_stock and actor.may(Permission.LOT_CREATE) and not trace.lot.is_held,
        "may_hold": lots.may_hold(actor, trace.lot),
        "stock": [node for node in mine if node.remaining is None or node.remaining > 0],
    }


@require_GET
def events(request: ActorRequest, code: str) -> HttpResponse:
    """The events of the chain as an EPCIS 2.0 document."""
    request.actor.require(Permission.EVENT_READ)
    trace = queries.trace(request.actor, code)
    document = epcis.as_document(trace.events, timezone.now())
    response = HttpResponse(
        orjson.dumps(document, option=orjson.OPT_INDENT_2), content_type="application/ld+json"
    )
    response["Content-Disposition"] = f'inline; filename="{trace.lot.code}.jsonld"'
    return response


@require_GET
def scope(request: ActorRequest, code: str) -> HttpResponse:
    """Who holds a lot and all made from it: stock now, sold, lost, passed on, and how to reach them."""
    request.actor.require(Permission.LOT_READ)
    found = queries.scope(request.actor, code)
    rows = [(row, found.contacts.get(row.holder_id)) for row in found.holders]
    may_hold = lots.may_hold(request.actor, found.lot)
    context = {"scope": found, "lot": found.lot, "rows": rows, "may_hold": may_hold}
    return render_page(request, "tracing/scope.html", context)


@require_GET
def scope_csv(request: ActorRequest, code: str) -> HttpResponse:
    """The same as a file; UTF-8 with a mark, so that spreadsheets read the Chinese."""
    request.actor.require(Permission.LOT_READ)
    found = queries.scope(request.actor, code)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="scope-{found.lot.code}.csv"'
    writer = csv.writer(response)
    heads = (
        _("Holder"), _("Kind"), _("Region"), _("Contact"), _("Phone"), _("Unit"), _("Received"), _("In stock now"),
        _("Sold to consumers"), _("Lost"), _("Passed on"), _("Lots"),
    )  # fmt: skip
    writer.writerow(heads)
    for row in found.holders:
        contact = found.contacts.get(row.holder_id)
        texts = (row.holder, row.holder_kind, row.region)
        reach = (contact.contact_name, contact.phone) if contact else ("", "")
        sums = (row.received, row.in_stock, row.retailed, row.lost, row.passed_on)
        cells = (*texts, *reach, row.uom, *(f"{value.normalize():f}" for value in sums), " ".join(row.lots))
        writer.writerow([_harmless(cell) for cell in cells])
    if found.is_truncated:
        writer.writerow([_("Only a part is shown"), _("The chain is larger than one page takes.")])
    return response


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running a text as a formula."""
    return f"'{cell}" if FORMULA.match(cell) and not re.fullmatch(r"-?[\d.]+", cell) else cell


@require_GET
def ancestors(request: ActorRequest) -> HttpResponse:
    """Say from which lots several lots descend."""
    request.actor.require(Permission.LOT_READ)
    pasted = request.GET.get("lots", "")[:20_000]
    codes = list(dict.fromkeys(re.split(r"[\s,;，；、]+", pasted.strip())))
    context: dict[str, Any] = {"pasted": pasted, "codes": codes if pasted.strip() else []}
    status = 200
    if pasted.strip():
        try:
            context["found"] = queries.ancestors(request.actor, codes)
        except NotFound:
            context["problem"] = NotFound(
                _("At least one of these codes is unknown here, or not visible to you.")
            )
        except InvalidInput:
            context["problem"] = InvalidInput(_("Give between 2 and 50 codes, one a line."))
        if "problem" in context:
            status = context["problem"].status
    return render_page(request, "tracing/ancestors.html", context, status=status)


@require_GET
def whereabouts(request: ActorRequest) -> HttpResponse:
    """Where did a batch go? By trace code, batch number or raw-material lot."""
    request.actor.require(Permission.LOT_READ)
    key = request.GET.get("key", "").strip()[:300]
    found = queries.whereabouts(request.actor, key) if key else ()
    return render_page(request, "tracing/whereabouts.html", {"key": key, "found": found})
