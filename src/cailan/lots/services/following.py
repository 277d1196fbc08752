"""Follow foreign events: what others recorded becomes lots, holdings and flows here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cailan.epcis import queries as epcis
from cailan.kernel.access import Actor
from cailan.kernel.problems import Problem
from cailan.lots.models import Flow, Holding
from cailan.lots.rules.book import FlowDraft, Refused
from cailan.lots.rules.foreign import ARRIVALS, Effect, ForeignEvent, effect_of
from cailan.lots.rules.requests import FlowKind, Proof
from cailan.lots.services import writing
from cailan.lots.services.desk import LOOKS_AHEAD, Desk
from cailan.lots.services.effects import carry_out
from cailan.lots.services.goods import Goods
from cailan.lots.services.places import MasterData, Places
from cailan.lots.services.problems import problem_of
from cailan.products import queries as products

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # nobody recorded events of goods before


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of one event: the codes of the lots it made known, or why it was refused."""

    index: int
    event_id: str
    lot_codes: tuple[str, ...] = ()
    problem: Problem | None = None
    was_known: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """An event that is new here."""

    source: ForeignEvent
    effect: Effect
    repeats: bool  # declares an event wrong that is recorded, or stands before it in the document
    undoes: bool  # … and is recorded


def follow(
    actor: Actor,
    events: Sequence[ForeignEvent],
    *,
    at: datetime,
    job_id: int | None = None,
    master: Mapping[str, MasterData] | None = None,
) -> list[Followed]:
    """Record foreign events and book what they say, set-based, in the caller's transaction.

    They are booked by event time, whatever their order in the document. Events known here change nothing.
    Nothing is written where one is refused: look for a `problem` in what comes back.
    """
    results: dict[int, Followed] = {}
    told = _read(actor, events, results)
    if not told or any(result.problem for result in results.values()):
        return _in_order(events, results)
    try:
        goods = _open_desk(actor, told, at, master or {})
    except Refused as refused:
        return [Followed(events[0].index, events[0].event["eventID"], problem=problem_of(refused))]
    for one in sorted(told, key=lambda one: (one.effect.occurred_at, one.source.index)):
        results[one.source.index] = _file(goods, one)
    if not any(result.problem for result in results.values()):
        writing.write(goods.desk, job_id=job_id)
    return _in_order(events, results)


def _in_order(events: Sequence[ForeignEvent], results: Mapping[int, Followed]) -> list[Followed]:
    return [results[event.index] for event in events if event.index in results]


def _read(actor: Actor, events: Sequence[ForeignEvent], results: dict[int, Followed]) -> list[_Told]:
    """Tell new events from known ones, and from declarations that another is wrong."""
    ids = [event.event["eventID"] for event in events]
    owners = epcis.owners(ids)
    wrong = set(epcis.corrected(ids))
    declared = {event.event["eventID"] for event in events if _is_declaration(event)}
    seen = set(owners)
    told: list[_Told] = []
    for event in events:
        event_id = event.event["eventID"]
        is_first = event_id not in seen
        if not is_first and (not _is_declaration(event) or event_id in wrong):
            results[event.index] = Followed(event.index, event_id, was_known=True)
            continue
        try:
            _check_recorder(actor, event_id, owners)
            effect = _effect(event, is_wrong=event_id in declared and event_id not in owners)
        except Refused as refused:
            results[event.index] = Followed(event.index, event_id, problem=problem_of(refused))
            continue
        seen.add(event_id)
        if _is_declaration(event):
            wrong.add(event_id)
        told.append(_Told(event, effect, repeats=not is_first, undoes=event_id in owners))
    return told


def _check_recorder(actor: Actor, event_id: str, owners: Mapping[str, int]) -> None:
    if owners.get(event_id, actor.acting_party_id) != actor.acting_party_id:
        raise Refused("not-recorder", event=event_id)


def _is_declaration(event: ForeignEvent) -> bool:
    return event.event.get("errorDeclaration") is not None


def _effect(event: ForeignEvent, *, is_wrong: bool) -> Effect:
    effect = effect_of(event.event)
    return replace(effect, declared_wrong=effect.declared_wrong or is_wrong)


def _open_desk(actor: Actor, told: Sequence[_Told], at: datetime, master: Mapping[str, MasterData]) -> Goods:
    """Load and lock all that the events touch: lots, stock of everybody, processes, parties, places, products."""
    effects = [one.effect for one in told]
    things = {thing.uri: thing for effect in effects for thing in effect.everything()}
    uoms = {
        thing.uri: thing.uom for effect in reversed(effects) for thing in effect.everything() if thing.uom
    }
    places = Places(actor, (spot for effect in effects for spot in effect.spots()), master)
    known = products.by_gtin({thing.gtin for thing in things.values() if thing.gtin})
    desk = Desk(actor, at)
    undone = Flow.objects.filter(event_id__in=[one.source.event["eventID"] for one in told if one.undoes])
    ends = {end for row in undone.values_list("source_id", "target_id") for end in row if end is not None}
    processes = [effect.process for effect in effects if effect.process]
    ends.update(Holding.objects.filter(process__in=processes).values_list("pk", flat=True))
    numbers = {t.number for t in things.values() if t.kind == "batch" and t.gtin in known}
    desk.load_numbers({(holder, number) for holder in places.holders for number in numbers})
    desk.load(things, holding_ids=ends, everybody=True)
    places.meet({holding.holder_id for holding in desk.book.holdings.values()} - places.holders)
    steps = _steps(desk) if any(effect.biz_step in ARRIVALS for effect in effects) else {}
    return Goods(desk, places, products=known, master=master, uoms=uoms, steps=steps)


def _steps(desk: Desk) -> dict[int, str]:
    """Return the business step that brought goods to each loaded holding."""
    rows = Flow.objects.filter(target_id__in=list(desk.book.holdings)).values_list("target_id", "event_id")
    event_of = {target: event_id for target, event_id in rows if target is not None}
    steps = epcis.biz_steps(set(event_of.values()))
    return {target: steps.get(event_id, "") for target, event_id in event_of.items()}


def _file(goods: Goods, told: _Told) -> Followed:
    event, event_id = dict(told.source.event), told.source.event["eventID"]
    if told.repeats:
        event["eventID"] = declaration_id(event)

    def plan() -> tuple[str, dict[str, Any]]:
        _check_time(told.effect.occurred_at, goods.desk.at)
        if told.repeats and told.undoes:
            _undo(goods, event_id, told.source.event["errorDeclaration"])
        elif not told.repeats:
            carry_out(goods, told.effect)
        return "follow", event

    try:
        fact = goods.desk.file(plan, body=told.source.body)
    except Refused as refused:
        return Followed(told.source.index, event_id, problem=problem_of(refused))
    fact.corrects = event_id if told.repeats else ""
    codes = tuple(goods.desk.new_lots[lot].values["code"] for lot in fact.lots)
    return Followed(told.source.index, event_id, codes)


def _check_time(moment: datetime, at: datetime) -> None:
    if moment > at + LOOKS_AHEAD:
        raise Refused("future", when=moment.isoformat())
    if moment < EARLIEST:
        raise Refused("too-old", when=moment.isoformat())


def declaration_id(event: Mapping[str, Any]) -> str:
    """Return the id under which a declaration that another event is wrong is kept beside it."""
    declared = event.get("errorDeclaration") or {}
    told = f"{event['eventID']} {declared.get('declarationTime', '')} {declared.get('reason', '')}"
    return f"urn:uuid:{uuid5(NAMESPACE_URL, told)}"


def _undo(goods: Goods, event_id: str, declaration: Mapping[str, Any]) -> None:
    """Take back the flows of a wrong event, unless something was drawn from its results, or no quantity stated.

    Refuses to take from the stock of another registered party, and what is on hold.
    """
    flows = list(Flow.objects.filter(event_id=event_id).order_by("-pk").select_related("source", "target"))
    book = goods.book
    gained: dict[int, Decimal] = {}
    passed_on: dict[int, Decimal] = {}
    for flow in flows:
        if flow.quantity is None:
            return
        if flow.source_id is not None:
            passed_on[flow.source_id] = passed_on.get(flow.source_id, Decimal(0)) + flow.quantity
        if flow.target_id is not None and flow.target is not None and flow.target.lot_id is not None:
            gained[flow.target_id] = gained.get(flow.target_id, Decimal(0)) + flow.quantity
    for holding_id, quantity in gained.items():
        holding = book.holdings[holding_id]
        goods.check_touch(book.lots[holding.lot_id or 0], holding.holder_id)
        book.check_free(holding)
        left = holding.remaining
        if left is None or left + passed_on.get(holding_id, Decimal(0)) < quantity:
            return
    reason = f"declared wrong: {declaration.get('reason', '')}"[:200]
    for flow in flows:
        book.move(
            FlowDraft(
                str(FlowKind.ADJUST),
                flow.target_id,
                flow.source_id,
                flow.quantity,
                flow.uom,
                goods.desk.at,
                str(Proof.DECLARED),
                flow.document,
                reason,
            )
        )
