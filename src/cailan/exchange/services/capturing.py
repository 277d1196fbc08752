"""Capture EPCIS documents: read strictly, record every event, and book what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cailan.epcis import services as epcis
from cailan.epcis.rules import validate
from cailan.exchange.rules import documents
from cailan.exchange.services.problems import CaptureRefused, CaptureTooLarge, UnknownMediaType
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.lots import services as lots
from cailan.lots.rules.foreign import ForeignEvent

MEDIA_TYPES = frozenset({"application/json", "application/ld+json", "text/json", ""})
_TRIES = 3


@dataclass(frozen=True, slots=True)
class CaptureResult:
    """What a capture came to: how many events the document has, how many were new, the lots made known."""

    job_id: int
    event_count: int
    new_count: int
    lot_codes: tuple[str, ...] = ()
    was_known: bool = False


def capture(
    actor: Actor, *, body: bytes, media_type: str = "", at: datetime, dry_run: bool = False
) -> CaptureResult:
    """Capture a document wholly or not at all (EPCIS 2.0, 8.2.6, rollback); the same one again changes nothing.

    Raises CaptureRefused with every place that is wrong, CaptureTooLarge, UnknownMediaType.
    """
    actor.require(Permission.EVENT_CAPTURE)
    if media_type.partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise UnknownMediaType
    if len(body) > settings.CAILAN.upload_limit_bytes:
        raise CaptureTooLarge(limit_bytes=settings.CAILAN.upload_limit_bytes)
    document = read(body)
    for tries_left in range(_TRIES - 1, -1, -1):
        try:
            return _capture(actor, document, body, media_type, at, dry_run=dry_run)
        except IntegrityError:  # somebody captured the same goods at this moment; now they are known
            if not tries_left:
                raise
    raise AssertionError


def read(body: bytes) -> validate.Document:
    """Return a document that is EPCIS 2.0, or refuse it with each place and reason."""
    try:
        document = validate.parse(body)
    except validate.Unreadable as error:
        raise CaptureRefused(errors=[_said(error.fault)]) from error
    if faults := validate.faults(document):
        raise CaptureRefused(errors=[_said(fault) for fault in faults])
    return document


def _said(fault: validate.Fault) -> dict[str, Any]:
    where = {"where": fault.where or "/", "what": _(fault.message) % fault.facts}
    return where if fault.event is None else {**where, "event": fault.event}


def _capture(
    actor: Actor, document: validate.Document, body: bytes, media_type: str, at: datetime, *, dry_run: bool
) -> CaptureResult:
    with transaction.atomic():
        job = epcis.open_job(actor, document=body, media_type=media_type or "application/ld+json")
        if not job.is_new:
            transaction.set_rollback(dry_run)
            return CaptureResult(job.id, job.event_count, 0, was_known=True)
        followed = lots.follow(actor, _events(document), at=at, job_id=job.id, master=_master(document))
        if refused := [one for one in followed if one.problem is not None]:
            raise _refusal(document, refused)
        new = sum(not one.was_known for one in followed)
        epcis.close_job(actor, job_id=job.id, event_count=len(document.events), new_count=new)
        audit.record(actor, "exchange.captured", f"capture:{job.id}", events=len(document.events), new=new)
        transaction.set_rollback(dry_run)
    codes = tuple(dict.fromkeys(code for one in followed for code in one.lot_codes))
    return CaptureResult(job.id, len(document.events), new, codes)


def _events(document: validate.Document) -> list[ForeignEvent]:
    extensions = documents.own_context(document.whole) if document.pointer else []
    events = []
    for index, plain in enumerate(document.events):
        event = validate.identified(plain)
        if extensions and "@context" not in event:
            event = {"@context": extensions, **event}  # an event is understood without its document
        events.append(ForeignEvent(index, event, validate.text_of(event)))
    return events


def _master(document: validate.Document) -> dict[str, lots.MasterData]:
    return {
        uri: lots.MasterData(told.name, told.latitude, told.longitude, told.owner)
        for uri, told in documents.master_data(document.whole).items()
    }


def _refusal(document: validate.Document, refused: Sequence[lots.Followed]) -> CaptureRefused:
    errors = []
    for one in refused:
        assert one.problem is not None  # noqa: S101 (chosen for having one)
        where = f"{document.pointer}/{one.index}" if document.pointer else "/"
        errors.append(
            {"where": where, "event": one.index, "what": str(one.problem.detail), "code": one.problem.code}
        )
    refusal = CaptureRefused(errors=errors)
    statuses = {one.problem.status for one in refused if one.problem is not None}
    refusal.status = statuses.pop() if len(statuses) == 1 else refusal.status
    return refusal
