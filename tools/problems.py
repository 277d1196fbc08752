"""Write `docs/problems.md`: every refusal that Cailan can give, from the classes themselves."""

import argparse
import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import django
from django.utils.translation import override

PROBLEMS_FILE = Path("docs/problems.md")
PACKAGE = Path(__file__).resolve().parent.parent / "src" / "cailan"
HEAD = """\
# Problems

Every refusal is a problem (RFC 9457): a page for people, `application/problem+json` for machines, with `type`,
`title`, `status`, `detail`, and the facts of the case. `type` names the kind; those under `/problems/` open as a page.
Where fields or places are wrong, `errors` lists each as `where` and `what`. What was refused is not recorded.

Written by `python -m tools.problems` from the classes in the code; a test holds it current.

"""
IN_THE_ANSWER = "As `detail` says."


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of refusal."""

    context: str
    status: int
    code: str
    type: str
    title: str
    detail: str


def load() -> None:
    """Import every module of ours that can name a refusal."""
    os.environ.setdefault("CAILAN_SECRET_KEY", "only-for-checks")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cailan.config.settings")
    django.setup()
    for path in sorted(PACKAGE.rglob("*.py")):
        inner = path.relative_to(PACKAGE).with_suffix("").parts
        if not {"tests", "migrations", "management", "launch", "wsgi", "__main__"}.intersection(inner):
            importlib.import_module(".".join(("cailan", *inner)).removesuffix(".__init__"))


def rows() -> list[Row]:
    """Return one row for each code, in the order of contexts and codes."""
    from cailan.kernel.problems import kinds, what_to_do  # noqa: PLC0415 (after django.setup)

    found = []
    with override("en"):
        for kind in kinds():
            plain = kind.__new__(kind)
            plain.extra = {}
            said = plain.as_dict()
            context = kind.__module__.split(".")[1]
            advice = str(what_to_do(kind)) or IN_THE_ANSWER
            found.append(Row(context, kind.status, kind.code, said["type"], said["title"], advice))
    return sorted(found, key=lambda row: (row.context, row.code))


def render(found: list[Row]) -> str:
    """Return the page as Markdown."""
    lines = ["| code | status | from | title | what to do | type |", "|---|---|---|---|---|---|"]
    lines += [
        f"| `{row.code}` | {row.status} | {row.context} | {row.title} | {row.detail} | `{row.type}` |"
        for row in found
    ]
    return HEAD + "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.problems", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the file is current")
    is_check = parser.parse_args().check
    load()
    text = render(rows())
    if not is_check:
        PROBLEMS_FILE.write_text(text, encoding="utf-8")
        return 0
    if PROBLEMS_FILE.is_file() and PROBLEMS_FILE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PROBLEMS_FILE} is not current: run `python -m tools.problems`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
