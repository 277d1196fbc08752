"""Run a private PostgreSQL server: create it, start it, recover it after a crash, stop it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg
from psycopg import sql

from cailan.config.launch import binaries
from cailan.config.launch.leftovers import end_leftovers
from cailan.config.launch.problems import LaunchProblem, explain
from cailan.config.launch.process import Account, account_for, die_with_us

ROLE = "cailan"
_SUPERUSER = "postgres"
_PORT_TRIALS = 5
_TELL_AFTER_SECONDS = 5.0
_INITDB = ("-U", _SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--auth=scram-sha-256")
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "TZ": "UTC"}

# For tests only: a crash may lose everything, which a test run does not mind.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}


def for_this_machine() -> dict[str, str]:
    """Return server settings scaled to the machine's memory (measured: jit only slows our short queries)."""
    memory_mib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "shared_buffers": f"{min(max(memory_mib // 16, 128), 2048)}MB",
        "effective_cache_size": f"{max(memory_mib // 2, 256)}MB",
        "work_mem": f"{min(max(memory_mib // 512, 4), 64)}MB",
        "maintenance_work_mem": f"{min(max(memory_mib // 32, 64), 512)}MB",
        "max_wal_size": "4GB" if memory_mib > 8192 else "1GB",  # noqa: PLR2004 (MiB: a machine with room)
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
    }


class EmbeddedPostgres:
    """One server on the loopback interface with its own data directory, password and log.

    `password` is asked for over TCP (scram-sha-256); there is no socket, whose path might be too long.
    `settings` go over those that fit the machine. `port` None takes a free one at every start.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        password: str,
        log_path: Path,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        tell: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self._password = password
        self._log_path = log_path.absolute()
        self._fixed_port = port
        self._port = port or 0
        self._settings = for_this_machine() | dict(settings or {})
        self._tell = tell
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        """The address of our database on the running server, password included."""
        return self._dsn(ROLE, ROLE)

    def _dsn(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self._password}@127.0.0.1:{self._port}/{database}"

    def is_running(self) -> bool:
        """Tell whether the server that we started lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start the server and wait until it answers; create it first where there is none.

        Raises LaunchProblem, saying what to do.
        """
        if self.is_running():
            return self
        if self.data_dir.exists() and not self.data_dir.is_dir():
            raise LaunchProblem(f"{self.data_dir} is a file where the database's folder belongs: move it.")
        installation = binaries.find(self._data_major())
        account = account_for(self.data_dir)
        programs = binaries.reachable(installation, account)
        with self._writing(account):
            self.data_dir.parent.mkdir(parents=True, exist_ok=True)
            self._log_path.parent.mkdir(parents=True, exist_ok=True)
            if self._data_major() is None:
                self._create(programs, account)
        end_leftovers(self.data_dir, tell=self._tell)
        try:
            self._launch(programs, account)
            self._ensure_database()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self, timeout_seconds: float = 8.0) -> None:
        """Stop the server: politely, then at once, then by force; a forced one recovers at its next start."""
        if self._process is None:
            return
        steps = ((signal.SIGINT, timeout_seconds), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0))
        for signum, patience in steps:
            if self._process.poll() is None:
                self._process.send_signal(signum)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
                break
        self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _data_major(self) -> int | None:
        try:
            return int((self.data_dir / "PG_VERSION").read_text().split(".")[0])
        except FileNotFoundError:
            return None
        except (PermissionError, NotADirectoryError) as error:
            raise LaunchProblem(f"{self.data_dir} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise LaunchProblem(f"{self.data_dir}/PG_VERSION is damaged: restore a backup.") from error

    @contextlib.contextmanager
    def _writing(self, account: Account) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._explained(f"{error.strerror}", account) from error

    def _create(self, programs: Path, account: Account) -> None:
        """Run initdb beside the final place and move it there when complete: nobody meets a half-made one."""
        if self.data_dir.exists() and any(self.data_dir.iterdir()):
            raise LaunchProblem(f"{self.data_dir} holds files that are no database: move them.")
        self._tell("creating the database")
        unfinished = self.data_dir.with_name(f"{self.data_dir.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        account.own(unfinished)
        with tempfile.NamedTemporaryFile("w", prefix="cailan-") as secret:
            secret.write(self._password)
            secret.flush()
            account.own(Path(secret.name))
            command = [str(programs / "initdb"), *_INITDB, f"--pwfile={secret.name}"]
            command += ["-D", _seen_from_inside(unfinished, account)]
            command += ["--no-sync"] if self._settings.get("fsync") == "off" else []
            done = subprocess.run(
                command, cwd=unfinished, env=_ENVIRONMENT, capture_output=True, text=True, check=False,
                **account.popen_arguments(),
            )  # fmt: skip
        if done.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise self._explained(done.stderr, account)
        if self.data_dir.exists():
            self.data_dir.rmdir()
        unfinished.rename(self.data_dir)

    def _launch(self, programs: Path, account: Account) -> None:
        for trial in range(1, _PORT_TRIALS + 1):
            self._port = self._fixed_port or _free_port()
            if self._fixed_port and not _is_free(self._fixed_port):
                raise self._explained("Address already in use", account)
            log_start = self._log_path.stat().st_size if self._log_path.exists() else 0
            with self._writing(account), self._log_path.open("ab") as log:
                self._process = self._popen(programs, account, log)
            if self._answers():
                return
            with self._log_path.open("rb") as log:
                log.seek(log_start)
                said = log.read().decode(errors="replace")
            somebody_was_faster = "Address already in use" in said and self._fixed_port is None
            if not somebody_was_faster or trial == _PORT_TRIALS:
                raise self._explained(said, account)

    def _popen(self, programs: Path, account: Account, log: IO[bytes]) -> subprocess.Popen[bytes]:
        settings = {
            **self._settings,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "logging_collector": "off",
            "lc_messages": "C",
        }
        command = [str(programs / "postgres"), "-p", str(self._port)]
        command += ["-D", _seen_from_inside(self.data_dir, account)]
        command += [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        # Its own session: Ctrl-C reaches the supervisor alone, which stops the server last.
        return subprocess.Popen(
            command, cwd=self.data_dir, env=_ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, preexec_fn=die_with_us(signal.SIGINT),  # noqa: PLW1509 (we have one thread)
            **account.popen_arguments(),
        )  # fmt: skip

    def _answers(self) -> bool:
        """Wait until the server answers, for as long as it lives: recovery after a crash may take minutes."""
        began, told = time.monotonic(), False
        while self.is_running():
            try:
                psycopg.connect(self._dsn(_SUPERUSER, "postgres"), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise LaunchProblem(
                        "The password in secrets/database_password is not the database's: restore that file."
                    ) from error
                time.sleep(0.02)
            else:
                return True
            if not told and time.monotonic() - began > _TELL_AFTER_SECONDS:
                self._tell("the database is recovering after a crash; nothing is lost, this may take minutes")
                told = True
        return False

    def _ensure_database(self) -> None:
        """Give the application a role without superuser's rights and a database of its own."""
        with psycopg.connect(self._dsn(_SUPERUSER, "postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
                create = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
                connection.execute(create.format(sql.Identifier(ROLE), sql.Literal(self._password)))
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(ROLE)))

    def _explained(self, output: str, account: Account) -> LaunchProblem:
        place, log = str(self.data_dir), str(self._log_path)
        return explain(output, place=place, account=account.name, port=self._port, log=log)


def _seen_from_inside(folder: Path, account: Account) -> str:
    """Return the name under which the account reaches its folder when that is the working directory.

    Below /root no other account can walk the path; its own working directory it can always enter, so the data
    stay where the user wants them and no folder of theirs changes its mode.
    """
    return str(folder) if account.can_enter(folder) else "/proc/self/cwd"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
