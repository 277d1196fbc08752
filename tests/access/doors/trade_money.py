"""Money, stock, ledger and evidence: debts and income are the owner's affair, the ledger also his overseers'."""

from django.utils import timezone

from cailan.trade import queries
from cailan.trade import services as trade
from cailan.trade.rules.money import OWED
from cailan.trade.tests.factories import make_ticket

OPERATIONS = """\
GET    /trade/day                             200 200 200 200 200 200 200 401
GET    /trade/stock                           200 200 200 200 200 200 200 401
POST   /trade/stock-takes                     201 422 422 403 403 403 201 401
POST   /trade/payments                        201 404 404 403 403 403 201 401
POST   /trade/settlements                     201 409 409 403 403 403 403 401
POST   /trade/payments/{payment}/take-back    201 404 404 403 403 403 403 401
GET    /trade/cash                            200 200 200 403 403 403 403 401
POST   /trade/cash                            201 201 201 403 403 403 403 401
POST   /trade/cash/{cash_entry}/take-back     201 404 404 403 403 403 403 401
GET    /trade/debts                           200 200 200 403 403 403 403 401
GET    /trade/statement                       200 404 404 403 403 403 403 401
GET    /trade/statement/pdf                   200 404 404 403 403 403 403 401
GET    /trade/ledger                          200 404 404 200 404 404 200 401
GET    /trade/ledger/file                     200 404 404 200 404 404 200 401
GET    /trade/evidence/{lot}                  200 200 404 403 404 403 200 401
GET    /trade/evidence/{lot}/pdf              200 200 404 403 404 403 200 401
"""
PAID = {"amount_fen": 100, "method": "cash"}
BODIES = {
    "POST /trade/stock-takes": {
        "occurred_at": "{now}",
        "counts": [{"holding_id": "{holding}", "counted": "3", "seen": "4", "reason": "自然损耗"}],
    },
    "POST /trade/payments": {**PAID, "ticket_id": "{credit_ticket}"},
    "POST /trade/settlements": {**PAID, "side": "owed", "party_id": "{credit_buyer}"},
    "POST /trade/payments/{payment}/take-back": {"reason": "记错"},
    "POST /trade/cash": {**PAID, "kind": "rent"},
    "POST /trade/cash/{cash_entry}/take-back": {"reason": "记错"},
}
ACCOUNT = {"side": "owed", "party_id": "{credit_buyer}"}
QUERIES = {
    "GET /trade/debts": {"side": "owed"},
    "GET /trade/statement": ACCOUNT,
    "GET /trade/statement/pdf": ACCOUNT,
    "GET /trade/ledger": {"party_id": "{base}"},
    "GET /trade/ledger/file": {"party_id": "{base}"},
}
PAGES = """\
trade:day                      200 200 200 200 200 200 S   S
trade:stock                    200 200 200 200 200 200 S   S
trade:count                    200 200 200 403 403 403 S   S
trade:loss                     200 200 200 403 403 403 S   S
trade:cash                     200 200 200 403 403 403 S   S
trade:new_cash                 200 200 200 403 403 403 S   S
trade:take_back                200 404 404 403 403 403 S   S
trade:debts                    200 200 200 403 403 403 S   S
trade:statement                200 404 404 403 403 403 S   S
trade:shared_statement         200 200 200 200 200 200 200 200
trade:ledger                   200 200 200 200 200 200 S   S
trade:ledger_file              200 200 200 200 200 200 S   S
trade:order                    H   404 404 H   404 404 S   S
trade:evidence                 200 200 404 403 404 403 S   S
"""
PARAMETERS = {
    "source": "journal",
    "entry_id": "cash_entry",
    "suffix": "suffix",
    "side": "debt_side",
    "order_id": "credit_ticket",
    "statement_token": "statement",
}


def extend(world):
    """Let the owner sell on credit to somebody whose books are not here, take a part, and enter the rent."""
    owner, now = world.actors["owner"], timezone.now()
    ticket = make_ticket(owner, lot=world.facts["lot"], quantity="1", buyer_name="客甲", at=now)
    payment = trade.record_payment(owner, ticket_id=ticket.id, amount_fen=100, method="cash", at=now)
    entry = trade.add_cash_entry(owner, kind="rent", amount_fen=500, method="cash", at=now)
    [debt] = queries.list_debts(owner, side=OWED).items
    account = queries.statement(owner, side=OWED, counterpart=debt.counterpart)
    world.facts |= {
        "credit_ticket": ticket.id, "credit_buyer": debt.counterpart.party_id, "payment": payment,
        "cash_entry": entry, "journal": "entry", "suffix": "csv", "debt_side": OWED,
        "statement": queries.share_token(owner, account),
    }  # fmt: skip
