"""Signed-in browsers for the tests of pages."""

from django.test import Client
from django.utils import timezone

from cailan.accounts import services as accounts
from cailan.accounts.models import User
from cailan.kernel.access import SYSTEM
from cailan.parties.models import Party


def client_of(actor, language="en"):
    party = Party.objects.get(pk=actor.party_id)
    user = User.objects.create(
        username=f"user-{party.pk}-{User.objects.count()}",
        display_name="某人",
        password_changed_at=timezone.now(),
    )
    accounts.grant(
        SYSTEM, user_id=user.pk, party_id=party.pk, party_name=party.name, party_kind=party.kind,
        region=party.area_id or "", role=actor.role,
    )  # fmt: skip
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def text_of(response):
    return response.content.decode()


def filled(page, form="form"):
    """Return what a browser would send of a form as it stands."""
    bound = page.context[form] if isinstance(form, str) else form
    data = {}
    for field in bound:
        value = field.value()
        if value in (None, False):
            continue
        data[field.name] = "on" if value is True else value
    moment = data.get("occurred_at")
    if moment is not None and not isinstance(moment, str):
        data["occurred_at"] = f"{moment:%Y-%m-%dT%H:%M}"
    return data
