"""Samples: sent, taken, accepted, tested, objected to, reported."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cailan.kernel.access import Actor, ActorRequest, Permission
from cailan.kernel.pages import recorded, refused, render_page
from cailan.kernel.problems import NotAllowed, NotFound, Problem
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.products.rules import units
from cailan.quality import queries, services
from cailan.quality.forms.fields import AmountField, ReasonForm, say
from cailan.quality.forms.sampling import AcceptForm, RequestForm, SampleForm
from cailan.quality.forms.testing import QuickForm, ResultsForm
from cailan.quality.queries import SampleFile
from cailan.quality.rules.limits import unit_named
from cailan.quality.rules.sampling import STATUS_LABELS
from cailan.quality.views import frame

Act = Callable[[Any], None]


@require_GET
def worklist(request: ActorRequest) -> HttpResponse:
    """The laboratory's samples, or those that concern whoever asks."""
    actor = request.actor
    status = request.GET.get("status", "")[:20]
    page = queries.worklist(actor, status=status, cursor=request.GET.get("cursor", ""))
    is_lab = actor.party_kind == "lab"
    tabs = [{"url": "?", "label": _("All"), "active": not status}]
    tabs += [
        {"url": f"?status={one}", "label": _(label), "active": one == status}
        for one, label in STATUS_LABELS.items()
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "is_lab": is_lab,
        "counts": queries.count_work(actor) if is_lab else {},
        "laboratory": queries.own_laboratory(actor) if is_lab else None,
        "next": frame.next_page(request, page.next),
    }
    return render_page(request, "quality/worklist.html", context, part="rows")


@require_http_methods(["GET", "POST"])
def request_test(request: ActorRequest, code: str) -> HttpResponse:
    """Send a sample of one's own stock to a laboratory."""
    actor = request.actor
    lot = frame.find_lot(actor, code)
    actor.require(Permission.LOT_MOVE)
    labs = frame.labs(actor)
    form = RequestForm(request.POST or None, now=timezone.now(), labs=labs)
    context = {"lot": lot, "form": form, "has_no_lab": not labs, "unit": _unit(lot.uom)}

    def act(data: dict[str, Any], at: datetime) -> int:
        return services.request_test(
            actor, lot=lot.code, lab_id=data["lab"], at=at, quantity=data["quantity"], note=data["note"],
            client_key=form.key,
        )  # fmt: skip

    return _sent(request, "quality/request_test.html", context, form, act)


@require_http_methods(["GET", "POST"])
def take_sample(request: ActorRequest, code: str) -> HttpResponse:
    """An official takes a sample at a holder, also of goods sold meanwhile."""
    actor = request.actor
    lot = frame.find_lot(actor, code)
    actor.require(Permission.ALERT_READ)
    if actor.party_kind not in {"regulator", "market"}:
        raise NotAllowed(_("Samples at others are taken by regulators and market operators."))
    labs, holders = frame.labs(actor), _holders(actor, lot.id)
    form = SampleForm(request.POST or None, now=timezone.now(), labs=labs, holders=holders)
    context = {
        "lot": lot,
        "form": form,
        "has_no_lab": not labs,
        "has_no_holder": not holders,
        "unit": _unit(lot.uom),
    }

    def act(data: dict[str, Any], at: datetime) -> int:
        return services.take_sample(
            actor, lot=lot.code, holder_id=data["holder"], lab_id=data["lab"], at=at,
            taken_at=data["occurred_at"], quantity=data["quantity"], place=data["place"], note=data["note"],
            client_key=form.key,
        )  # fmt: skip

    return _sent(request, "quality/take_sample.html", context, form, act)


def _unit(uom: str) -> str:
    return _(units.UNITS[uom].label) if uom in units.UNITS else uom


def _holders(actor: Actor, lot_id: int) -> list[tuple[int, str]]:
    """Return who has or had the lot and lies in the actor's area or market."""
    graph = lots.walk(lots.starts_of([lot_id]), back=False, forward=False)
    found = parties.facts({node.holder_id for node in graph.nodes if node.lot_id == lot_id})
    return [(pk, one.name) for pk, one in sorted(found.items()) if parties.oversees(actor, pk)]


def _sent(
    request: ActorRequest,
    template: str,
    context: dict[str, Any],
    form: forms.Form,
    act: Callable[[dict[str, Any], datetime], int],
) -> HttpResponse:
    if request.method != "POST":
        return render_page(request, template, context)
    if not form.is_valid():
        return refused(request, template, context, form)
    try:
        sample_id = act(form.cleaned_data, timezone.now())
    except Problem as problem:
        say(form, problem)
        return refused(request, template, context, form, status=problem.status)
    url = reverse("quality:sample", args=[sample_id])
    return recorded(request, url, _("The sample is on its way; the laboratory sees it."))


@require_http_methods(["GET", "POST"])
def sample(request: ActorRequest, sample_id: int) -> HttpResponse:
    """All of one sample, and the next step for whoever looks."""
    file = queries.get_sample(request.actor, sample_id)
    bench = Bench(request, file)
    if request.method == "POST":
        return bench.carry_out(request.POST.get("verb", ""))
    return bench.show()


class Bench:
    """One sample's page: its forms by verb, and what each does."""

    def __init__(self, request: ActorRequest, file: SampleFile) -> None:
        self.request, self.file, self.actor = request, file, request.actor
        self.lot = lots.facts_of([file.sample.lot_id])[file.sample.lot_id]
        is_own = file.sample.lab_id == self.actor.party_id and self.actor.party_kind == "lab"
        status = file.sample.status
        may_record = is_own and self.actor.may(Permission.TEST_RECORD)
        self.may = {
            "accept": may_record and status == "requested",
            "quick": may_record and status == "accepted" and file.open_objection is None,
            "results": may_record and status == "accepted",
            "sign": is_own and self.actor.may(Permission.TEST_SIGN) and status == "accepted",
            "object": file.sample.holder_id == self.actor.party_id
            and self.actor.may(Permission.LOT_MOVE)
            and _is_open(file),
        }

    def form_of(self, verb: str, data: Any = None, files: Any = None) -> forms.Form:
        now = timezone.now()
        if verb == "accept":
            return AcceptForm(data)
        if verb == "quick":
            items = frame.expected_items(self.lot)
            return QuickForm(data, files, now=now, items=items, with_instrument=False)
        if verb == "results":
            return ResultsForm(data, now=now, items=self._items())
        return ReasonForm(data) if verb == "object" else forms.Form(data)

    def _items(self) -> list[str]:
        suspected = [one.item for test in self.file.tests for one in test.items if one.verdict == "failed"]
        return list(dict.fromkeys([*suspected, *frame.expected_items(self.lot)]))

    def show(self, shown: tuple[str, forms.Form] | None = None, *, status: int = 200) -> HttpResponse:
        return render_page(self.request, "quality/sample.html", self.context(shown), status=status)

    def context(self, shown: tuple[str, forms.Form] | None = None) -> dict[str, Any]:
        made = {verb: self.form_of(verb) for verb, may in self.may.items() if may}
        if shown:
            made[shown[0]] = shown[1]
        return {
            "file": self.file,
            "sample": self.file.sample,
            "lot": self.lot,
            "may": self.may,
            "forms": made,
            "refused_form": shown[1] if shown else None,
            "substances": frame.substances() if self.may["results"] else [],
            "why_not": self.file.why_not_signed,
            "now": timezone.now(),
            "laboratory": queries.own_laboratory(self.actor) if self.may["sign"] else None,
        }

    def carry_out(self, verb: str) -> HttpResponse:
        if verb not in self.may:
            raise NotFound
        form = self.form_of(verb, self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.show((verb, form), status=422)
        try:
            self._act(verb, form)
        except Problem as problem:
            say(form, problem, getattr(form, "used", None))
            return self.show((verb, form), status=problem.status)
        return redirect("quality:sample", self.file.sample.id)

    def _act(self, verb: str, form: Any) -> None:
        sample_id, at, data = self.file.sample.id, timezone.now(), form.cleaned_data
        if verb == "accept":
            services.accept_sample(self.actor, sample_id=sample_id, at=at, **data)
            said = _("Accepted. Now test it.")
        elif verb == "sign":
            services.sign_report(self.actor, sample_id=sample_id, at=at)
            said = _("Signed and sealed.")
        elif verb == "object":
            positive = self.file.open_objection
            test_id = positive.id if positive else 0
            services.object_to(self.actor, test_id=test_id, reason=data["reason"], at=at)
            said = _("Your objection is recorded. Another method decides.")
        else:
            services.enter_results(
                self.actor,
                sample_id=sample_id,
                entries=form.entries(),
                at=at,
                tested_at=data["occurred_at"],
                kit=data["kit"],
                photo_id=frame.kept_photo(self.actor, data.get("photo")),
                client_key=form.key,
            )
            said = _("Recorded and sealed.")
        messages.success(self.request, said)


def _is_open(file: SampleFile) -> bool:
    positive = file.open_objection
    if positive is None or positive.objected_at or positive.objection_closes is None:
        return False
    return timezone.now() <= positive.objection_closes


@require_GET
def judge(request: ActorRequest, sample_id: int) -> HttpResponse:
    """Say what each place would answer to a value while it is typed."""
    file = queries.get_sample(request.actor, sample_id)
    row = request.GET.get("row", "0")
    row = row if row.isdecimal() and len(row) < 3 else "0"  # noqa: PLR2004 (as many rows as the form has)
    item = request.GET.get(f"item_{row}", "").strip()[:120]
    value, lod = (_number(request.GET.get(f"{part}_{row}", "")) for part in ("value", "lod"))
    context: dict[str, Any] = {"item": item}
    if item and (value is not None or lod is not None):
        lot = lots.facts_of([file.sample.lot_id])[file.sample.lot_id]
        judgement = queries.judge(
            request.actor,
            product_id=lot.product_id,
            substance=item,
            value=value,
            unit=unit_named(request.GET.get("unit", "")) or "mg/kg",
            lod=lod,
            on=timezone.localdate(file.sample.taken_at),
        )
        context |= {"judgement": judgement, "places": queries.places_of(judgement)}
    return render_page(request, "quality/judgement.html", context)


def _number(text: str) -> Any:
    try:
        return AmountField(required=False).clean(text[:30])
    except forms.ValidationError:
        return None
