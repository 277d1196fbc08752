"""End what a killed Cailan left behind on a data directory, so that the next start recovers by itself."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from cailan.config.launch.process import is_alive

_PROC = Path("/proc")


def end_leftovers(data_dir: Path, *, tell: Callable[[str], None]) -> None:
    """Stop orphaned server processes of this data directory and clear a lock file that points at a stranger.

    A lock file of a dead process stays: PostgreSQL itself checks then that no shared memory is in use.
    """
    if orphans := _servers_on(data_dir):
        tell("stopping a database server left over from a Cailan that was killed")
    for signum, patience in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0)):
        for pid in orphans:
            _signal(pid, signum)
        deadline = time.monotonic() + patience
        while orphans and time.monotonic() < deadline:
            time.sleep(0.05)
            orphans = _servers_on(data_dir)
        if not orphans:
            break
    holder = _locking_pid(data_dir)
    if holder is not None and is_alive(holder):  # reused by another program, or a zombie nobody collects
        (data_dir / "postmaster.pid").unlink(missing_ok=True)


def _signal(pid: int, signum: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signum)


def _locking_pid(data_dir: Path) -> int | None:
    try:
        return int((data_dir / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _servers_on(data_dir: Path) -> list[int]:
    """Return the living server processes of a data directory, the postmaster first.

    Every PostgreSQL process works in its data directory, which tells ours from other servers.
    """
    first = _locking_pid(data_dir)
    if not _PROC.is_dir():
        return [first] if first is not None and _is_postgres_by_ps(first) else []
    pids = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal()]
    return sorted((pid for pid in pids if _works_in(pid, data_dir)), key=lambda pid: (pid != first, pid))


def _works_in(pid: int, data_dir: Path) -> bool:
    """Ask the kernel; a zombie has neither program nor folder, and other accounts' processes are not ours."""
    try:
        program = os.readlink(_PROC / str(pid) / "exe")  # noqa: PTH115 (a deleted program's link is not a path)
        is_server = Path(program).name.split(" ")[0] == "postgres"
        return is_server and (_PROC / str(pid) / "cwd").samefile(data_dir)
    except OSError:
        return False


def _is_postgres_by_ps(pid: int) -> bool:
    asked = ["ps", "-p", str(pid), "-o", "comm="]
    return "postgres" in subprocess.run(asked, capture_output=True, text=True, check=False).stdout
