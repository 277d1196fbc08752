"""Imports as pages: send a file, see what it would come to, confirm, watch it, read the report."""

import csv
import io
from datetime import datetime
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cailan.exchange import queries, services, tasks
from cailan.exchange.forms import ImportForm
from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import render_page
from cailan.kernel.problems import NotFound, Problem

TRIED_AT_ONCE = 200_000  # bytes; larger files are tried out in the background
TEMPLATES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_http_methods(["GET", "POST"])
def imports(request: ActorRequest) -> HttpResponse:
    """List former imports, and take a file."""
    request.actor.require(Permission.IMPORT_RUN)
    form = ImportForm(request.POST or None, request.FILES or None)
    problem: Problem | None = None
    if request.method == "POST" and form.is_valid():
        sent, now = form.cleaned_data["file"], timezone.now()
        try:
            services.check_size(request.actor, sent.size)  # before it is read into memory
            job_id = services.keep_file(request.actor, name=sent.name, data=sent.read(), at=now)
            _try(request, job_id, sent.size, now)
        except Problem as refusal:
            problem = refusal
        else:
            return redirect("exchange:import", job_id)
    page = queries.list_imports(request.actor, cursor=request.GET.get("cursor", ""))
    context = {
        "form": form,
        "problem": problem,
        "page": page,
        "next": f"?{urlencode({'cursor': page.next})}" if page.next else "",
    }
    status = problem.status if problem else 422 if form.errors else 200
    return render_page(request, "exchange/imports.html", context, status=status)


def _try(request: ActorRequest, job_id: int, size: int, now: datetime) -> None:
    """Try a new file out: at once where it is small."""
    if queries.get_import(request.actor, job_id).state not in {"new", "failed"}:
        return
    services.mark(request.actor, job_id=job_id, state="trying")
    if size <= TRIED_AT_ONCE:
        services.try_out(request.actor, job_id=job_id, at=now)
    else:
        tasks.try_out.defer(
            job_id=job_id, user_id=request.actor.user_id, party_id=request.actor.acting_party_id
        )


@require_GET
def one_import(request: ActorRequest, job_id: int) -> HttpResponse:
    """Show one import: its trial, its progress, or its report; htmx asks for the state again while it moves."""
    job = queries.get_import(request.actor, job_id)
    context = {
        "job": job,
        "trial": queries.trial_of(request.actor, job_id),
        "problems": queries.problems_of(request.actor, job_id) if job.refused else (),
    }
    return render_page(request, "exchange/import.html", context, part="state")


@require_POST
def start(request: ActorRequest, job_id: int) -> HttpResponse:
    """Confirm an import, or let an interrupted one go on."""
    services.mark(request.actor, job_id=job_id, state="waiting")
    tasks.run_import.defer(
        job_id=job_id, user_id=request.actor.user_id, party_id=request.actor.acting_party_id
    )
    return redirect("exchange:import", job_id)


@require_GET
def problems(request: ActorRequest, job_id: int) -> HttpResponse:
    """Download the refused rows with their reasons."""
    out = io.StringIO()
    csv.writer(out).writerows(queries.problem_lines(request.actor, job_id))
    return _download(out.getvalue().encode("utf-8-sig"), "text/csv", f"import-{job_id}-refused.csv")


@require_GET
def template(request: ActorRequest, name: str, kind: str) -> HttpResponse:
    """Download the template: `empty` or `example`, as CSV or XLSX."""
    if kind not in TEMPLATES or name not in {"empty", "example"}:
        raise NotFound
    in_english = (get_language() or "").startswith("en")
    content = services.template_file(
        kind=kind, has_examples=name == "example", in_english=in_english, on=timezone.localdate()
    )
    return _download(content, TEMPLATES[kind], f"records-{name}.{kind}")


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})
