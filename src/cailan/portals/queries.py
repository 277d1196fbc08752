"""What waits for somebody, over all floors: the work list of the home pages and the numbers in the menu."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cailan.kernel.access import Actor, Permission
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.portals.rules import HOLDING_PORTALS, Counted
from cailan.quality import queries as quality
from cailan.supervision import queries as supervision
from cailan.trade import queries as trade

SHOWN = 6
COUNTS: dict[str, Callable[[Actor], int]] = {
    Counted.REGISTRATIONS: parties.count_pending,
    Counted.ALERTS: supervision.count_new_alerts,
    Counted.NOTICES: supervision.count_open_notices,
}


@dataclass(frozen=True, slots=True)
class Work:
    """Something that waits: what, how urgent, and where to do it."""

    text: str
    url: str
    icon: str
    tone: str  # blocked, attention, info


def count(actor: Actor, what: str) -> int:
    """Return a number of the menu."""
    return COUNTS[what](actor) if what else 0


def work_of(actor: Actor, portal: str) -> tuple[Work, ...]:
    """List what waits for the actor's party, the urgent first."""
    found: list[Work] = []
    if alerts := supervision.count_new_alerts(actor):
        text = ngettext("%(number)d new alert", "%(number)d new alerts", alerts) % {"number": alerts}
        found.append(Work(text, reverse("supervision:alerts"), "bell", "blocked"))
    if portal in HOLDING_PORTALS:
        found += _of_holder(actor)
    if portal == "lab":
        found += _of_laboratory(actor)
    return tuple(found)


def _of_holder(actor: Actor) -> list[Work]:
    found: list[Work] = []
    if notices := supervision.count_open_notices(actor):
        text = ngettext("%(number)d recall notice to answer", "%(number)d recall notices to answer", notices)
        found.append(
            Work(text % {"number": notices}, reverse("supervision:notices"), "speakerphone", "blocked")
        )
    waiting, tickets = trade.waiting_tickets(actor), reverse("trade:tickets")
    if number := waiting.disputed:
        text = ngettext(
            "%(number)d disputed ticket to settle", "%(number)d disputed tickets to settle", number
        )
        found.append(
            Work(text % {"number": number}, f"{tickets}?status=disputed", "alert-triangle", "attention")
        )
    if number := waiting.to_confirm:
        text = ngettext("%(number)d delivery to confirm", "%(number)d deliveries to confirm", number)
        found.append(
            Work(text % {"number": number}, f"{tickets}?side=in&status=open", "truck-delivery", "attention")
        )
    if number := waiting.asked_of_us:
        text = ngettext("%(number)d buyer asks for a ticket", "%(number)d buyers ask for a ticket", number)
        found.append(Work(text % {"number": number}, f"{tickets}?status=requested", "receipt", "attention"))
    if number := waiting.out:
        text = ngettext(
            "%(number)d ticket that its buyer has not confirmed",
            "%(number)d tickets that their buyers have not confirmed",
            number,
        )
        found.append(Work(text % {"number": number}, f"{tickets}?side=out&status=open", "clock", "info"))
    return found


def _of_laboratory(actor: Actor) -> list[Work]:
    found: list[Work] = []
    work, samples = quality.count_work(actor), reverse("quality:worklist")
    if number := work.get("requested", 0):
        text = ngettext("%(number)d sample to accept", "%(number)d samples to accept", number)
        found.append(Work(text % {"number": number}, f"{samples}?status=requested", "inbox", "attention"))
    if number := work.get("accepted", 0):
        text = ngettext("%(number)d sample being tested", "%(number)d samples being tested", number)
        found.append(Work(text % {"number": number}, f"{samples}?status=accepted", "flask", "info"))
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """Stock that may not go on before it has passed a test, and where its test is entered or asked for."""

    holding: lots.HoldingFacts
    url: str
    act: str


def waiting_for_tests(actor: Actor) -> tuple[Waiting, ...]:
    """List the newest stock that waits, each with the next step."""
    if not actor.may(Permission.LOT_MOVE):
        return ()
    found = []
    for holding in lots.waiting(actor, limit=SHOWN).items:
        is_own = holding.awaits == "self-test"
        url = reverse("quality:self_test" if is_own else "quality:request_test", args=[holding.lot.code])
        found.append(Waiting(holding, url, _("Enter the self-test") if is_own else _("Request a test")))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Today:
    """A merchant's day so far, money only where the actor may see it."""

    day: datetime
    trade: trade.Day


def today(actor: Actor, now: datetime) -> Today:
    return Today(now, trade.day_of(actor, now.date()))
