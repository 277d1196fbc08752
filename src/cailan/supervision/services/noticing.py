"""Open the notices of a recall: one for every holder, and for buyers whom only a paper or their seller names."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cailan.parties import queries as parties
from cailan.supervision.models import Notice, NoticeLine, Recall
from cailan.supervision.rules.deadlines import Level, answer_due


@dataclass(slots=True)
class Told:
    """What a notice says of one lot."""

    uom: str
    quantity: Decimal | None = Decimal(0)
    in_transit: Decimal = Decimal(0)
    sold: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who keeps no books here, as a ticket or its seller names it."""

    name: str
    phone: str
    lines: Mapping[int, Told]  # by lot


def open_notices(
    recall: Recall,
    told: Mapping[tuple[int, int], Told],
    consignees: Collection[int],
    phones: Mapping[int, str],
    *,
    at: datetime,
) -> list[Notice]:
    """Write a notice for each party of the scope, with what it had of each lot."""
    holders = {holder for holder, _lot in told}
    everybody = sorted(holders | set(consignees) | {recall.responsible_id})
    contacts = parties.contacts(everybody)
    due = answer_due(Level(recall.level), at)
    notices = Notice.objects.bulk_create(
        Notice(
            recall=recall,
            role=_role(recall, pk, holders),
            holder_id=pk,
            is_registered=contacts[pk].status == "approved",
            name=contacts[pk].name,
            contact_name=contacts[pk].contact_name,
            phone=contacts[pk].phone or phones.get(pk, ""),
            created_at=at,
            due_at=due,
        )
        for pk in everybody
    )
    notice_of = {notice.holder_id: notice for notice in notices}
    NoticeLine.objects.bulk_create(
        _line(notice_of[holder], lot_id, one) for (holder, lot_id), one in told.items()
    )
    return notices


def _role(recall: Recall, party_id: int, holders: Collection[int]) -> str:
    if party_id == recall.responsible_id:
        return Notice.Role.RESPONSIBLE
    return Notice.Role.HOLDER if party_id in holders else Notice.Role.CONSIGNEE


def _line(notice: Notice, lot_id: int, told: Told) -> NoticeLine:
    return NoticeLine(
        notice=notice,
        lot_id=lot_id,
        uom=told.uom,
        quantity=told.quantity,
        in_transit=told.in_transit,
        sold=told.sold,
    )


def open_outside(
    recall: Recall,
    buyers: Iterable[Buyer],
    *,
    parent: Notice | None,
    at: datetime,
    client_key: str | None = None,
) -> list[Notice]:
    """Write notices for buyers outside the books; their quantities are as their sellers say."""
    buyers = list(buyers)
    due = answer_due(Level(recall.level), at)
    notices = Notice.objects.bulk_create(
        Notice(
            recall=recall,
            parent=parent,
            tier=parent.tier + 1 if parent else 1,
            role=Notice.Role.BUYER,
            name=buyer.name,
            phone=buyer.phone,
            created_at=at,
            due_at=due,
            client_key=client_key,
        )
        for buyer in buyers
    )
    NoticeLine.objects.bulk_create(
        _line(notice, lot_id, told)
        for notice, buyer in zip(notices, buyers, strict=True)
        for lot_id, told in buyer.lines.items()
    )
    return notices
