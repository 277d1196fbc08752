"""Tickets, purchases, money and stock for machines."""

from ninja import Router

from cailan.trade.api import money, tickets

router = Router(tags=["trade"])
router.add_router("", tickets.router)
router.add_router("", money.router)
