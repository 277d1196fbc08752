"""Codes: where one leads, and whether it is a ticket's."""

from django.conf import settings

from cailan.kernel.ids import is_trace_code
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.trade import queries as trade


def address_of(code: str) -> str:
    """Return the address that stands in a QR code."""
    return f"{settings.CAILAN.public_url.rstrip('/')}/t/{code}"


def ticket_code(text: str) -> str:
    """Return the code of the ticket that was typed or scanned; "" where it is none of ours."""
    key = lots.key_of(text)
    if not is_trace_code(key):
        return ""
    try:
        return trade.ticket_public(key).code
    except NotFound:
        return ""
