"""What anybody sees of a scanned code: a lot's chain, or a ticket."""

from cailan.consumers.queries.codes import address_of, ticket_code
from cailan.consumers.queries.lots import Promise, Scan, Tested, scan
from cailan.consumers.queries.tickets import SoldLine, TicketScan, scan_ticket

__all__ = [
    "Promise",
    "Scan",
    "SoldLine",
    "Tested",
    "TicketScan",
    "address_of",
    "scan",
    "scan_ticket",
    "ticket_code",
]
