"""The command line: `cailan up`, and every management command as `cailan COMMAND`."""

import argparse
import os
import secrets
import sys
from contextlib import ExitStack
from typing import NoReturn

from cailan.config.launch.home import Home
from cailan.config.launch.problems import LaunchProblem
from cailan.config.launch.up import REFERENCE, Wish, up

USAGE = """\
usage: cailan COMMAND …

  up [--demo] [--host HOST] [--port PORT]   start everything on this machine; Ctrl-C stops it
  trace CODE                                the chain of a code, back and forward
  import FILE…                              records from EPCIS, CSV or XLSX files
  verify FILE                               check a proof, offline
  audit                                     check every sealed record
  demo                                      load the demonstration week
  manage COMMAND …                          any other management command; `cailan manage help` lists them

`cailan COMMAND --help` says more. Data and settings: docs/operations.md.
"""
_WITHOUT_DATABASE = {
    "help",
    "version",
    "check",
    "verify",
    "makemessages",
    "compilemessages",
    "--help",
    "--version",
}
_WRONG_USE = 2


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run one command and exit with its status: 2 for wrong use, 1 where the launch itself failed."""
    arguments = sys.argv[1:] if arguments is None else arguments
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal may not know our characters
    command, *rest = arguments or [""]
    if command in {"", "-h", "--help", "help"} and not rest:
        print(USAGE, end="")
        sys.exit(0 if command else _WRONG_USE)
    try:
        if command == "up":
            up(_wish(rest), Home.from_environment(), _tell)
        else:
            _manage(rest if command == "manage" else arguments)
    except LaunchProblem as problem:
        print(f"cailan: {problem}", file=sys.stderr)
        sys.exit(1)
    sys.exit(0)


def _tell(sentence: str) -> None:
    print(sentence, flush=True)


def _tell_aside(sentence: str) -> None:
    """Tell where it does not mix with a command's own output."""
    print(sentence, file=sys.stderr, flush=True)


def _wish(arguments: list[str]) -> Wish:
    parser = argparse.ArgumentParser("cailan up", description="Start everything on this machine.")
    parser.add_argument("--demo", action="store_true", help="load the demonstration week first")
    parser.add_argument(
        "--host", default=os.environ.get("CAILAN_HOST", "127.0.0.1"), help="default: %(default)s"
    )
    parser.add_argument(
        "--port", type=_port, default=os.environ.get("CAILAN_PORT", "8000"), help="default: %(default)s"
    )
    parsed = parser.parse_args(arguments)
    return Wish(parsed.host, parsed.port, parsed.demo)


def _port(text: str) -> int:
    """Read a port: glibc would cut 99999 down to another number without a word."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) < 1 << 16):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: choose a number from 1 to 65535")
    return int(text)


def _manage(arguments: list[str]) -> None:
    """Run a management command on the database that is there: the one named, the running one, or our own."""
    home = Home.from_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cailan.config.settings")
    os.environ["CAILAN_HOME"] = str(home.root)
    with ExitStack() as cleanup:
        if _needs_database(arguments):
            _provide_database(home, cleanup, prepare_tables=arguments[0] != "migrate")
        elif not (home.root / "secrets" / "secret_key").exists():
            os.environ.setdefault("CAILAN_SECRET_KEY", secrets.token_urlsafe(48))
        from django.core.management import execute_from_command_line

        execute_from_command_line(["cailan", *arguments])


def _needs_database(arguments: list[str]) -> bool:
    asks_for_help = {"-h", "--help"} & set(arguments)
    return bool(arguments) and arguments[0] not in _WITHOUT_DATABASE and not asks_for_help


def _provide_database(home: Home, cleanup: ExitStack, *, prepare_tables: bool) -> None:
    """Put the address of a running database into the environment, where the settings read it."""
    if "CAILAN_DATABASE_URL" in os.environ and "CAILAN_SECRET_KEY" in os.environ:
        return
    home.prepare()
    os.environ.setdefault("CAILAN_SECRET_KEY", home.secret("secret_key"))
    if "CAILAN_DATABASE_URL" in os.environ:
        return
    url = home.running_database()
    if url is None:
        home.hold("cailan " + " ".join(sys.argv[1:2]), patience_seconds=60, tell=_tell_aside)
        cleanup.callback(home.release)
        server = home.postgres(_tell_aside).start()
        cleanup.callback(server.stop)
        url = server.dsn
    os.environ["CAILAN_DATABASE_URL"] = url
    if prepare_tables and not home.database_url.exists():
        _migrate_quietly()


def _migrate_quietly() -> None:
    """Bring the tables of our own database up to date before a command uses them."""
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _tell_aside("bringing the tables up to date")
        call_command("migrate", verbosity=0, interactive=False)
        for command in REFERENCE:
            call_command(command, verbosity=0)
    connection.close()
