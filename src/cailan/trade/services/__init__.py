"""The verbs of trade."""

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
from cailan.trade.services.stock import Count, CountNotTaken, take_stock

__all__ = [
    "AlreadyCorrected",
    "Count",
    "CountNotTaken",
    "MoreThanOwed",
    "NothingOwed",
    "add_cash_entry",
    "record_payment",
    "settle",
    "take_back_cash_entry",
    "take_back_payment",
    "take_stock",
]
