"""Book in lots what a registered holder says: destroyed goods leave, returned ones go to the responsible party."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cailan.documents import queries as documents
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotFound, Problem
from cailan.lots import queries as lots
from cailan.lots import services as lots_services
from cailan.lots.rules.requests import Accept, Dispatch, Line, Lose, Parcel, TakeBack, Transfer
from cailan.parties import queries as parties
from cailan.supervision.models import Answer, AnswerLine, Notice, NoticeLine, RecallStock, Return
from cailan.supervision.queries.integrity import RETURN
from cailan.supervision.rules.sealed import plain
from cailan.supervision.services import sealing
from cailan.supervision.services.problems import MoreThanThereWas, RecallEnded
from cailan.tracing.templatetags.words import unit_word

DESTROYED = "destroyed"
Drawn = tuple[lots.HoldingFacts, Decimal]


def check_own_photo(actor: Actor, document_id: int) -> None:
    """Refuse a photo that is not the answering party's own."""
    try:
        owner = documents.get_document(actor, document_id).owner_id
    except NotFound:
        owner = None
    if owner != actor.party_id:
        raise InvalidInput(errors=[{"where": "photo_id", "what": _("Choose one of your own documents.")}])


def book(actor: Actor, answer: Answer, *, at: datetime) -> list[str]:
    """Book an answer's destroyed and returned goods under the order; return the events."""
    notice = answer.notice
    if not notice.is_registered:
        return []
    events: list[str] = []
    for told in AnswerLine.objects.filter(answer=answer).select_related("line"):
        for name, carry_out in (("destroyed", _destroy), ("returned", _send_back)):
            quantity = getattr(told, name)
            if not quantity:
                continue
            drawn = _draw(notice, told.line, quantity, f"{name}_{told.line_id}")
            try:
                events += carry_out(actor, answer, told, drawn, at)
            except Problem as problem:
                raise type(problem)(
                    str(problem.detail),
                    errors=[{"where": f"{name}_{told.line_id}", "what": str(problem.detail)}],
                ) from problem
    return events


def _draw(notice: Notice, line: NoticeLine, quantity: Decimal, where: str) -> list[Drawn]:
    """Choose the stock: first what was there when the recall began, then what came back; on the shelf first."""
    first = set(
        RecallStock.objects.filter(recall_id=notice.recall_id, holder_id=notice.holder_id).values_list(
            "holding_id", flat=True
        )
    )
    sent_back = set(
        Return.objects.filter(line__line__notice__recall_id=notice.recall_id).values_list(
            "holding_id", flat=True
        )
    )
    mine = [
        one
        for one in lots.holding_facts_of(lots.starts_of([line.lot_id])).values()
        if one.holder_id == notice.holder_id
        and one.lot.id == line.lot_id
        and one.remaining != 0
        and one.id not in sent_back
    ]
    chosen: list[Drawn] = []
    left = quantity
    for one in sorted(mine, key=lambda one: (one.id not in first, one.is_in_transit, one.id)):
        part = left if one.remaining is None else min(left, one.remaining)
        chosen.append((one, part))
        left -= part
        if not left:
            return chosen
    what = _("Your books have only %(most)s %(uom)s of it left. Count your stock, then answer.") % {
        "most": plain(quantity - left),
        "uom": unit_word(line.uom),
    }
    raise MoreThanThereWas(what, errors=[{"where": where, "what": what}])


def _lines(drawn: Sequence[Drawn]) -> tuple[Line, ...]:
    return tuple(Line(one.lot.code, part, one.lot.uom, one.id) for one, part in drawn)


def _destroy(actor: Actor, answer: Answer, _told: AnswerLine, drawn: list[Drawn], at: datetime) -> list[str]:
    number = answer.notice.recall.number
    request = Lose(
        occurred_at=answer.occurred_at, lines=_lines(drawn), reason=DESTROYED, document=number, order=number
    )
    return [lots_services.record(actor, request, at=at).event_id]


def _send_back(actor: Actor, answer: Answer, told: AnswerLine, drawn: list[Drawn], at: datetime) -> list[str]:
    """Dispatch to the responsible party, which accepts; to one without books here the goods go over at once."""
    recall = answer.notice.recall
    number, when = recall.number, answer.occurred_at
    events: list[str] = []
    lines = list(_lines([one for one in drawn if not one[0].is_in_transit]))
    for one, part in drawn:
        if one.is_in_transit:  # comes home first
            parcel = Parcel(one.id, part, one.lot.uom)
            home = lots_services.record(
                actor, TakeBack(parcels=(parcel,), occurred_at=when, document=number, order=number), at=at
            )
            events.append(home.event_id)
            lines.append(Line(one.lot.code, part, one.lot.uom, home.holding_ids[0]))
    taker = parties.facts([recall.responsible_id])[recall.responsible_id]
    if taker.is_external:
        handed = Transfer(
            lines=tuple(lines), to_party_id=taker.id, occurred_at=when, document=number, order=number
        )
        return [*events, lots_services.record(actor, handed, at=at).event_id]
    going = Dispatch(
        lines=tuple(lines), to_party_id=taker.id, occurred_at=when, document=number, order=number
    )
    sent = lots_services.record(actor, going, at=at)
    rows = [
        Return(line=told, holding_id=pk, quantity=told.returned, uom=told.line.uom, sent_at=at)
        for pk in dict.fromkeys(sent.holding_ids)  # one lot: one holding on its way
    ]
    made = Return.objects.bulk_create(rows)
    sealing.seal(actor, sealing.RETURN_SENT, [f"{RETURN}{one.pk}" for one in made], at=at)
    return [*events, sent.event_id]


@transaction.atomic
def accept_returns(actor: Actor, *, notice_id: int, return_ids: Sequence[int], at: datetime) -> int:
    """Take returned goods into the responsible party's stock, where they stay on hold; return how many parcels."""
    actor.require(Permission.LOT_READ)
    notice = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("recall")
        .filter(pk=notice_id, holder_id=actor.acting_party_id, role=Notice.Role.RESPONSIBLE)
        .first()
    )
    if notice is None:
        raise NotFound
    actor.require(Permission.LOT_MOVE)
    if notice.recall.closed_at is not None:
        raise RecallEnded
    rows = list(
        Return.objects.select_for_update(of=("self",))
        .filter(pk__in=set(return_ids), line__answer__notice__recall_id=notice.recall_id)
        .select_related("line__line")
        .order_by("pk")
    )
    if len(rows) != len(set(return_ids)):
        raise NotFound
    fresh = [row for row in rows if row.accepted_at is None]
    if not fresh:
        return 0
    number = notice.recall.number
    request = Accept(
        occurred_at=at,
        parcels=tuple(Parcel(row.holding_id, row.quantity, row.uom) for row in fresh),
        document=number,
        order=number,
    )
    outcome = lots_services.record(actor, request, at=at)
    for row in fresh:
        row.accepted_at, row.accepted_event_id = at, outcome.event_id
        row.save(update_fields=["accepted_at", "accepted_event_id"])
        _receive(notice, row)
    sealing.seal(actor, sealing.RETURN_ACCEPTED, [f"{RETURN}{row.pk}" for row in fresh], at=at)
    audit.record(actor, "supervision.returns.accepted", f"recall:{number}", parcels=len(fresh))
    return len(fresh)


def _receive(notice: Notice, row: Return) -> None:
    line, _is_new = NoticeLine.objects.get_or_create(
        notice=notice,
        lot_id=row.line.line.lot_id,
        defaults={"uom": row.uom, "quantity": Decimal(0), "is_added": True},
    )
    line.received += row.quantity
    line.save(update_fields=["received"])
