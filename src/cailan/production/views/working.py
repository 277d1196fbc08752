"""Work on a crop: choose a template, confirm it with a photo; correct what was logged wrong."""

from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import render_page
from cailan.kernel.problems import Conflict, NotAllowed
from cailan.production import queries, services
from cailan.production.forms import CorrectForm, WorkForm
from cailan.production.forms.fields import Choices
from cailan.production.forms.working import initial_from, initial_of
from cailan.production.rules.facts import BatchFacts, OperationFacts, Template
from cailan.production.rules.kinds import NEEDS_INPUT, USUAL_INPUTS, OperationKind
from cailan.production.views.entering import number, take
from cailan.products.rules import units


@require_http_methods(["GET", "POST"])
def log(request: ActorRequest) -> HttpResponse:
    """Choose a template for a batch, the one worked on last by default; confirm it."""
    request.actor.require(Permission.FARM_RECORD)
    growing = queries.open_batches(request.actor)
    asked = number(request.POST.get("batch") or request.GET.get("batch"))
    chosen = next((one for one in growing if one.id == asked), growing[0] if growing else None)
    if asked is not None and (chosen is None or chosen.id != asked):
        chosen = _closed_or_foreign(request, asked)
    if chosen is None:
        return render_page(request, "production/log.html", {"batch": None})
    templates = queries.templates_for(request.actor, chosen.id)
    key = request.POST.get("template") or request.GET.get("template")
    template = next((one for one in templates if one.key == key), None)
    if request.method == "POST" or template is not None:
        return _confirm(request, chosen, template)
    context = {
        "batch": chosen,
        "batches": growing,
        "recent": [one for one in templates if one.last_done_at is not None],
        "usual": [one for one in templates if one.last_done_at is None],
    }
    return render_page(request, "production/log.html", context)


def _closed_or_foreign(request: ActorRequest, batch_id: int) -> BatchFacts:
    """Return an own batch that is not growing any more: work done before its end may still come in."""
    found = queries.get_batch(request.actor, batch_id, on=timezone.localdate()).batch
    if found.party_id != request.actor.party_id:
        raise NotAllowed
    return found


def _usable(request: ActorRequest, at: datetime, kind: str) -> tuple[Choices, dict[int, str]]:
    """Return what may be chosen from the store, each with what is left, what such work uses first; and its names."""
    found = sorted(
        queries.usable_inputs(request.actor, on=timezone.localtime(at).date()),
        key=lambda one: one.kind not in USUAL_INPUTS.get(kind, ()),
    )
    choices = []
    for one in found:
        left = units.display(one.remaining, one.uom)
        about = " · ".join(filter(None, (one.name, one.batch, f"{left.amount} {_(left.unit)}")))
        choices.append((one.id, about))
    return choices, {one.id: one.name for one in found}


def _confirm(request: ActorRequest, batch: BatchFacts, template: Template | None) -> HttpResponse:
    actor, at = request.actor, timezone.now()
    chosen = template or Template("", str(OperationKind.OTHER), "")
    kind = request.POST.get("kind") or chosen.kind
    choices, names = _usable(request, at, kind)
    initial = initial_from(chosen, batch, names, actor.display_name)
    if chosen.kind in NEEDS_INPUT and not chosen.uses:
        initial |= {"uom_0": "KGM" if chosen.kind == OperationKind.FERTILISING else "GRM"}
        initial |= {"input_0": choices[0][0]} if choices else {}
    data = request.POST if request.method == "POST" else None
    form = WorkForm(data, inputs=choices, now=at, kind=kind, initial=initial)

    def act(photos: tuple[int, ...]) -> str:
        services.log_operation(actor, batch_id=batch.id, at=at, client_key=form.key, **form.said(photos))
        return reverse("production:batch", args=[batch.id])

    context = {
        "batch": batch,
        "template": chosen,
        "kind": kind,
        "needs_input": kind in NEEDS_INPUT,
        "has_inputs": bool(choices),
    }
    done = _("Logged and sealed.")
    return take(request, form, "production/confirm.html", context, act, message=done, at=at)


@require_http_methods(["GET", "POST"])
def correct(request: ActorRequest, operation_id: int) -> HttpResponse:
    """Log a piece of work anew, with the reason; the former record stays."""
    actor, at = request.actor, timezone.now()
    work = queries.get_operation(actor, operation_id)
    batch = queries.get_batch(actor, work.batch_id, on=timezone.localdate()).batch
    if batch.party_id != actor.party_id or not actor.may(Permission.FARM_RECORD):
        raise NotAllowed
    if not work.is_current:
        raise Conflict(_("This record was corrected before. Correct the newest record of it."))
    kind = request.POST.get("kind") or work.kind
    choices, names = _with_used(request, at, work, kind)
    data = request.POST if request.method == "POST" else None
    asked = "" if request.POST.get("is_void") else kind  # what was not done has used nothing
    form = CorrectForm(data, inputs=choices, now=at, kind=asked, initial=initial_of(work, names))

    def act(photos: tuple[int, ...]) -> str:
        said = form.said(photos or work.photo_ids)
        services.correct_operation(
            actor,
            operation_id=operation_id,
            reason=form.cleaned_data["reason"],
            is_void=form.cleaned_data["is_void"],
            at=at,
            client_key=form.key,
            **said,
        )
        return reverse("production:batch", args=[batch.id])

    context = {
        "batch": batch,
        "work": work,
        "kind": kind,
        "needs_input": kind in NEEDS_INPUT,
        "has_inputs": bool(choices),
    }
    done = _("Corrected and sealed; the former record stays.")
    return take(request, form, "production/confirm.html", context, act, message=done, at=at)


def _with_used(
    request: ActorRequest, at: datetime, work: OperationFacts, kind: str
) -> tuple[Choices, dict[int, str]]:
    """Return the store with what the work itself had used, for that comes back first."""
    choices, names = _usable(request, at, kind)
    for use in work.uses:
        if use.input_id not in names:
            choices = [*choices, (use.input_id, use.input_name)]
            names = {**names, use.input_id: use.input_name}
    return choices, names
