"""Notices as their receivers see them, signed in."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import blame, recorded, refused, render_page
from cailan.kernel.problems import Conflict, InvalidInput, KeyReused, NotAllowed, TooLarge
from cailan.supervision import forms, queries, services
from cailan.supervision.services import Said


@require_GET
def notices(request: ActorRequest) -> HttpResponse:
    """The notices to one's own party."""
    page = queries.list_notices(request.actor, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "next": f"?{urlencode({'cursor': page.next})}" if page.next else ""}
    return render_page(request, "supervision/notices.html", context, part="rows")


def answer_form(request: ActorRequest, file: queries.NoticeFile, *, is_by_link: bool) -> forms.AnswerForm:
    is_sent = request.method == "POST"
    return forms.AnswerForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        lines=file.lines,
        is_responsible=file.is_responsible,
        is_by_link=is_by_link,
        returns_to=file.recall.responsible.name,
        now=timezone.now(),
    )


def said_in(form: forms.AnswerForm) -> dict[str, Any]:
    """Return what a filled-in form says, as the services take it."""
    data = form.cleaned_data
    photo = data.get("photo")
    return {
        "said": Said(
            lines=form.figures(),
            occurred_at=data["occurred_at"],
            returned_to=data.get("returned_to", ""),
            note=data["note"],
            by_name=data.get("by_name", ""),
        ),
        "client_key": data["client_key"],
        "photo": photo,
        "photo_name": photo.name if photo else "",
    }


def context_of(file: queries.NoticeFile, **more: Any) -> dict[str, Any]:
    return {
        "file": file,
        "notice": file.notice,
        "recall": file.recall,
        "lot": file.lot,
        "returns_open": [one for one in file.returns if one.accepted_at is None],
        **more,
    }


@require_http_methods(["GET", "POST"])
def notice(request: ActorRequest, notice_id: int) -> HttpResponse:
    """One notice: what is asked, how one stands, and the answer."""
    file = queries.get_notice(request.actor, notice_id)
    form = answer_form(request, file, is_by_link=False)
    more = {
        "forward_form": forms.ForwardForm(lines=file.lines),
        "may_answer": request.actor.may(Permission.LOT_MOVE),
        "link": request.session.pop("forward_link", ""),
    }
    if request.method == "GET":
        services.mark_read(request.actor, notice_id=notice_id, at=timezone.now())
        return render_page(request, "supervision/notice.html", context_of(file, form=form, **more))
    status = 422
    if form.is_valid():
        try:
            services.answer_notice(request.actor, notice_id=notice_id, at=timezone.now(), **said_in(form))
        except NotAllowed:
            raise
        except (InvalidInput, Conflict, TooLarge) as problem:
            status = take_problem(form, problem)
        else:
            url = reverse("supervision:notice", args=[notice_id])
            return recorded(request, url, _("Your answer is recorded."))
    return refused(request, "supervision/notice.html", context_of(file, **more), form, status=status)


def take_problem(form: Any, problem: InvalidInput | Conflict | TooLarge) -> int:
    """Put a refusal at its field, and return its status."""
    if isinstance(problem, KeyReused):
        form.with_new_key()
    form.problem = problem
    blame(form, problem)
    return problem.status


@require_POST
def confirm(request: ActorRequest, notice_id: int) -> HttpResponse:
    """Confirm that the notice arrived."""
    services.confirm_notice(request.actor, notice_id=notice_id, at=timezone.now())
    url = reverse("supervision:notice", args=[notice_id])
    return recorded(request, url, _("Confirmed. Now say what became of the goods."))


@require_POST
def forward(request: ActorRequest, notice_id: int) -> HttpResponse:
    """Pass the notice on to a buyer outside the books."""
    file = queries.get_notice(request.actor, notice_id)
    form = forms.ForwardForm(request.POST, lines=file.lines)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = services.forward_notice(
                request.actor,
                notice_id=notice_id,
                name=data["name"],
                phone=data["phone"],
                quantities=form.quantities(),
                at=timezone.now(),
                client_key=data["client_key"],
            )
        except (InvalidInput, Conflict) as problem:
            status = take_problem(form, problem)
        else:
            if made.token:
                request.session["forward_link"] = link_of(made.token)
            messages.success(request, _("%(name)s is told.") % {"name": data["name"]})
            return redirect("supervision:notice", notice_id)
    more = {
        "form": forms.AnswerForm(
            lines=file.lines,
            is_responsible=file.is_responsible,
            is_by_link=False,
            returns_to="",
            now=timezone.now(),
        ),
        "may_answer": request.actor.may(Permission.LOT_MOVE),
        "forward_form": form,
    }
    return render_page(request, "supervision/notice.html", context_of(file, **more), status=status)


def link_of(token: str) -> str:
    """Return the address of a link, as phones reach it."""
    return f"{settings.CAILAN.public_url.rstrip('/')}{reverse('supervision:answer', args=[token])}"


@require_POST
def returns(request: ActorRequest, notice_id: int) -> HttpResponse:
    """Take returned goods into stock."""
    ids = [int(text) for text in request.POST.getlist("return") if text.isascii() and text.isdecimal()]
    ids = [one for one in ids if one < 2**63]
    count = services.accept_returns(
        request.actor, notice_id=notice_id, return_ids=ids[:500], at=timezone.now()
    )
    messages.success(request, _("%(count)d parcels are in your stock, on hold.") % {"count": count})
    return redirect("supervision:notice", notice_id)
