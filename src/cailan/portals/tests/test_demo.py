"""The demonstration plays through, closes, leaves something to do, and does nothing the second time."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from cailan.accounts import queries as accounts
from cailan.kernel.access import SYSTEM
from cailan.ledger import services as ledger
from cailan.lots import queries as lots
from cailan.portals import queries, services

pytestmark = pytest.mark.django_db


def actor_of(login):
    return accounts.actor_named(login, None)


def test_the_week_plays_once_and_every_total_closes():
    call_command("load_reference", verbosity=0)
    call_command("load_limits", verbosity=0)

    assert services.load_demo(SYSTEM, at=timezone.now())

    assert lots.unbalanced() == ()
    assert ledger.audit(SYSTEM).is_sound
    assert [lot.number[:3] for lot in lots.list_lots(SYSTEM, is_held=True).items] == ["7B-"]
    assert not services.load_demo(SYSTEM, at=timezone.now())
    stall, centre = actor_of("stall"), actor_of("centre")
    assert {work.icon for work in queries.work_of(stall, "merchant")} >= {"truck-delivery"}
    [waiting] = queries.waiting_for_tests(centre)
    assert (waiting.holding.lot.number[:2], waiting.holding.remaining) == ("7-", 90)
