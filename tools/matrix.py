"""Write `docs/matrix.md`: every requirement row with the tests that prove it, from the last test run."""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tools.requirement_marks import RESULTS_FILE, read_rows

MATRIX_FILE = Path("docs/matrix.md")
NO_TEST = "—"


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement row as the matrix shows it."""

    row: str
    statement: str
    context: str
    tests: tuple[str, ...]
    state: str  # passed, failed, skipped, or — where no test names the row

    @property
    def is_proven(self) -> bool:
        return self.state == "passed"


def state_of(outcomes: list[str]) -> str:
    """Return what a row's tests say together: one failure is a failure, a skip proves nothing."""
    for state in ("failed", "passed", "skipped"):
        if state in outcomes:
            return state
    return NO_TEST


def shorten(nodeid: str) -> str:
    """Return a test's id without the path every test shares and without its parameters."""
    path, _, name = nodeid.partition("::")
    return path.removeprefix("src/cailan/").replace("/tests/", "/") + "::" + name.partition("[")[0]


def lines_of(rows: dict[str, dict[str, str]], results: dict[str, list[dict[str, str]]]) -> list[Line]:
    """Join the rows with their results; raise `KeyError` naming a result whose row does not exist."""
    if unknown := sorted(results.keys() - rows.keys()):
        raise KeyError(f"{', '.join(unknown)}: no such requirement row. Run the tests again.")
    lines = []
    for row, fields in rows.items():
        found = results.get(row, [])
        names = Counter(shorten(result["test"]) for result in found)
        tests = tuple(name if count == 1 else f"{name} ×{count}" for name, count in sorted(names.items()))
        state = state_of([result["outcome"] for result in found])
        lines.append(Line(row, fields["statement"], fields["context"], tests, state))
    return lines


def render(lines: list[Line]) -> str:
    """Return the matrix as Markdown: a summary, then one table a context."""
    contexts = sorted({line.context for line in lines})
    proven = sum(line.is_proven for line in lines)
    text = [
        "# Requirements and their proof",
        "",
        f"**{proven} of {len(lines)} rows proven** by tests of the last run.",
        "",
        "| context | proven | rows |",
        "|---|---:|---:|",
    ]
    for context in contexts:
        of_context = [line for line in lines if line.context == context]
        text.append(
            f"| [{context}](#{context}) | {sum(line.is_proven for line in of_context)} | {len(of_context)} |"
        )
    for context in contexts:
        text += ["", f"## {context}", "", "| row | statement | tests | state |", "|---|---|---|---|"]
        text += [_table_line(line) for line in lines if line.context == context]
    return "\n".join(text) + "\n"


def _table_line(line: Line) -> str:
    tests = "<br>".join(f"`{test}`" for test in line.tests) or NO_TEST
    cells = [line.row, line.statement, tests, line.state]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main(root: Path) -> int:
    """Write the matrix; return the process's exit code."""
    results_file = root / RESULTS_FILE
    if not results_file.exists():
        print(f"{RESULTS_FILE} is missing: run the tests first.", file=sys.stderr)
        return 1
    lines = lines_of(read_rows(root), json.loads(results_file.read_text(encoding="utf-8")))
    (root / MATRIX_FILE).write_text(render(lines), encoding="utf-8")
    print(f"{MATRIX_FILE}: {sum(line.is_proven for line in lines)} of {len(lines)} rows proven")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent))
