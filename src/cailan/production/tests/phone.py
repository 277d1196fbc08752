"""A grower's phone in the tests: signed in, with a camera, sending what a form shows."""

import html
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from cailan.accounts import services as accounts
from cailan.accounts.models import User
from cailan.kernel.access import SYSTEM

QUEUE = {"Accept": "application/json"}


def sign_in(party, role="owner"):
    user = User.objects.create(
        username=f"{role}-{party.pk}", display_name="黄志强", password_changed_at=timezone.now()
    )
    accounts.grant(
        SYSTEM,
        user_id=user.pk,
        party_id=party.pk,
        party_name=party.name,
        party_kind=party.kind,
        region=party.area_id or "",
        role=role,
    )
    client = Client()
    client.force_login(user)
    return client


def text_of(answer) -> str:
    return html.unescape(answer.content.decode())


def local(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def photo(colour="green"):
    stream = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(stream, "JPEG")
    return SimpleUploadedFile("spray.jpg", stream.getvalue())


def values_of(answer) -> dict[str, object]:
    """Return what a shown form would send when nothing is changed."""
    form = answer.context["form"]
    found = {name: form[name].value() for name in form.fields if name != "photo"}
    for name in ("occurred_at", "ended_at"):
        if found.get(name):
            found[name] = found[name].strftime("%Y-%m-%dT%H:%M")  # naive: as a field shows it
    return {name: value for name, value in found.items() if value not in (None, False)}
