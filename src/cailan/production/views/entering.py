"""Take an entry: keep its pictures, carry it out, and say a refusal at the field it names."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cailan.documents import services as documents
from cailan.documents.rules import DocumentKind
from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import blame, recorded, refused, render_page
from cailan.kernel.problems import KeyReused, NotAllowed, NotFound, Problem
from cailan.parties import queries as parties
from cailan.parties.rules.kinds import PRODUCTION_SITES
from cailan.production.forms.fields import EntryForm
from cailan.products import queries as products

MOST_PHOTOS = 9
LARGEST_ID = 2**63 - 1
Act = Callable[[tuple[int, ...]], str]


def take(
    request: ActorRequest,
    form: EntryForm,
    template: str,
    context: Mapping[str, Any],
    act: Act,
    *,
    message: str,
    at: datetime,
    kind: str = DocumentKind.PHOTO,
) -> HttpResponse:
    """Show a form; carry out what was sent and go where `act` says; a refusal stands beside the input, which stays."""
    if request.method != "POST":
        return render_page(request, template, {"form": form, **context})
    status = 422
    if form.is_valid():
        try:
            return recorded(request, act(_kept(request, kind, at)), message)
        except KeyReused as problem:
            status = problem.status
            form.problem = problem
            form.with_new_key()
            form.add_error(None, _("This was sent before with other input. Check it, and send it again."))
        except (NotFound, NotAllowed):
            raise
        except Problem as problem:
            status = problem.status
            form.problem = problem
            blame(form, problem)
    return refused(request, template, context, form, status=status)


def _kept(request: ActorRequest, kind: str, at: datetime) -> tuple[int, ...]:
    """Keep the pictures that were sent; the same picture again is the same document."""
    found = []
    for file in request.FILES.getlist("photo")[:MOST_PHOTOS]:
        try:
            found.append(
                documents.store(
                    request.actor, file=file, name=file.name or "photo.jpg", kind=str(kind), at=at
                )
            )
        except Problem as problem:
            for error in problem.extra.get("errors", []):
                error["where"] = "photo"
            problem.extra["where"] = "photo"
            raise
    return tuple(found)


def number(text: str | None) -> int | None:
    """Return an id in a query string; what is none is passed over."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 19:  # noqa: PLR2004 (a bigint)
        return None
    return found if 0 < (found := int(text)) <= LARGEST_ID else None


def plots(request: ActorRequest) -> list[tuple[int, str]]:
    """Return the places where something grows, plots before the base they lie in."""
    actor = request.actor
    found = [site for site in parties.sites_of(actor, actor.acting_party_id) if site.kind in PRODUCTION_SITES]
    found.sort(key=lambda site: (site.kind == "base", site.code, site.name))
    return [(site.id, site.name) for site in found]


def product_names(request: ActorRequest) -> list[str]:
    """Return crops to choose from: what the party deals in, then the library."""
    main = [entry.product for entry in products.main_products(request.actor)]
    library = products.list_products(request.actor, category="plants", limit=500).items
    return list(dict.fromkeys(product.name for product in [*main, *library]))
