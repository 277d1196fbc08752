"""`cailan up`: everything on one machine, from an empty folder to a page that answers."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType

import psycopg

import cailan
from cailan.config.launch import web
from cailan.config.launch.binaries import OLDEST_MAJOR
from cailan.config.launch.home import Home
from cailan.config.launch.problems import LaunchProblem
from cailan.config.launch.process import die_with_us
from cailan.config.launch.supervisor import Program, Supervisor, end_marked

_LOOK_EVERY_SECONDS = 0.2
_MOST_WORKERS = 4
_HEADING = re.compile(r":\s*$|^\s*$|Apply all migrations|No migrations to apply")
# All within ten seconds: the programs, then the database.
_PROGRAMS_STOP_SECONDS = 5.5
_DATABASE_STOP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked `cailan up` for."""

    host: str
    port: int
    demo: bool


REFERENCE = {  # what every installation begins with; again changes nothing
    "load_reference": "loading regions, products and substances",
    "load_limits": "loading limits",
    "load_workdays": "loading the calendar of working days",
}


class _Stopped(BaseException):
    """Somebody asked us to stop; not an Exception, so that nothing on the way takes it for a failure."""


def up(wish: Wish, home: Home, tell: Callable[[str], None]) -> None:
    """Start everything and keep it running until Ctrl-C or SIGTERM. Raises LaunchProblem where it cannot."""
    began = time.monotonic()
    with _stopping_on_signals(), ExitStack() as cleanup:
        try:
            tell(f"Cailan 菜篮 {cailan.__version__}")
            home.prepare()
            home.hold("cailan up")
            cleanup.callback(home.release)
            end_marked(home.root)
            web.refuse_taken_port(wish.host, wish.port)
            environment = _environment(wish, home)
            environment["CAILAN_DATABASE_URL"] = _start_database(home, cleanup, tell)
            _run(home, environment, ("migrate", "--no-input"), "bringing the tables up to date", tell)
            for command, what in REFERENCE.items():
                _run(home, environment, (command,), what, tell)
            if wish.demo:
                _run(home, environment, ("demo",), "playing the demonstration week", tell)
            supervisor = Supervisor(programs(wish, home), home=home.root, environment=environment, tell=tell)
            cleanup.callback(supervisor.stop, _PROGRAMS_STOP_SECONDS)
            cleanup.callback(tell, "stopping")
            supervisor.start()
            _supervise(supervisor, wish, lambda: tell(_welcome(wish, home, time.monotonic() - began)), tell)
        except _Stopped:
            pass
    tell("stopped")


def programs(wish: Wish, home: Home) -> tuple[Program, ...]:
    """Return the table of what runs; a new program is a new line."""
    workers = min(os.cpu_count() or 1, _MOST_WORKERS)
    table = {
        "web": (
            *("granian", "--interface", "wsgi", "--host", wish.host, "--port", str(wish.port)),
            *("--workers", str(workers), "--blocking-threads", "4"),
            *("--respawn-failed-workers", "--workers-kill-timeout", "3", "cailan.config.wsgi:application"),
        ),
        "worker": ("cailan", "manage", "procrastinate", "worker"),
        "sequencer": ("cailan", "manage", "sequencer"),
    }
    return tuple(
        Program(name, (sys.executable, "-m", *command), home.rotate(name)) for name, command in table.items()
    )


def _supervise(
    supervisor: Supervisor, wish: Wish, welcome: Callable[[], None], tell: Callable[[str], None]
) -> None:
    ready = False
    patience = time.monotonic() + 30
    while True:
        supervisor.look()
        if not ready:
            if web.answers(wish.host, wish.port):
                ready = True
                welcome()
            elif time.monotonic() > patience:
                tell("the web server does not answer yet; its log may say why")
                patience += 30
        time.sleep(_LOOK_EVERY_SECONDS)


@contextmanager
def _stopping_on_signals() -> Iterator[None]:
    """Turn the first Ctrl-C, SIGTERM or closed terminal into _Stopped; later ones must not disturb it."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(_signum: int, _frame: FrameType | None) -> None:
        for signum in signals:
            signal.signal(signum, signal.SIG_IGN)
        raise _Stopped

    before = {signum: signal.signal(signum, stop) for signum in signals}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def _environment(wish: Wish, home: Home) -> dict[str, str]:
    """Return what our programs see: the settings made explicit."""
    environment = {
        **os.environ,
        "CAILAN_HOME": str(home.root),
        "PYTHONUNBUFFERED": "1",
        "PYTHONSAFEPATH": "1",  # a folder named cailan where we were started is not us
    }
    environment.setdefault("CAILAN_PUBLIC_URL", f"http://{web.visible(wish.host)}:{wish.port}")
    environment.setdefault("CAILAN_SECRET_KEY", home.secret("secret_key"))
    return environment


def _start_database(home: Home, cleanup: ExitStack, tell: Callable[[str], None]) -> str:
    """Start our own database, or look at the one in CAILAN_DATABASE_URL; return its address."""
    url = os.environ.get("CAILAN_DATABASE_URL")
    if url is None:
        began = time.monotonic()
        server = home.postgres(tell).start()
        cleanup.callback(server.stop, _DATABASE_STOP_SECONDS)
        tell(f"database ready ({time.monotonic() - began:.1f} s)")
        url = server.dsn
    else:
        _look_at_foreign(url)
    home.write_private(home.database_url, url)
    cleanup.callback(home.database_url.unlink, missing_ok=True)
    return url


def _look_at_foreign(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1]
        raise LaunchProblem(f"The database in CAILAN_DATABASE_URL does not answer: {reason}") from error
    if version < OLDEST_MAJOR:
        raise LaunchProblem(
            f"CAILAN_DATABASE_URL names a PostgreSQL {version}: {OLDEST_MAJOR} is the oldest that will do."
        )


def _run(
    home: Home, environment: dict[str, str], command: tuple[str, ...], what: str, tell: Callable[[str], None]
) -> None:
    """Run a management command to its end, telling each line it prints; the log keeps them too."""
    began = time.monotonic()
    tell(what)
    log_path = home.rotate(command[0])
    with log_path.open("a") as log:
        process = subprocess.Popen(
            (sys.executable, "-m", "cailan", "manage", *command),
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            preexec_fn=die_with_us(signal.SIGTERM),  # noqa: PLW1509 (we have one thread)
        )
        with process:
            try:
                for line in process.stdout or ():
                    log.write(line)
                    log.flush()  # in order with what the command says aside
                    if not _HEADING.search(line):
                        tell(f"  {line.strip()}")
            except _Stopped:
                process.terminate()
                raise
    if process.returncode != 0:
        last = (log_path.read_text().strip().splitlines() or ["it said nothing"])[-1]
        raise LaunchProblem(f"`cailan {command[0]}` failed: {last[:500]} (more in {log_path})")
    tell(f"  done ({time.monotonic() - began:.1f} s)")


def _risks(wish: Wish, home: Home) -> Iterator[str]:
    """Yield what to know before others than this machine may reach us."""
    if wish.host not in web.EVERYWHERE:
        return
    yield "other machines reach this server; without TLS in front, passwords travel readable (docs/operations.md)."
    if home.accounts.exists():
        yield "whoever reaches it can sign in with the demonstration's accounts."
    if "CAILAN_PUBLIC_URL" not in os.environ:
        yield "QR codes lead to 127.0.0.1, which no phone reaches; set CAILAN_PUBLIC_URL."


def _welcome(wish: Wish, home: Home, seconds: float) -> str:
    address = f"http://{web.visible(wish.host)}:{wish.port}"
    cailan_command = f"{os.path.relpath(sys.executable)} -m cailan"
    lines = ["", f"Cailan is ready at {address} (after {seconds:.1f} s)", ""]
    if wish.demo and home.accounts.exists():
        lines += [home.accounts.read_text().rstrip(), ""]
    lines += [
        "Try:",
        f"  {address}/ in a browser",
        f"  {cailan_command} trace CODE     the chain of a code, in a second terminal",
        f"  {cailan_command} import FILE    records from EPCIS, CSV or XLSX files",
        "",
        *(f"Mind: {risk}" for risk in _risks(wish, home)),
        "Ctrl-C stops everything.",
    ]
    return "\n".join(lines)
