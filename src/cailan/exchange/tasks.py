"""Imports that go on when the page is left."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from cailan.accounts import queries as accounts
from cailan.exchange import services

log = structlog.get_logger()


@app.task(name="exchange.try_out", queueing_lock=None)
def try_out(job_id: int, user_id: int | None, party_id: int) -> None:
    """Try a kept file out."""
    actor = accounts.actor_of(user_id, party_id)
    if actor is None:
        log.warning("import_without_person", job=job_id)
        return
    services.try_out(actor, job_id=job_id, at=timezone.now())


@app.task(name="exchange.run_import", retry=3)
def run_import(job_id: int, user_id: int | None, party_id: int) -> None:
    """Carry an import through; after a crash it goes on where it stopped."""
    actor = accounts.actor_of(user_id, party_id)
    if actor is None:
        log.warning("import_without_person", job=job_id)
        return
    services.carry_through(actor, job_id=job_id, at=timezone.now())
