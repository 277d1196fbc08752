"""The calendar by which working days are counted."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cailan.kernel.access import ActorRequest
from cailan.kernel.pages import blame, render_page
from cailan.kernel.problems import InvalidInput
from cailan.supervision import queries, services
from cailan.supervision.forms import WorkDayForm


@require_http_methods(["GET", "POST"])
def workdays(request: ActorRequest) -> HttpResponse:
    """The special days of a year, and a form to correct one."""
    today = timezone.localdate()
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else today.year  # noqa: PLR2004
    days = queries.list_workdays(request.actor, year=max(2000, year))
    form = WorkDayForm(request.POST or None, initial={"is_workday": "0"})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_workday(request.actor, **form.cleaned_data, at=timezone.now())
        except InvalidInput as problem:
            blame(form, problem)
        else:
            messages.success(request, _("The calendar is changed and the change is sealed."))
            return redirect(f"{reverse('supervision:calendar')}?year={form.cleaned_data['day'].year}")
    years = range(today.year, today.year + 3)
    context = {
        "days": days,
        "year": year,
        "form": form,
        "tabs": [{"url": f"?year={one}", "label": str(one), "active": one == year} for one in years],
    }
    return render_page(request, "supervision/calendar.html", context, status=422 if form.errors else 200)
