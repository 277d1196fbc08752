"""The house rules that no linter knows: names, sizes, doors, and what may not stand in a file."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "cailan"
NOT_CONTEXTS = {"config", "kernel", "gs1", "templates", "static", "locale", "__pycache__"}
CONTEXTS = sorted(
    folder.name for folder in PACKAGE.iterdir() if folder.is_dir() and folder.name not in NOT_CONTEXTS
)
MODULES = {"rules", "models", "queries", "services", "events", "schemas", "forms", "api", "views", "urls"}
MODULES |= {"admin", "listeners", "tasks", "apps", "__init__"}
FOLDERS = {"migrations", "management", "templates", "static", "tests", "templatetags", "data", "locale"}
LONGEST = {".py": 400, ".ts": 400, ".js": 400, ".css": 400, ".html": 400}
LONGEST_TEMPLATE = 120

# Written so that no pattern matches itself.
FORBIDDEN = re.compile(
    r"pypi[.]org|pythonhosted[.]org|npmjs[.](org|com)|npmmirror[.]com"
    r"|/w[o]rk/(main|shared)|[.][.]/shared/(?!data)|/r[o]ot/\w"
)
DEPENDENCY = re.compile(r"^[A-Za-z0-9._-]+")


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files under version control, or where there is none those of the source."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        return tuple(path for top in ("src", "tests", "tools") for path in (ROOT / top).rglob("*.*"))
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return tuple(path for path in paths if path.is_file())


def hand_written() -> Iterator[Path]:
    for path in tracked():
        if path.suffix in LONGEST and not {"migrations", "dist", "node_modules", "data"} & set(path.parts):
            yield path


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_context_holds_the_usual_files_only(context):
    inside = [path for path in tracked() if path.is_relative_to(PACKAGE / context)]
    top = {path.relative_to(PACKAGE / context).parts[0] for path in inside}

    strangers = {name for name in top - {"README.md"} - FOLDERS if Path(name).stem not in MODULES}

    assert not strangers, f"{context}: {strangers} answer no question of their own; see docs/architecture.md"


def test_nothing_is_too_long_to_read_at_one_sitting():
    long = {}
    for path in hand_written():
        limit = LONGEST_TEMPLATE if "templates" in path.parts else LONGEST[path.suffix]
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > limit:
            long[str(path.relative_to(ROOT))] = f"{lines} lines, {limit} allowed"

    assert not long


def test_the_import_contracts_are_kept():
    program = "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    found = {}
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if match := FORBIDDEN.search(text):
            found[str(path.relative_to(ROOT))] = match[0]

    assert not found


def test_every_dependency_has_a_reason():
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    names = []
    for file in (ROOT / "requirements").glob("*.in"):
        lines = file.read_text().splitlines()
        names += [DEPENDENCY.match(line)[0] for line in lines if DEPENDENCY.match(line) and line[0] != "-"]

    assert names
    assert [name for name in names if f"`{name}`" not in reasons] == []


def test_the_contracts_name_every_context():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    doors_of = next(contract for contract in contracts if contract["type"] == "one_door")

    assert {f"cailan.{context}" for context in CONTEXTS} == set(doors_of["contexts"])
