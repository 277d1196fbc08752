"""Signing in and out, switching parties; and the middleware that gives every request its Actor."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cailan.accounts import queries, rules, services
from cailan.accounts.forms import PasswordForm, SignInForm
from cailan.accounts.models import User
from cailan.kernel.access import PUBLIC, Actor, ActorRequest
from cailan.kernel.pages import MACHINE_DOORS, is_for_machine, problem_response, public, render_page
from cailan.kernel.problems import InvalidInput, NotAllowed, NotSignedIn, Problem

BACKEND = "django.contrib.auth.backends.ModelBackend"


class PasswordExpired(NotAllowed):
    code = "password-expired"
    title = _("Choose a new password first")
    detail = _("This password is your first one or older than 90 days. Change it under Account, then go on.")


class ActorMiddleware:
    """Build the Actor once a request; deny pages by default; let no answer to a person be kept on the way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.auth = AuthenticationMiddleware(get_response)

    def __call__(self, request: ActorRequest) -> HttpResponse:
        self.auth.process_request(request)
        request.actor = _actor_of_session(request)
        response = self.get_response(request)
        if request.actor.is_signed_in:
            response.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self,
        request: ActorRequest,
        view: Callable[..., HttpResponse],
        _args: tuple[object],
        _kwargs: dict[str, object],
    ) -> HttpResponse | None:
        if getattr(view, "is_public", False):
            return None
        for_machine = is_for_machine(request)
        is_own = request.resolver_match is not None and request.resolver_match.namespace == "accounts"
        if request.session.get("must_change_password") and not is_own:
            return (
                problem_response(request, PasswordExpired()) if for_machine else redirect("accounts:password")
            )
        if request.actor.is_signed_in or request.path.startswith(
            MACHINE_DOORS
        ):  # these ask for a key themselves
            return None
        if for_machine:
            return problem_response(request, NotSignedIn())
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")


def _actor_of_session(request: ActorRequest) -> Actor:
    """Return who is signed in; a role that was changed or taken ends the session (GB/T 22239-2019 8.1.4.1 b)."""
    if not request.session.get(auth.SESSION_KEY) or not request.user.is_authenticated:
        return PUBLIC
    actor = queries.build_actor(request.user, request.session.get("party_id"))
    acting, before = [actor.party_id, actor.role], request.session.get("acting")
    if before not in (None, acting) and before[0] is not None:
        auth.logout(request)
        return PUBLIC
    request.session["acting"] = acting
    return actor


@public
def sign_in(request: ActorRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    problem: Problem | None = None
    if request.method == "POST" and form.is_valid():
        try:
            now = timezone.now()
            user = services.sign_in(**form.cleaned_data, at=now)
        except (services.SignInRefused, services.AccountLocked) as refusal:
            problem = refusal
        else:
            _begin_session(request, user, now)
            response = redirect(_next(request))
            if user.language:
                response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
            return response
    demo = settings.CAILAN.home / "demo-accounts.txt"
    accounts = []
    if demo.is_file():
        for line in demo.read_text(encoding="utf-8").splitlines():
            label, username, password = line.split("\t")
            accounts.append({"label": label, "username": username, "password": password})
    status = problem.status if problem else 422 if form.errors else 200
    context = {"form": form, "problem": problem, "next": _next(request), "demo_accounts": accounts}
    return render_page(request, "accounts/sign_in.html", context, status=status)


def _begin_session(request: HttpRequest, user: User, now: datetime) -> None:
    auth.login(request, user, backend=BACKEND)
    request.session["must_change_password"] = rules.must_change(user.password_changed_at, now)
    request.session.set_expiry(queries.idle_seconds(user))


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"


@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    services.sign_out(request.actor)
    auth.logout(request)
    return redirect("/")


@require_POST
def switch(request: ActorRequest) -> HttpResponse:
    """Act for another of one's own parties."""
    party = request.POST.get("party", "")
    if not party.isdigit() or int(party) not in dict(request.actor.parties):
        raise InvalidInput
    request.session["party_id"] = int(party)
    request.session.pop("acting", None)
    return redirect("/")


def password(request: ActorRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user = services.change_password(
                request.actor, old=data["old"], new=data["new"], at=timezone.now()
            )
        except InvalidInput as refusal:
            for error in refusal.extra["errors"]:
                form.add_error("old" if error["where"] == "old" else "new", error["what"])
        else:
            auth.update_session_auth_hash(request, user)
            request.session["must_change_password"] = False
            return redirect("/")
    forced = bool(request.session.get("must_change_password"))
    context = {"form": form, "is_forced": forced}
    return render_page(request, "accounts/password.html", context, status=422 if form.errors else 200)
