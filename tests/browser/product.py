"""A running Cailan of its own, entered by its own doors: `cailan up`, the terminal, the browser."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psycopg

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Choysum-2026-demo"
STOP_SECONDS = 10  # what docs/operations.md promises


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Product:
    """One `cailan up` with a home of its own."""

    home: Path
    port: int
    said: list[str] = field(default_factory=list)
    process: "subprocess.Popen[str] | None" = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str) -> Self:
        """Start it and read what it says until it is ready; the last words tell why it is not."""
        self.process = subprocess.Popen(
            self._command("up", "--port", str(self.port), *options),
            cwd=ROOT,
            env=self._environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for line in self.process.stdout or ():
            self.said.append(line.rstrip())
            if line.startswith("Ctrl-C stops everything"):
                return self
        raise AssertionError("cailan up ended:\n" + "\n".join(self.said[-15:]))

    def stop(self) -> int:
        """Ask it to stop, and return its status; it is killed where it does not keep its word."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            rest, _ = self.process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        self.said += rest.splitlines()
        return self.process.returncode

    def cailan(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in a second terminal."""
        return subprocess.run(
            self._command(*arguments),
            cwd=ROOT,
            env=self._environment(),
            text=True,
            capture_output=True,
            check=False,
        )

    def behind_its_back(self, *statements: str) -> None:
        """Change the database as somebody who owns it could: triggers off, one transaction."""
        with psycopg.connect(self._database()) as connection:
            tables = ("ledger_record", "ledger_entry")
            switch = [f"ALTER TABLE {table} {{}} TRIGGER USER" for table in tables]
            for statement in (
                *(one.format("DISABLE") for one in switch),
                *statements,
                *(one.format("ENABLE") for one in switch),
            ):
                connection.execute(statement)

    def code_of(self, number: str, *, older: int = 0) -> str:
        """Return the trace code on the label of the newest lot whose number starts so, or of one some lots older."""
        with psycopg.connect(self._database()) as connection:
            found = connection.execute(
                "SELECT code FROM lots_lot WHERE number LIKE %s ORDER BY made_at DESC, id DESC LIMIT 1 OFFSET %s",
                [f"{number}%", older],
            ).fetchone()
        assert found, f"no lot {number}"
        return found[0]

    def _database(self) -> str:
        return (self.home / "secrets" / "database_url").read_text().strip()

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "cailan", *arguments]

    def _environment(self) -> dict[str, str]:
        """Return the environment of a user's terminal: nothing that this test run set for itself."""
        ours = re.compile(r"CAILAN_|DJANGO_|PYTEST_|LANGUAGE$|LC_|LANG$")
        kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
        return {**kept, "CAILAN_HOME": str(self.home), "LANG": "C.UTF-8"}


@contextlib.contextmanager
def running(*options: str):
    """Run a product in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="cailan-browser-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL may run as another account than ours, which must reach its data.
        Path(folder).chmod(0o755)
        product = Product(Path(folder) / "home", free_port())
        try:
            yield product.start(*options)
        finally:
            if product.process is not None and product.process.poll() is None:
                product.stop()
