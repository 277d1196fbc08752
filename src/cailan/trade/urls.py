from django.urls import URLPattern, path

from cailan.trade.views import day, evidence, ledger, money, stock

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
    path("trade/statements/<str:token>", money.shared_statement, name="shared_statement"),
    path("trade/ledger", ledger.ledger, name="ledger"),
    path("trade/ledger.<slug:kind>", ledger.ledger_file, name="ledger_file"),
    path("trade/orders/<slug:side>/<int:order_id>", ledger.order, name="order"),
    path("trade/evidence/<slug:code>", evidence.evidence, name="evidence"),
]
urlpatterns: list[URLPattern] = [*BOOKS]
