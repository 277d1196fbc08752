"""What tests of papers and labels need: the text of a PDF, its pages as pictures, a Zebra label read back."""

import io
import re

import zxingcpp
from PIL import Image
from pypdf import PdfReader

_FIELD = re.compile(r"\^FO(\d+),(\d+)\^GFA,(\d+),(\d+),(\d+),([^^]*)\^FS")
_SIZE = re.compile(r"\^PW(\d+)\s*\^LL(\d+)")
_RUN = re.compile(r"([g-z]*[G-Y]?)([0-9A-F])|([,!:])")


def text_of(pdf: bytes) -> str:
    """Return the text that a reader of the PDF finds, page after page."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """Return the size of each page in whole millimetres."""
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
    return [(round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)) for box in boxes]


def codes_in(picture: Image.Image) -> list[str]:
    """Return the texts of the QR codes in a picture."""
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in found]


def picture_of(zpl: bytes) -> Image.Image:
    """Return the label as a printer would burn it: every graphic field unpacked at its place."""
    text = zpl.decode("ascii")
    width, height = map(int, _SIZE.search(text).groups())
    canvas = Image.new("1", (width, height), 1)
    for x, y, total, _, row, packed in _FIELD.findall(text):
        rows = _unpacked(packed, int(row) * 2)
        assert len(rows) * int(row) == int(total)
        bits = bytes.fromhex("".join(rows))
        field = Image.frombytes("1", (int(row) * 8, len(rows)), bytes(255 - byte for byte in bits))
        canvas.paste(0, (int(x), int(y)), field.convert("L").point(lambda grey: 255 - grey).convert("1"))
    return canvas


def _unpacked(packed: str, digits: int) -> list[str]:
    rows: list[str] = []
    row = ""
    for counts, digit, sign in _RUN.findall(packed):
        if sign == ":":
            rows.append(rows[-1])
        elif sign:
            row = row.ljust(digits, "0" if sign == "," else "F")
        else:
            row += digit * (sum(map(_worth, counts)) or 1)
        if len(row) == digits:
            rows.append(row)
            row = ""
    assert not row
    return rows


def _worth(letter: str) -> int:
    return (ord(letter) - ord("g") + 1) * 20 if letter.islower() else ord(letter) - ord("G") + 1
