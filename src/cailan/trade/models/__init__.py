"""Tickets, purchases and disputes; money; counts of the stock."""

from cailan.trade.models.money import CashEntry, Payment
from cailan.trade.models.stock import StockTake
from cailan.trade.models.tickets import (
    Dispute,
    MarketMode,
    Purchase,
    PurchaseLine,
    Ticket,
    TicketCounter,
    TicketFee,
    TicketLine,
)

__all__ = [
    "CashEntry",
    "Dispute",
    "MarketMode",
    "Payment",
    "Purchase",
    "PurchaseLine",
    "StockTake",
    "Ticket",
    "TicketCounter",
    "TicketFee",
    "TicketLine",
]
