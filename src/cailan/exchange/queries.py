"""Show imports: lists, progress, refusals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cailan.exchange.models import ImportJob, ImportProblem
from cailan.exchange.rules.columns import BY_KEY
from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """An import as its list and its page show it."""

    id: int
    name: str
    state: str
    total: int
    done: int
    accepted: int
    known: int
    refused: int
    reason: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        return self.state in {"trying", "waiting", "running"}


@dataclass(frozen=True, slots=True)
class ProblemFacts:
    """A refused row; `column` as the template calls it in the language of the page."""

    row: int
    column: str
    value: str
    what: str


def column_label(key: str) -> str:
    """Return what the template calls a column."""
    if key not in BY_KEY:
        return key
    return BY_KEY[key].en if (get_language() or "").startswith("en") else BY_KEY[key].zh


def _facts(row: ImportJob) -> ImportFacts:
    return ImportFacts(
        row.pk, row.name, row.state, row.total_rows, row.done_rows, row.accepted, row.known, row.refused, row.reason,
        row.created_at, row.finished_at,
    )  # fmt: skip


def list_imports(actor: Actor, *, cursor: str = "", limit: int | None = None) -> Page[ImportFacts]:
    """List the imports of the actor's own party, newest first."""
    actor.require(Permission.IMPORT_RUN)
    rows = ImportJob.objects.filter(owner_id=actor.acting_party_id).defer("data")
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(map(_facts, page.items)), page.next)


def get_import(actor: Actor, job_id: int) -> ImportFacts:
    """Return one import of the actor's own party."""
    actor.require(Permission.IMPORT_RUN)
    row = ImportJob.objects.filter(pk=job_id, owner_id=actor.acting_party_id).defer("data").first()
    if row is None:
        raise NotFound
    return _facts(row)


def problems_of(actor: Actor, job_id: int, *, limit: int = 200) -> tuple[ProblemFacts, ...]:
    """Return the first refused rows of an import."""
    get_import(actor, job_id)
    rows = ImportProblem.objects.filter(job_id=job_id).order_by("row")[:limit]
    return tuple(ProblemFacts(row.row, column_label(row.column), row.value, row.what) for row in rows)


def problem_lines(actor: Actor, job_id: int) -> Iterator[tuple[str, ...]]:
    """Yield the refused rows as lines of a file, header first; no cell begins a formula."""
    get_import(actor, job_id)
    yield (_("Row"), _("Column"), _("Value"), _("What to do"))
    for row in ImportProblem.objects.filter(job_id=job_id).order_by("row").iterator(2_000):
        yield tuple(map(_harmless, (str(row.row), column_label(row.column), row.value, row.what)))


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running a cell: what begins like a formula begins with an apostrophe."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """What an import would come to; None where the file was refused as a whole."""

    total: int | None
    accepted: int
    known: int
    refused: int
    problems: tuple[ProblemFacts, ...]


def trial_of(actor: Actor, job_id: int) -> TrialFacts | None:
    """Return what the trial of an import found."""
    get_import(actor, job_id)
    found = ImportJob.objects.values_list("dry_run", flat=True).get(pk=job_id)
    if not found:
        return None
    problems = tuple(
        ProblemFacts(row, column_label(column), value, what) for row, column, value, what in found["problems"]
    )
    return TrialFacts(
        found.get("total"), found.get("accepted", 0), found.get("known", 0), found.get("refused", 0), problems
    )
