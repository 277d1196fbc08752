"""Read a CSV or XLSX file as rows of texts, on guard against what a file can do to its reader."""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NoReturn

import python_calamine

MOST_ROWS = 200_000
MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 300_000_000
LONGEST_CELL = 2_000
_LOCAL_HEADER = 30
_CHUNK = 1 << 20
_EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number
Row = tuple[str, ...]


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


class BadTable(ValueError):
    """A file that is no table we can read; the sentence and its facts."""

    def __init__(self, message: str, **facts: object) -> None:
        self.message = message
        self.facts = facts
        super().__init__(message % facts)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, lazily, and how many there are about; the header is row 1."""

    rows: Iterator[tuple[int, Row]]
    row_count: int
    encoding: str


def open_table(data: bytes) -> Table:
    """Open a file by what it is, not by its name."""
    if not data.strip():
        raise BadTable(gettext_noop("The file is empty."))
    if data.startswith(b"PK"):
        return _open_xlsx(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadTable(gettext_noop("This is an old Excel file (.xls). Save it as XLSX or CSV."))
    return _open_csv(data)


def _open_csv(data: bytes) -> Table:
    text, encoding = decode(data)
    first_line = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t", key=first_line.count)
    return Table(_csv_rows(text, delimiter), text.count("\n") + (not text.endswith("\n")), encoding)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8, UTF-16 with a mark, else GB18030."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, encoding)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded(data, "gb18030")


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise BadTable(
            gettext_noop("The file is neither UTF-8 nor GB18030: byte %(byte)s cannot be read."),
            byte=error.start,
        ) from None


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadTable(
                gettext_noop(
                    "Row %(row)s is not CSV: %(reason)s. Look for a quotation mark that is not closed."
                ),
                row=number,
                reason=error,
            ) from None
        _check_number(number)
        yield number, tuple(cell.strip() for cell in cells)


def _check_number(number: int) -> None:
    if number > MOST_ROWS + 1:
        raise BadTable(gettext_noop("More than %(limit)s rows. Split the file."), limit=MOST_ROWS)


def _open_xlsx(data: bytes) -> Table:
    _check_archive(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
    except Exception as error:  # noqa: BLE001 (whatever the reader stumbles over, the file is at fault)
        raise BadTable(
            gettext_noop("This is no XLSX workbook, or it is damaged: %(reason)s."), reason=str(error)[:120]
        ) from None
    return Table(_sheet_rows(sheet), sheet.total_height or 0, "xlsx")


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, Row]]:
    for offset, cells in enumerate(sheet.iter_rows(), start=1):
        _check_number(offset)
        yield offset, tuple(_text(cell) for cell in cells)


def _text(cell: Any) -> str:
    """Return a cell as people see it; numbers without the noise of binary fractions."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 10**_EXACT_DIGITS else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def _check_archive(data: bytes) -> None:
    """Refuse archives that unpack to more than a workbook needs, whatever sizes their entries claim."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise BadTable(
            gettext_noop("This is no XLSX workbook, or it is damaged: %(reason)s."), reason=error
        ) from None
    if len(entries) > MOST_ENTRIES:
        _refuse_bomb()
    left = LARGEST_UNPACKED
    for entry in entries:
        left -= _unpacked(data, entry, left)


def _unpacked(data: bytes, entry: zipfile.ZipInfo, limit: int) -> int:
    name_length, extra_length = struct.unpack_from(
        "<HH", data.ljust(entry.header_offset + _LOCAL_HEADER), entry.header_offset + 26
    )
    start = entry.header_offset + _LOCAL_HEADER + name_length + extra_length
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise BadTable(gettext_noop("The workbook is packed in a way that is not read here."))
    unpacker, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    try:
        while packed and not unpacker.eof:
            size += len(unpacker.decompress(packed, _CHUNK))
            packed = unpacker.unconsumed_tail
            if size > limit:
                _refuse_bomb()
    except zlib.error as error:
        raise BadTable(
            gettext_noop("This is no XLSX workbook, or it is damaged: %(reason)s."), reason=error
        ) from None
    return size


def _refuse_bomb() -> NoReturn:
    raise BadTable(gettext_noop("The workbook unpacks to far more than records need. It was not opened."))
