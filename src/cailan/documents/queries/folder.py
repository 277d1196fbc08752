"""Where the bytes lie: files/ab/cd/<sha256>, and what is shown of a picture beside it."""

import re
from pathlib import Path

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


def home() -> Path:
    return Path(settings.CAILAN.home) / "files"


def path_of(digest: str, size: int | None = None) -> Path:
    """Return the path of a file, or of a picture's rendition, by the file's SHA-256 and nothing else."""
    if not _DIGEST.fullmatch(digest):
        message = f"not a SHA-256: {digest!r}"
        raise ValueError(message)
    name = digest if size is None else f"{digest}.{size}.jpg"
    return home() / digest[:2] / digest[2:4] / name
