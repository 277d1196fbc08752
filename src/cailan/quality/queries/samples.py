"""Samples: the laboratory's list of work, and one sample with all that was found in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.parties.rules.kinds import PartyKind
from cailan.quality.models import Laboratory, Objection, Report, Result, Sample, Test
from cailan.quality.queries import facts
from cailan.quality.queries.limits import commodity_of, limits_for
from cailan.quality.queries.states import reports
from cailan.quality.rules import judging, quick, sampling
from cailan.quality.rules.facts import ItemFacts, SampleFacts, TestFacts
from cailan.quality.rules.limits import Limit
from cailan.quality.rules.quick import QuickMethod


@dataclass(frozen=True, slots=True)
class TestRow:
    """One go of testing of a sample, with the window in which one may object to it."""

    id: int
    kind: str
    tested_at: datetime
    told_at: datetime
    kit: str
    photo_id: int | None
    verdict: str
    items: tuple[ItemFacts, ...]
    objection_closes: datetime | None  # of a positive quick test
    objection_reason: str
    objected_at: datetime | None

    @property
    def is_positive_quick(self) -> bool:
        return self.kind == "quick" and self.verdict == "failed"


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A sample, its tests and reports, and what may be done next."""

    sample: SampleFacts
    tests: tuple[TestRow, ...]
    reports: tuple[TestFacts, ...]
    why_not_signed: tuple[str, tuple[str, ...]] | None

    @property
    def report(self) -> TestFacts | None:
        """Return the report that stands."""
        return next((one for one in self.reports if one.superseded_by is None), None)

    @property
    def open_objection(self) -> TestRow | None:
        return next((one for one in self.tests if one.is_positive_quick), None)


def visible_samples(actor: Actor) -> "QuerySet[Sample]":
    """Return the samples of the actor's laboratory, of its goods, on its order, or in its area or market."""
    rows = Sample.objects.select_related("lot__product", "holder", "requester", "lab")
    if actor.sees_everything or actor.party_kind == PartyKind.OPERATOR:
        return rows
    if actor.party_id is None:
        return rows.none()
    own = Q(lab_id=actor.party_id) | Q(requester_id=actor.party_id) | Q(holder_id=actor.party_id)
    own |= Q(lot__maker_id=actor.party_id, status="reported")
    if actor.party_kind == PartyKind.REGULATOR and actor.region:
        if not actor.region_prefix:  # the country's, also where no region is known
            return rows
        own |= Q(holder__region__code__startswith=actor.region_prefix)
        own |= Q(lot__region__code__startswith=actor.region_prefix)
    if actor.party_kind == PartyKind.MARKET:
        own |= Q(holder__market_id=actor.party_id)
    return rows.filter(own)


def worklist(
    actor: Actor, *, status: str = "", cursor: str = "", limit: int | None = None
) -> Page[SampleFacts]:
    """List the samples that the actor sees, newest first; a laboratory its own."""
    actor.require(Permission.LOT_READ)
    rows = visible_samples(actor)
    if actor.party_kind == PartyKind.LAB:
        rows = rows.filter(lab_id=actor.acting_party_id)
    if status in set(sampling.Status):
        rows = rows.filter(status=status)
    page = newest_first(rows, cursor=cursor, limit=limit)
    return Page(tuple(map(facts.to_sample, page.items)), page.next)


def count_work(actor: Actor) -> dict[str, int]:
    """Count a laboratory's samples by how far they are."""
    rows = Sample.objects.filter(lab_id=actor.acting_party_id).values("status").annotate(number=Count("pk"))
    return {row["status"]: row["number"] for row in rows}


def find_sample(actor: Actor, sample_id: int) -> Sample:
    """Return a sample's row; what the actor does not see is not found. For this context's own services."""
    row = visible_samples(actor).filter(pk=sample_id).first()
    if row is None:
        raise NotFound
    return row


def get_sample(actor: Actor, sample_id: int) -> SampleFile:
    """Return a sample with its tests and reports."""
    actor.require(Permission.LOT_READ)
    row = find_sample(actor, sample_id)
    tests = _tests(row.pk) if may_see_bench(actor, row) else ()
    signed = tuple(
        facts.from_report(one) for one in reports(Report.objects.filter(sample_id=row.pk).order_by("-pk"))
    )
    sample = facts.to_sample(row)
    if row.status == "accepted" and signed:
        reopening = (
            Report.objects.filter(sample_id=row.pk, is_current=True)
            .values_list("reopening__reason", flat=True)
            .first()
        )
        sample = replace(sample, reopen_reason=reopening or "")
    if row.accepted_at:
        sample = replace(sample, due_at=quick.after_working_days(row.accepted_at, quick.RETEST_WORKING_DAYS))
    return SampleFile(sample, tests, signed, why_not_signed(row.pk))


def may_see_bench(actor: Actor, row: Sample | None) -> bool:
    """Say whether the actor reads a visible sample's single tests; a former holder reads the report only."""
    if row is None:
        return False
    is_party_to_it = actor.party_id in {row.lab_id, row.requester_id, row.holder_id}
    return is_party_to_it or actor.sees_everything or actor.party_kind in {"regulator", "market", "operator"}


def _tests(sample_id: int) -> tuple[TestRow, ...]:
    rows = (
        Test.objects.filter(sample_id=sample_id)
        .select_related("objection")
        .prefetch_related(
            Prefetch("results", queryset=Result.objects.select_related("substance").order_by("pk"))
        )
        .order_by("-pk")
    )
    return tuple(_test_row(row) for row in rows)


def _test_row(row: Test) -> TestRow:
    objection: Objection | None = getattr(row, "objection", None)
    is_open = row.kind == "quick" and row.verdict == "failed"
    return TestRow(
        id=row.pk,
        kind=row.kind,
        tested_at=row.tested_at,
        told_at=row.recorded_at,
        kit=row.kit,
        photo_id=row.photo_id,
        verdict=row.verdict,
        items=facts.items(row.results.all()),
        objection_closes=quick.objection_closes(row.recorded_at) if is_open else None,
        objection_reason=objection.reason if objection else "",
        objected_at=objection.raised_at if objection else None,
    )


def latest_results(sample_id: int) -> tuple[Result, ...]:
    """Return the newest result of each item: by the laboratory's method and by quick test apart."""
    newest: dict[tuple[str, bool], Result] = {}
    for row in Result.objects.filter(test__sample_id=sample_id).order_by("pk"):
        newest[row.item, row.method in set(QuickMethod)] = row
    return tuple(sorted(newest.values(), key=lambda one: one.pk))


def why_not_signed(sample_id: int) -> tuple[str, tuple[str, ...]] | None:
    """Return why a report of the sample may not be signed yet."""
    found = [
        sampling.Found(one.item, one.method, one.verdict, judging.is_coarse(one.places))
        for one in latest_results(sample_id)
    ]
    return sampling.why_not_signed(found)


def limits_of_sample(
    actor: Actor, sample_id: int, substance_ids: Sequence[int]
) -> dict[int, dict[str, Limit]]:
    """Return the limits in force on the day the sample was taken."""
    row = find_sample(actor, sample_id)
    return limits_for(commodity_of(row.lot.product_id), substance_ids, timezone.localdate(row.taken_at))


@dataclass(frozen=True, slots=True)
class LaboratoryFacts:
    """A laboratory that takes samples, with the number of its certificate."""

    party_id: int
    name: str
    cma_number: str
    cma_valid_to: str
    scope: str


def laboratories(actor: Actor, *, on: datetime) -> tuple[LaboratoryFacts, ...]:
    """List the laboratories whose certificate holds, by name."""
    actor.require(Permission.LOT_READ)
    rows = Laboratory.objects.filter(
        party__status="approved", cma_valid_to__gte=timezone.localdate(on)
    ).select_related("party")
    return tuple(
        LaboratoryFacts(
            row.party_id,
            facts.called(row.party, is_public=False),
            row.cma_number,
            row.cma_valid_to.isoformat(),
            row.scope,
        )
        for row in rows.order_by("party__name", "pk")[:500]
    )


def own_laboratory(actor: Actor) -> LaboratoryFacts | None:
    """Return what the actor's own laboratory stated of itself."""
    row = Laboratory.objects.filter(party_id=actor.acting_party_id).select_related("party").first()
    if row is None:
        return None
    return LaboratoryFacts(
        row.party_id, row.party.name, row.cma_number, row.cma_valid_to.isoformat(), row.scope
    )
