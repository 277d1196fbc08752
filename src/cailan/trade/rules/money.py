"""Money: how it is written, what kinds of income and expense there are, and how a payment settles debts."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

MOST_FEN = 10_000_000_000_00  # ten thousand million yuan: beyond it somebody has mistyped
_NUMBER = re.compile(r"-?\d+(\.\d{1,2})?")


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


class MoneyError(ValueError):
    """An amount that cannot be taken; the sentence is for people."""


class Method(StrEnum):
    """How money changed hands."""

    CASH = "cash"
    TRANSFER = "transfer"
    MOBILE = "mobile"


METHOD_LABELS = {
    Method.CASH: gettext_noop("Cash"),
    Method.TRANSFER: gettext_noop("Bank transfer"),
    Method.MOBILE: gettext_noop("Mobile payment"),
}


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class CashKind(StrEnum):
    """Income and expense that belong to no ticket or purchase of their own (收支)."""

    RENT = "rent"
    MARKET_FEE = "market-fee"
    WAGES = "wages"
    FREIGHT = "freight"
    LOADING = "loading"
    PACKING = "packing"
    UTILITIES = "utilities"
    TESTING = "testing"
    TAX = "tax"
    OTHER_EXPENSE = "other-expense"
    SERVICE = "service"
    SUBSIDY = "subsidy"
    DEPOSIT = "deposit"
    COMPENSATION = "compensation"
    OTHER_INCOME = "other-income"


INCOME = frozenset({
    CashKind.SERVICE, CashKind.SUBSIDY, CashKind.DEPOSIT, CashKind.COMPENSATION, CashKind.OTHER_INCOME,
})  # fmt: skip
CASH_LABELS = {
    CashKind.RENT: gettext_noop("Rent of the stall"),
    CashKind.MARKET_FEE: gettext_noop("Fee to the market"),
    CashKind.WAGES: gettext_noop("Wages"),
    CashKind.FREIGHT: gettext_noop("Freight"),
    CashKind.LOADING: gettext_noop("Loading and carrying"),
    CashKind.PACKING: gettext_noop("Bags, boxes, ice"),
    CashKind.UTILITIES: gettext_noop("Water and electricity"),
    CashKind.TESTING: gettext_noop("Tests"),
    CashKind.TAX: gettext_noop("Taxes"),
    CashKind.OTHER_EXPENSE: gettext_noop("Other expense"),
    CashKind.SERVICE: gettext_noop("Processing for others"),
    CashKind.SUBSIDY: gettext_noop("Subsidy"),
    CashKind.DEPOSIT: gettext_noop("Deposit returned"),
    CashKind.COMPENSATION: gettext_noop("Compensation received"),
    CashKind.OTHER_INCOME: gettext_noop("Other income"),
}
OWED, OWING = "owed", "owing"  # others owe us for our tickets; we owe others for our purchases
SALES, PURCHASES = "sales", "purchases"  # the kinds of payments that settle orders
ORDER_LABELS = {SALES: gettext_noop("Sales"), PURCHASES: gettext_noop("Purchases")}


def direction_of(kind: str) -> Direction:
    """Say whether a kind of money comes in or goes out."""
    return Direction.IN if kind == SALES or kind in INCOME else Direction.OUT


def yuan(fen: int) -> str:
    """Write an amount as people read it: 123456 → 1,234.56."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def parse_yuan(text: str) -> int:
    """Read an amount as people type it, and return fen: "1,234.5" and "１２３４．５元" are 123450."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("元")
    plain = plain.replace(",", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain) or not plain.isascii():
        raise MoneyError(gettext_noop("Write an amount in yuan, with at most two decimals, such as 128.50."))
    try:
        fen = int((Decimal(plain) * 100).to_integral_value(ROUND_HALF_UP))
    except InvalidOperation as error:
        raise MoneyError(gettext_noop("This amount is too large.")) from error
    if abs(fen) > MOST_FEN:
        raise MoneyError(gettext_noop("This amount is too large."))
    return fen


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A ticket or purchase that is not settled: what is still owed on it."""

    id: int
    owed_fen: int


class MoreThanIsOwed(ValueError):
    """Somebody pays more than is owed."""

    def __init__(self, owed_fen: int) -> None:
        self.owed_fen = owed_fen
        super().__init__(owed_fen)


def allocate(amount_fen: int, orders: Sequence[OpenOrder]) -> list[tuple[int, int]]:
    """Spread an amount over orders, the first wholly before the next gets anything; return (order, fen)."""
    owed = sum(order.owed_fen for order in orders if order.owed_fen > 0)
    if amount_fen > owed:
        raise MoreThanIsOwed(owed)
    spread, left = [], amount_fen
    for order in orders:
        part = min(left, order.owed_fen)
        if part > 0:
            spread.append((order.id, part))
            left -= part
    return spread


def is_overdue(due_on: date | None, today: date) -> bool:
    """Say whether a debt should have been paid before today."""
    return due_on is not None and due_on < today
