"""What is to be done next, on a batch and after a harvest."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from cailan.production.rules.facts import BatchFile, HarvestFacts


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, with where to do it."""

    label: str
    hint: str
    url: str
    icon: str


def _page(name: str, code: str) -> str:
    """Return where something is done with a lot; "" where no such page is there."""
    try:
        return reverse(name, args=[code])
    except NoReverseMatch:
        return ""


def self_test_url(code: str) -> str:
    return _page("quality:self_test", code)


def certificate_url(code: str) -> str:
    return _page("quality:issue_certificate", code)


def next_step(found: BatchFile, waiting: Collection[str]) -> Step | None:
    """Return what comes next: a test that waits, what is missing, the harvest or what it waits for."""
    batch = found.batch
    log = f"{reverse('production:log')}?{urlencode({'batch': batch.id})}"
    for harvest in found.harvests:
        if harvest.lot_code in waiting and (url := self_test_url(harvest.lot_code)):
            return Step(_("Enter the self-test"), harvest.number, url, "test-pipe")
    if not batch.is_open or found.is_barred_for_ever:
        return None
    if not found.operations:
        return Step(_("Log the first work"), _("Sowing, irrigating, fertilising"), log, "writing")
    if found.allowed_from is not None:
        hint = _("Harvest is allowed from %(day)s") % {"day": found.allowed_from}
        return Step(_("Log work"), hint, log, "writing")
    return Step(
        _("Harvest"), _("No safety interval runs"), reverse("production:harvest", args=[batch.id]), "basket"
    )


def steps_after(harvest: HarvestFacts, *, is_waiting: bool) -> list[dict[str, Any]]:
    """Return the way of a harvested lot out of the base, as far as its pages are there."""
    steps = [{"label": _("Harvested"), "state": "done", "hint": harvest.number}]
    test, certificate = self_test_url(harvest.lot_code), certificate_url(harvest.lot_code)
    if test:
        steps.append(
            {
                "label": _("Self-test"),
                "state": "now" if is_waiting else "done",
                "hint": _("What leaves the base is tested first (逢出必检)."),
                "url": test,
                "icon": "test-pipe",
            }
        )
    if certificate:
        steps.append(
            {
                "label": _("Promise certificate and label"),
                "state": "" if is_waiting else "now",
                "hint": _("One label with both codes."),
                "url": certificate,
                "icon": "certificate",
            }
        )
    return steps
