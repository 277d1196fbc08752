"""Signing in and out, switching parties; and the middleware that gives every request its Actor."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from cailan.accounts import queries, rules, services
from cailan.accounts.forms import PasswordForm, SignInForm
from cailan.kernel.access import PUBLIC, ActorRequest
from cailan.kernel.pages import public, render_page
from cailan.kernel.problems import InvalidInput, NotSignedIn, Problem

BACKEND = "django.contrib.auth.backends.ModelBackend"
OWN_DOORS = ("/api/", "/epcis", "/static/")  # these answer 401 as a problem themselves


class ActorMiddleware:
    """Build the Actor once a request; deny pages by default."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.auth = AuthenticationMiddleware(lambda request: HttpResponse())

    def __call__(self, request: ActorRequest) -> HttpResponse:
        self.auth.process_request(request)
        request.actor = PUBLIC
        if request.session.get(auth.SESSION_KEY) and request.user.is_authenticated:
            request.actor = queries.build_actor(request.user, request.session.get("party_id"))
        return self.get_response(request)

    def process_view(
        self,
        request: ActorRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object],
        kwargs: dict[str, object],
    ) -> HttpResponse | None:
        if getattr(view, "is_public", False) or request.path.startswith(OWN_DOORS):
            return None
        if not request.actor.is_signed_in:
            if "json" in request.headers.get("Accept", "") and "html" not in request.headers.get(
                "Accept", ""
            ):
                return JsonResponse(
                    NotSignedIn().as_dict(), status=401, content_type="application/problem+json"
                )
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")
        is_own = request.resolver_match is not None and request.resolver_match.namespace == "accounts"
        if request.session.get("must_change_password") and not is_own:
            return redirect("accounts:password")
        return None


@public
def sign_in(request: ActorRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    problem: Problem | None = None
    if request.method == "POST" and form.is_valid():
        try:
            now = timezone.now()
            user = services.sign_in(**form.cleaned_data, at=now)
        except Problem as refusal:
            problem = refusal
        else:
            auth.login(request, user, backend=BACKEND)
            request.session["must_change_password"] = rules.must_change(user.password_changed_at, now)
            return redirect(_next(request))
    demo = settings.CAILAN.home / "demo-accounts.txt"
    accounts = []
    if demo.is_file():
        for line in demo.read_text(encoding="utf-8").splitlines():
            label, username, password = line.split("\t")
            accounts.append({"label": label, "username": username, "password": password})
    context = {"form": form, "problem": problem, "next": _next(request), "demo_accounts": accounts}
    return render_page(request, "accounts/sign_in.html", context, status=problem.status if problem else 200)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"


@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("/")


@require_POST
def switch(request: ActorRequest) -> HttpResponse:
    """Act for another of one's own parties."""
    party = request.POST.get("party", "")
    if not party.isdigit() or int(party) not in dict(request.actor.parties):
        raise InvalidInput
    request.session["party_id"] = int(party)
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
    return render_page(request, "accounts/password.html", {"form": form, "is_forced": forced})
