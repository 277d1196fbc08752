"""The base's own test, on the phone."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cailan.kernel.access import ActorRequest, Permission
from cailan.kernel.pages import recorded, refused, render_page
from cailan.kernel.problems import Problem
from cailan.products import queries as products
from cailan.quality import queries, services
from cailan.quality.forms.fields import say
from cailan.quality.forms.testing import QuickForm
from cailan.quality.rules import quick
from cailan.quality.views import frame

_PASSED = _("Passed: the lot may leave. The result is sealed.")
_FAILED = _("Failed: the lot is on hold and stays here.")
_REPEAT = _("Recorded. The test must be repeated; the lot waits until then.")


@require_http_methods(["GET", "POST"])
def self_test(request: ActorRequest, code: str) -> HttpResponse:
    """One screen: method, reading, photo; passed frees the lot, failed holds it."""
    actor = request.actor
    lot = frame.find_lot(actor, code)
    actor.require(Permission.TEST_RECORD)
    form = QuickForm(
        request.POST or None,
        request.FILES or None,
        now=timezone.now(),
        items=frame.expected_items(lot),
        with_instrument=True,
    )
    context = {
        "lot": lot,
        "form": form,
        "state": queries.state_of([lot.id])[lot.id],
        "substances": frame.substances(),
        "misleads": _misleads(lot.product_id),
    }
    template = "quality/self_test.html"
    if request.method != "POST":
        return render_page(request, template, context)
    if not form.is_valid():
        return refused(request, template, context, form)
    try:
        services.self_test(
            actor,
            lot=lot.code,
            entries=form.entries(),
            at=timezone.now(),
            tested_at=form.cleaned_data["occurred_at"],
            kit=form.cleaned_data["kit"],
            photo_id=frame.kept_photo(actor, form.cleaned_data["photo"]),
            client_key=form.key,
        )
    except Problem as problem:
        say(form, problem, form.used)
        return refused(request, template, context, form, status=problem.status)
    said = queries.state_of([lot.id])[lot.id].self_test
    message = {"passed": _PASSED, "failed": _FAILED}.get(said, _REPEAT)
    return recorded(request, reverse("tracing:lot", args=[lot.code]), message)


def _misleads(product_id: int | None) -> bool:
    """Say whether the enzyme tests are known to mislead on this product."""
    if product_id is None or (found := products.facts([product_id]).get(product_id)) is None:
        return False
    return quick.is_misleading("enzyme", slug=found.slug, categories=(found.category,))
