"""QR codes (ISO/IEC 18004, level M: 15 % of the symbol may be lost)."""

import io
from typing import Any

import zxingcpp
from PIL import Image

QUIET_MODULES = 4  # ISO/IEC 18004 asks for a white frame of four modules


def qr_svg(text: str) -> str:
    """Return the code as a picture of any size."""
    svg = str(_symbol(text).to_svg(scale=1, add_quiet_zones=True))
    side = svg.partition('width="')[2].partition('"')[0]
    # Without a viewBox a browser does not scale the picture.
    return svg.replace(f'width="{side}" height="{side}"', f'viewBox="0 0 {side} {side}"', 1)


def qr_png(text: str, px: int) -> bytes:
    """Return the code as a picture of `px` × `px` dots, each module as large as fits."""
    file = io.BytesIO()
    qr_image(text, px).save(file, "PNG", optimize=True)
    return file.getvalue()


def qr_image(text: str, px: int) -> Image.Image:
    """Return the code in black on white, `px` dots wide with its white frame."""
    bare = Image.fromarray(_symbol(text).to_image(scale=1, add_quiet_zones=False)).convert("L")
    module = max(1, px // (bare.width + 2 * QUIET_MODULES))
    code = bare.resize((bare.width * module, bare.height * module), Image.Resampling.NEAREST)
    canvas = Image.new("L", (max(px, code.width), max(px, code.height)), 255)
    canvas.paste(code, ((canvas.width - code.width) // 2, (canvas.height - code.height) // 2))
    return canvas


def modules_of(text: str) -> int:
    """Return how many modules wide the code is, with its white frame."""
    return int(_symbol(text).to_image(scale=1, add_quiet_zones=False).shape[0]) + 2 * QUIET_MODULES


def _symbol(text: str) -> Any:
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
