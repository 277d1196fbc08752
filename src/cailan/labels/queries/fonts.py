"""The letters of papers and labels: Noto Sans SC in two weights, brought by the build."""

from functools import cache
from pathlib import Path

import typst
from django.utils.translation import gettext_lazy as _
from PIL import ImageFont

from cailan.kernel.problems import Problem

FOLDER = Path(__file__).resolve().parent.parent / "data" / "fonts"
REGULAR = FOLDER / "NotoSansSC_400Regular.ttf"
BOLD = FOLDER / "NotoSansSC_700Bold.ttf"


class FontMissing(Problem):
    status = 503
    code = "font-missing"
    title = _("The letters for printing are not installed")
    detail = _(
        "Tell the operator: the build that brings the font Noto Sans SC has not run. Run `make up` once."
    )


def require_fonts() -> None:
    """Refuse to print in letters that are not there; empty boxes on a paper would be worse."""
    if not (REGULAR.is_file() and BOLD.is_file()):
        raise FontMissing


@cache
def for_papers() -> typst.Fonts:
    """Return our fonts and no other, so that a paper looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])


@cache
def for_labels(size: int, *, is_bold: bool) -> ImageFont.FreeTypeFont:
    """Return the letters of one size in dots."""
    return ImageFont.truetype(str(BOLD if is_bold else REGULAR), size)
