"""Pass a notice on, tier by tier, to buyers who are not in our books."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cailan.kernel import audit, outbox
from cailan.kernel.access import Actor
from cailan.kernel.problems import InvalidInput
from cailan.lots import queries as lots
from cailan.supervision.events import MessagesQueued
from cailan.supervision.models import Notice, NoticeLine
from cailan.supervision.queries.integrity import NOTICE
from cailan.supervision.services import answering, sealing, sending
from cailan.supervision.services.noticing import Buyer, Told, open_outside
from cailan.supervision.services.problems import RecallEnded

DEEPEST = 8
MOST_CHILDREN = 200
_NAME, _PHONE = 200, 30


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A notice passed on; `token` is "" where the same key came a second time: the link was shown once."""

    notice_id: int
    token: str


@transaction.atomic
def forward_notice(
    actor: Actor,
    *,
    notice_id: int,
    name: str,
    phone: str,
    quantities: Mapping[int, Decimal],
    at: datetime,
    client_key: str,
) -> Forwarded:
    """Pass one's own notice on to a buyer; `quantities` by line, as far as one knows."""
    parent = answering.notice_of_actor(actor, notice_id)
    return _forward(actor, parent, name, phone, quantities, at, client_key)


@transaction.atomic
def forward_by_link(
    actor: Actor,
    *,
    token: str,
    name: str,
    phone: str,
    quantities: Mapping[int, Decimal],
    at: datetime,
    client_key: str,
) -> Forwarded:
    """Pass on by the link that was sent: the buyer's own buyers learn of it too."""
    parent = answering.notice_of_link(token)
    return _forward(actor, parent, name, phone, quantities, at, client_key)


def _forward(
    actor: Actor,
    parent: Notice,
    name: str,
    phone: str,
    quantities: Mapping[int, Decimal],
    at: datetime,
    client_key: str,
) -> Forwarded:
    name, phone = name.strip(), phone.strip()
    known = Notice.objects.filter(parent=parent, client_key=client_key).first()
    if known is not None:
        return Forwarded(known.pk, "")
    if parent.recall.closed_at is not None:
        raise RecallEnded
    lines = {line.pk: line for line in NoticeLine.objects.filter(notice=parent)}
    _check(parent, name, phone, quantities, lines, client_key)
    told = {
        line.lot_id: Told(uom=line.uom, quantity=quantities.get(pk) or None) for pk, line in lines.items()
    }
    [child] = open_outside(
        parent.recall, [Buyer(name, phone, told)], parent=parent, at=at, client_key=client_key
    )
    sealing.seal(answering.sealer(actor), sealing.NOTICES[0], [f"{NOTICE}{child.pk}"], at=at)
    lot = lots.facts_of([parent.recall.lot_id])[parent.recall.lot_id]
    tokens = sending.queue(parent.recall, [child], product=f"{lot.name} {lot.number}", at=at)
    outbox.publish([MessagesQueued(parent.recall.number, 1)])
    audit.record(actor, "supervision.notice.forwarded", f"notice:{parent.pk}", child=child.pk)
    return Forwarded(child.pk, tokens[child.pk])


def _check(
    parent: Notice,
    name: str,
    phone: str,
    quantities: Mapping[int, Decimal],
    lines: Mapping[int, NoticeLine],
    client_key: str,
) -> None:
    errors: list[dict[str, object]] = []
    if not client_key.strip():
        errors.append({"where": "client_key", "what": _("Send a key, so that nothing is counted twice.")})
    if not name or len(name) > _NAME:
        errors.append({"where": "name", "what": _("Say who bought it from you.")})
    if not sending.PHONE.fullmatch(phone) or len(phone) > _PHONE:
        errors.append({"where": "phone", "what": _("Give a phone number, digits only.")})
    for pk, quantity in quantities.items():
        if pk not in lines or not quantity.is_finite() or not 0 <= quantity <= answering.MAX:
            errors.append({"where": f"quantity_{pk}", "what": _("Enter a quantity, zero or more.")})
    if parent.tier >= DEEPEST or parent.children.count() >= MOST_CHILDREN:
        errors.append(
            {"where": None, "what": _("No more can be passed on from here. Tell the authority instead.")}
        )
    if errors:
        raise InvalidInput(errors=errors)
