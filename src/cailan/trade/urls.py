from django.urls import URLPattern, path

from cailan.trade.views import buying, day, evidence, ledger, money, selling, stock, tickets

app_name = "trade"
BOOKS: list[URLPattern] = [
    path("trade/day", day.day, name="day"),
    path("trade/stock", stock.stock, name="stock"),
    path("trade/stock/count", stock.count, name="count"),
    path("trade/stock/loss", stock.loss, name="loss"),
    path("trade/cash", money.cash, name="cash"),
    path("trade/cash/new", money.new_cash, name="new_cash"),
    path("trade/cash/<slug:source>/<int:entry_id>/take-back", money.take_back, name="take_back"),
    path("trade/debts", money.debts, name="debts"),
    path("trade/debts/statement", money.statement, name="statement"),
    path("trade/statements/<str:statement_token>", money.shared_statement, name="shared_statement"),
    path("trade/ledger", ledger.ledger, name="ledger"),
    path("trade/ledger.<slug:suffix>", ledger.ledger_file, name="ledger_file"),
    path("trade/orders/<slug:side>/<int:order_id>", ledger.order, name="order"),
    path("trade/evidence/<slug:code>", evidence.evidence, name="evidence"),
]
SELLING: list[URLPattern] = [
    path("trade/sell", selling.sell, name="sell"),
    path("trade/sell/total", selling.total, name="sell_total"),
    path("trade/sell/goods", selling.goods, name="sell_goods"),
    path("trade/retail", selling.retail, name="retail"),
    path("trade/dispatch", selling.dispatch, name="dispatch"),
    path("trade/tickets", tickets.tickets, name="tickets"),
    path("trade/tickets/<slug:ticket_code>", tickets.ticket, name="ticket"),
    path("trade/tickets/<slug:ticket_code>.svg", tickets.ticket_qr, name="ticket_qr"),
    path("trade/tickets/<slug:ticket_code>/paper/<slug:paper>.pdf", tickets.ticket_pdf, name="ticket_pdf"),
    path("trade/tickets/<slug:ticket_code>/void", tickets.void, name="void"),
    path("trade/tickets/<slug:ticket_code>/close", tickets.close, name="close"),
    path("trade/tickets/<slug:ticket_code>/confirm", tickets.confirm, name="confirm"),
    path("trade/tickets/<slug:ticket_code>/disputes/<int:dispute_id>", tickets.settle, name="settle"),
    path("trade/market", tickets.market_mode, name="market_mode"),
]
BUYING: list[URLPattern] = [
    path("scan", buying.scan, name="scan"),
    path("scanned", buying.scanned, name="scanned"),
    path("trade/tickets/<slug:ticket_code>/receive", buying.receive, name="receive"),
    path("trade/ask", buying.ask, name="ask"),
    path("trade/buy", buying.buy, name="buy"),
    path("trade/purchases/<int:purchase_id>", buying.purchase, name="purchase"),
]
urlpatterns: list[URLPattern] = [*SELLING, *BUYING, *BOOKS]
