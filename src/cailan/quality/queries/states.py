"""How lots stand: their self-test, their test on arrival, their reports; and whether they are basket goods."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Prefetch, QuerySet

from cailan.lots import queries as lots
from cailan.quality.models import Report, Result, Sample, Test
from cailan.quality.queries import facts
from cailan.quality.rules import lineage
from cailan.quality.rules.facts import State, TestFacts, TestState

_OPEN = ("requested", "accepted")


def state_of(lot_ids: Collection[int]) -> dict[int, TestState]:
    """Return how each lot's own tests stand; one report that stands as failed fails the lot."""
    ids = set(lot_ids)
    self_tests = _self_tests(ids)
    reports: dict[int, list[tuple[str, str, list[str], list[str]]]] = defaultdict(list)
    rows = Report.objects.filter(lot_id__in=ids, is_current=True).order_by("-signed_at", "-pk")
    for lot_id, *row in rows.values_list("lot_id", "sample__purpose", "verdict", "refused_by", "may_go_to"):
        reports[lot_id].append(tuple(row))  # type: ignore[arg-type]
    waiting: dict[int, set[str]] = defaultdict(set)
    open_samples = Sample.objects.filter(lot_id__in=ids, status__in=_OPEN)
    for lot_id, purpose in open_samples.values_list("lot_id", "purpose"):
        waiting[lot_id].add(purpose)
    return {pk: _state(self_tests.get(pk, ""), reports[pk], waiting[pk]) for pk in ids}


def _self_tests(lot_ids: Collection[int]) -> dict[int, str]:
    """Return the verdict of each lot's newest self-test."""
    rows = Test.objects.filter(kind="self-test", lot_id__in=lot_ids).order_by("lot_id", "-tested_at", "-pk")
    return dict(rows.distinct("lot_id").values_list("lot_id", "verdict"))


def _state(
    self_test: str, reports: list[tuple[str, str, list[str], list[str]]], waiting: set[str]
) -> TestState:
    failed = [row for row in reports if row[1] == State.FAILED]
    decisive = failed or reports
    incoming = [row[1] for row in reports if row[0] == "incoming"]
    return TestState(
        self_test={"": State.NONE, "unknown": State.PENDING}.get(self_test, self_test),
        incoming=_worst(incoming, is_waiting="incoming" in waiting),
        report=_worst([row[1] for row in reports], is_waiting=bool(waiting)),
        refused_by=tuple(sorted({place for row in failed for place in row[2]})),
        may_go_to=tuple(decisive[0][3]) if decisive else (),
    )


def _worst(verdicts: list[str], *, is_waiting: bool) -> str:
    if State.FAILED in verdicts:
        return str(State.FAILED)
    if verdicts:
        return str(State.PASSED)
    return str(State.PENDING if is_waiting else State.NONE)


def results_of(lot_ids: Collection[int]) -> dict[int, tuple[TestFacts, ...]]:
    """Return the tests and reports of lots as anybody may read them, the newest first; no names of persons."""
    found: dict[int, list[TestFacts]] = defaultdict(list)
    own = (
        Test.objects.filter(kind="self-test", lot_id__in=lot_ids)
        .select_related("party")
        .prefetch_related(
            Prefetch("results", queryset=Result.objects.select_related("substance").order_by("pk"))
        )
    )
    for test in own:
        found[test.lot_id].append(facts.from_self_test(test))
    for report in reports(Report.objects.filter(lot_id__in=lot_ids, is_current=True)):
        found[report.lot_id].append(facts.from_report(report))
    return {
        pk: tuple(sorted(tests, key=lambda one: one.tested_at, reverse=True)) for pk, tests in found.items()
    }


def reports(rows: "QuerySet[Report]") -> "QuerySet[Report]":
    """Load reports with all that their facts need, in three statements."""
    return rows.select_related("sample__lab", "superseded_by").prefetch_related(
        Prefetch("results", queryset=Result.objects.select_related("substance").order_by("pk"))
    )


def standing_of(lot_ids: Collection[int]) -> dict[int, tuple[TestState, str]]:
    """Say of each lot how its own tests stand, and whether it is basket goods: "passed", "failed" or "" (unknown).

    A lot without a report of its own stands as the lots it was made from: all of them passed, or one failed.
    """
    starts = lots.starts_of(lot_ids)
    graph = lots.walk(starts, forward=False) if starts else None
    parents = lineage.parents((node.id, node.lot_id) for node in graph.nodes) if graph else None
    made_from = parents.of((e.source_id, e.target_id) for e in graph.edges) if graph and parents else {}
    states = state_of(set(lot_ids) | set(made_from) | {pk for inputs in made_from.values() for pk in inputs})
    own = {pk: state.report for pk, state in states.items()}
    found = {pk: lineage.standing(pk, own, made_from) for pk in lot_ids}
    if graph and graph.is_truncated:  # what was not looked at may have failed
        found = {
            pk: "failed" if basket == "failed" or own[pk] == "failed" else "" for pk, basket in found.items()
        }
    return {pk: (states[pk], found[pk]) for pk in lot_ids}


def basket_of(lot_ids: Collection[int]) -> dict[int, str]:
    """Say of each lot whether it is basket goods: "passed", "failed" or "" where a report is missing."""
    return {pk: basket for pk, (_state_of_it, basket) in standing_of(lot_ids).items()}
