"""Rebuild what is sealed of quality from its rows; names of persons only as digests under the row's salt."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Q

from cailan.ledger.rules.alterations import Alteration, Part
from cailan.parties.rules.sealed import hidden, instant
from cailan.quality.models import (
    Certificate,
    Handling,
    Laboratory,
    Limit,
    Objection,
    Reopening,
    Report,
    Sample,
    Test,
)
from cailan.quality.rules.sampling import PUBLISHED

LIMIT, LABORATORY, SAMPLE, TEST = "limit:", "laboratory:", "sample:", "test:"
REPORT, HANDLING, CERTIFICATE = "report:", "handling:", "certificate:"
States = dict[str, dict[str, Any]]


def plain(value: Decimal | None) -> str:
    """Write a number as text, without trailing zeros; "" for none."""
    return "" if value is None else f"{value.normalize():f}"


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _numbers(subjects: Iterable[str]) -> list[int]:
    return [int(subject.rpartition(":")[2]) for subject in subjects]


def _names(subjects: Iterable[str]) -> list[str]:
    return [subject.partition(":")[2] for subject in subjects]


def rebuild_limits(subjects: Sequence[str]) -> States:
    return {
        f"{LIMIT}{row.pk}": {
            "place": row.place,
            "product": row.product_id or 0,
            "category": row.category_id or "",
            "substance": row.substance_id,
            "value": plain(row.value),
            "unit": row.unit,
            "residue": row.residue,
            "source": row.source,
            "edition": row.edition,
            "basis": row.basis,
            "valid_from": _day(row.valid_from),
            "valid_to": _day(row.valid_to),
            "is_verified": row.is_verified,
            "replaces": row.replaces_id or 0,
        }
        for row in Limit.objects.filter(pk__in=_numbers(subjects))
    }


def rebuild_laboratories(subjects: Sequence[str]) -> States:
    return {
        f"{LABORATORY}{row.party_id}": {
            "cma_number": row.cma_number,
            "cma_valid_to": _day(row.cma_valid_to),
            "scope": row.scope,
            "stated_at": instant(row.stated_at),
        }
        for row in Laboratory.objects.filter(party_id__in=_numbers(subjects))
    }


def rebuild_samples(subjects: Sequence[str]) -> States:
    return {
        f"{SAMPLE}{row.number}": {
            "purpose": row.purpose,
            "lot": row.lot_id,
            "holder": row.holder_id,
            "requester": row.requester_id,
            "lab": row.lab_id,
            "quantity": plain(row.quantity),
            "uom": row.uom,
            "place": row.place,
            "note": row.note,
            "taken_at": instant(row.taken_at),
            "taken_by": row.taken_by_id or 0,
        }
        for row in Sample.objects.filter(number__in=_names(subjects))
    }


def rebuild_acceptances(subjects: Sequence[str]) -> States:
    return {
        f"{SAMPLE}{row.number}": {
            "lab_number": row.lab_number,
            "condition": row.condition,
            "accepted_at": instant(row.accepted_at),
            "accepted_by": row.accepted_by_id or 0,
        }
        for row in Sample.objects.filter(number__in=_names(subjects))
    }


def rebuild_tests(subjects: Sequence[str]) -> States:
    rows = Test.objects.filter(pk__in=_numbers(subjects)).prefetch_related("results")
    return {
        f"{TEST}{row.pk}": {
            "kind": row.kind,
            "lot": row.lot_id,
            "sample": row.sample_id or 0,
            "party": row.party_id,
            "tested_at": instant(row.tested_at),
            "recorded_at": instant(row.recorded_at),
            "tester": row.tester_id or 0,
            "kit": row.kit,
            "photo": row.photo_id or 0,
            "verdict": row.verdict,
            "refused_by": list(row.refused_by),
            "results": [_result(one) for one in sorted(row.results.all(), key=lambda one: one.pk)],
        }
        for row in rows
    }


def _result(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "substance": row.substance_id or 0,
        "item": row.item,
        "method": row.method,
        "value": plain(row.value),
        "unit": row.unit,
        "lod": plain(row.lod),
        "reading": row.reading,
        "verdict": row.verdict,
        "places": row.places,
        "refused_by": list(row.refused_by),
    }


def rebuild_objections(subjects: Sequence[str]) -> States:
    return {
        f"{TEST}{row.test_id}": {
            "party": row.party_id,
            "reason": row.reason,
            "raised_at": instant(row.raised_at),
        }
        for row in Objection.objects.filter(test_id__in=_numbers(subjects))
    }


def rebuild_reports(subjects: Sequence[str]) -> States:
    rows = Report.objects.filter(number__in=_names(subjects)).prefetch_related("results")
    return {
        f"{REPORT}{row.number}": {
            "sample": row.sample_id,
            "lot": row.lot_id,
            "results": sorted(one.pk for one in row.results.all()),
            "verdict": row.verdict,
            "refused_by": list(row.refused_by),
            "may_go_to": list(row.may_go_to),
            "findings": row.findings,
            "document": row.document_id,
            "sha256": row.digest,
            "cma_number": row.cma_number,
            "signer": hidden(row.salt, "signer", row.signer),
            "signed_at": instant(row.signed_at),
            "supersedes": row.supersedes_id or 0,
        }
        for row in rows
    }


def rebuild_reopenings(subjects: Sequence[str]) -> States:
    rows = Reopening.objects.filter(report__number__in=_names(subjects)).select_related("report")
    return {
        f"{REPORT}{row.report.number}": {"reason": row.reason, "reopened_at": instant(row.reopened_at)}
        for row in rows
    }


def rebuild_handlings(subjects: Sequence[str]) -> States:
    return {
        f"{HANDLING}{row.pk}": {
            "report": row.report_id,
            "party": row.party_id,
            # What was done may name a person; the digest binds it all the same.
            "text": sha256(row.text.encode()).hexdigest(),
            "handled_at": instant(row.handled_at),
        }
        for row in Handling.objects.filter(pk__in=_numbers(subjects))
    }


def rebuild_certificates(subjects: Sequence[str]) -> States:
    rows = Certificate.objects.filter(number__in=_names(subjects)).prefetch_related("sources")
    return {
        f"{CERTIFICATE}{row.number}": {
            "lot": row.lot_id,
            "issuer": row.issuer_id,
            "pattern": row.pattern,
            "form": row.form,
            "bases": list(row.bases),
            "product": row.product_name,
            "quantity": plain(row.quantity),
            "uom": row.uom,
            "origin": row.origin,
            "issuer_name": hidden(row.salt, "issuer_name", row.issuer_name),
            "contact": hidden(row.salt, "contact", row.contact),
            "signature": hidden(row.salt, "signature", row.signature),
            "issued_at": instant(row.issued_at),
            "sources": sorted(one.pk for one in row.sources.all()),
            "replaces": row.replaces_id or 0,
        }
        for row in rows
    }


def rebuild_voidings(subjects: Sequence[str]) -> States:
    return {
        f"{CERTIFICATE}{row.number}": {"voided_at": instant(row.voided_at), "reason": row.void_reason}
        for row in Certificate.objects.filter(number__in=_names(subjects))
    }


MIRRORS: dict[str, Callable[[Sequence[str]], States]] = {
    "quality.limit": rebuild_limits,
    "quality.laboratory": rebuild_laboratories,
    "quality.sample_taken": rebuild_samples,
    "quality.sample_accepted": rebuild_acceptances,
    "quality.tested": rebuild_tests,
    "quality.objected": rebuild_objections,
    "quality.reported": rebuild_reports,
    "quality.reopened": rebuild_reopenings,
    "quality.handled": rebuild_handlings,
    "quality.certified": rebuild_certificates,
    "quality.certificate_voided": rebuild_voidings,
}


def misstated() -> Iterator[Alteration]:
    """Name reports and limits that count though another took their place, or do not though none did."""
    for report in Report.objects.filter(_wrongly_current("superseded_by")):
        yield _flag(f"{REPORT}{report.number}", "is_current", is_set=report.is_current)
    is_published = Q(sample__purpose__in=PUBLISHED)
    hidden_or_shown = Q(is_public=False) & is_published | Q(is_public=True) & ~is_published
    for report in Report.objects.filter(hidden_or_shown):
        yield _flag(f"{REPORT}{report.number}", "is_public", is_set=report.is_public)
    for limit in Limit.objects.filter(_wrongly_current("replaced_by")):
        yield _flag(f"{LIMIT}{limit.pk}", "is_current", is_set=limit.is_current)


def _wrongly_current(newer: str) -> Q:
    return Q(is_current=True, **{f"{newer}__isnull": False}) | Q(
        is_current=False, **{f"{newer}__isnull": True}
    )


def _flag(subject: str, where: str, *, is_set: bool) -> Alteration:
    return Alteration(Part.FACT, where, str(not is_set), str(is_set), subject=subject)
