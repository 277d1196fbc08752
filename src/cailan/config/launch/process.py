"""Accounts to run under, and children that do not outlive us."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cailan.config.launch.problems import LaunchProblem

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system account that a database server runs under."""

    uid: int
    gid: int
    name: str

    def popen_arguments(self) -> dict[str, Any]:
        """Return what `subprocess` needs to run a program under this account; nothing when it is our own."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or folder of ours to this account."""
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)

    def can_enter(self, path: Path) -> bool:
        """Tell whether this account can reach and enter a folder; asked of the kernel, so ACLs count too."""
        if self.uid == os.geteuid():
            return os.access(path, os.R_OK | os.X_OK)
        asked = ["test", "-r", str(path), "-a", "-x", str(path)]
        return subprocess.run(asked, check=False, cwd="/", **self.popen_arguments()).returncode == 0


def account_for(data_dir: Path) -> Account:
    """Choose the account of a database: its owner, else ours, and never root, which PostgreSQL refuses.

    Raises LaunchProblem when the folder is another account's and we are not root.
    """
    me = os.geteuid()
    owner = data_dir.stat().st_uid if data_dir.exists() else me
    if me != 0:
        if owner != me:
            raise LaunchProblem(f"{data_dir} belongs to {_name(owner)}: start Cailan as that account.")
        return Account(me, os.getegid(), _name(me))
    for name in (_name(owner), "postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
    raise LaunchProblem("PostgreSQL refuses to run as root and this system has no account `nobody`: add one.")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def die_with_us(signum: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn` by which Linux sends the child this signal when we die, even by kill -9.

    It must run after the change of account, which clears the setting; `subprocess` keeps this order.
    """
    parent = os.getpid()

    def ask_the_kernel() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
        if os.getppid() != parent:  # we died between fork and prctl
            os._exit(1)

    return ask_the_kernel


def is_alive(pid: int) -> bool:
    """Tell whether a process of this number exists, be it another account's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
