"""The verbs of trade."""

from cailan.trade.services.buying import add_vouchers, buy_by_hand
from cailan.trade.services.issuing import Issued, issue_ticket, retail_sale
from cailan.trade.services.markets import set_market_mode
from cailan.trade.services.money import (
    AlreadyCorrected,
    MoreThanOwed,
    NothingOwed,
    add_cash_entry,
    record_payment,
    settle,
    take_back_cash_entry,
    take_back_payment,
)
from cailan.trade.services.problems import (
    AlreadySettled,
    BuyerMustConfirm,
    NotInStockThere,
    NotInThatState,
    NotYoursToSettle,
    OwnTicket,
    TicketForAnother,
    TicketGone,
)
from cailan.trade.services.receiving import Booked, accept_ticket, dispute_line
from cailan.trade.services.requesting import confirm_request, request_ticket
from cailan.trade.services.settling import close_ticket, settle_dispute, void_ticket
from cailan.trade.services.stock import Count, CountNotTaken, take_stock

__all__ = [
    "AlreadyCorrected",
    "AlreadySettled",
    "Booked",
    "BuyerMustConfirm",
    "Count",
    "CountNotTaken",
    "Issued",
    "MoreThanOwed",
    "NotInStockThere",
    "NotInThatState",
    "NotYoursToSettle",
    "NothingOwed",
    "OwnTicket",
    "TicketForAnother",
    "TicketGone",
    "accept_ticket",
    "add_cash_entry",
    "add_vouchers",
    "buy_by_hand",
    "close_ticket",
    "confirm_request",
    "dispute_line",
    "issue_ticket",
    "record_payment",
    "request_ticket",
    "retail_sale",
    "set_market_mode",
    "settle",
    "settle_dispute",
    "take_back_cash_entry",
    "take_back_payment",
    "take_stock",
    "void_ticket",
]
