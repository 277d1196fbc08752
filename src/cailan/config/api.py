"""The REST interface: keys and sessions, problems as problem+json, the routers of all contexts."""

import json
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import DocsBase
from ninja.parser import Parser
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from cailan import __version__
from cailan.accounts import queries as accounts
from cailan.kernel.access import Actor, ActorRequest
from cailan.kernel.pages import problem_json, public
from cailan.kernel.problems import Busy, InvalidInput, NotAllowed, NotFound, NotSignedIn, Problem, TooLarge

CONTEXTS = (
    "accounts",
    "parties",
    "products",
    "documents",
    "lots",
    "tracing",
    "labels",
    "production",
    "quality",
    "trade",
    "supervision",
    "consumers",
    "ledger",
    "exchange",
)
DESCRIPTION = """Everything that the pages do, for machines.

Send your key as `Authorization: Bearer ck_….`; the owner of an organisation makes keys under its account.
Writing requests take an `Idempotency-Key`: repeat a request with the same key and the first answer comes again.
A refusal is `application/problem+json` (RFC 9457): `title` says what happened, `detail` what to do, `errors`
which field. Quantities are decimals with a UN/ECE Recommendation 20 unit; times are RFC 3339 with an offset.
"""


EPCIS_DESCRIPTION = """Capture of EPCIS 2.0 documents (JSON-LD), and the events as recorded.

Keys as under /api/v1: `Authorization: Bearer ck_….`
"""


class NotReadable(Problem):
    code = "not-readable"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The body is not JSON that we take: well-formed, UTF-8, not nested deeper than a few hundred levels."
            )
        )


class Key(HttpBearer):
    """An API key of a party; a wrong key is refused, not passed over."""

    openapi_bearer_format = "ck_…"

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        actor = accounts.actor_for_key(token, timezone.now()) if "\x00" not in token else None
        if actor is None:
            raise NotSignedIn(_("This API key is unknown, expired or revoked."))
        request.actor = actor  # type: ignore[attr-defined]
        return actor


class Session(APIKeyCookie):
    """The sign-in of a browser; its writing requests carry the CSRF token."""

    param_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Actor | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if not actor.is_signed_in:
            return None
        if check_csrf(request) is not None:
            raise NotAllowed(_("Send the CSRF token of the page in X-CSRFToken, or use an API key."))
        return actor

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        raise NotImplementedError


class StrictParser(Parser):
    """JSON with exact decimals; texts hold no NUL, which no database takes."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            found = json.loads(request.body, parse_float=Decimal, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise NotReadable from error
        if b"\\u0000" in request.body:
            raise NotReadable
        return found

    def parse_querydict(self, data: MultiValueDict, list_fields: list[str], request: HttpRequest) -> Any:  # type: ignore[type-arg]
        if any("\x00" in str(value) for values in data.lists() for value in values[1]):
            raise NotReadable
        return super().parse_querydict(data, list_fields, request)


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


class Reference(DocsBase):
    """The reference as a plain page of ours: no script of a third party."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        by_tag: dict[str, list[dict[str, Any]]] = {}
        for address, methods in schema["paths"].items():
            for method, operation in methods.items():
                row = {"method": method.upper(), "address": address, **operation}
                by_tag.setdefault((operation.get("tags") or ["…"])[0], []).append(row)
        context = {
            "groups": sorted(by_tag.items()),
            "description": DESCRIPTION.replace("`", "").split("\n\n"),
        }
        return render(request, "api_reference.html", context)


def on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem_json(problem)


def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name each wrong field the way the caller wrote it."""
    errors = [{"where": _where(one["loc"]), "what": str(one["msg"])} for one in error.errors]
    return problem_json(InvalidInput(errors=errors))


def _where(loc: tuple[str | int, ...]) -> str:
    """("body", "data", "lines", 0, "lot") → "lines.0.lot": ninja's own wrappers are left out."""
    parts = loc[2:] if loc[:1] == ("body",) and len(loc) > 1 else loc[1:]
    return ".".join(str(part)[:80] for part in parts) or str(loc[0])


def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause: BaseException | None = error.__cause__
    if isinstance(cause, Problem):
        return problem_json(cause)
    by_status: dict[int, type[Problem]] = {401: NotSignedIn, 403: NotAllowed, 404: NotFound, 413: TooLarge}
    return problem_json(by_status.get(error.status_code, NotReadable)())


def on_busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """A lock was not got in time, or two requests waited for each other."""
    if getattr(error.__cause__, "sqlstate", "") in {"55P03", "40P01", "40001"}:
        return problem_json(Busy())
    raise error


@public
def unknown(request: ActorRequest) -> HttpResponse:
    """No operation has this address."""
    return problem_json(NotFound(_("No operation has this address; see /api/v1/docs.")))


HANDLERS: tuple[tuple[type[Exception], Callable[[Any, Any], HttpResponse]], ...] = (
    (Problem, on_problem),
    (ValidationError, on_invalid),
    (HttpError, on_http_error),
    (OperationalError, on_busy),
)


def interface(title: str, namespace: str, description: str) -> NinjaAPI:
    """Return an interface with our keys, our reader, our refusals and our reference page."""
    made = NinjaAPI(
        title=title,
        version=__version__,
        description=description,
        urls_namespace=namespace,
        auth=[Key(), Session()],
        parser=StrictParser(),
        docs=Reference(),
        docs_decorator=public,
    )
    for refusal, handler in HANDLERS:
        made.add_exception_handler(refusal, handler)
    return made


api = interface("Cailan", "api", DESCRIPTION)
for context in CONTEXTS:
    if find_spec(f"cailan.{context}.api") is not None:
        api.add_router("", import_module(f"cailan.{context}.api").router)

epcis = interface("Cailan EPCIS 2.0", "epcis", EPCIS_DESCRIPTION)
epcis.add_router("", import_module("cailan.exchange.api").epcis_router)
