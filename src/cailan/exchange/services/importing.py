"""Import files of records: chunk by chunk, each row once, every refusal with its row, column and reason."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cailan.exchange.models import ImportJob, ImportProblem
from cailan.exchange.rules import columns
from cailan.exchange.rules.rows import CellFault, Record, read_row
from cailan.exchange.rules.tables import BadTable, Row, open_table
from cailan.exchange.services.capturing import capture
from cailan.exchange.services.problems import UnreadableFile
from cailan.exchange.services.resolving import Resolver, RowProblem
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import KeyReused, Problem, TooLarge
from cailan.lots import services as lots
from cailan.lots.rules.requests import AnyRequest

CHUNK = 1_000
COLUMN_OF = {
    "unknown-lot": "lot",
    "not-enough": "quantity",
    "lot-on-hold": "lot",
    "awaits-test": "lot",
    "not-in-your-stock": "lot",
    "lot-number-taken": "lot",
    "key-reused": "record",
}
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to; `known` rows had been recorded before and changed nothing."""

    name: str
    kind: str  # table, epcis
    total: int
    accepted: int
    known: int
    problems: tuple[RowProblem, ...] = ()
    job_id: int | None = None
    is_dry_run: bool = False
    was_known: bool = False

    @property
    def refused(self) -> int:
        return self.total - self.accepted - self.known


@dataclass(slots=True)
class _Tally:
    done: int = 0
    accepted: int = 0
    known: int = 0
    problems: list[RowProblem] = field(default_factory=list)


def is_epcis(name: str, data: bytes) -> bool:
    """Say whether a file is to be captured as EPCIS, by its name or its first character."""
    return name.lower().endswith((".json", ".jsonld")) or data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {
        b"{",
        b"[",
    }


def import_file(
    actor: Actor, *, name: str, data: bytes, dry_run: bool, at: datetime, progress: Progress | None = None
) -> ImportReport:
    """Import a file: EPCIS, CSV or XLSX. An interrupted import goes on where it stopped; the same file changes nothing.

    Raises UnreadableFile for what is no table of ours, CaptureRefused for EPCIS that is not valid.
    """
    check_size(actor, len(data))
    if is_epcis(name, data):
        done = capture(actor, body=data, at=at, dry_run=dry_run)
        known = done.event_count - done.new_count
        return ImportReport(
            name,
            "epcis",
            done.event_count,
            done.new_count,
            known,
            is_dry_run=dry_run,
            was_known=done.was_known,
        )
    if dry_run:
        return _try_out(actor, name, data, at, progress or _silently)
    job = keep_file(actor, name=name, data=data, at=at)
    return run_job(actor, job_id=job, at=at, progress=progress)


def check_size(actor: Actor, size: int) -> None:
    """Refuse who may not import, and what is too large to be read."""
    actor.require(Permission.IMPORT_RUN)
    if size > settings.CAILAN.upload_limit_bytes:
        raise TooLarge(limit_bytes=settings.CAILAN.upload_limit_bytes)


def _silently(done: int, total: int) -> None:
    pass


def keep_file(actor: Actor, *, name: str, data: bytes, at: datetime) -> int:
    """Keep a file for import and return its job; the same file of the same party is one job."""
    check_size(actor, len(data))
    row, _is_new = ImportJob.objects.get_or_create(
        owner_id=actor.acting_party_id,
        digest=sha256(data).digest(),
        defaults={
            "user_id": actor.user_id,
            "name": name[:200],
            "kind": "epcis" if is_epcis(name, data) else "table",
            "data": data,
            "created_at": at,
        },
    )
    return row.pk


def run_job(actor: Actor, *, job_id: int, at: datetime, progress: Progress | None = None) -> ImportReport:
    """Import a kept file from where it stands; each chunk is one transaction with its cursor and refusals."""
    job = ImportJob.objects.get(pk=job_id, owner_id=actor.acting_party_id)
    if job.state == "done":
        return report_of(job, was_known=True)
    if job.kind == "epcis":
        return _run_capture(actor, job, at)
    book = _Reader(actor, bytes(job.data), at)
    ImportJob.objects.filter(pk=job.pk).update(state="running", total_rows=book.total, reason="")
    tell = progress or _silently
    skip = job.done_rows
    for chunk in _chunks(book.rows(), skip):
        with transaction.atomic():
            locked = ImportJob.objects.select_for_update().defer("data").get(pk=job.pk)
            if locked.done_rows != skip:  # another worker is at it
                return report_of(locked)
            tally = book.book(chunk)
            _advance(locked, tally)
            skip = locked.done_rows
        tell(skip, max(book.total, skip))
    ImportJob.objects.filter(pk=job.pk).update(state="done", total_rows=skip, finished_at=at)
    job = ImportJob.objects.defer("data").get(pk=job.pk)
    audit.record(
        actor,
        "exchange.imported",
        f"import:{job.pk}",
        accepted=job.accepted,
        refused=job.refused,
        known=job.known,
    )
    return report_of(job)


def _run_capture(actor: Actor, job: ImportJob, at: datetime) -> ImportReport:
    done = capture(actor, body=bytes(job.data), at=at)
    known = done.event_count - done.new_count
    job.state, job.total_rows, job.done_rows = "done", done.event_count, done.event_count
    job.accepted, job.known, job.finished_at = done.new_count, known, at
    job.save(update_fields=["state", "total_rows", "done_rows", "accepted", "known", "finished_at"])
    return report_of(job)


def _advance(job: ImportJob, tally: _Tally) -> None:
    ImportProblem.objects.bulk_create(
        ImportProblem(job_id=job.pk, row=one.row, column=one.column, value=one.value[:200], what=one.what)
        for one in tally.problems
    )
    job.done_rows += tally.done
    job.accepted += tally.accepted
    job.known += tally.known
    job.refused += len(tally.problems)
    job.save(update_fields=["done_rows", "accepted", "known", "refused"])


def report_of(job: ImportJob, *, was_known: bool = False) -> ImportReport:
    problems = tuple(
        RowProblem(row.row, row.column, row.value, row.what) for row in job.problems.order_by("row")
    )
    return ImportReport(
        job.name, job.kind, job.done_rows, job.accepted, job.known, problems, job.pk, was_known=was_known
    )


def _try_out(actor: Actor, name: str, data: bytes, at: datetime, progress: Progress) -> ImportReport:
    """Import a file and take everything back."""
    whole = _Tally()
    with transaction.atomic():
        book = _Reader(actor, data, at)
        for chunk in _chunks(book.rows(), 0):
            tally = book.book(chunk)
            whole.done += tally.done
            whole.accepted += tally.accepted
            whole.known += tally.known
            whole.problems += tally.problems
            progress(whole.done, max(book.total, whole.done))
        transaction.set_rollback(True)
    return ImportReport(
        name, "table", whole.done, whole.accepted, whole.known, tuple(whole.problems), is_dry_run=True
    )


def _chunks(rows: Iterator[tuple[int, Row]], skip: int) -> Iterator[list[tuple[int, Row]]]:
    rest = islice(rows, skip, None)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


class _Reader:
    """A file of records on its way into the books of one party."""

    def __init__(self, actor: Actor, data: bytes, at: datetime) -> None:
        self.actor = actor
        self.at = at
        self.digest = sha256(data).hexdigest()
        self._resolver = Resolver(actor, at)
        self._place = self._resolver.place()
        self._first: dict[str, tuple[int, AnyRequest]] = {}  # key → the row that used it
        try:
            table = open_table(data)
            _number, header = next(table.rows, (0, ()))
        except BadTable as bad:
            raise UnreadableFile(_(bad.message) % bad.facts) from bad
        self._positions = columns.recognise(header)
        if lacking := columns.missing(self._positions):
            raise UnreadableFile(
                _("The header lacks %(columns)s. Download the template and copy your rows into it.")
                % {"columns": ", ".join(lacking)}
            )
        self._rows = table.rows
        self.total = max(table.row_count - 1, 0)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Yield the rows that hold something, with their number in the file."""
        try:
            for number, row in self._rows:
                if any(row):
                    yield number, row
        except BadTable as bad:
            raise UnreadableFile(_(bad.message) % bad.facts) from bad

    def book(self, chunk: Sequence[tuple[int, Row]]) -> _Tally:
        """Book one chunk in the caller's transaction."""
        tally = _Tally(done=len(chunk))
        records = []
        for number, row in chunk:
            read = read_row(number, row, self._positions, now=self.at, place=self._place)
            if isinstance(read, CellFault):
                what = _(read.message) % read.facts if read.facts else _(read.message)
                tally.problems.append(RowProblem(number, read.column, read.value, what))
            else:
                records.append(read)
        self._resolver.prepare(records)
        asked = []
        for record in records:
            request = self._resolver.request(record)
            if isinstance(request, RowProblem):
                tally.problems.append(request)
            elif self._is_first(record, request, tally):
                asked.append((record, request))
        self._record(asked, tally)
        tally.problems.sort(key=lambda problem: problem.row)
        return tally

    def _key(self, record: Record) -> str:
        """Return what makes a row the same row in another file: its own number, else its place in this file."""
        told = f"record {record.record}" if record.record else f"{self.digest} {record.row}"
        return f"import:{sha256(told.encode()).hexdigest()}"

    def _is_first(self, record: Record, request: AnyRequest, tally: _Tally) -> bool:
        """Tell a row that repeats an earlier one of the same file; count or refuse it."""
        if not record.record:
            return True
        earlier = self._first.setdefault(record.record, (record.row, request))
        if earlier[0] == record.row:
            return True
        if earlier[1] == request:
            tally.known += 1
        else:
            what = _(
                "Row %(row)s has this record number already, with other content. Number each record once."
            )
            tally.problems.append(RowProblem(record.row, "record", record.record, what % {"row": earlier[0]}))
        return False

    def _record(self, asked: Sequence[tuple[Record, AnyRequest]], tally: _Tally) -> None:
        outcomes = lots.record_many(
            self.actor,
            [request for _record, request in asked],
            at=self.at,
            client_keys=[self._key(record) for record, _request in asked],
        )
        for (record, _request), outcome in zip(asked, outcomes, strict=True):
            if outcome.problem is not None:
                tally.problems.append(_problem(record, outcome.problem))
            elif outcome.was_known:
                tally.known += 1
            else:
                tally.accepted += 1


def _problem(record: Record, problem: Problem) -> RowProblem:
    column = COLUMN_OF.get(problem.code, "")
    value = {"lot": record.code or record.lot, "quantity": f"{record.amount:f}", "record": record.record}
    what = str(problem.detail)
    if isinstance(problem, KeyReused):
        what = _(
            "This record number was imported before with other content. Give the new record its own number."
        )
    return RowProblem(record.row, column, value.get(column, ""), what)
