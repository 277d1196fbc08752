"""End what is open: settle a dispute, take a ticket back, close one whose buyer keeps no books here."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.rules.requests import Accept, AnyRequest, Line, Lose, Parcel, Retail, TakeBack, Transfer
from cailan.parties.rules.facts import PartyFacts
from cailan.trade.models.tickets import Dispute, Ticket, TicketLine
from cailan.trade.rules import tickets as rules
from cailan.trade.rules.tickets import SETTLED_BY_SELLER, Act, Settlement, Status
from cailan.trade.services import booking
from cailan.trade.services.issuing import named_partner, own_place
from cailan.trade.services.problems import (
    AlreadySettled,
    BuyerMustConfirm,
    NotInThatState,
    NotYoursToSettle,
)
from cailan.trade.services.sealing import seal_dispute, seal_purchase, seal_ticket

LOST_ON_THE_WAY = "lost-on-the-way"
_LONGEST_NOTE = 200


@transaction.atomic
def settle_dispute(
    actor: Actor,
    *,
    dispute_id: int,
    outcome: str,
    at: datetime,
    note: str = "",
    occurred_at: datetime | None = None,
) -> str:
    """End a dispute: the seller takes the rest back or bears its loss, or the buyer accepts it; return the status."""
    actor.require(Permission.LOT_MOVE)
    if outcome not in set(Settlement):
        raise InvalidInput(errors=[{"where": "outcome", "what": _("Choose how it ends from the list.")}])
    ticket_id = Dispute.objects.filter(pk=dispute_id).values_list("line__ticket_id", flat=True).first()
    ticket = booking.find_ticket_locked(pk=ticket_id)
    if ticket is None or actor.acting_party_id not in {ticket.seller_id, ticket.buyer_id}:
        raise NotFound
    dispute = Dispute.objects.select_related("line__lot").get(pk=dispute_id)
    if dispute.outcome:
        if dispute.outcome == outcome:
            return ticket.status  # a double tap
        raise AlreadySettled
    is_seller = ticket.seller_id == actor.acting_party_id
    if is_seller != (outcome in SETTLED_BY_SELLER):
        raise NotYoursToSettle
    moment = occurred_at or at
    result = goods.record(actor, _request(actor, ticket, dispute, outcome, moment), at=at)
    _close_dispute(actor, dispute, outcome, note=note, event_id=result.event_id, at=at)
    _conclude(actor, ticket, dispute, result.holding_ids, at=at, moment=moment)
    return ticket.status


def _request(actor: Actor, ticket: Ticket, dispute: Dispute, outcome: str, moment: datetime) -> AnyRequest:
    line, left = dispute.line, dispute.open_quantity
    parcel = (Parcel(line.holding_id or 0, left, line.uom),)
    if outcome == Settlement.TAKEN_BACK:
        return TakeBack(
            occurred_at=moment, parcels=parcel, site_id=ticket.seller_site_id, document=ticket.number
        )
    if outcome == Settlement.ACCEPTED:
        awaits = lots.arrival_wait(actor.party_kind)
        return Accept(occurred_at=moment, parcels=parcel, document=ticket.number, awaits=awaits)
    lost = Line(line.lot.code, left, line.uom, line.holding_id)
    return Lose(occurred_at=moment, lines=(lost,), reason=LOST_ON_THE_WAY, document=ticket.number)


def _close_dispute(
    actor: Actor, dispute: Dispute, outcome: str, *, note: str, event_id: str, at: datetime
) -> None:
    dispute.outcome = outcome
    dispute.settled_by_id = actor.acting_party_id
    dispute.settled_at = at
    dispute.settled_note = note.strip()[:_LONGEST_NOTE]
    dispute.event_id = event_id
    dispute.save()
    seal_dispute(actor, dispute, at=at)
    audit.record(actor, "trade.dispute.settled", f"dispute:{dispute.pk}", outcome=outcome)


def _conclude(
    actor: Actor,
    ticket: Ticket,
    dispute: Dispute,
    holding_ids: tuple[int, ...],
    *,
    at: datetime,
    moment: datetime,
) -> None:
    """Write what the end of a dispute means for ticket, purchase and money."""
    lines = booking.lines_of(ticket)
    kept = {line.pk: line.accepted_quantity or Decimal(0) for line in lines}
    if dispute.outcome == Settlement.ACCEPTED:
        kept[dispute.line_id] += dispute.open_quantity
    still_open = dict(
        Dispute.objects.filter(line__ticket=ticket, outcome="").values_list("line_id", "open_quantity")
    )
    ticket.status = rules.status_after(open_disputes=len(still_open), ever_disputed=True, kept=kept.values())
    ticket.changed_at = at
    booking.restate(ticket, lines, kept)
    ticket.save()
    if dispute.outcome == Settlement.ACCEPTED:
        line = next(line for line in lines if line.pk == dispute.line_id)
        came = [(line, dispute.open_quantity, holding_ids[0])]
        before = ticket.purchase.total_fen or 0 if hasattr(ticket, "purchase") else 0
        purchase, is_new = booking.book_purchase(
            actor,
            ticket,
            came,
            at=at,
            occurred_at=moment,
            event_id=dispute.event_id,
            site_id=own_place(actor, None),
        )
        seal_purchase(actor, purchase, at=at, is_extended=not is_new)
        booking.pay_purchase(actor, ticket, purchase, before, at=at)
    else:
        # What is paid for a line that is still disputed stays until that ends too.
        booking.give_back(
            actor, ticket, at=at, disputed_fen=booking.worth_of(lines, still_open),
            note=_("Back with the goods of ticket %(number)s") % {"number": ticket.number},
        )  # fmt: skip
    seal_ticket(actor, ticket, at=at)


@transaction.atomic
def void_ticket(actor: Actor, *, ticket_id: int, at: datetime, reason: str = "") -> None:
    """Take a ticket back while nobody has confirmed it: its goods are stock again, its money goes back.

    A request that the seller has not confirmed may be withdrawn by the buyer too.
    """
    actor.require(Permission.LOT_MOVE)
    ticket = _own(actor, ticket_id, also_buyer=True)
    if ticket.status == Status.VOID:
        return
    is_seller = ticket.seller_id == actor.acting_party_id
    if not rules.may(Act.VOID, ticket.status) or not (is_seller or ticket.status == Status.REQUESTED):
        raise NotInThatState
    lines = booking.lines_of(ticket)
    if ticket.status == Status.OPEN:
        parcels = tuple(Parcel(line.holding_id or 0, line.quantity, line.uom) for line in lines)
        back = TakeBack(
            occurred_at=at, parcels=parcels, site_id=ticket.seller_site_id, document=ticket.number
        )
        goods.record(actor, back, at=at)
    ticket.status, ticket.changed_at = Status.VOID, at
    ticket.note = ticket.note or reason.strip()[:_LONGEST_NOTE]
    booking.restate(ticket, lines, {line.pk: Decimal(0) for line in lines})
    ticket.save()
    booking.give_back(actor, ticket, at=at, note=_("Back with the goods of ticket %(number)s") % {
        "number": ticket.number
    })  # fmt: skip
    seal_ticket(actor, ticket, at=at)
    audit.record(actor, "trade.ticket.void", f"ticket:{ticket.pk}")


@transaction.atomic
def close_ticket(
    actor: Actor, *, ticket_id: int, at: datetime, buyer_name: str = "", buyer_phone: str = ""
) -> None:
    """Say that the goods of an open ticket were handed over to somebody who keeps no books here."""
    actor.require(Permission.LOT_MOVE)
    ticket = _own(actor, ticket_id)
    if ticket.status == Status.CLOSED:
        return
    if not rules.may(Act.CLOSE, ticket.status):
        raise NotInThatState
    if ticket.buyer_id is not None:
        raise BuyerMustConfirm
    lines = booking.lines_of(ticket)
    name = buyer_name.strip() or ticket.buyer_name
    buyer = named_partner(actor, name, at=at) if name else None
    if buyer is not None and not buyer.is_external:
        raise BuyerMustConfirm
    goods.record(actor, _handed_over(ticket, lines, buyer, at), at=at)
    ticket.status, ticket.changed_at = Status.CLOSED, at
    ticket.buyer_id = buyer.id if buyer else None
    ticket.buyer_name, ticket.buyer_phone = name, buyer_phone.strip() or ticket.buyer_phone
    booking.restate(ticket, lines, {line.pk: line.quantity for line in lines})
    ticket.save()
    seal_ticket(actor, ticket, at=at)
    audit.record(actor, "trade.ticket.closed", f"ticket:{ticket.pk}")


def _handed_over(
    ticket: Ticket, lines: list[TicketLine], buyer: PartyFacts | None, at: datetime
) -> AnyRequest:
    wanted = tuple(Line(line.lot.code, line.quantity, line.uom, line.holding_id) for line in lines)
    if buyer is None:
        return Retail(occurred_at=at, lines=wanted, site_id=ticket.seller_site_id, document=ticket.number)
    return Transfer(
        occurred_at=at,
        lines=wanted,
        to_party_id=buyer.id,
        site_id=ticket.seller_site_id,
        document=ticket.number,
    )


def _own(actor: Actor, ticket_id: int, *, also_buyer: bool = False) -> Ticket:
    """Return one of the actor's tickets under lock."""
    ticket = booking.find_ticket_locked(pk=ticket_id)
    sides = {ticket.seller_id, ticket.buyer_id if also_buyer else None} if ticket else set()
    if ticket is None or actor.acting_party_id not in sides:
        raise NotFound
    return ticket
