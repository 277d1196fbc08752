"""A base, its grower, and the phone in the grower's hand; models are imported once the apps are ready."""

from datetime import timedelta

import pytest
from django.utils import timezone


@pytest.fixture
def base():
    from django.core.management import call_command

    from cailan.parties.tests.factories import make_party

    call_command("load_reference", verbosity=0)
    return make_party("base", "绿源基地")


@pytest.fixture
def grower(base):
    from cailan.parties.tests.factories import make_actor

    return make_actor(base, display_name="黄志强")


@pytest.fixture
def phone(base):
    from cailan.production.tests.phone import sign_in

    return sign_in(base)


@pytest.fixture
def at():
    return timezone.now().replace(second=0, microsecond=0) - timedelta(hours=1)
