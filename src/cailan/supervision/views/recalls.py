"""Recalls for officials: the decision, the live board, closing and release."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import blame, render_page
from cailan.kernel.problems import Conflict, InvalidInput, KeyReused, NotFound
from cailan.supervision import forms, queries, services
from cailan.supervision.templatetags.recall_words import finding_words, why_word

FIELDS = {"responsible_id": "responsible"}


@require_http_methods(["GET", "POST"])
def decide(request: ActorRequest, code: str) -> HttpResponse:
    """Propose a decision from the graph; one click carries it out."""
    now = timezone.now()
    alert_id = _number(request.GET.get("alert", ""))
    proposal = queries.propose(request.actor, code, alert_id=alert_id, at=now)
    parties = [(one.party_id, f"{one.name}（{why_word(one.why)}）") for one in proposal.candidates]
    form = forms.DecisionForm(request.POST or None, parties=parties, now=now, initial=_proposed(proposal))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            number = services.start_recall(
                request.actor,
                decision=form.decision(proposal.lot.code, alert_id),
                at=now,
                client_key=form.cleaned_data["client_key"],
            )
        except (InvalidInput, Conflict) as problem:
            status = problem.status
            if isinstance(problem, KeyReused):
                form.with_new_key()
            _blame(form, problem)
        else:
            messages.success(
                request,
                _("%(number)s is in force: every kilo is on hold, all holders are told.")
                % {"number": number},
            )
            return redirect("supervision:recall", number)
    elif request.method == "POST":
        status = 422
    context = {
        "proposal": proposal,
        "lot": proposal.lot,
        "form": form,
        "alert_query": f"?alert={alert_id}" if alert_id else "",
        "rows": [(row, proposal.contacts.get(row.holder_id)) for row in proposal.holders],
    }
    return render_page(request, "supervision/decide.html", context, status=status)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None  # noqa: PLR2004 (a bigint)


def _blame(form: Any, problem: InvalidInput | Conflict) -> None:
    for error in problem.extra.get("errors", ()):
        error["where"] = FIELDS.get(error["where"], error["where"])
    blame(form, problem)


def _proposed(proposal: queries.Proposal) -> dict[str, Any]:
    """Fill the form in, so that an official only has to agree."""
    lot = proposal.lot
    reason = finding_words(proposal.alert.text) if proposal.alert else ""
    words = {"lot": f"{lot.name} {lot.number}"}
    instruction = _("Stop selling %(lot)s at once, put it aside, and say what you have of it.") % words
    return {
        "kind": str(proposal.measure),
        "level": str(proposal.level.level),
        "place": proposal.place[:200],
        "happened_at": proposal.happened_at,
        "known_at": proposal.known_at,
        "responsible": proposal.candidates[0].party_id if proposal.candidates else None,
        "reason": reason[:1000],
        "instruction": instruction,
        "refund_place": _("Where it was bought, with or without the slip") if proposal.sold else "",
    }


@require_GET
def recalls(request: ActorRequest) -> HttpResponse:
    """The recalls of the area."""
    is_open = {"open": True, "closed": False}.get(request.GET.get("state", ""))
    page = queries.list_recalls(request.actor, is_open=is_open, cursor=request.GET.get("cursor", ""))
    kept = {"state": request.GET["state"]} if is_open is not None else {}
    tabs = [
        {"url": "?", "label": _("All"), "active": is_open is None},
        {"url": "?state=open", "label": _("Under way"), "active": is_open is True},
        {"url": "?state=closed", "label": _("Closed"), "active": is_open is False},
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "next": f"?{urlencode({**kept, 'cursor': page.next})}" if page.next else "",
    }
    return render_page(request, "supervision/recalls.html", context, part="rows")


def _board(request: ActorRequest, number: str, **more: Any) -> dict[str, Any]:
    actor, now = request.actor, timezone.now()
    recall = queries.get_recall(actor, number)
    page = queries.board_rows(actor, recall, at=now, cursor=request.GET.get("cursor", ""))
    return {
        "recall": recall,
        "lot": queries.announcement(number).facts.lot,
        "progress": queries.progress(actor, recall, at=now),
        "rows": page.items,
        "next": f"?{urlencode({'cursor': page.next})}" if page.next else "",
        "may_manage": queries.may_manage(actor, recall),
        "close_form": forms.CloseForm(),
        "release_form": forms.ReleaseForm(),
        "now": now,
        **more,
    }


@require_GET
def recall(request: ActorRequest, recall: str) -> HttpResponse:
    """The live board of one recall."""
    return render_page(request, "supervision/recall.html", _board(request, recall), part="rows")


@require_GET
def progress(request: ActorRequest, recall: str) -> HttpResponse:
    """The moving part of the board, asked for every two seconds."""
    row = queries.get_recall(request.actor, recall)
    found = queries.progress(request.actor, row, at=timezone.now())
    return render_page(request, "supervision/progress.html", {"progress": found})


@require_GET
def messages_out(request: ActorRequest, recall: str) -> HttpResponse:
    """What was sent, on which channel, and whether it arrived."""
    page = queries.list_messages(request.actor, recall, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "number": recall,
        "next": f"?{urlencode({'cursor': page.next})}" if page.next else "",
    }
    return render_page(request, "supervision/messages.html", context, part="rows")


@require_POST
def escalate(request: ActorRequest, recall: str) -> HttpResponse:
    """Ask the silent again."""
    count = services.escalate(request.actor, number=recall, at=timezone.now())
    if count:
        messages.success(
            request, _("%(count)d holders were asked again; the authority above sees it.") % {"count": count}
        )
    else:
        messages.info(request, _("Nobody is past the time yet."))
    return redirect("supervision:recall", recall)


@require_POST
def close(request: ActorRequest, recall: str) -> HttpResponse:
    """Close with the report."""
    form = forms.CloseForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            services.close_recall(
                request.actor, number=recall, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        except (InvalidInput, services.FiguresOpen) as problem:
            status = problem.status
            blame(form, problem)
        else:
            messages.success(request, _("The recall is closed; its report is kept and sealed."))
            return redirect("supervision:recall", recall)
    return render_page(
        request, "supervision/recall.html", _board(request, recall, close_form=form), status=status
    )


@require_POST
def release(request: ActorRequest, recall: str) -> HttpResponse:
    """Release the holds of a closed recall."""
    form = forms.ReleaseForm(request.POST)
    if form.is_valid():
        services.release_recall(
            request.actor, number=recall, reason=form.cleaned_data["reason"], at=timezone.now()
        )
        messages.success(request, _("The holds of this recall are released."))
        return redirect("supervision:recall", recall)
    if not request.actor.may(Permission.RECALL_MANAGE):
        raise NotFound
    return render_page(
        request, "supervision/recall.html", _board(request, recall, release_form=form), status=422
    )
