"""What anybody sees of a lot: its chain, how it grew, its tests and papers, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import get_language

from cailan.consumers.queries.testing import verdicts_of
from cailan.consumers.rules import Standing, Verdict, public_chain, standing
from cailan.epcis.queries import EventFacts
from cailan.kernel.access import PUBLIC
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.parties.rules.masking import public_name
from cailan.production import queries as production
from cailan.production.rules.facts import Growth
from cailan.quality import queries as quality
from cailan.quality.rules.facts import CertificateFacts, TestFacts
from cailan.supervision import queries as supervision
from cailan.supervision.queries import RecallFacts
from cailan.tracing import queries as tracing
from cailan.tracing.rules import measures, story

MOST_LOTS = 60  # whose tests and fields a page looks up; a chain may have thousands
MOST_GROWN = 4
MOST_TESTS = 8
MOST_PHOTOS = 6
_SENSOR_STEPS = frozenset({"sensor_reporting"})


@dataclass(frozen=True, slots=True)
class Grown:
    """How a harvest in the chain grew."""

    lot: lots.LotFacts
    growth: Growth
    photo_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """A test in the chain, and of which lot it was."""

    lot: lots.LotFacts
    test: TestFacts
    is_own: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """A certificate, and the code under which its paper stands."""

    code: str
    certificate: CertificateFacts


@dataclass(frozen=True, slots=True)
class Scan:
    """A chain for the public."""

    trace: tracing.Trace
    summary: tracing.Summary
    entries: tuple[story.Entry, ...]
    hidden: int  # older entries left out
    seals: tuple[tracing.Sealed, ...]
    corrected_on: tuple[datetime, ...]
    held_since: datetime | None
    held_by: str
    recall: RecallFacts | None
    verdict: Verdict
    standing: Standing
    grown: tuple[Grown, ...]
    more_grown: int
    tests: tuple[Tested, ...]
    more_tests: int
    promises: tuple[Promise, ...]
    readings: tuple[EventFacts, ...]  # what sensors reported, newest first
    region: str
    expires: str
    variety: str

    @property
    def has_seed(self) -> bool:
        return any(one.growth.seed for one in self.grown)

    @property
    def has_work(self) -> bool:
        return any(one.growth.operations for one in self.grown)


def scan(text: str) -> Scan:
    """Return what the public sees of a code, Digital Link or element string; raise NotFound for what is not ours."""
    found = tracing.trace_public(text)
    maker = parties.facts([found.lot.maker_id])[found.lot.maker_id]
    own_name = maker.name_in(get_language())
    chain = public_chain(found.chain)
    lot = replace(found.lot, maker=public_name(own_name, str(maker.kind)), attributes={})
    trace = replace(found, chain=chain, lot=lot, depth=measures.depth(chain))
    entries = story.tell(chain, trace.events, trace.corrected)
    hidden = max(0, len(entries) - story.LONGEST)
    hold = tracing.open_hold(found.lot.id) if lot.is_held else None
    behind = _behind(found)
    facts = lots.facts_of(behind)
    grown = _grown(behind, facts)
    tests = _tests(behind, facts, lot.id)
    summary = tracing.summary(trace)
    recall = supervision.open_recalls_of([lot.id]).get(lot.id)
    verdict = verdicts_of([lot.id])[lot.id]
    return Scan(
        trace=trace,
        summary=summary,
        entries=entries[hidden:],
        hidden=hidden,
        seals=tuple(
            replace(row, party=public_name(row.party, row.party_kind)) for row in tracing.seals(PUBLIC, found)
        ),
        corrected_on=tuple(event.record_time for event in trace.events if event.corrects),
        held_since=hold.placed_at if hold else None,
        held_by=_held_by(found, hold.placed_by) if hold else "",
        recall=recall,
        verdict=verdict,
        standing=standing(
            [verdict], is_recalled=recall is not None, is_held=lot.is_held, is_waiting=summary.is_waiting
        ),
        grown=grown[:MOST_GROWN],
        more_grown=max(0, len(grown) - MOST_GROWN),
        tests=tests[:MOST_TESTS],
        more_tests=max(0, len(tests) - MOST_TESTS),
        promises=_promises([found.lot, *(one.lot for one in grown[:MOST_GROWN])]),
        readings=tuple(event for event in reversed(trace.events) if event.biz_step in _SENSOR_STEPS),
        region=parties.region_name(lot.region) if lot.region else "",
        expires=_stated(found.lot, "itemExpirationDate", "sellByDate", "bestBeforeDate")[:10],
        variety=_stated(found.lot, "cailan:variety"),
    )


def _held_by(trace: tracing.Trace, name: str) -> str:
    """Return who placed a hold, persons masked: officials are none, and makers stand in the chain."""
    kinds = {node.holder: node.holder_kind for node in trace.chain.nodes}
    return public_name(name, kinds.get(name, ""))


def _behind(trace: tracing.Trace) -> tuple[int, ...]:
    """Return the lot and those it came from, itself first."""
    ids = {
        node.lot_id: None for node in trace.chain.nodes if node.id in trace.back and node.lot_id is not None
    }
    return tuple(dict.fromkeys((trace.lot.id, *ids)))[:MOST_LOTS]


def _grown(behind: Sequence[int], facts: dict[int, lots.LotFacts]) -> tuple[Grown, ...]:
    found = production.growth_of(behind)
    grown = []
    for pk in behind:
        if growth := found.get(pk):
            shown = {photo for work in growth.operations for photo in work.photo_ids}
            others = tuple(sorted(growth.photo_ids - shown))[:MOST_PHOTOS]
            grown.append(Grown(replace(facts[pk], attributes={}), growth, others))
    return tuple(grown)


def _tests(behind: Sequence[int], facts: dict[int, lots.LotFacts], own: int) -> tuple[Tested, ...]:
    found = quality.results_of(behind)
    rows = [
        Tested(replace(facts[pk], attributes={}), test, pk == own)
        for pk in behind
        for test in found.get(pk, ())
    ]
    # A signed report says more than a self-test, a failure more than a pass.
    return tuple(sorted(rows, key=lambda row: (row.test.verdict != "failed", row.test.kind == "self-test")))


def _promises(candidates: Sequence[lots.LotFacts]) -> tuple[Promise, ...]:
    """Return the lot's own certificate; where it has none, those of the harvests it came from."""
    for group in (candidates[:1], candidates[1:]):
        found = [(lot.code, quality.certificate_of(lot.id)) for lot in group]
        if standing_ones := tuple(Promise(code, one) for code, one in found if one):
            return standing_ones
    return ()


def _stated(lot: lots.LotFacts, *names: str) -> str:
    return next((str(lot.attributes[name]) for name in names if lot.attributes.get(name)), "")
