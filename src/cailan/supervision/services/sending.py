"""Messages out: a port for each channel, and the local outbox that ships.

The local outbox is a simulator and says so: it keeps what would be sent where officials can read it, and hands
nothing to any network. An operator with a contract puts a gateway of its own in its place.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor, Permission
from cailan.parties.rules import secrecy
from cailan.supervision.models import Message, Notice, NoticeLink, Recall
from cailan.supervision.queries.messages import SCHEME
from cailan.supervision.rules.sealed import digest_of_token

PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]")
_BATCH = 200
_TOKEN_BYTES = 16  # 128 bits


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a gateway gets."""

    channel: str
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a gateway says: taken or not, and why."""

    is_delivered: bool
    detail: str


class NotificationPort(Protocol):
    """A way out of the system."""

    def send(self, outgoing: Outgoing) -> Delivery: ...


class InApp:
    """The notice stands in the receiver's own list as soon as it exists."""

    def send(self, outgoing: Outgoing) -> Delivery:  # noqa: ARG002 (the port's signature)
        return Delivery(is_delivered=True, detail="in-app")


class LocalOutbox:
    """The simulator: keeps messages here, and refuses the numbers that a gateway would refuse."""

    def send(self, outgoing: Outgoing) -> Delivery:
        if not outgoing.address:
            return Delivery(is_delivered=False, detail="no-number")
        if not PHONE.fullmatch(outgoing.address):
            return Delivery(is_delivered=False, detail="bad-number")
        return Delivery(is_delivered=True, detail="simulated")


PORTS: Mapping[str, NotificationPort] = {
    Message.Channel.APP: InApp(),
    Message.Channel.SMS: LocalOutbox(),
    Message.Channel.WECHAT: LocalOutbox(),
}


def queue(recall: Recall, notices: Iterable[Notice], *, product: str, at: datetime) -> dict[int, str]:
    """Queue a message to each on every channel it has, each with a link of its own; return the links' secrets."""
    keys = secrecy.derive(settings.SECRET_KEY)
    secrets_of: dict[int, str] = {}
    links, messages = [], []
    for notice in notices:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        secrets_of[notice.pk] = token
        links.append(NoticeLink(notice=notice, digest=digest_of_token(token), created_at=at))
        body = secrecy.encrypt(
            keys, _text(recall, notice, product, token), scheme=SCHEME, nonce=secrets.token_bytes(12)
        )
        channels = [Message.Channel.APP] if notice.is_registered else []
        for channel in (*channels, Message.Channel.SMS):
            address = notice.phone if channel == Message.Channel.SMS else ""
            messages.append(Message(notice=notice, channel=channel, address=address, body=body, queued_at=at))
    NoticeLink.objects.bulk_create(links)
    Message.objects.bulk_create(messages)
    return secrets_of


def _text(recall: Recall, notice: Notice, product: str, token: str) -> str:
    """Say it in the language of the country, whatever the official's page speaks."""
    with translation.override(settings.LANGUAGE_CODE):
        kind = _("Recall") if recall.kind == Recall.Kind.RECALL else _("Withdrawal")
        return _("%(kind)s %(number)s: %(product)s. %(instruction)s Answer by %(due)s: %(link)s") % {
            "kind": kind,
            "number": recall.number,
            "product": product,
            "instruction": recall.instruction,
            "due": f"{timezone.localtime(notice.due_at):%m-%d %H:%M}",
            "link": f"{settings.CAILAN.public_url.rstrip('/')}/r/{token}",
        }


def deliver_queued(actor: Actor, *, at: datetime) -> int:
    """Hand queued messages to their ports; return how many were settled. Two workers never send the same one."""
    actor.require(Permission.RECALL_MANAGE)
    settled = 0
    keys = tuple(secrecy.derive(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    while True:
        with transaction.atomic():
            batch = list(
                Message.objects.select_for_update(skip_locked=True)
                .filter(state=Message.State.QUEUED)
                .order_by("pk")[:_BATCH]
            )
            for message in batch:
                text = secrecy.decrypt(keys, bytes(message.body), scheme=SCHEME)
                said = PORTS[message.channel].send(Outgoing(message.channel, message.address, text))
                message.state = Message.State.DELIVERED if said.is_delivered else Message.State.FAILED
                message.detail, message.settled_at = said.detail, at
            Message.objects.bulk_update(batch, ["state", "detail", "settled_at"])
        settled += len(batch)
        if len(batch) < _BATCH:
            return settled
