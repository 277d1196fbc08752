"""What can be asked of trade: stock, money, debts, the ledger, the day, evidence."""

from cailan.trade.queries.cash import (
    Entry,
    Flow,
    cash_by_kind,
    day_bounds,
    get_cash,
    list_cash,
    month_bounds,
)
from cailan.trade.queries.day import Day, day_of
from cailan.trade.queries.debts import Counterpart, Debt, OrderDebt, list_debts, open_orders
from cailan.trade.queries.debts import totals as debt_totals
from cailan.trade.queries.evidence import Evidence, evidence
from cailan.trade.queries.ledger import list_ledger, order_address, stream_ledger, whose
from cailan.trade.queries.papers import evidence_data, statement_data, statement_text
from cailan.trade.queries.statement import Statement, share_token, shared_statement, statement
from cailan.trade.queries.stock import StockLine, stock_lines, stock_value

__all__ = [
    "Counterpart",
    "Day",
    "Debt",
    "Entry",
    "Evidence",
    "Flow",
    "OrderDebt",
    "Statement",
    "StockLine",
    "cash_by_kind",
    "day_bounds",
    "day_of",
    "debt_totals",
    "evidence",
    "evidence_data",
    "get_cash",
    "list_cash",
    "list_debts",
    "list_ledger",
    "month_bounds",
    "open_orders",
    "order_address",
    "share_token",
    "shared_statement",
    "statement",
    "statement_data",
    "statement_text",
    "stock_lines",
    "stock_value",
    "stream_ledger",
    "whose",
]
