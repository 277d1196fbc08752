"""What may become of a ticket, by whom, and what its states, payments, disputes are called."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


class Kind(StrEnum):
    """What a ticket is for."""

    SALE = "sale"  # to a buyer who may sell on
    DISPATCH = "dispatch"  # goods sent on without a price
    RETAIL = "retail"  # to consumers


class Status(StrEnum):
    """Where a ticket stands."""

    REQUESTED = "requested"  # a buyer asked; the seller has not said yes
    OPEN = "open"  # the goods are on their way
    ACCEPTED = "accepted"  # the buyer has them, and both say so
    DISPUTED = "disputed"  # the two say different quantities
    SETTLED = "settled"  # they did, and have agreed since
    CLOSED = "closed"  # handed over to somebody who keeps no books here
    VOID = "void"  # taken back, or never agreed


UNSETTLED = (Status.REQUESTED, Status.OPEN, Status.DISPUTED)
STATUS_LABELS = {
    Status.REQUESTED: gettext_noop("Asked for"),
    Status.OPEN: gettext_noop("On its way"),
    Status.ACCEPTED: gettext_noop("Confirmed by the buyer"),
    Status.DISPUTED: gettext_noop("Disputed"),
    Status.SETTLED: gettext_noop("Settled"),
    Status.CLOSED: gettext_noop("Handed over"),
    Status.VOID: gettext_noop("Void"),
}


class Payment(StrEnum):
    """How a ticket is paid; the first three at once."""

    CASH = "cash"
    MOBILE = "mobile"
    TRANSFER = "transfer"
    CREDIT = "credit"
    NONE = "none"


AT_ONCE = frozenset({Payment.CASH, Payment.MOBILE, Payment.TRANSFER})
PAYMENT_LABELS = {
    Payment.CASH: gettext_noop("Cash"),
    Payment.MOBILE: gettext_noop("Mobile payment"),
    Payment.TRANSFER: gettext_noop("Bank transfer"),
    Payment.CREDIT: gettext_noop("On credit"),
    Payment.NONE: gettext_noop("No price agreed"),
}


class DisputeReason(StrEnum):
    """Why less came than the ticket states."""

    SHORT = "short"
    DAMAGED = "damaged"
    OTHER_GOODS = "other-goods"
    HELD = "held"
    OTHER = "other"


DISPUTE_LABELS = {
    DisputeReason.SHORT: gettext_noop("Less came than the ticket says"),
    DisputeReason.DAMAGED: gettext_noop("Spoiled or damaged"),
    DisputeReason.OTHER_GOODS: gettext_noop("Other goods than the ticket says"),
    DisputeReason.HELD: gettext_noop("On hold: may not be taken"),
    DisputeReason.OTHER: gettext_noop("Something else"),
}


class Settlement(StrEnum):
    """How a dispute ended."""

    TAKEN_BACK = "taken-back"  # the seller takes the rest back
    ACCEPTED = "accepted"  # the buyer takes it after all
    LOST = "lost"  # it was lost on the way, at the seller's cost


SETTLEMENT_LABELS = {
    Settlement.TAKEN_BACK: gettext_noop("The seller took it back"),
    Settlement.ACCEPTED: gettext_noop("The buyer accepted it"),
    Settlement.LOST: gettext_noop("Lost on the way"),
}
SETTLED_BY_SELLER = frozenset({Settlement.TAKEN_BACK, Settlement.LOST})


class Mode(StrEnum):
    """How the stalls of a market sell."""

    WHOLESALE = "wholesale"
    RETAIL = "retail"


MODE_LABELS = {
    Mode.WHOLESALE: gettext_noop("Wholesale: a ticket for each buyer"),
    Mode.RETAIL: gettext_noop("Retail: short sales to consumers"),
}


class Act(StrEnum):
    """What somebody wants to do with a ticket."""

    ACCEPT = "accept"
    VOID = "void"
    CLOSE = "close"
    CONFIRM = "confirm"


_ALLOWED = {
    Act.ACCEPT: {Status.OPEN},
    Act.VOID: {Status.OPEN, Status.REQUESTED},
    Act.CLOSE: {Status.OPEN},
    Act.CONFIRM: {Status.REQUESTED},
}


def may(act: Act, status: str) -> bool:
    """Say whether a ticket in this state allows it."""
    return status in _ALLOWED[act]


def status_after(*, open_disputes: int, ever_disputed: bool, kept: Iterable[Decimal]) -> Status:
    """Return where a ticket stands once the buyer has said what came, or a dispute has ended."""
    if open_disputes:
        return Status.DISPUTED
    if not any(kept):
        return Status.VOID
    return Status.SETTLED if ever_disputed else Status.ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """So much of a lot at a price; without one for goods that are only sent on."""

    lot: str
    quantity: Decimal
    uom: str
    price_fen: int | None = None
    price_uom: str = ""
    pieces: int | None = None
    spec: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    name: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a seller wants to put on a ticket.

    The buyer is a party of its book, or a new name, or nobody: then whoever scans the ticket first.
    """

    kind: str
    lines: tuple[OrderLine, ...]
    issued_at: datetime
    buyer_id: int | None = None
    buyer_name: str = ""
    buyer_phone: str = ""
    buyer_address: str = ""
    fees: tuple[Fee, ...] = ()
    payment: str = Payment.NONE
    due_on: date | None = None
    plate: str = ""
    note: str = ""
    site_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came of one line, where it is not what the ticket says."""

    quantity: Decimal
    reason: str = DisputeReason.SHORT
    note: str = ""
    document_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One product of a purchase that is written down by hand."""

    quantity: Decimal
    uom: str
    product_id: int | None = None
    product_name: str = ""
    batch_number: str = ""
    origin_region: str = ""
    origin_text: str = ""
    pieces: int | None = None
    price_fen: int | None = None
    price_uom: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPurchase:
    """What was bought from somebody whose books are not here, with the photos of its vouchers."""

    lines: tuple[Goods, ...]
    purchased_at: datetime
    supplier_id: int | None = None
    supplier_name: str = ""
    supplier_phone: str = ""
    supplier_address: str = ""
    document_ids: tuple[int, ...] = ()
    plate: str = ""
    payment: str = Payment.NONE
    due_on: date | None = None
    note: str = ""
    site_id: int | None = None


def prefix(kind: str) -> str:
    """Return what the numbers of a kind of ticket begin with."""
    return {Kind.DISPATCH: "FH", Kind.RETAIL: "LS"}.get(Kind(kind), "XS")


def number(kind: str, day: date, running: int) -> str:
    """Return the number of a ticket: XS-261120-0007, each seller counting anew every day."""
    return f"{prefix(kind)}-{day:%y%m%d}-{running:04d}"
