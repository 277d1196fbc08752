"""The promise certificate on screen and on paper, and labels."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import blame, public, recorded, refused, render_page
from cailan.kernel.problems import NotAllowed, NotFound, Problem
from cailan.labels import queries as labels
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties
from cailan.parties.rules.kinds import HOLDERS
from cailan.quality import queries, services
from cailan.quality.forms.fields import ReasonForm, say
from cailan.quality.forms.promising import CertificateForm
from cailan.quality.rules import certificate as rules
from cailan.quality.views import frame


@public
@require_GET
def certificate(request: ActorRequest, code: str) -> HttpResponse:
    """The certificate of a lot for whoever scanned it; the same code opens the chain."""
    lot = lots.find_public(code)
    found = queries.certificate_of(lot.id)
    state = queries.state_of([lot.id])[lot.id]
    context: dict[str, Any] = {"lot": lot, "certificate": found, "state": state}
    if found:
        form = rules.form_of(found.pattern, found.form)
        context["paper"] = form
        context["bases"] = [(words, basis in found.bases) for basis, words in form.bases.items()]
        context["is_own"] = found.issuer_id == request.actor.party_id
    return render_page(request, "quality/certificate.html", context, status=200 if found else 404)


@require_http_methods(["GET", "POST"])
def issue_certificate(request: ActorRequest, code: str) -> HttpResponse:
    """Issue: what the lot tells is filled in; one chooses the basis and signs."""
    actor = request.actor
    lot = frame.find_lot(actor, code)
    actor.require(Permission.LOT_CREATE)
    if actor.party_kind not in HOLDERS:
        raise NotAllowed(_("The certificate is issued by who produced, mixed or repacked the goods."))
    now = timezone.now()
    pattern = queries.pattern_for(actor, lot)
    paper = rules.form_on(pattern, timezone.localdate(now))
    sources = queries.source_certificates(actor, lot) if pattern == rules.Pattern.PURCHASER else ()
    form = CertificateForm(
        request.POST or None,
        now=now,
        bases=list(paper.bases.items()) if paper else [],
        uom=lot.uom,
        sources=[(one.id, f"{one.number} · {one.product} · {one.issuer}") for one in sources],
        initial=_initial(request, lot),
    )
    context = {"lot": lot, "form": form, "paper": paper, "pattern": pattern, "has_no_source": not sources}
    template = "quality/issue_certificate.html"
    if request.method != "POST":
        return render_page(request, template, context)
    if not form.is_valid():
        return refused(request, template, context, form)
    data = form.cleaned_data
    try:
        services.issue_certificate(
            actor, lot=lot.code, bases=data["bases"], quantity=data["quantity"], uom=data["uom"],
            signature=data["signature"], at=timezone.now(), origin=data["origin"], contact=data["contact"],
            source_ids=data.get("sources", ()), client_key=form.key,
        )  # fmt: skip
    except Problem as problem:
        say(form, problem)
        return refused(request, template, context, form, status=problem.status)
    url = reverse("quality:certificate", args=[lot.code])
    return recorded(request, url, _("Issued and sealed. Print the label: certificate and trace code in one."))


def _initial(request: ActorRequest, lot: LotFacts) -> dict[str, Any]:
    actor = request.actor
    own = parties.contacts([actor.acting_party_id])[actor.acting_party_id]
    stock = [one for one in lots.stock(actor, text=lot.code, limit=500).items if one.lot.id == lot.id]
    total = sum(one.remaining for one in stock if one.remaining is not None)
    state = queries.state_of([lot.id])[lot.id]
    basis = rules.Basis.CONTROL
    if state.self_test == "passed":
        basis = rules.Basis.SELF_TEST
    elif state.report == "passed":
        basis = rules.Basis.ENTRUSTED_TEST
    return {
        "quantity": f"{total.normalize():f}" if total else "",
        "origin": queries.origin_of(lot),
        "contact": own.phone,
        "signature": own.name,
        "bases": [str(basis)],
    }


@require_http_methods(["GET", "POST"])
def void_certificate(request: ActorRequest, code: str) -> HttpResponse:
    """Void one's own certificate of a lot."""
    lot = frame.find_lot(request.actor, code)
    request.actor.require(Permission.LOT_CREATE)
    own = [
        one
        for one in queries.certificates_of(request.actor, lot.id)
        if one.issuer_id == request.actor.party_id and not one.is_void
    ]
    if not own:
        raise NotFound
    form = ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.void_certificate(
                    request.actor,
                    certificate_id=own[0].id,
                    reason=form.cleaned_data["reason"],
                    at=timezone.now(),
                )
            except Problem as problem:
                status = problem.status
                blame(form, problem)
            else:
                messages.success(request, _("Void. Issue a new one where one is needed."))
                return redirect("quality:issue_certificate", lot.code)
    context = {"lot": lot, "form": form, "certificate": own[0]}
    return render_page(request, "quality/void_certificate.html", context, status=status)


@require_GET
def label(request: ActorRequest, code: str, what: str, output: str) -> HttpResponse:
    """A label as PDF, for a Zebra printer, or the whole certificate as a paper."""
    actor = request.actor
    lot = frame.find_lot(actor, code)
    actor.require(Permission.LOT_MOVE)
    if what == "paper":
        return _sent(queries.certificate_paper(actor, lot), "application/pdf", f"{lot.code}-certificate.pdf")
    content = (
        queries.basket_content(actor, lot) if what == "basket" else queries.certificate_content(actor, lot)
    )
    if output == "zpl":
        return _sent(labels.zpl(content), "application/octet-stream", f"{lot.code}-{what}.zpl")
    return _sent(labels.label_pdf(content), "application/pdf", f"{lot.code}-{what}.pdf")


def _sent(content: bytes, media_type: str, name: str) -> HttpResponse:
    place = "inline" if media_type == "application/pdf" else "attachment"
    headers = {"Content-Disposition": f'{place}; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)


@require_GET
def labels_of(request: ActorRequest, code: str) -> HttpResponse:
    """Which labels a lot may carry, shown as they will be printed."""
    actor = request.actor
    lot = frame.find_lot(actor, code)
    actor.require(Permission.LOT_MOVE)
    state, basket = queries.standing_of([lot.id])[lot.id]
    context = {
        "lot": lot,
        "certificate": queries.certificate_of(lot.id),
        "basket": basket,
        "state": state,
    }
    return render_page(request, "quality/labels.html", context)
