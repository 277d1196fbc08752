"""Look into a file before it is kept: is it what it says, does it stay small when it is opened."""

import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from cailan.documents import rules
from cailan.kernel.problems import InvalidInput

_FORMATS = {rules.JPEG: ("JPEG",), rules.PNG: ("PNG",), rules.WEBP: ("WEBP",)}
_QUALITY = 82
_FIRST_LYING = 5  # EXIF orientations 5 to 8 swap width and height


class FileRefused(InvalidInput):
    code = "file-refused"

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(
            _(refusal.message), errors=[{"where": "file", "what": _(refusal.message), "code": refusal.code}]
        )


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a look into the file found."""

    media_type: str
    width: int | None = None
    height: int | None = None
    renditions: tuple[tuple[int, Path], ...] = ()


def inspect(path: Path, name: str) -> Inspected:
    """Return what the file is, a picture's renditions made beside it; refuse what is not what it says."""
    with path.open("rb") as stream:
        found = rules.media_type_of(stream.read(rules.HEAD_BYTES), name)
    if isinstance(found, rules.Refusal):
        raise FileRefused(found)
    if found == rules.XLSX:
        _look_into_workbook(path)
    if found == rules.XML:
        _look_into_xml(path)
    if found in rules.PICTURES:
        return _look_at_picture(path, found)
    return Inspected(found)


def _look_into_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [rules.Part(one.filename, one.compress_size, one.file_size) for one in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError):
        raise FileRefused(rules.BROKEN) from None
    if refusal := rules.why_not_workbook(parts, path.stat().st_size):
        raise FileRefused(refusal)


def _look_into_xml(path: Path) -> None:
    """Refuse a document type anywhere: its entities can grow without end or read our files."""
    tail = b""
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            if b"<!doctype" in (tail + block).lower() or b"<!entity" in (tail + block).lower():
                raise FileRefused(rules.WITH_ENTITIES)
            tail = block[-16:]


def _look_at_picture(path: Path, media_type: str) -> Inspected:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=_FORMATS[media_type]) as picture:
                if refusal := rules.why_not_picture(*picture.size):
                    raise FileRefused(refusal)
                return _render(picture, path, media_type)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused(rules.TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise FileRefused(rules.BROKEN) from None


def _render(picture: Image.Image, path: Path, media_type: str) -> Inspected:
    """Write the picture anew in each size: only pixels pass, no EXIF (place, device)."""
    width, height = picture.size
    if picture.getexif().get(ExifTags.Base.Orientation, 1) >= _FIRST_LYING:
        width, height = height, width
    # Shrunk before anything else: a JPEG is then decoded at a fraction of its size.
    picture.thumbnail((max(rules.SIZES),) * 2, Image.Resampling.LANCZOS)
    shown = _on_white(ImageOps.exif_transpose(picture))
    renditions = []
    for size in sorted(rules.SIZES, reverse=True):
        shown.thumbnail((size, size), Image.Resampling.LANCZOS)
        target = path.with_name(f"{path.name}.{size}")
        shown.save(target, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
        renditions.append((size, target))
    return Inspected(media_type, width, height, renditions=tuple(renditions))


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    flat = picture.convert("RGBA")
    canvas = Image.new("RGB", flat.size, "white")
    canvas.paste(flat, mask=flat.getchannel("A"))
    return canvas
