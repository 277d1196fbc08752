"""The ledger as a file, line by line: never the whole of it in memory."""

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

import openpyxl
from django.utils import timezone
from django.utils.translation import gettext as _

from cailan.kernel.access import Actor
from cailan.trade.queries.ledger import stream_ledger, whose
from cailan.trade.rules.ledger import BOUGHT, Filters, cells

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A ledger on its way out: what it is called, and its bytes as they are read."""

    name: str
    media_type: str
    chunks: Iterator[bytes]

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Disposition": f'attachment; filename="{self.name}"'}


def ledger_file(
    actor: Actor, *, suffix: str, side: str, filters: Filters, party_id: int | None = None
) -> LedgerFile:
    """Return the ledger as CSV or XLSX; who may not read it is refused before the first line."""
    whose(actor, party_id)
    lines = _lines(actor, side, filters, party_id)
    name = f"cailan-{side}-{timezone.localdate()}.{suffix}"
    return LedgerFile(name, CSV, _csv(lines)) if suffix == "csv" else LedgerFile(name, XLSX, _xlsx(lines))


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


def _csv(lines: Iterator[tuple[str, ...]]) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield "\ufeff".encode()  # the mark by which spreadsheets know that it is UTF-8
    for line in lines:
        yield str(writer.writerow(line)).encode()


def _xlsx(lines: Iterator[tuple[str, ...]]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for line in lines:
            sheet.append(line)
        book.save(file)
        file.seek(0)
        while block := file.read(_BLOCK):
            yield block
