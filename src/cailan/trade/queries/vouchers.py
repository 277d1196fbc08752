"""A ticket on paper: the uniform sales voucher of Order 81 with every field that it has to bear (统一格式销售凭证)."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext

from cailan.tracing.templatetags.quantities import text as quantity_text
from cailan.trade.queries.tickets import TicketFile, TicketLineFacts
from cailan.trade.rules.money import yuan
from cailan.trade.rules.sums import JIN
from cailan.trade.rules.tickets import PAYMENT_LABELS, Kind, Payment
from cailan.trade.templatetags.trade_money import unit_name

PAPERS = ("80mm", "a5", "a4")
_ = gettext


def public_url(code: str) -> str:
    """Return what the QR code of a ticket says: the address of its public page."""
    return f"{settings.CAILAN.id_url}/t/{code}"


def voucher_data(ticket: TicketFile, *, paper: str) -> dict[str, Any]:
    """Return a voucher for its paper; every word on it comes from here."""
    facts = ticket.facts
    in_english = (get_language() or "").startswith("en")
    has_price = facts.has_price
    return {
        "paper": paper,
        "lang": "en" if in_english else "zh",
        "region": "gb" if in_english else "cn",
        "title": _title(facts.kind),
        "market": facts.market,
        "facts": [
            (_("Number"), facts.number),
            (_("Date of sale"), f"{timezone.localtime(facts.issued_at):%Y-%m-%d %H:%M}"),
            (_("Seller"), facts.seller),
            (_("Stall"), facts.stall),
            (_("Licence"), facts.licence),
            (_("Telephone"), facts.seller_phone),
            (_("Buyer"), ticket.buyer),
            (_("Buyer's telephone"), ticket.buyer_phone),
            (_("Buyer's address"), ticket.buyer_address),
            (_("Plate"), ticket.plate),
        ],
        "head": [
            _("Goods"),
            _("Origin"),
            _("Quantity"),
            *([_("Price"), _("Amount, yuan")] if has_price else []),
        ],
        "lines": [_line(line, has_price=has_price) for line in facts.lines],
        "goods": [_goods(line) for line in facts.lines],
        "fees": [(fee.name, yuan(fee.amount_fen)) for fee in facts.fees],
        "total": (_("Total, yuan"), yuan(facts.total_fen)) if has_price else None,
        "payment": (_("Payment"), _payment(ticket)) if has_price else None,
        "has_price": has_price,
        "code": facts.code,
        "batches": [(line.product, f"{line.batch} · {line.lot_code}") for line in facts.lines],
        "batches_title": _("Batches and trace codes"),
        "advice": _(
            "Scan the code to see where the goods are from. This voucher counts as the buyer's purchase voucher"
            " (Order 81 of the State Administration for Market Regulation); keep it for six months."
        ),
    }


def in_unit_of_price(value: Decimal | None, uom: str, price_uom: str) -> str:
    """Return a quantity in the unit in which it is priced: 12.5 斤 where the price is for one 斤."""
    return quantity_text(value, uom, "jin" if price_uom == JIN else "")


def _title(kind: str) -> str:
    return {
        Kind.DISPATCH: _("Dispatch note for edible farm products"),
        Kind.RETAIL: _("Receipt for edible farm products"),
    }.get(Kind(kind), _("Sales voucher for edible farm products"))


def _payment(ticket: TicketFile) -> str:
    words = gettext(PAYMENT_LABELS[Payment(ticket.payment)])
    return f"{words} · {_('due')} {ticket.due_on}" if ticket.due_on else words


def _goods(line: TicketLineFacts) -> str:
    pieces = f"{line.pieces} {_('pieces')}" if line.pieces else ""
    return " · ".join(filter(None, (line.product, line.spec, pieces)))


def _line(line: TicketLineFacts, *, has_price: bool) -> list[str]:
    cells = [_goods(line), line.origin or "–", in_unit_of_price(line.quantity, line.uom, line.price_uom)]
    if has_price:
        price = "–" if line.price_fen is None else f"{yuan(line.price_fen)}/{unit_name(line.price_uom)}"
        cells += [price, "–" if line.amount_fen is None else yuan(line.amount_fen)]
    return cells
