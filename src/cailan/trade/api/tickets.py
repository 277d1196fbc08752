"""Tickets, purchases and disputes for machines."""

from ninja import Router

router = Router()
