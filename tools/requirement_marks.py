"""Pytest plugin: note which requirement rows the tests of this run prove, in `.cache/requirements.json`.

A test names the rows it proves: `@pytest.mark.requirement("S1-4.3.3-2")`. A row that is not in
`docs/requirements.csv` fails the test that names it. Works alike in one process and under pytest-xdist: the
rows travel from the workers inside the reports.
"""

import csv
import json
from collections.abc import Container
from pathlib import Path

import pytest

ROWS_FILE = Path("docs/requirements.csv")
RESULTS_FILE = Path(".cache/requirements.json")
_KEY = "requirement"
# When a test has several reports (setup, call, teardown), the gravest one is its outcome.
_GRAVITY = ("passed", "skipped", "failed")


def read_rows(root: Path) -> dict[str, dict[str, str]]:
    """Return the requirement rows by id, in the order of the file: id, statement, context."""
    with (root / ROWS_FILE).open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def marked_rows(item: pytest.Item) -> list[str]:
    """Return the row ids that a test's marks name, each once."""
    named = [str(row) for mark in item.iter_markers(_KEY) for row in mark.args]
    return list(dict.fromkeys(named))


def why_wrong(item: pytest.Item, rows: Container[str]) -> str | None:
    """Return the sentence that refuses a mark naming no row or an unknown one, or None."""
    if any(not mark.args for mark in item.iter_markers(_KEY)):
        return 'A requirement mark names no row. Write @pytest.mark.requirement("S1-4.3.3-2").'
    unknown = [row for row in marked_rows(item) if row not in rows]
    if unknown:
        return f"{', '.join(unknown)}: no such row in {ROWS_FILE}. Correct the requirement mark of this test."
    return None


class Collector:
    """Gathers, in the process that reports, the outcome of every marked test."""

    def __init__(self) -> None:
        self.outcomes: dict[str, dict[str, str]] = {}

    def note(self, report: pytest.TestReport) -> None:
        """Take one phase's report of one test."""
        for key, row in report.user_properties:
            if key == _KEY:
                tests = self.outcomes.setdefault(str(row), {})
                known = tests.get(report.nodeid, "passed")
                tests[report.nodeid] = max(known, report.outcome, key=_GRAVITY.index)

    def as_json(self) -> dict[str, list[dict[str, str]]]:
        """Return {row id: [{test, outcome}]}, sorted so that two equal runs give equal files."""
        return {
            row: [{"test": test, "outcome": tests[test]} for test in sorted(tests)]
            for row, tests in sorted(self.outcomes.items())
        }


_rows_key = pytest.StashKey[dict[str, dict[str, str]]]()
_collector_key = pytest.StashKey[Collector]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_rows_key] = read_rows(config.rootpath)
    if not hasattr(config, "workerinput"):
        config.stash[_collector_key] = collector = Collector()
        config.pluginmanager.register(_Listener(collector), "requirement-listener")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.user_properties.extend((_KEY, row) for row in marked_rows(item))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    rows = item.config.stash[_rows_key]
    if refusal := why_wrong(item, rows):
        pytest.fail(refusal, pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    collector = config.stash.get(_collector_key, None)
    # A run that met no marked test, such as --collect-only, says nothing about the rows.
    if collector is not None and collector.outcomes:
        results = config.rootpath / RESULTS_FILE
        results.parent.mkdir(exist_ok=True)
        results.write_text(
            json.dumps(collector.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


class _Listener:
    """Under pytest-xdist only the controlling process hears the reports of all workers."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._collector.note(report)
