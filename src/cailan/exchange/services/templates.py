"""Write the template of in/out records, empty or with an example of each kind."""

import csv
import io
from datetime import date, timedelta

import openpyxl
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from cailan.exchange.rules.columns import BY_KEY, COLUMNS, NEEDED

WIDE, NARROW = 22, 16  # characters
EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "record": "{day}-001", "kind": "进货", "time": "{day} 05:30", "product": "菜心", "lot": "CX1119",
        "quantity": "100", "unit": "公斤", "price": "3.20", "party": "增城仙村蔬菜基地", "origin": "广州市增城区",
        "plate": "粤A12345", "document": "JH-1119-01",
    },
    {
        "record": "{day}-002", "kind": "销货", "time": "{day} 07:10", "product": "菜心", "lot": "CX1119",
        "quantity": "60", "unit": "斤", "price": "2.60", "party": "好味酒家", "document": "XS-1119-01",
    },
    {
        "record": "{day}-003", "kind": "零售", "time": "{day} 09:00", "product": "菜心", "lot": "CX1119",
        "quantity": "8.5", "unit": "斤", "price": "3.00",
    },
    {
        "record": "{day}-004", "kind": "损耗", "time": "{day} 18:00", "product": "菜心", "lot": "CX1119",
        "quantity": "2", "unit": "公斤", "remark": "黄叶",
    },
    {
        "record": "{day}-005", "kind": "生产", "time": "{day} 04:00", "product": "番茄", "lot": "FQ-7-1119",
        "quantity": "300", "unit": "公斤", "origin": "7号地块",
    },
)  # fmt: skip


def template_file(*, kind: str, has_examples: bool, in_english: bool, on: date) -> bytes:
    """Return the template as `csv` (UTF-8 with a mark, for spreadsheets) or `xlsx`."""
    header = [column.en if in_english else column.zh for column in COLUMNS]
    examples = EXAMPLES if has_examples else ()
    yesterday = (on - timedelta(days=1)).isoformat()
    rows = [[example.get(c.key, "").replace("{day}", yesterday) for c in COLUMNS] for example in examples]
    return _csv(header, rows) if kind == "csv" else _xlsx(header, rows)


def _csv(header: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(header: list[str], rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "records"
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    sheet.freeze_panes = "A2"
    for position, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, position)
        cell.font = Font(bold=column.key in NEEDED)
        cell.fill = PatternFill("solid", fgColor="E7F2EA" if column.key in NEEDED else "F1F3F4")
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = WIDE if column.longest > BY_KEY["lot"].longest else NARROW
        sheet.column_dimensions[letter].number_format = "@"  # codes keep their zeros
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
