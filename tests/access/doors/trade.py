"""Tickets and purchases: both sides and their overseers see them, each side does what is its own to do."""

from decimal import Decimal

from django.utils import timezone

from cailan.lots.tests.factories import make_lot
from cailan.trade import queries
from cailan.trade import services as trade
from cailan.trade.models.tickets import Dispute
from cailan.trade.rules.tickets import Received
from cailan.trade.tests.factories import know, line, make_purchase, make_ticket, order

OPERATIONS = """\
GET    /trade/tickets                            200 200 200 200 200 200 200 401
POST   /trade/tickets                            201 201 409 403 403 403 201 401
GET    /trade/tickets/{ticket}                   200 200 404 200 404 200 200 401
GET    /trade/tickets/{ticket}/pdf               200 200 404 200 404 200 200 401
POST   /trade/tickets/{ticket}/accept            409 200 409 403 403 403 409 401
POST   /trade/tickets/{ticket}/void              200 409 404 403 404 403 200 401
POST   /trade/tickets/{open_ticket}/close        200 404 404 403 404 404 200 401
POST   /trade/requests                           409 201 201 403 403 403 409 401
POST   /trade/tickets/{asked}/confirm            200 404 404 403 404 403 200 401
POST   /trade/disputes/{dispute}/settle          200 409 404 403 403 403 200 401
GET    /trade/scanned                            200 200 200 200 200 200 200 401
POST   /trade/purchases                          201 201 201 403 403 403 201 401
GET    /trade/purchases/{purchase}               200 404 404 200 404 404 200 401
POST   /trade/purchases/{purchase}/vouchers      200 404 404 403 403 403 200 401
GET    /trade/market-mode                        200 200 200 200 200 200 200 401
PUT    /trade/market-mode                        403 403 403 403 403 200 403 401
"""
BODIES = {
    "POST /trade/tickets": {"issued_at": "{now}", "lines": [{"lot": "{lot}", "quantity": "1", "price_fen": 400}]},
    "POST /trade/tickets/{ticket}/accept": {},
    "POST /trade/tickets/{ticket}/void": {},
    "POST /trade/tickets/{open_ticket}/close": {"buyer_name": "路边小店"},
    "POST /trade/requests": {
        "seller_id": "{base}", "occurred_at": "{now}", "lines": [{"lot": "{lot}", "quantity": "1", "price_fen": 400}],
    },
    "POST /trade/tickets/{asked}/confirm": {},
    "POST /trade/disputes/{dispute}/settle": {"outcome": "taken-back"},
    "POST /trade/purchases": {
        "purchased_at": "{now}", "supplier_name": "从化李叔",
        "lines": [{"product_id": "{product}", "quantity": "5", "origin_text": "广州市从化区"}],
    },
    "POST /trade/purchases/{purchase}/vouchers": {"document_ids": ["{document}"]},
    "PUT /trade/market-mode": {"mode": "retail"},
}  # fmt: skip
QUERIES = {"GET /trade/scanned": {"code": "{lot}"}}
PAGES = """\
trade:sell                     200 200 200 403 403 403 S   S
trade:sell_total               405 405 405 405 405 405 S   S
trade:sell_goods               405 405 405 405 405 405 S   S
trade:retail                   200 200 200 403 403 403 S   S
trade:dispatch                 200 200 200 403 403 403 S   S
trade:tickets                  200 200 200 200 200 200 S   S
trade:ticket                   200 200 404 200 404 200 S   S
trade:ticket_qr                200 200 404 200 404 200 S   S
trade:ticket_pdf               200 200 404 200 404 200 S   S
trade:void                     405 405 405 405 405 405 S   S
trade:close                    200 404 404 404 404 404 S   S
trade:confirm                  405 405 405 405 405 405 S   S
trade:settle                   405 405 405 405 405 405 S   S
trade:receive                  H   200 409 403 403 403 S   S
trade:market_mode              404 404 404 404 404 200 S   S
trade:scan                     200 200 200 200 200 200 S   S
trade:scanned                  H   H   H   H   H   H   S   S
trade:ask                      404 404 404 403 403 403 S   S
trade:buy                      200 200 200 403 403 403 S   S
trade:purchase                 200 404 404 200 404 404 S   S
"""
PARAMETERS = {"ticket_code": "ticket", "purchase_id": "purchase", "dispute_id": "dispute", "paper": "paper"}


def extend(world):
    """Let the owner send goods to the partner, once to whom it may concern, be asked for some, and dispute some."""
    owner, partner, now = world.actors["owner"], world.actors["partner"], timezone.now()
    lot = make_lot(owner, "50", at=now)
    know(owner, partner)
    ticket = make_ticket(owner, partner, lot=lot, quantity="2", price_fen=0, at=now)
    disputed = make_ticket(owner, partner, lot=lot, quantity="2", price_fen=0, at=now)
    wrong = queries.ticket_public(disputed.code).lines[0].id
    trade.dispute_line(
        partner, code=disputed.code, line_id=wrong, received=Received(quantity=Decimal(1)), at=now
    )
    asked = trade.request_ticket(
        partner, seller_id=owner.acting_party_id, order=order(line(lot, "1"), at=now), at=now
    )
    world.facts |= {
        "ticket": ticket.code, "open_ticket": make_ticket(owner, lot=lot, quantity="1", price_fen=0, at=now).code,
        "asked": queries.get_ticket(owner, asked).facts.code, "dispute": Dispute.objects.get().pk,
        "purchase": make_purchase(owner, "5", at=now).purchase_id, "paper": "80mm",
    }  # fmt: skip
