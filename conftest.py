"""The ground of every test run: a PostgreSQL server and a home folder of its own, gone at the end."""

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import hypothesis
import pytest
from tools import features

from cailan.config.launch.postgres import FORGETFUL, EmbeddedPostgres
from cailan.config.launch.process import is_alive

_ROOT = Path(__file__).resolve().parent
_PREFIX = "cailan-test-"

# pytest-django reads this after `pytest_configure` below has put the database's address into the environment.
os.environ["DJANGO_SETTINGS_MODULE"] = "cailan.config.settings"

if (_ROOT / "tools" / "requirement_marks.py").exists():
    pytest_plugins = ["tools.requirement_marks"]

hypothesis.settings.register_profile("cailan", deadline=None, print_blob=True)
hypothesis.settings.load_profile("cailan")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    hands_out = config.getoption("numprocesses", None) and "PYTEST_XDIST_WORKER" not in os.environ
    home = _ground(needs_server=not hands_out)
    (home / "staticfiles").mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
    os.environ["CAILAN_HOME"] = str(home)
    os.environ["CAILAN_SECRET_KEY"] = "only-for-tests-" + "0" * 40
    django.setup()  # pytest-django does it only where the settings were touched before
    if hands_out:  # a worker that inherits this reads the settings before it has its server
        del os.environ["DJANGO_SETTINGS_MODULE"]


def _ground(*, needs_server: bool) -> Path:
    """Start a server, unless CAILAN_TEST_DATABASE_URL names one.

    Each of xdist's workers has its own: a running transaction of one would hold back the log of the other,
    since PostgreSQL counts transactions over all databases of a server. The one that only hands out needs none.
    """
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = os.environ.get("CAILAN_TEST_DATABASE_URL")
    if url is None and not needs_server:
        url = "postgresql://nobody@127.0.0.1:1/none"
    elif url is None:
        password = secrets.token_urlsafe(9)
        log_path = folder / "postgres.log"
        server = EmbeddedPostgres(
            folder / "postgres", password=password, log_path=log_path, settings=FORGETFUL
        )
        server.start()
        atexit.register(server.stop)
        url = server.dsn
    os.environ["CAILAN_DATABASE_URL"] = url
    return folder / "home"


def _sweep() -> None:
    """Remove the folders of test runs that were killed; the kernel has stopped their servers."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdecimal() and not is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give all stories in the browser to one worker, in their order: they share a product and build on each other.

    xdist's own groups (3.8) are lost under pytest 9.2, which keeps the names of tests elsewhere.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/browser/") else nodeid

    return Together(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and features.chromium() is None:
        features.missing("a browser", "install chromium, or name one in CAILAN_CHROMIUM")


@pytest.fixture(scope="session")
def conformance_data() -> Path:
    """The folder of documents that others published."""
    folder = features.conformance_data()
    if folder is None:
        features.missing("the conformance documents", "name their folder in CAILAN_CONFORMANCE_DATA")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _emptying_append_only_tables() -> Iterator[None]:
    """Let tests with real transactions empty the tables whose triggers refuse that to everyone else."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush
    switch = """
        DO $$ DECLARE kept regclass; BEGIN
            FOR kept IN SELECT DISTINCT tgrelid::regclass FROM pg_trigger
                WHERE NOT tgisinternal AND tgtype & 32 <> 0 LOOP  -- 32: fires before TRUNCATE
                EXECUTE 'ALTER TABLE ' || kept || ' {} TRIGGER USER';
            END LOOP;
        END $$"""

    def past_triggers(operations: DatabaseOperations, sql_list: list[str]) -> None:
        flush(operations, [switch.format("DISABLE"), *sql_list, switch.format("ENABLE")])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", past_triggers)
        yield
