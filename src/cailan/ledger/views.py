"""Public pages: check a record or a proof file; the log's own files (C2SP tlog-tiles)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import public, render_page
from cailan.kernel.problems import NotFound, Problem
from cailan.ledger import queries
from cailan.ledger.forms import CopyForm, RecordForm
from cailan.ledger.queries import Verdict
from cailan.ledger.rules.proofs import Check, Finding
from cailan.ledger.rules.tiles import NotATile, parse_path

_IMMUTABLE = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=2"


@public
@require_http_methods(["GET", "POST"])
def verify(request: ActorRequest) -> HttpResponse:
    """Check a record of the log, or a copy of a proof that somebody holds."""
    record, copy = RecordForm(request.GET or None), CopyForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "record_form": record,
        "copy_form": copy,
        "log_key": queries.log_key(),
        "steps": [_step(Finding(check, None)) for check in Check],  # for the browser to fill
    }
    try:
        if request.method == "POST" and copy.is_valid():
            context |= _shown(queries.check_copy(request.actor, copy.cleaned_data["copy"]), is_copy=True)
        elif record.is_valid():
            context |= _shown(
                queries.check_record(request.actor, record.cleaned_data["record"]), is_copy=False
            )
    except Problem as problem:
        return render_page(
            request, "ledger/verify.html", context | {"problem": problem}, status=problem.status
        )
    return render_page(request, "ledger/verify.html", context)


def _shown(verdict: Verdict, *, is_copy: bool) -> dict[str, Any]:
    found = {one.check: one for one in verdict.findings}
    steps = [_step(found.get(check, Finding(check, None))) for check in Check]
    return {"verdict": verdict, "steps": steps, "is_copy": is_copy}


def _step(finding: Finding) -> dict[str, str]:
    return {"name": finding.check.value, "label": _label(finding.check), "state": _STATES[finding.holds]}


_STATES = {True: "pass", False: "fail", None: "skip"}


def _label(check: Check) -> str:
    return {
        Check.CLAIMS: _("What stands beside the seal is what was sealed"),
        Check.PAYLOAD: _("The content is unchanged since it was sealed"),
        Check.SIGNATURE: _("The signature is the responsible party's"),
        Check.INCLUSION: _("The entry stands in the log"),
        Check.CHECKPOINT: _("The log signed this state"),
    }[check]


@public
@require_GET
def proof_bundle(request: ActorRequest, record_id: int) -> HttpResponse:
    """Everything a verifier needs; the content only for whoever may read it."""
    bundle = queries.proof_bundle(record_id, with_payload=queries.may_read(request.actor, record_id))
    response = JsonResponse(bundle)
    response["Content-Disposition"] = f'inline; filename="cailan-proof-{record_id}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@public
@require_GET
def proof_text(request: HttpRequest, record_id: int) -> HttpResponse:
    """The proof as C2SP tlog-proof."""
    return _plain(queries.proof(record_id).text())


@public
@require_GET
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint."""
    note = queries.latest_checkpoint()
    if note is None:
        raise NotFound(_("The log is empty: nothing has been sealed yet."))
    return _plain(note)


@public
@require_GET
def tile(request: HttpRequest, place: str) -> HttpResponse:
    """A tile of hashes, or a bundle of entries; it never changes."""
    try:
        data = queries.tile_bytes(parse_path(place))
    except NotATile:
        raise NotFound from None
    return HttpResponse(data, content_type="application/octet-stream", headers={"Cache-Control": _IMMUTABLE})


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": _SHORT})
