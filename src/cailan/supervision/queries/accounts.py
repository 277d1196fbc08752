"""Rows of notices as the accounts that the rules add up."""

from cailan.supervision.models import NoticeLine
from cailan.supervision.rules.sums import Account


def account_of(line: NoticeLine, *, is_outside: bool = False) -> Account:
    """Return how a holder stands with one lot."""
    return Account(
        uom=line.uom,
        start=line.quantity,
        sold=line.sold,
        received=line.received,
        secured=line.secured,
        returned=line.returned,
        destroyed=line.destroyed,
        missing=line.missing,
        taken_back=line.taken_back,
        is_outside=is_outside,
    )
