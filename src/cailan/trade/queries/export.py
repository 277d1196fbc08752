"""The ledger as a file, line by line: never the whole of it in memory."""

import csv
import tempfile
from collections.abc import Iterator
from typing import IO

import openpyxl
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor
from cailan.trade.queries.ledger import stream_ledger, whose
from cailan.trade.rules.ledger import BOUGHT, Filters, cells

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def ledger_lines(
    actor: Actor, *, side: str, filters: Filters, party_id: int | None = None
) -> Iterator[tuple[str, ...]]:
    """Yield the ledger as cells, heads first; who may not read it is refused before the first line."""
    whose(actor, party_id)
    return _lines(actor, side, filters, party_id)


def _lines(actor: Actor, side: str, filters: Filters, party_id: int | None) -> Iterator[tuple[str, ...]]:
    yield (
        _("Time"), _("Number"), _("Supplier") if side == BOUGHT else _("Buyer"), _("Address"), _("Phone"),
        _("Product"), _("Lot number"), _("Trace code"), _("Origin"), _("Quantity"), _("Unit"), _("Pieces"),
        _("Price, yuan"), _("Amount, yuan"), _("Plate"), _("Bought of"), _("Vouchers (SHA-256)"),
    )  # fmt: skip
    for row in stream_ledger(actor, side=side, filters=filters, party_id=party_id):
        yield from cells(row, f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}")


class _Echo:
    """Hands each line on instead of keeping it."""

    def write(self, value: str) -> str:
        return value


def csv_text(lines: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """Yield the text of a CSV file, with the mark by which spreadsheets know that it is UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for line in lines:
        yield str(writer.writerow(line))


def xlsx_file(lines: Iterator[tuple[str, ...]]) -> IO[bytes]:
    """Return a temporary file with the sheet, which whoever sends it closes."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append(line)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book.save(file)
    file.seek(0)
    return file
