"""Which files are taken, told by their content; which of them a browser may show."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DocumentKind(StrEnum):
    """What a document is for."""

    PHOTO = "photo"
    LICENCE = "licence"
    CERTIFICATE = "certificate"
    REPORT = "report"
    TICKET = "ticket"
    CONTRACT = "contract"
    DATA = "data"
    OTHER = "other"


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


KIND_LABELS: dict[DocumentKind, str] = {
    DocumentKind.PHOTO: gettext_noop("Photo"),
    DocumentKind.LICENCE: gettext_noop("Licence"),
    DocumentKind.CERTIFICATE: gettext_noop("Certificate"),
    DocumentKind.REPORT: gettext_noop("Report"),
    DocumentKind.TICKET: gettext_noop("Ticket"),
    DocumentKind.CONTRACT: gettext_noop("Contract"),
    DocumentKind.DATA: gettext_noop("Data file"),
    DocumentKind.OTHER: gettext_noop("Other document"),
}

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV, JSON, XML = "text/csv", "application/json", "application/xml"
PICTURES = frozenset({JPEG, PNG, WEBP})
SHOWN_IN_BROWSER = PICTURES | {PDF}

EXTENSIONS: dict[str, str] = {
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": PNG,
    "webp": WEBP,
    "pdf": PDF,
    "xlsx": XLSX,
    "csv": CSV,
    "json": JSON,
    "jsonld": JSON,
    "xml": XML,
}
HEAD_BYTES = 4096
SIZES = (320, 1080, 2160)  # longest side of what is shown, in pixels
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 16_000
MOST_UNPACKED = 200_000_000
MOST_PARTS = 2_000
MOST_RATIO = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not taken: a code for programs, a sentence for people."""

    code: str
    message: str


UNKNOWN = Refusal(
    "unknown-type",
    gettext_noop("Only pictures (JPEG, PNG, WebP), PDF, XLSX, CSV, JSON and XML files are taken."),
)
OTHER_CONTENT = Refusal(
    "other-content",
    gettext_noop(
        "The content is not what the end of the file's name says. Save it again in the right format."
    ),
)
EMPTY = Refusal("empty", gettext_noop("This file is empty. Choose the file again."))
BROKEN = Refusal(
    "broken", gettext_noop("This file is damaged. Open it, save it again, and send the new one.")
)
TOO_MANY_PIXELS = Refusal(
    "too-many-pixels", gettext_noop("This picture is too large. Make it smaller than 60 million pixels.")
)
PACKED_TOO_TIGHT = Refusal(
    "packed-too-tight",
    gettext_noop("This workbook unpacks to far more than a workbook holds. Export it again."),
)
WITH_MACROS = Refusal("with-macros", gettext_noop("Workbooks with macros are not taken. Save it as XLSX."))
WITH_ENTITIES = Refusal(
    "with-entities", gettext_noop("XML with a document type is not taken. Remove DOCTYPE.")
)


def media_type_of(head: bytes, name: str) -> str | Refusal:
    """Return the type that both the first bytes and the name's end say, or why the file is not taken."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    wanted = EXTENSIONS.get(extension)
    if not head:
        return EMPTY
    if wanted is None:
        return UNKNOWN
    if _of_content(head, wanted) != wanted:
        return OTHER_CONTENT
    if wanted == XML and b"<!doctype" in head.lower():
        return WITH_ENTITIES
    return wanted


def _of_content(head: bytes, wanted: str) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return XLSX
    return _of_text(head, wanted)


def _of_text(head: bytes, wanted: str) -> str | None:
    """Tell text formats apart; CSV has no mark of its own and is any text that is neither of the others."""
    if b"\x00" in head or wanted not in {CSV, JSON, XML}:
        return None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")):
        return JSON if wanted == JSON else CSV
    if start.startswith(b"<"):
        # A page of HTML under the name of a table would be shown as a page by somebody's browser.
        return XML if start[:5].lower() != b"<html" and start[:9].lower() != b"<!doctype" else None
    return CSV


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a package: its name and its sizes."""

    name: str
    packed: int
    unpacked: int


def why_not_workbook(parts: list[Part], size: int) -> Refusal | None:
    """Return why a package of `size` bytes is not taken as a workbook (ECMA-376), or None when it is."""
    names = {part.name for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        return OTHER_CONTENT
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return WITH_MACROS
    unpacked = sum(part.unpacked for part in parts)
    # Parts that overlap in the package claim more packed bytes than the package has.
    overlaps = sum(part.packed for part in parts) > size
    if overlaps or len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * size:
        return PACKED_TOO_TIGHT
    return None


def why_not_picture(width: int, height: int) -> Refusal | None:
    """Return why a picture of this size is not taken, or None when it is."""
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        return TOO_MANY_PIXELS
    return None


def rendition_size(asked: str) -> int:
    """Return the size in which to show a picture: the one asked for, else the largest."""
    sizes = {str(size): size for size in SIZES}
    return sizes.get(asked, SIZES[-1])


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document as its reader may see it."""

    id: int
    owner_id: int
    name: str
    kind: str
    digest: str  # SHA-256, hex
    media_type: str
    size: int
    width: int | None
    height: int | None
    added_at: datetime

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES
