"""Limits of the three places side by side, and their import."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import render_page
from cailan.products import queries as products
from cailan.quality import queries, services
from cailan.quality.forms.promising import ImportForm, LimitsForm
from cailan.quality.rules.limit_file import COLUMNS
from cailan.quality.views import frame

MOST_BYTES = 2_000_000  # it travels once more, as text, from the dry run to the loading
EXAMPLE = 'CN,,蔬菜,毒死蜱,0.02,mg/kg,毒死蜱,GB 2763,2026,"公告页码",2026-03-01,,1'


@require_GET
def limits(request: ActorRequest) -> HttpResponse:
    """For a product, a substance and a day: what each place allows, and which is the strictest."""
    actor = request.actor
    actor.require(Permission.LOT_READ)
    asked = {**request.GET.dict(), "on": request.GET.get("on") or timezone.localdate().isoformat()}
    form = LimitsForm(asked)
    product, name = None, ""
    if form.is_valid():
        name = form.cleaned_data["product"].strip()
        product = products.resolve_names([name], party_id=actor.party_id).get(name) if name else None
        if name and product is None:
            form.add_error("product", _("No product has this name. Choose one from the list."))
    day = frame.day_in(asked["on"])
    wants = form.is_valid() and not form.errors
    page = queries.side_by_side(
        actor,
        on=day,
        product_id=product.id if product else None,
        substance=form.cleaned_data["substance"].strip() if wants else "",
        cursor=request.GET.get("cursor", ""),
    ) if wants else None  # fmt: skip
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "product": product,
        "day": day,
        "next": frame.next_page(request, page.next) if page else "",
        "sources": queries.sources_in_force(actor, on=day),
        "substances": frame.substances(),
        "products": [one.name for one in products.list_products(actor, limit=500).items],
        "may_manage": actor.may(Permission.LIMIT_MANAGE),
    }
    return render_page(
        request, "quality/limits.html", context, part="rows", status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def import_limits(request: ActorRequest) -> HttpResponse:
    """Try a table, see what it would change, then load it."""
    actor = request.actor
    actor.require(Permission.LIMIT_MANAGE)
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "columns": COLUMNS}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (text := _text(form)) is not None:
            loads = "load" in request.POST
            report = services.load_limits(actor, text, at=timezone.now(), is_dry_run=not loads)
            if loads and not report.refused:
                said = ngettext("%(number)d limit loaded.", "%(number)d limits loaded.", report.taken)
                messages.success(request, said % {"number": report.taken})
                return redirect("quality:limits")
            status = 200
            context |= {"report": report, "text": text, "is_loaded": loads}
    return render_page(request, "quality/import_limits.html", context, status=status)


def _text(form: ImportForm) -> str | None:
    sent = form.cleaned_data["file"]
    if sent is None:
        if form.cleaned_data["text"]:
            return str(form.cleaned_data["text"])
        form.add_error("file", _("Choose the CSV file."))
        return None
    if sent.size > MOST_BYTES:
        form.add_error("file", _("This file is too large. Split it."))
        return None
    try:
        return str(sent.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        form.add_error("file", _("Save the file as CSV in UTF-8; this one is in another encoding."))
        return None


@require_GET
def template(request: ActorRequest) -> HttpResponse:
    """The columns, and one row as an example."""
    request.actor.require(Permission.LIMIT_MANAGE)
    text = "\ufeff" + ",".join(COLUMNS) + "\r\n" + EXAMPLE + "\r\n"
    headers = {"Content-Disposition": 'attachment; filename="limits.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
