"""A notice behind a link: read, confirmed and answered on any phone, without an account."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cailan.kernel import audit
from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import public, recorded, refused, render_page
from cailan.kernel.problems import Conflict, InvalidInput, NotAllowed, NotFound, TooLarge
from cailan.supervision import forms, queries, services
from cailan.supervision.views.notices import answer_form, context_of, link_of, said_in, take_problem

_MISSED = "supervision.link.missed"
_MOST, _WITHIN = 60, timedelta(minutes=15)


def _open(request: ActorRequest, token: str) -> queries.NoticeFile:
    """Return the notice; whoever tries links out is slowed down."""
    audit.refuse_too_many(_MISSED, most=_MOST, within=_WITHIN, at=timezone.now())
    try:
        return queries.notice_of_link(token)
    except NotFound:
        audit.record(request.actor, _MISSED, "link", succeeded=False)
        raise NotFound(_("This link is not known. Open it again from the message you got.")) from None


@public
@require_http_methods(["GET", "POST"])
def answer(request: ActorRequest, token: str) -> HttpResponse:
    """One notice, and the answer to it."""
    file = _open(request, token)
    form = answer_form(request, file, is_by_link=True)
    more = {
        "token": token,
        "forward_form": forms.ForwardForm(lines=file.lines),
        "confirm_form": forms.ConfirmForm(),
        "link": request.session.pop("forward_link", "") if request.session.session_key else "",
    }
    if request.method == "GET":
        services.mark_read_by_link(request.actor, token=token, at=timezone.now())
        response = render_page(request, "supervision/link.html", context_of(file, form=form, **more))
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response
    status = 422
    if form.is_valid():
        try:
            services.answer_by_link(request.actor, token=token, at=timezone.now(), **said_in(form))
        except NotAllowed:
            raise
        except (InvalidInput, Conflict, TooLarge) as problem:
            status = take_problem(form, problem)
        else:
            return recorded(
                request, reverse("supervision:answer", args=[token]), _("Your answer is recorded.")
            )
    return refused(request, "supervision/link.html", context_of(file, **more), form, status=status)


@public
@require_POST
def confirm(request: ActorRequest, token: str) -> HttpResponse:
    """Confirm that the notice arrived."""
    file = _open(request, token)
    form = forms.ConfirmForm(request.POST)
    if not form.is_valid():
        more = {
            "token": token,
            "confirm_form": form,
            "form": _empty(file),
            "forward_form": forms.ForwardForm(lines=file.lines),
        }
        return render_page(request, "supervision/link.html", context_of(file, **more), status=422)
    services.confirm_by_link(
        request.actor, token=token, by_name=form.cleaned_data["by_name"], at=timezone.now()
    )
    return recorded(
        request,
        reverse("supervision:answer", args=[token]),
        _("Confirmed. Now say what became of the goods."),
    )


@public
@require_POST
def forward(request: ActorRequest, token: str) -> HttpResponse:
    """Pass the notice on to one's own buyer."""
    file = _open(request, token)
    form = forms.ForwardForm(request.POST, lines=file.lines)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = services.forward_by_link(
                request.actor,
                token=token,
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
            return redirect("supervision:answer", token)
    more = {
        "token": token,
        "confirm_form": forms.ConfirmForm(),
        "form": _empty(file),
        "forward_form": form,
    }
    return render_page(request, "supervision/link.html", context_of(file, **more), status=status)


def _empty(file: queries.NoticeFile) -> forms.AnswerForm:
    return forms.AnswerForm(
        lines=file.lines,
        is_responsible=file.is_responsible,
        is_by_link=True,
        returns_to=file.recall.responsible.name,
        now=timezone.now(),
    )
