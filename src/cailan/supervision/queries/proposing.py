"""Propose a decision from the graph: place, time, trace unit, responsible party, measure and level."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language

from cailan.kernel.access import Actor, Permission
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties
from cailan.supervision.queries.alerts import AlertFacts, Where, get_alert, visible_alerts, where_now
from cailan.supervision.queries.calendar import calendar, has_year
from cailan.supervision.rules.deadlines import Level, Limits, limits
from cailan.supervision.rules.measures import LevelProposal, Measure, propose_level, propose_measure
from cailan.tracing import queries as tracing
from cailan.tracing.rules.measures import Whereabouts

MOST_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party that may have to answer for it; `why` says what it did."""

    party_id: int
    name: str
    why: str  # made-it, made-input, held-it


@dataclass(frozen=True, slots=True)
class Proposal:
    """The four facts, and what follows from them."""

    lot: LotFacts
    alert: AlertFacts | None
    place: str
    happened_at: datetime
    known_at: datetime
    units: tuple[LotFacts, ...]  # the lot, and what it was made from
    candidates: tuple[Candidate, ...]
    measure: Measure
    level: LevelProposal
    limits: tuple[tuple[Level, Limits], ...]
    is_calendar_known: bool
    where: tuple[Where, ...]
    holders: tuple[Whereabouts, ...]
    contacts: dict[int, tracing.Contact]
    lots_in_scope: int

    @property
    def sold(self) -> Decimal:
        return sum((one.sold for one in self.where), Decimal(0))


def propose(actor: Actor, text: str, *, alert_id: int | None = None, at: datetime) -> Proposal:
    """Propose scope and measure for a lot that the actor sees."""
    actor.require(Permission.RECALL_MANAGE)
    lot = lots.get_lot(actor, text)
    alert = get_alert(actor, alert_id) if alert_id is not None else None
    scope = tracing.scope(actor, lot.code)
    where = where_now(scope)
    known_at = alert.at if alert else at
    day = timezone.localtime(at).date()
    special = calendar(day)
    return Proposal(
        lot=lot,
        alert=alert,
        place=_place(lot),
        happened_at=lot.made_at,
        known_at=known_at,
        units=_units(actor, lot),
        candidates=_candidates(lot, scope),
        measure=propose_measure(sum((one.sold for one in where), Decimal(0))),
        level=propose_level(_findings(actor, lot, alert)),
        limits=tuple(
            (level, limits(level, known_at=known_at, announced_at=at, calendar=special)) for level in Level
        ),
        is_calendar_known=has_year(day.year),
        where=where,
        holders=scope.holders,
        contacts=scope.contacts,
        lots_in_scope=len(scope.lots),
    )


def _findings(actor: Actor, lot: LotFacts, alert: AlertFacts | None) -> list[str]:
    """Return what the alert says, or else what alerts of this lot say."""
    if alert is not None:
        return [alert.text]
    return list(visible_alerts(actor).filter(lot_id=lot.id).values_list("text", flat=True)[:20])


def _place(lot: LotFacts) -> str:
    """Return where it began: the site, else the maker, with the region."""
    region = lot.region or parties.facts([lot.maker_id])[lot.maker_id].region
    name = lot.origin or lot.maker
    where = "".join(one.name for one in parties.region_path(region)) if region else ""
    return f"{where} {name}".strip()


def _units(actor: Actor, lot: LotFacts) -> tuple[LotFacts, ...]:
    """Return the lot and the lots it was made from, as far as the actor sees them; what may be taken back as one."""
    graph = lots.walk(lots.starts_of([lot.id]), forward=False)
    ids = {node.lot_id for node in graph.nodes if node.lot_id is not None} - {lot.id}
    seen = lots.visible_ids(actor, ids)
    facts = lots.facts_of(list(seen)[:MOST_CANDIDATES])
    return (lot, *(facts[pk] for pk in sorted(facts)))


def _candidates(lot: LotFacts, scope: tracing.Scope) -> tuple[Candidate, ...]:
    """Return who may have to answer: who made it first, then who made what it is made of, then who had it."""
    graph = lots.walk(lots.starts_of([lot.id]), forward=False)
    back = lots.facts_of({node.lot_id for node in graph.nodes if node.lot_id is not None})
    reasons = {lot.maker_id: "made-it"}
    for one in back.values():
        reasons.setdefault(one.maker_id, "made-input")
    for pk in [node.holder_id for node in graph.nodes] + [row.holder_id for row in scope.holders]:
        reasons.setdefault(pk, "held-it")
    chosen = list(reasons)[:MOST_CANDIDATES]
    facts = parties.facts(chosen)
    return tuple(
        Candidate(pk, facts[pk].name_in(get_language()), reasons[pk]) for pk in chosen if pk in facts
    )
