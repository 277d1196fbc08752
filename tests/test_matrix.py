"""A mark on a test becomes a line of the requirement matrix; a mark for no row fails the run."""

import json
from pathlib import Path

import pytest
from tools import matrix, requirement_marks

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parent.parent
ROWS = "id,statement,context\nS1-1,First | thing,lots\nS1-2,Second thing,lots\nS2-1,Third thing,trade\n"
TESTS = """
import pytest

@pytest.mark.requirement("S1-1")
@pytest.mark.parametrize("n", [1, 2])
def test_proves_the_first(n):
    pass

@pytest.mark.requirement("S1-1", "S1-2")
def test_proves_two_and_breaks():
    assert False

@pytest.mark.requirement("S2-1")
class TestClass:
    @pytest.mark.skip(reason="not here")
    def test_is_left_out(self):
        pass

def test_proves_nothing():
    pass
"""


@pytest.fixture
def project(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    docs = pytester.mkdir("docs")
    (docs / "requirements.csv").write_text(ROWS, encoding="utf-8")
    pytester.makeini("[pytest]\nmarkers = requirement(id): a row")
    return pytester


def run(project, *arguments):
    # Only xdist's workers need a process of their own.
    start = project.runpytest_subprocess if "-n2" in arguments else project.runpytest_inprocess
    return start("-p", "tools.requirement_marks", "-p", "no:django", *arguments)


def results(project):
    return json.loads((project.path / requirement_marks.RESULTS_FILE).read_text(encoding="utf-8"))


class TestPlugin:
    @pytest.mark.parametrize("processes", ["-n0", "-n2"])
    def test_notes_the_outcome_of_every_marked_test(self, project, processes):
        project.makepyfile(
            test_rows=TESTS.replace('@pytest.mark.requirement("S2-1")\n@pytest.fixture', "@pytest.fixture")
        )

        run(project, processes)

        breaks = {"test": "test_rows.py::test_proves_two_and_breaks", "outcome": "failed"}
        assert results(project) == {
            "S1-1": [
                {"test": "test_rows.py::test_proves_the_first[1]", "outcome": "passed"},
                {"test": "test_rows.py::test_proves_the_first[2]", "outcome": "passed"},
                breaks,
            ],
            "S1-2": [breaks],
            "S2-1": [{"test": "test_rows.py::TestClass::test_is_left_out", "outcome": "skipped"}],
        }

    @pytest.mark.parametrize("processes", ["-n0", "-n2"])
    def test_refuses_a_row_that_does_not_exist(self, project, processes):
        project.makepyfile(
            'import pytest\n@pytest.mark.requirement("S9-9")\n'
            '@pytest.mark.requirement("S1-1")\ndef test_it(): pass'
        )

        answer = run(project, processes)

        assert answer.ret == pytest.ExitCode.TESTS_FAILED
        answer.stdout.fnmatch_lines(["*S9-9: no such row in docs/requirements.csv*"])

    def test_refuses_a_mark_without_a_row(self, project):
        project.makepyfile("import pytest\n@pytest.mark.requirement\ndef test_it(): pass")

        answer = run(project)

        assert answer.ret == pytest.ExitCode.TESTS_FAILED
        answer.stdout.fnmatch_lines(["*names no row*"])

    def test_a_failing_teardown_is_a_failure(self, project):
        project.makepyfile(
            "import pytest\n"
            "@pytest.fixture\ndef leaky():\n    yield\n    raise RuntimeError\n"
            '@pytest.mark.requirement("S1-1")\ndef test_it(leaky): pass'
        )

        run(project)

        assert [result["outcome"] for result in results(project)["S1-1"]] == ["failed"]

    def test_keeps_the_last_results_when_no_marked_test_ran(self, project):
        project.makepyfile('import pytest\n@pytest.mark.requirement("S1-1")\ndef test_it(): pass')
        run(project)
        before = results(project)

        run(project, "--collect-only")

        assert results(project) == before


class TestMatrix:
    @pytest.fixture
    def root(self, tmp_path):
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "requirements.csv").write_text(ROWS, encoding="utf-8")
        return tmp_path

    def write(self, root, outcomes):
        (root / ".cache").mkdir()
        (root / requirement_marks.RESULTS_FILE).write_text(json.dumps(outcomes), encoding="utf-8")

    def test_joins_rows_with_results(self, root):
        node = "src/cailan/lots/tests/test_services.py::TestSplit::test_it"
        self.write(
            root,
            {
                "S1-1": [{"test": f"{node}[{n}]", "outcome": "passed"} for n in "ab"],
                "S1-2": [
                    {"test": node, "outcome": "passed"},
                    {"test": "tests/test_x.py::test_y", "outcome": "failed"},
                ],
            },
        )

        assert matrix.main(root) == 0

        text = (root / "docs" / "matrix.md").read_text(encoding="utf-8")
        assert "**1 of 3 rows proven**" in text
        assert "| [lots](#lots) | 1 | 2 |" in text
        assert "| [trade](#trade) | 0 | 1 |" in text
        assert r"| S1-1 | First \| thing | `lots/test_services.py::TestSplit::test_it ×2` | passed |" in text
        assert "`tests/test_x.py::test_y` | failed |" in text
        assert "| S2-1 | Third thing | — | — |" in text

    def test_refuses_results_of_an_unknown_row(self, root):
        self.write(root, {"S9-9": [{"test": "t.py::t", "outcome": "passed"}]})

        with pytest.raises(KeyError, match="S9-9"):
            matrix.main(root)

    def test_asks_for_a_test_run_first(self, root, capsys):
        assert matrix.main(root) == 1
        assert "run the tests first" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("outcomes", "state"),
        [
            (["passed", "failed"], "failed"),
            (["passed", "skipped"], "passed"),
            (["skipped"], "skipped"),
            ([], "—"),
        ],
    )
    def test_one_failure_is_a_failure_and_a_skip_proves_nothing(self, outcomes, state):
        assert matrix.state_of(outcomes) == state


class TestRows:
    def test_every_row_of_the_five_documents_is_listed_once(self):
        rows = requirement_marks.read_rows(ROOT)
        lines = (ROOT / requirement_marks.ROWS_FILE).read_text(encoding="utf-8").splitlines()

        assert len(rows) == len(lines) - 1 == 322
        assert {row[:2] for row in rows} == {"S0", "S1", "S2", "S3", "S4"}
        assert all(fields["statement"] for fields in rows.values())
