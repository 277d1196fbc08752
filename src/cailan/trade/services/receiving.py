"""Confirm a ticket: what came becomes the buyer's stock and purchase, what did not stays on its way, disputed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.documents import queries as documents
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.rules.requests import Accept, Parcel
from cailan.parties import queries as parties
from cailan.trade.models.tickets import Dispute, Purchase, Ticket, TicketLine
from cailan.trade.rules import tickets as rules
from cailan.trade.rules.tickets import Act, DisputeReason, Received, Status
from cailan.trade.services import booking
from cailan.trade.services.issuing import own_place
from cailan.trade.services.problems import OwnTicket, TicketForAnother, TicketGone
from cailan.trade.services.sealing import seal_dispute, seal_purchase, seal_ticket
from cailan.trade.services.times import check_moment


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of a confirmation: the purchase, None where nothing was taken."""

    ticket_id: int
    purchase_id: int | None
    status: str
    was_known: bool = False


@transaction.atomic
def accept_ticket(
    actor: Actor,
    *,
    code: str,
    at: datetime,
    received: Mapping[int, Received] | None = None,
    occurred_at: datetime | None = None,
    site_id: int | None = None,
) -> Booked:
    """Confirm a ticket once; the same buyer again gets the purchase that is booked already.

    `received` says for single lines that less came: the rest of them is disputed and stays on its way.
    """
    actor.require(Permission.LOT_MOVE)
    ticket = booking.find_ticket_locked(code=code)
    if ticket is None:
        raise NotFound
    if (known := _settle_who(actor, ticket)) is not None:
        return known
    lines = booking.lines_of(ticket)
    differing = _checked(actor, lines, received or {})
    ticket.buyer_id = actor.acting_party_id
    ticket.buyer_name = ticket.buyer_name or parties.facts([ticket.buyer_id])[ticket.buyer_id].name
    moment = max(occurred_at or at, ticket.issued_at)  # nothing comes before it was sent
    check_moment(moment, at=at)
    came = {line.pk: differing[line.pk].quantity if line.pk in differing else line.quantity for line in lines}
    taken = [line for line in lines if came[line.pk] > 0]
    event_id, holdings = _take(
        actor, ticket, [(line, came[line.pk]) for line in taken], moment, site_id=site_id, at=at
    )
    open_disputes = [line for line in lines if came[line.pk] < line.quantity]
    ticket.status = rules.status_after(
        open_disputes=len(open_disputes), ever_disputed=bool(open_disputes), kept=came.values()
    )
    ticket.changed_at = at
    booking.restate(ticket, lines, came)
    ticket.save()
    for line in open_disputes:
        _dispute(actor, line, differing[line.pk], at=at)
    purchase = None
    if taken:
        purchase, _is_new = booking.book_purchase(
            actor, ticket, [(line, came[line.pk], holding) for line, holding in zip(taken, holdings, strict=True)],
            at=at, occurred_at=moment, event_id=event_id, site_id=site_id or own_place(actor, None),
        )  # fmt: skip
        seal_purchase(actor, purchase, at=at)
        booking.pay_purchase(actor, ticket, purchase, 0, at=at)
    seal_ticket(actor, ticket, at=at)
    audit.record(actor, f"trade.ticket.{ticket.status}", f"ticket:{ticket.pk}")
    return Booked(ticket.pk, purchase.pk if purchase else None, ticket.status)


def dispute_line(
    actor: Actor,
    *,
    code: str,
    line_id: int,
    received: Received,
    at: datetime,
    occurred_at: datetime | None = None,
) -> Booked:
    """Confirm a ticket of which one line is not what it says."""
    return accept_ticket(actor, code=code, at=at, received={line_id: received}, occurred_at=occurred_at)


def _settle_who(actor: Actor, ticket: Ticket) -> Booked | None:
    """Return what was booked before; refuse whoever may not confirm this ticket, or cannot any more."""
    ours = actor.acting_party_id
    if ticket.seller_id == ours:
        raise OwnTicket
    if ticket.buyer_id == ours and ticket.status in {Status.ACCEPTED, Status.DISPUTED, Status.SETTLED}:
        purchase = Purchase.objects.filter(ticket=ticket).first()
        return Booked(ticket.pk, purchase.pk if purchase else None, ticket.status, was_known=True)
    if rules.may(Act.ACCEPT, ticket.status):
        if ticket.buyer_id not in {None, ours}:
            raise TicketForAnother
        return None
    raise TicketGone(why_gone(ticket.status, ticket.changed_at, is_ours=ticket.buyer_id in {None, ours}))


def why_gone(status: str, changed_at: datetime, *, is_ours: bool) -> str:
    """Say what became of a ticket that cannot be confirmed."""
    when = {"when": f"{timezone.localtime(changed_at):%Y-%m-%d %H:%M}"}
    if status == Status.VOID:
        return _("The seller took it back on %(when)s. Ask for a new ticket.") % when
    if status == Status.REQUESTED:
        return _("The seller has not said yes yet. Ask the seller to confirm your request.")
    if status == Status.CLOSED:
        return _("The goods were handed over on %(when)s without an account here.") % when
    if is_ours:
        return _("It was settled on %(when)s. Reload the page.") % when
    return _("Another buyer confirmed it on %(when)s. Nothing came into your stock; ask the seller.") % when


def _checked(actor: Actor, lines: list[TicketLine], received: Mapping[int, Received]) -> dict[int, Received]:
    """Return the lines of which less came; refuse what cannot be."""
    known = {line.pk: line for line in lines}
    photos = documents.facts({pk for said in received.values() for pk in said.document_ids})
    own = {pk for pk, facts in photos.items() if facts.owner_id == actor.acting_party_id}
    errors: list[dict[str, Any]] = []
    for line_id, said in received.items():
        line = known.get(line_id)
        where = f"received_{line_id}"
        if line is None:
            errors.append({"where": where, "what": _("This line is not on the ticket.")})
        elif not said.quantity.is_finite() or said.quantity < 0:
            errors.append({"where": where, "what": _("Enter what came: zero or more.")})
        elif said.quantity > line.quantity:
            what = _(
                "More came than the ticket says. Confirm what it says, and ask for a ticket for the rest."
            )
            errors.append({"where": where, "what": what})
        elif said.reason not in set(DisputeReason):
            errors.append({"where": f"reason_{line_id}", "what": _("Choose a reason from the list.")})
        elif not own.issuperset(said.document_ids):
            errors.append({"where": f"photo_{line_id}", "what": _("This voucher is none of your documents.")})
    if errors:
        raise InvalidInput(errors[0]["what"], errors=errors)
    return {pk: said for pk, said in received.items() if said.quantity < known[pk].quantity}


def _take(
    actor: Actor,
    ticket: Ticket,
    came: list[tuple[TicketLine, Decimal]],
    moment: datetime,
    *,
    site_id: int | None,
    at: datetime,
) -> tuple[str, tuple[int, ...]]:
    if not came:
        return "", ()
    parcels = tuple(Parcel(line.holding_id or 0, quantity, line.uom) for line, quantity in came)
    request = Accept(
        occurred_at=moment,
        parcels=parcels,
        site_id=site_id if site_id is None else own_place(actor, site_id),
        document=ticket.number,
        awaits=lots.arrival_wait(actor.party_kind),
    )
    outcome = goods.record(actor, request, at=at)
    return outcome.event_id, outcome.holding_ids


def _dispute(actor: Actor, line: TicketLine, said: Received, *, at: datetime) -> None:
    dispute = Dispute.objects.create(
        line=line,
        opened_by_id=actor.acting_party_id,
        opened_at=at,
        stated_quantity=said.quantity,
        open_quantity=line.quantity - said.quantity,
        reason=said.reason,
        note=said.note.strip(),
        document_ids=list(said.document_ids),
    )
    seal_dispute(actor, dispute, at=at)
    audit.record(actor, "trade.dispute.opened", f"dispute:{dispute.pk}", reason=said.reason)
