"""What this machine offers to the tests, and what happens where it does not."""

import os
import shutil
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def require_all() -> bool:
    """Tell whether a missing feature fails the run (CAILAN_REQUIRE_ALL=1) instead of skipping its tests."""
    return os.environ.get("CAILAN_REQUIRE_ALL") == "1"


def chromium() -> str | None:
    """Return the browser to drive: CAILAN_CHROMIUM, else the system's."""
    return os.environ.get("CAILAN_CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)


def conformance_data() -> Path | None:
    """Return the folder of documents that others published: CAILAN_CONFORMANCE_DATA, else the neighbour's."""
    named = os.environ.get("CAILAN_CONFORMANCE_DATA")
    folder = Path(named) if named else _ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def missing(feature: str, remedy: str) -> None:
    """Skip the running test by the name of what it needs, or fail it where everything is required."""
    sentence = f"needs {feature}: {remedy}"
    if require_all():
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)
