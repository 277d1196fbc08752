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
from cailan.trade.queries.export import LedgerFile, ledger_file
from cailan.trade.queries.ledger import list_ledger, order_address, stream_ledger, whose
from cailan.trade.queries.papers import evidence_data, statement_data, statement_text
from cailan.trade.queries.purchases import PurchaseFacts, get_purchase, is_own_purchase
from cailan.trade.queries.statement import Statement, share_token, shared_statement, statement
from cailan.trade.queries.stock import StockLine, stock_lines, stock_value
from cailan.trade.queries.tickets import (
    TicketFacts,
    TicketFile,
    find_ticket,
    get_ticket,
    list_tickets,
    open_ticket_with,
    ticket_public,
    tickets_of_lots,
    waiting_tickets,
)

__all__ = [
    "Counterpart",
    "Day",
    "Debt",
    "Entry",
    "Evidence",
    "Flow",
    "LedgerFile",
    "OrderDebt",
    "PurchaseFacts",
    "Statement",
    "StockLine",
    "TicketFacts",
    "TicketFile",
    "cash_by_kind",
    "day_bounds",
    "day_of",
    "debt_totals",
    "evidence",
    "evidence_data",
    "find_ticket",
    "get_cash",
    "get_purchase",
    "get_ticket",
    "is_own_purchase",
    "ledger_file",
    "list_cash",
    "list_debts",
    "list_ledger",
    "list_tickets",
    "month_bounds",
    "open_orders",
    "open_ticket_with",
    "order_address",
    "share_token",
    "shared_statement",
    "statement",
    "statement_data",
    "statement_text",
    "stock_lines",
    "stock_value",
    "stream_ledger",
    "ticket_public",
    "tickets_of_lots",
    "waiting_tickets",
    "whose",
]
