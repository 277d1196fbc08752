"""The steps of an import that a person watches: try it out, start it, carry it through in the background."""

from datetime import datetime
from typing import Any

from cailan.exchange.models import ImportJob
from cailan.exchange.services.importing import ImportReport, import_file, run_job
from cailan.exchange.services.problems import CaptureRefused
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Conflict, NotFound, Problem

SHOWN = 200
STARTABLE = frozenset({"new", "checked", "running", "failed"})


def _job(actor: Actor, job_id: int) -> ImportJob:
    actor.require(Permission.IMPORT_RUN)
    row = ImportJob.objects.filter(pk=job_id, owner_id=actor.acting_party_id).first()
    if row is None:
        raise NotFound
    return row


def try_out(actor: Actor, *, job_id: int, at: datetime) -> None:
    """Find what a kept file would come to, and keep the answer; nothing is recorded."""
    job = _job(actor, job_id)
    if job.state not in {"new", "trying", "failed", "checked"}:
        return
    try:
        report = import_file(actor, name=job.name, data=bytes(job.data), dry_run=True, at=at)
    except Problem as problem:
        fail(job, problem)
        return
    found = {
        "total": report.total,
        "accepted": report.accepted,
        "known": report.known,
        "refused": report.refused,
        "problems": [[one.row, one.column, one.value, one.what] for one in report.problems[:SHOWN]],
    }
    ImportJob.objects.filter(pk=job.pk).update(
        state="checked", total_rows=report.total, dry_run=found, reason=""
    )


def fail(job: ImportJob, problem: Problem) -> None:
    """Keep why a file as a whole was refused."""
    errors: list[dict[str, Any]] = (
        problem.extra.get("errors", []) if isinstance(problem, CaptureRefused) else []
    )
    places = [
        [int(error.get("event", -1)) + 1, str(error["where"]), "", str(error["what"])]
        for error in errors[:SHOWN]
    ]
    ImportJob.objects.filter(pk=job.pk).update(
        state="failed", reason=str(problem.detail), dry_run={"problems": places} if places else None
    )


def mark(actor: Actor, *, job_id: int, state: str) -> None:
    """Say that a job waits for its trial or its run. Raises Conflict where it is done or under way."""
    job = _job(actor, job_id)
    if job.state not in STARTABLE:
        raise Conflict
    ImportJob.objects.filter(pk=job.pk).update(state=state)


def carry_through(actor: Actor, *, job_id: int, at: datetime) -> ImportReport | None:
    """Run a kept import to its end; a refusal of the whole file is kept with it."""
    job = _job(actor, job_id)
    try:
        return run_job(actor, job_id=job_id, at=at)
    except Problem as problem:
        fail(job, problem)
        return None
