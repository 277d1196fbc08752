"""Labels for printers: as PDF, and in the language of Zebra printers (ZPL II, 203 dpi)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageDraw

from cailan.kernel.problems import Problem
from cailan.labels.queries.codes import modules_of, qr_image, qr_svg
from cailan.labels.queries.fonts import for_labels, require_fonts
from cailan.labels.queries.papers import pdf
from cailan.labels.rules import LabelContent, zebra
from cailan.labels.rules.layout import Layout, arrange


class LabelTooFull(Problem):
    status = 422
    code = "label-too-full"
    title = _("This does not fit on the label")
    detail = _(
        "Choose a larger label; below 1.8 mm letters cannot be read, and nothing is left out silently."
    )


def label_pdf(content: LabelContent) -> bytes:
    """Return the label as a page of its own size."""
    template, data, files = as_paper(content)
    return pdf(template, data, files=files)


def as_paper(content: LabelContent) -> tuple[str, dict[str, Any], dict[str, bytes]]:
    """Return template, data and pictures of the label as a paper."""
    layout = _arranged(content)
    data = {
        "title": content.title,
        "width": layout.width,
        "height": layout.height,
        "runs": [[run.x, run.y, run.size, run.is_bold, run.text] for run in layout.runs],
        "frames": [[frame.x, frame.y, frame.width, frame.height] for frame in layout.frames],
        "code": [layout.code.x, layout.code.y, layout.code.width],
    }
    return "labels/label", data, {"qr.svg": qr_svg(content.qr_text).encode()}


def zpl(content: LabelContent) -> bytes:
    """Return the label for a Zebra printer.

    All of it are graphic fields: no printer needs a Chinese font for it, no text can be mistaken for a command, and
    what the printer will show can be read back and checked dot by dot, the QR code too.
    """
    layout = _arranged(content)
    code = qr_image(content.qr_text, layout.code.width)
    fields = [
        zebra.graphic_field(layout.code.x, layout.code.y, code.width, code.height, _bits(code)),
        *(_graphic(picture, x, y) for picture, x, y in _written(layout)),
    ]
    return zebra.label(layout.width, layout.height, fields).encode("ascii")


def _arranged(content: LabelContent) -> Layout:
    require_fonts()
    layout = arrange(content, modules=modules_of(content.qr_text), measure=_measure)
    if layout is None:
        raise LabelTooFull
    return layout


def _measure(text: str, size: int, is_bold: bool) -> int:  # noqa: FBT001 (the rules' own signature)
    return -int(-for_labels(size, is_bold=is_bold).getlength(text) // 1)


def _written(layout: Layout) -> list[tuple[Image.Image, int, int]]:
    """Return all letters and frames as one picture cut to what is black, and its place."""
    canvas = Image.new("1", (layout.width, layout.height), 1)
    draw = ImageDraw.Draw(canvas)
    draw.fontmode = "1"  # a thermal head knows no grey
    for run in layout.runs:
        draw.text(
            (run.x, run.y), run.text, fill=0, anchor="ls", font=for_labels(run.size, is_bold=run.is_bold)
        )
    for frame in layout.frames:
        draw.rectangle((frame.x, frame.y, frame.x + frame.width, frame.y + frame.height), outline=0, width=2)
    box = canvas.convert("L").point(lambda grey: 255 - grey).getbbox()
    return [(canvas.crop(box), box[0], box[1])] if box else []


def _graphic(picture: Image.Image, x: int, y: int) -> str:
    return zebra.graphic_field(x, y, picture.width, picture.height, _bits(picture))


def _bits(picture: Image.Image) -> bytes:
    """Return the rows of a picture, eight dots a byte, black is 1."""
    return picture.convert("1").point(lambda dot: 0 if dot else 255).tobytes()
