"""What a scanned code means to a buyer or seller: a ticket to confirm, goods of one's own, goods to ask for."""

from dataclasses import dataclass
from enum import StrEnum

from cailan.kernel.access import Actor
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties
from cailan.trade.models.tickets import Ticket
from cailan.trade.queries.holders import sellers_of
from cailan.trade.queries.tickets import TicketFacts, open_ticket_with, ticket_public
from cailan.trade.rules.tickets import Status


class Meaning(StrEnum):
    CONFIRM = "confirm"  # a ticket that the asker may confirm
    TICKET = "ticket"  # a ticket of its own, or one it has confirmed
    GONE = "gone"  # a ticket that it can no longer confirm
    OWN_LOT = "own-lot"
    ASK = "ask"  # goods that somebody here sells
    LOT = "lot"  # goods that nobody can be asked for
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a code means, with what is needed to go on."""

    meaning: Meaning
    text: str
    ticket: TicketFacts | None = None
    lot: LotFacts | None = None
    sellers: tuple[tuple[int, str], ...] = ()
    is_for_us: bool = True


def scanned(actor: Actor, text: str) -> Scanned:
    """Say what a scanned, pasted or typed code means to the actor."""
    key = lots.key_of(text)
    if (meant := _ticket(actor, key, text)) is not None:
        return meant
    try:
        lot = lots.find_public(text)
    except NotFound:
        return Scanned(Meaning.UNKNOWN, text)
    if (code := open_ticket_with(actor, lot.id)) is not None:
        return Scanned(Meaning.CONFIRM, text, ticket=ticket_public(code), lot=lot)
    if any(holding.lot.id == lot.id for holding in lots.stock(actor, text=lot.code).items):
        return Scanned(Meaning.OWN_LOT, text, lot=lot)
    sellers = sellers_of(actor, lot.id)
    names = parties.public_names(sellers)
    if sellers:
        return Scanned(Meaning.ASK, text, lot=lot, sellers=tuple((pk, names[pk]) for pk in sellers))
    return Scanned(Meaning.LOT, text, lot=lot)


def _ticket(actor: Actor, key: str, text: str) -> Scanned | None:
    row = Ticket.objects.filter(code=key).values_list("seller_id", "buyer_id", "status").first()
    if row is None:
        return None
    seller_id, buyer_id, status = row
    ours = actor.acting_party_id
    if seller_id == ours or (buyer_id == ours and status != Status.OPEN):
        return Scanned(Meaning.TICKET, key)
    if status == Status.REQUESTED:
        return Scanned(Meaning.UNKNOWN, text)
    is_for_us = buyer_id in {None, ours}
    meaning = Meaning.CONFIRM if status == Status.OPEN and is_for_us else Meaning.GONE
    return Scanned(meaning, key, ticket=ticket_public(key), is_for_us=is_for_us)
