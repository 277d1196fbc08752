"""What stands on the papers: the statement of an account, and the evidence for a lot."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext

from cailan.tracing.templatetags.quantities import text as quantity_text
from cailan.tracing.templatetags.words import MOVEMENTS, gap_word
from cailan.trade.queries.evidence import Evidence, Purchase
from cailan.trade.queries.statement import Statement
from cailan.trade.rules.money import OWED, yuan
from cailan.trade.templatetags.trade_money import method_word, proof_word, seal_word, verdict_word

_ = gettext


def moment(at: datetime | None) -> str:
    return "" if at is None else f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _language() -> dict[str, str]:
    in_english = (get_language() or "").startswith("en")
    return {"lang": "en", "region": "gb"} if in_english else {"lang": "zh", "region": "cn"}


def statement_text(found: Statement, *, link: str) -> str:
    """Return the message that goes with the link: who, how much, until when."""
    words = {
        "owner": found.owner, "name": found.counterpart.name, "amount": yuan(found.owed_fen),
        "orders": len(found.open), "today": found.today, "link": link,
    }  # fmt: skip
    if found.side == OWED:
        text = _(
            "%(name)s: as of %(today)s, %(amount)s yuan are open with %(owner)s over %(orders)d orders."
            " Statement: %(link)s"
        )
    else:
        text = _(
            "%(name)s: by our books (%(owner)s) we owe you %(amount)s yuan over %(orders)d orders as of %(today)s."
            " Statement: %(link)s"
        )
    return text % words


def statement_data(found: Statement, *, made_at: datetime) -> dict[str, Any]:
    """Return the statement for its paper; every word on it comes from here."""
    is_owed = found.side == OWED
    seller, buyer = (found.owner, found.counterpart.name)[:: 1 if is_owed else -1]
    return {
        **_language(),
        "title": _("Statement of account"),
        "subtitle": f"{found.since} – {found.until}",
        "facts": [
            (_("Seller"), seller),
            (_("Buyer"), buyer),
            (_("Open now, yuan"), yuan(found.owed_fen)),
            (_("of which overdue, yuan"), yuan(found.overdue_fen) if found.overdue_fen else ""),
            (_("Made at"), moment(made_at)),
        ],
        "lines_title": _("Orders and payments"),
        "lines_head": [_("Time"), _("What"), _("Number"), _("Amount, yuan"), _("Balance, yuan")],
        "lines": [
            ["", _("Brought forward"), "", "", yuan(found.opening_fen)],
            *(
                [moment(line.at), _("Order") if line.what == "order" else f"{_('Paid')} {method_word(line.method)}",
                 line.number, yuan(line.amount_fen), yuan(line.balance_fen)]
                for line in found.lines
            ),
        ],
        "open_title": _("Not settled"),
        "open_head": [_("Ordered"), _("Number"), _("Due"), _("Total"), _("Paid"), _("Open, yuan")],
        "open": [
            [moment(one.at)[:10], one.number, _due(one.due_on, is_late=one.is_overdue(found.today)),
             yuan(one.total_fen), yuan(one.paid_fen), yuan(one.owed_fen)]
            for one in found.open
        ],
        "total": ["", "", "", "", _("Together"), yuan(found.owed_fen)],
        "nothing": _("Everything is settled."),
        "note": _("Please compare with your own books, and tell the sender within seven days what differs."),
        "sign_left": _("Seller's signature"),
        "sign_right": _("Buyer's signature"),
    }  # fmt: skip


def _due(due_on: date | None, *, is_late: bool) -> str:
    if due_on is None:
        return "–"
    return f"{due_on} {_('overdue')}" if is_late else str(due_on)


def evidence_data(found: Evidence, *, owner: str, verify_url: str) -> dict[str, Any]:
    """Return the evidence for its paper."""
    lot = found.lot
    return {
        **_language(),
        "title": _("Evidence of source"),
        "subtitle": " · ".join(filter(None, (lot.name, lot.number))),
        "code": lot.code,
        "facts": [
            (_("Laid before by"), owner),
            (_("Product"), lot.name),
            (_("Lot number"), lot.number),
            (_("Trace code"), lot.code),
            (_("Made by"), lot.maker),
            (_("Origin"), lot.origin or lot.region),
            (_("Came here"), quantity_text(found.had, lot.uom)),
            (_("Still here"), quantity_text(found.left, lot.uom)),
            (_("Made at"), moment(found.made_at)),
        ],
        "source_title": _("Of whom it was bought"),
        "sources": [_source(one) for one in found.purchases],
        "no_source": _("No purchase is recorded: the goods were made here, or came without a ticket."),
        "chain_title": _("The way here"),
        "chain_head": [_("Time"), _("What"), _("From"), _("To"), _("Quantity"), _("Proof"), _("Paper")],
        "chain": [
            [moment(step.at), str(MOVEMENTS.get(step.kind, step.kind)), step.giver, step.taker,
             quantity_text(step.quantity, step.uom), proof_word(step.proof), step.document]
            for step in found.steps
        ],
        "gaps_title": _("What the records do not say"),
        "gaps": [gap_word(code) for code in found.gaps],
        "tests_title": _("Tests"),
        "tests_head": [_("Time"), _("By"), _("Item"), _("Result"), _("Limit"), _("Verdict"), _("Report")],
        "tests": [row for test in found.tests for row in _test_rows(test)],
        "no_tests": _("No test of this lot is recorded."),
        "certificates_title": _("Promise certificates"),
        "certificates": [
            [(_("Number"), one.number), (_("Issued by"), one.issuer), (_("Contact"), one.contact),
             (_("Origin"), one.origin), (_("Quantity"), quantity_text(one.quantity, one.uom)),
             (_("Issued at"), moment(one.issued_at))]
            for one in found.certificates
        ],
        "papers_title": _("Vouchers"),
        "papers_head": [_("Name"), "SHA-256"],
        "papers": [[paper.name, paper.digest] for one in found.purchases for paper in one.row.vouchers],
        "seals_title": _("Seals"),
        "seals_head": [_("What"), _("Sealed by"), _("Time"), _("Entry"), _("Proof file")],
        "seals": [
            [seal_word(seal.kind), seal.party, moment(seal.at), "–" if seal.entry is None else str(seal.entry),
             seal.file_name]
            for seal in found.seals
        ],
        "how_title": _("How to verify this paper"),
        "how": [
            _("Scan the code: the lot's page shows the same chain, and checks its seals in your own browser."),
            _("Or open %(url)s and choose a proof file; it needs no account.") % {"url": verify_url},
            _("Or run `cailan verify FILE` on any computer, without a network: a proof file holds all it needs."),
            _("A voucher is genuine if its SHA-256 is the one above and stands in the seal of the document."),
        ],
    }  # fmt: skip


def _source(one: Purchase) -> list[tuple[str, str]]:
    row, known = one.row, one.supplier
    goods = "; ".join(
        f"{line.product} {quantity_text(line.quantity, line.uom)}"
        + (f" × {yuan(line.price_fen)}" if line.price_fen is not None else "")
        for line in row.lines
    )
    return [
        (_("Supplier"), row.partner),
        (_("Licence"), one.licence),
        (_("Contact"), " ".join(filter(None, (known.contact_name if known else "", row.phone)))),
        (_("Address"), row.address),
        (_("Bought at"), moment(row.at)),
        (_("Ticket"), " ".join(filter(None, (row.number, row.code)))),
        (_("Goods"), goods),
        (_("Origin"), "; ".join(dict.fromkeys(line.origin for line in row.lines if line.origin))),
        (_("Plate"), row.plate),
        (_("Amount, yuan"), "" if row.total_fen is None else yuan(row.total_fen)),
    ]


def _test_rows(test: Any) -> Iterable[list[str]]:
    for item in test.items:
        yield [
            moment(test.tested_at), test.lab, item.item, _measured(item), item.strictest,
            verdict_word(item.verdict), test.report_number or test.sample_number,
        ]  # fmt: skip


def _measured(item: Any) -> str:
    if isinstance(item.value, Decimal):
        return f"{item.value.normalize():f} {item.unit}"
    return verdict_word(item.reading) if item.reading else ""
