"""The documents say what is so: names that exist, links that lead somewhere, every refusal, every context."""

import re
from functools import cache
from pathlib import Path

import pytest
from tools import problems

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "cailan"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *PACKAGE.glob("*/README.md")]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
WITHOUT_README = {"config", "templates", "static", "locale", "__pycache__"}


@cache
def source() -> str:
    """Return all code and templates of the product as one text."""
    paths = (
        path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html"} and "tests" not in path.parts
    )
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def is_in_the_code(name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", source()) is not None


def names_in_the_glossary() -> list[str]:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [line.split("|") for line in lines if line.startswith("|")]
    return [name for row in cells for name in re.findall(r"`([^`]+)`", row[3])]


def test_the_list_of_problems_is_current():
    problems.load()

    assert (ROOT / problems.PROBLEMS_FILE).read_text(encoding="utf-8") == problems.render(problems.rows()), (
        "run `python -m tools.problems`"
    )


def test_every_problem_has_a_code_of_its_own():
    problems.load()
    codes = [row.code for row in problems.rows()]

    assert sorted(codes) == sorted(set(codes))


def test_the_glossary_names_what_is_in_the_code():
    names = names_in_the_glossary()

    assert len(names) >= 80
    assert [name for name in names if not is_in_the_code(name)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    inner = [target for target in targets if "://" not in target]

    assert [target for target in inner if not (page.parent / target).exists()] == []


def test_every_context_says_what_it_is_for():
    folders = [path for path in PACKAGE.iterdir() if path.is_dir() and path.name not in WITHOUT_README]

    assert [path.name for path in folders if not (path / "README.md").is_file()] == []


def test_both_readmes_show_the_same_pictures_and_pages():
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))

    swap = {"README.md": "README.zh.md", "README.zh.md": "README.md"}
    assert LINK.findall(english) == [swap.get(target, target) for target in LINK.findall(chinese)]
