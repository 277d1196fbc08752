"""The laboratory's signed report: its paper, its seal, and what follows for the goods."""

import io
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cailan.documents import services as documents
from cailan.kernel import audit, ids, outbox
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.lots import queries as lot_queries
from cailan.lots import services as lots
from cailan.lots.rules.requests import Awaits
from cailan.parties import queries as parties
from cailan.quality.events import ReportFailed, ReportPassed
from cailan.quality.models import Handling, Laboratory, Reopening, Report, Result, Sample
from cailan.quality.queries import integrity, papers
from cailan.quality.queries.publishing import get_report
from cailan.quality.queries.samples import latest_results, why_not_signed
from cailan.quality.rules import judging, sampling
from cailan.quality.rules.sampling import Purpose, Status
from cailan.quality.services import measuring
from cailan.quality.services.problems import NoCertificateNumber, NotALaboratory, NotSigned, WrongState
from cailan.quality.services.sampling import OFFICIALS, lock_own

CLOCKS_DIFFER = timedelta(minutes=10)
WHY_NOT = {
    "no-results": gettext_lazy("Nothing was entered yet. Enter the results first."),
    "only-quick": gettext_lazy("A quick test makes no report. Enter the result of a laboratory method."),
    "unconfirmed": gettext_lazy("Confirm the positive quick test by a laboratory method first: %(items)s."),
    "too-coarse": gettext_lazy(
        "Nothing was detected, but the method cannot see as little as a limit asks: %(items)s. Test by a finer one."
    ),
    "nothing-judged": gettext_lazy("For none of the items is a limit known. Test an item that has one."),
}


@transaction.atomic
def sign_report(actor: Actor, *, sample_id: int, at: datetime) -> int:
    """Sign the report of a sample: a pass frees the stock that waits for it, a fail holds the lot everywhere.

    The paper is kept and its digest sealed; a report signed before is superseded, never changed.
    """
    actor.require(Permission.TEST_SIGN)
    sample = lock_own(actor, sample_id)
    if sample.status != Status.ACCEPTED:
        raise WrongState
    laboratory = _laboratory(actor, at)
    if refused := why_not_signed(sample.pk):
        code, items = refused
        raise NotSigned(str(WHY_NOT[code]) % {"items": "、".join(items)}, reason=code)
    results = [row for row in latest_results(sample.pk) if _counts(row)]
    conclusion = judging.conclude((row.verdict, row.refused_by) for row in results)
    report = _write(actor, sample, laboratory, results, conclusion, at)
    _follow(actor, sample, report, at)
    audit.record(
        actor, "quality.reported", f"sample:{sample.number}", report=report.number, verdict=report.verdict
    )
    return report.pk


def _laboratory(actor: Actor, at: datetime) -> Laboratory:
    found = Laboratory.objects.filter(
        party_id=actor.acting_party_id, cma_valid_to__gte=timezone.localdate(at)
    ).first()
    if found is None:
        raise NoCertificateNumber
    return found


def _counts(row: Result) -> bool:
    """Leave out quick tests: those that were positive are decided by the method that followed."""
    return not sampling.Found(row.item, row.method, row.verdict).is_quick


def _write(
    actor: Actor,
    sample: Sample,
    laboratory: Laboratory,
    results: list[Result],
    conclusion: judging.Conclusion,
    at: datetime,
) -> Report:
    old = Report.objects.select_for_update().filter(sample_id=sample.pk, is_current=True).first()
    number = _new_number(at)
    paper = papers.report_pdf(
        sample, laboratory, results, conclusion, number=number, signer=actor.display_name, at=at,
        supersedes=old.number if old else "",
    )  # fmt: skip
    document_id = documents.store(actor, file=io.BytesIO(paper), name=f"{number}.pdf", kind="report", at=at)
    concerned = {sample.holder_id, sample.requester_id, _maker_of(sample)} - {actor.acting_party_id}
    documents.share(actor, document_id=document_id, party_ids=concerned, at=at)
    if old:
        old.is_current = False
        old.save(update_fields=["is_current"])
    report = Report.objects.create(
        sample_id=sample.pk,
        lot_id=sample.lot_id,
        number=number,
        verdict=conclusion.verdict,
        refused_by=list(conclusion.refused_by),
        may_go_to=list(conclusion.may_go_to),
        findings=findings(results)[:600],
        document_id=document_id,
        digest=papers.digest(paper),
        cma_number=laboratory.cma_number,
        signer=actor.display_name[:80],
        signer_id=actor.user_id,
        salt=secrets.token_hex(16),
        signed_at=at,
        supersedes=old,
        is_public=sample.purpose in sampling.PUBLISHED,
    )
    report.results.set(results)
    sample.status = str(Status.REPORTED)
    sample.save(update_fields=["status"])
    _seal(actor, "quality.reported", report.number, integrity.rebuild_reports, at)
    return report


def _maker_of(sample: Sample) -> int:
    return int(sample.lot.maker_id)


def _seal(actor: Actor, kind: str, number: str, rebuild: ledger.Rebuild, at: datetime) -> None:
    subject = f"{integrity.REPORT}{number}"
    ledger.append(actor, [Entry(kind, subject, rebuild([subject])[subject])], at=at)


def _new_number(at: datetime) -> str:
    drawn = "".join(secrets.choice(ids.ALPHABET) for _ in range(6))
    return f"BG{timezone.localdate(at):%y%m%d}{drawn}"


def findings(results: list[Result]) -> str:
    """Say each failed item as official notices do: item‖found‖limit."""
    said = []
    for row in results:
        if row.verdict == "failed":
            refusing = [place for place in row.places if place["verdict"] == "failed"]
            limits = "，".join(
                f"{place['place']} {'≤' + place['limit'] if place['limit'] != '0' else '不得检出'}"
                for place in refusing
            )
            said.append(f"{row.item}‖{integrity.plain(row.value)} {row.unit}‖{limits}")
    return "；".join(said)


def _follow(actor: Actor, sample: Sample, report: Report, at: datetime) -> None:
    if report.verdict == "failed":
        reason = _("Report %(number)s failed: %(findings)s") % {
            "number": report.number,
            "findings": report.findings,
        }
        lots.hold(actor, lot=sample.lot.code, reason=reason[:200], at=at, with_derived=True)
        outbox.publish([_failed(sample, report)])
        return
    _release(actor, sample, report, at)
    if sample.purpose == Purpose.INCOMING:
        lots.clear(
            actor,
            lot=sample.lot.code,
            holder_id=sample.holder_id,
            awaits=str(Awaits.INCOMING_TEST),
            reason=report.number,
            at=at,
            acquired_until=sample.taken_at + CLOCKS_DIFFER,  # what came later was not sampled
        )
    outbox.publish(
        [
            ReportPassed(
                report.pk, sample.lot_id, sample.lot.code, sample.lab_id, sample.purpose, report.signed_at
            )
        ]
    )


def _release(actor: Actor, sample: Sample, report: Report, at: datetime) -> None:
    """End the laboratory's own hold, where no report of it fails the lot any more."""
    others = Report.objects.filter(
        lot_id=sample.lot_id, sample__lab_id=actor.acting_party_id, is_current=True, verdict="failed"
    )
    pending = Sample.objects.filter(
        lot_id=sample.lot_id,
        lab_id=actor.acting_party_id,
        status=Status.ACCEPTED,
        tests__kind="quick",
        tests__verdict="failed",
    )
    if not sample.lot.is_held or others.exists() or pending.exclude(pk=sample.pk).exists():
        return
    try:
        with transaction.atomic():
            lots.release(actor, lot=sample.lot.code, reason=report.number, at=at)
    except lots.NotHeld:
        return  # held by somebody else: his to release


def _failed(sample: Sample, report: Report) -> ReportFailed:
    product = lot_queries.facts_of([sample.lot_id])[sample.lot_id].product
    return ReportFailed(
        report_id=report.pk,
        lot_id=sample.lot_id,
        lot_code=sample.lot.code,
        product=product,
        lab_id=sample.lab_id,
        kind=sample.purpose,
        findings=report.findings,
        refused_by=tuple(report.refused_by),
        at=report.signed_at,
    )


@transaction.atomic
def reopen(actor: Actor, *, report_id: int, reason: str, at: datetime) -> None:
    """Take a signed report up again; it stands until the new one supersedes it."""
    actor.require(Permission.TEST_SIGN)
    get_report(actor, report_id)
    report = Report.objects.get(pk=report_id)
    sample = lock_own(actor, report.sample_id)
    if not report.is_current or sample.status != Status.REPORTED:
        raise WrongState
    if not reason.strip():
        what = _("Say why the report is taken up again.")
        raise InvalidInput(errors=[{"where": "reason", "what": what}])
    Reopening.objects.create(report=report, reason=reason.strip(), reopened_at=at)
    sample.status = str(Status.ACCEPTED)
    sample.save(update_fields=["status"])
    _seal(actor, "quality.reopened", report.number, integrity.rebuild_reopenings, at)
    audit.record(actor, "quality.reopened", f"sample:{sample.number}", report=report.number)


@transaction.atomic
def record_handling(actor: Actor, *, report_id: int, text: str, at: datetime, handled_at: Any = None) -> int:
    """Write down what was done about a failed report (核查处置); it stands on the public list."""
    actor.require(Permission.ALERT_READ)
    if actor.party_kind not in OFFICIALS:
        raise NotALaboratory(_("The handling is recorded by the regulator or the market."), title_only=True)
    get_report(actor, report_id)
    report = Report.objects.select_related("sample").get(pk=report_id)
    if not parties.oversees(actor, report.sample.holder_id):
        raise InvalidInput(
            errors=[{"where": "text", "what": _("The holder is outside your area or market.")}]
        )
    if report.verdict != "failed":
        raise WrongState(_("Only a failed report is handled."))
    if not text.strip():
        raise InvalidInput(errors=[{"where": "text", "what": _("Say what was done with the goods.")}])
    measuring.check_moment(handled_at or at, at)
    row = Handling.objects.create(
        report=report, party_id=actor.acting_party_id, text=text.strip(), handled_at=handled_at or at
    )
    subject = f"{integrity.HANDLING}{row.pk}"
    ledger.append(
        actor, [Entry("quality.handled", subject, integrity.rebuild_handlings([subject])[subject])], at=at
    )
    audit.record(actor, "quality.handled", f"report:{report.number}")
    return row.pk
