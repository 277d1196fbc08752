"""The catalogue as pages, and what one's party deals in."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import render_page
from cailan.products import queries, services
from cailan.products.forms import CatalogueForm, cleaned


@require_GET
def catalogue(request: ActorRequest) -> HttpResponse:
    """All products, searched by any of their names, narrowed by category."""
    form = CatalogueForm(request.GET)
    chosen = cleaned(form)
    page = queries.list_products(request.actor, **chosen, cursor=request.GET.get("cursor", ""))
    context = {
        "form": form,
        "page": page,
        "more": f"?{urlencode({**chosen, 'cursor': page.next})}" if page.next else "",
    }
    return render_page(request, "products/catalogue.html", context, part="rows")


@require_GET
def product(request: ActorRequest, slug: str) -> HttpResponse:
    """One product with all its names and codes."""
    file = queries.get_product(request.actor, slug)
    context = {"file": file, "product": file.facts, "seal": queries.seal_of(request.actor, slug)}
    return render_page(request, "products/product.html", context)


@require_GET
def main_products(request: ActorRequest) -> HttpResponse:
    """What the party deals in, and the library to add from."""
    form = CatalogueForm(request.GET)
    chosen = cleaned(form)
    mine = queries.main_products(request.actor)
    held = {one.product.slug for one in mine}
    page = queries.list_products(request.actor, **chosen, cursor=request.GET.get("cursor", ""))
    context = {
        "form": form,
        "mine": mine,
        "offers": [one for one in page.items if one.slug not in held],
        "more": f"?{urlencode({**chosen, 'cursor': page.next})}" if page.next else "",
        "may_manage": request.actor.may(Permission.PARTY_MANAGE),
    }
    return render_page(request, "products/main_products.html", context, part="rows")


@require_POST
def change_main_product(request: ActorRequest, slug: str) -> HttpResponse:
    """Put a product into one's list, or take it out."""
    held = [one.product.slug for one in queries.main_products(request.actor)]
    wanted = [one for one in held if one != slug] if "remove" in request.POST else [*held, slug]
    services.choose_main_products(request.actor, slugs=wanted, at=timezone.now())
    messages.success(request, _("Your list has changed; forms offer it first."))
    return redirect("products:main")
