"""Messages out, as the authority reads them: also the simulator's, with their links."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from cailan.kernel.access import Actor
from cailan.kernel.paging import Page, newest_first
from cailan.parties.rules import secrecy
from cailan.supervision.models import Message
from cailan.supervision.queries.recalls import managed

SCHEME = "recall message"


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """One message; `text` is "" where no present key opens it."""

    id: int
    notice_id: int
    name: str
    channel: str
    address: str
    text: str
    state: str
    detail: str
    queued_at: datetime
    settled_at: datetime | None


def list_messages(
    actor: Actor, number: str, *, cursor: str = "", limit: int | None = None
) -> Page[MessageFacts]:
    """List what was sent for a recall, newest first, to the authority that decided it or one above."""
    recall = managed(actor, number)
    page = newest_first(
        Message.objects.filter(notice__recall=recall).select_related("notice"), cursor=cursor, limit=limit
    )
    keys = tuple(secrecy.derive(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    return Page(tuple(_facts(row, keys) for row in page.items), page.next)


def _facts(row: Message, keys: tuple[secrecy.Keys, ...]) -> MessageFacts:
    try:
        text = secrecy.decrypt(keys, bytes(row.body), scheme=SCHEME)
    except secrecy.CannotRead:
        text = ""
    return MessageFacts(
        row.pk,
        row.notice_id,
        row.notice.name,
        row.channel,
        row.address,
        text,
        row.state,
        row.detail,
        row.queued_at,
        row.settled_at,
    )
