"""The folder of one installation: its secrets, its logs, its database, and who holds it."""

import fcntl
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Self

from cailan.config.launch.postgres import EmbeddedPostgres
from cailan.config.launch.problems import LaunchProblem

_LOG_LIMIT_BYTES = 10_000_000
_OLD_LOGS = 3


class Home:
    """CAILAN_HOME, `./var` unless set."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.database_url = self.root / "secrets" / "database_url"
        self.accounts = self.root / "demo-accounts.txt"
        self._lock: IO[str] | None = None

    @classmethod
    def from_environment(cls) -> Self:
        """Return the home that CAILAN_HOME names."""
        return cls(Path(os.environ.get("CAILAN_HOME", "var")))

    def prepare(self) -> None:
        """Make the folders. Raises LaunchProblem where that cannot be."""
        try:
            for folder in (self.root, self.root / "log"):
                folder.mkdir(parents=True, exist_ok=True)
            (self.root / "secrets").mkdir(mode=0o700, exist_ok=True)
            (self.root / "lock").touch()
        except OSError as error:
            raise LaunchProblem(
                f"{self.root} cannot be written ({error.strerror}): correct it, or set another CAILAN_HOME."
            ) from error

    def secret(self, name: str) -> str:
        """Return a secret of this installation, made at its first use and readable by its owner only."""
        path = self.root / "secrets" / name
        if not path.exists():
            self.write_private(path, secrets.token_urlsafe(48))
        return path.read_text().strip()

    def write_private(self, path: Path, text: str) -> None:
        """Write a file that only its owner may read, whole or not at all."""
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(text)
            unfinished.replace(path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise LaunchProblem(f"{path} cannot be written: {error.strerror}.") from error

    def hold(self, purpose: str, *, patience_seconds: float = 0, tell: Callable[[str], None] = print) -> None:
        """Become the only Cailan that runs a database here. Raises LaunchProblem while another is."""
        lock = (self.root / "lock").open("r+")
        deadline, told = time.monotonic() + patience_seconds, False
        while not _locked(lock):
            holder = lock.read().strip() or "another Cailan"
            lock.seek(0)
            if time.monotonic() >= deadline:
                lock.close()
                raise LaunchProblem(
                    f"{self.root} is in use by {holder}: stop it, or set another CAILAN_HOME."
                )
            if not told:
                tell(f"waiting for {holder}")
                told = True
            time.sleep(0.1)
        lock.truncate()
        lock.write(f"`{purpose}` (process {os.getpid()})")
        lock.flush()
        self._lock = lock

    def release(self) -> None:
        """Let others in."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def running_database(self) -> str | None:
        """Return the database address of the `cailan up` that runs here, or None."""
        if not self.database_url.exists():
            return None
        with (self.root / "lock").open("r+") as lock:
            if _locked(lock):  # nobody runs: what we read was left by one that was killed
                return None
        return self.database_url.read_text().strip()

    def log(self, name: str) -> Path:
        """Return the log file of a program."""
        return self.root / "log" / f"{name}.log"

    def rotate(self, name: str) -> Path:
        """Put a log that has grown large aside, keep three, and return the one to write."""
        path = self.log(name)
        if path.exists() and path.stat().st_size > _LOG_LIMIT_BYTES:
            for age in range(_OLD_LOGS - 1, 0, -1):
                if (older := path.with_suffix(f".log.{age}")).exists():
                    older.replace(path.with_suffix(f".log.{age + 1}"))
            path.replace(path.with_suffix(".log.1"))
        return path

    def postgres(self, tell: Callable[[str], None]) -> EmbeddedPostgres:
        """Return our own database server, not yet started."""
        return EmbeddedPostgres(
            self.root / "postgres",
            password=self.secret("database_password"),
            log_path=self.rotate("postgres"),
            tell=tell,
        )


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
