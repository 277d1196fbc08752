"""The demonstration plays through, closes, and does nothing the second time."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from cailan.kernel.access import SYSTEM
from cailan.ledger import services as ledger
from cailan.lots import queries as lots
from cailan.portals import services

pytestmark = pytest.mark.django_db


def test_the_week_plays_once_and_every_total_closes():
    call_command("load_reference", verbosity=0)
    assert services.load_demo(SYSTEM, at=timezone.now())
    assert lots.unbalanced() == ()
    assert ledger.audit(SYSTEM).is_sound
    held = lots.list_lots(SYSTEM, is_held=True).items
    assert len(held) == 1
    assert not services.load_demo(SYSTEM, at=timezone.now())
