"""Ask the graph: back, forward, recall scope, balance, completeness, common ancestors. Reads only."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from cailan.epcis import queries as epcis
from cailan.kernel.access import Actor
from cailan.kernel.problems import InvalidInput
from cailan.ledger import queries as ledger
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.tracing.rules import handovers, measures
from cailan.tracing.rules.chain import Chain, Edge, Node
from cailan.tracing.rules.destinations import Distribution, distribute

OFFICIAL_KINDS = frozenset({"regulator", "market", "operator"})
MAX_COMPARED = 50
MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a holder; shown to officials, and to the holder's direct partners."""

    party_id: int
    name: str
    contact_name: str
    phone: str
    address_region: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything a lot page shows of a chain."""

    lot: lots.LotFacts
    chain: Chain
    forward: frozenset[int]
    back: frozenset[int]
    balance: measures.Balance
    stages: dict[measures.Stage, bool]
    depth: measures.Depth
    gaps: tuple[measures.Gap, ...]
    events: tuple[epcis.EventFacts, ...]
    corrected: frozenset[str]  # ids of events that their makers declared wrong


@dataclass(frozen=True, slots=True)
class Scope:
    """A recall's scope: who has what of a lot and all made from it, and how to reach them."""

    lot: lots.LotFacts
    holders: tuple[measures.Whereabouts, ...]
    contacts: dict[int, Contact]
    lots: tuple[lots.LotFacts, ...]
    is_truncated: bool


@dataclass(frozen=True, slots=True)
class Action:
    """Something the reader of a lot's page may do with it."""

    label: str
    url: str
    icon: str
    is_main: bool = False


Panel = tuple[str, Callable[[Actor, Trace], Any]]  # template, and what it prints (as `panel`); None: nothing
_panels: dict[str, list[Panel]] = defaultdict(list)
_actions: list[Callable[[Actor, Trace], Iterable[Action]]] = []


def add_panel(view: str, template: str, facts: Callable[[Actor, Trace], Any]) -> None:
    """Let an upper floor add to a lot's page: "top", or a tab of it (from an app's `ready`)."""
    _panels[view].append((template, facts))


def add_actions(provider: Callable[[Actor, Trace], Iterable[Action]]) -> None:
    """Let an upper floor offer what may be done with a lot (from an app's `ready`)."""
    _actions.append(provider)


def panels(actor: Actor, trace: Trace, view: str) -> tuple[tuple[str, Any], ...]:
    """Return the templates that upper floors add to a part of a lot's page, with what they print."""
    found = ((template, facts(actor, trace)) for template, facts in _panels[view])
    return tuple((template, facts) for template, facts in found if facts is not None)


def actions(actor: Actor, trace: Trace) -> tuple[Action, ...]:
    return tuple(action for provider in _actions for action in provider(actor, trace))


def trace(actor: Actor, text: str) -> Trace:
    """Trace a lot that the actor may see, back and forward."""
    return _trace(lots.get_lot(actor, text))


def trace_public(text: str) -> Trace:
    """Trace whatever code anybody scanned; names of organisations only, no contacts."""
    return _trace(lots.find_public(text))


def _trace(lot: lots.LotFacts) -> Trace:
    graph = lots.walk(lots.starts_of([lot.id]))
    chain = describe(graph)
    codes = {node.uri for node in chain.nodes if node.uri} | {lot.uri}
    events = _events_of(chain, codes)
    return Trace(
        lot=lot,
        chain=chain,
        forward=graph.forward,
        back=graph.back,
        balance=measures.balance(chain, lot.id),
        stages=measures.stages(chain, (event.biz_step for event in events)),
        depth=measures.depth(chain),
        gaps=measures.gaps(chain),
        events=events,
        corrected=frozenset(event.corrects for event in events if event.corrects),
    )


def _events_of(chain: Chain, codes: set[str]) -> tuple[epcis.EventFacts, ...]:
    """Return the events behind the chain's flows, and those that moved nothing: tests, holds, readings.

    What moved other parts of a lot that stands upstream is another chain's business.
    """
    events = epcis.events_about(codes)
    ours = told_by(chain)
    others = lots.moving({event.event_id for event in events} - ours)
    return tuple(event for event in events if event.event_id not in others)


def told_by(chain: Chain) -> set[str]:
    """Return the events behind a chain's flows: of a hand-over both, that of the giver and that of the taker."""
    return {event_id for edge in chain.edges for event_id in (edge.event_id, edge.sent_by) if event_id}


@dataclass(frozen=True, slots=True)
class Summary:
    """The three answers: from where, where now, in which state (seed 002, 4.1.1)."""

    origins: tuple[Node, ...]  # the first known holdings
    keepers: tuple[tuple[str, str, Decimal | None, str], ...]  # holder, place, what is left, unit
    other_keepers: int
    is_gone: bool  # nobody holds any of it now
    is_held: bool
    is_waiting: bool  # some of it waits for a test


def summary(trace: Trace) -> Summary:
    """Sum up a trace for the top of a page; the keepers are those of this very lot."""
    taken = {edge.target_id for edge in trace.chain.edges if edge.source_id is not None}
    origins = [
        node
        for node in trace.chain.nodes
        if node.id in trace.back and node.kind == "stock" and node.id not in taken
    ]
    left: dict[tuple[int, bool, str], tuple[str, str, Decimal | None, str]] = {}
    for node in trace.chain.nodes:
        if node.lot_id == trace.lot.id and (node.remaining is None or node.remaining > 0):
            key = (node.holder_id, node.is_in_transit, node.consignee)
            before = left.get(key)
            total = (
                None if node.remaining is None else node.remaining + ((before and before[2]) or Decimal(0))
            )
            left[key] = (node.holder, _place_of(node), total, node.uom)
    keepers = tuple(left.values())
    return Summary(
        tuple(origins[:MOST_NAMED]), keepers[:MOST_NAMED], max(0, len(keepers) - MOST_NAMED), not keepers,
        trace.lot.is_held, any(node.is_waiting for node in trace.chain.nodes if node.lot_id == trace.lot.id),
    )  # fmt: skip


def _place_of(node: Node) -> str:
    if not node.is_in_transit:
        return node.site or node.region
    if node.consignee:
        return gettext("on its way to %(taker)s") % {"taker": node.consignee}
    return gettext("on its way")


def part(trace: Trace, kept: frozenset[int]) -> Chain:
    """Return the part of a chain that lies on these holdings."""
    return Chain(
        tuple(node for node in trace.chain.nodes if node.id in kept),
        tuple(edge for edge in trace.chain.edges if {edge.source_id, edge.target_id} <= kept | {None}),
        trace.chain.focus & kept,
        trace.chain.is_truncated,
    )


def holders(trace: Trace) -> tuple[measures.Whereabouts, ...]:
    """Return who had what of the whole chain."""
    return measures.whereabouts(trace.chain, trace.forward | trace.back)


def open_hold(lot_id: int) -> lots.HoldFacts | None:
    """Return the hold under which a lot stands now."""
    holds = lots.holds_on([lot_id]).get(lot_id, ())
    return next((hold for hold in holds if hold.released_at is None), None)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal with the name of who made it."""

    seal: ledger.Seal
    party: str
    party_kind: str


def seals(actor: Actor, trace: Trace) -> tuple[Sealed, ...]:
    """Return who sealed the events of a chain, the latest first."""
    event_ids = told_by(trace.chain) | {event.event_id for event in trace.events}
    found = [seal for seals in ledger.seals_for(actor, sorted(event_ids)).values() for seal in seals]
    names = parties.facts({seal.party_id for seal in found})
    rows = [
        Sealed(seal, names[seal.party_id].name_in(get_language()), str(names[seal.party_id].kind))
        if seal.party_id in names
        else Sealed(seal, "", "")
        for seal in found
    ]
    return tuple(sorted(rows, key=lambda row: -row.seal.record_id))


def scope(actor: Actor, text: str) -> Scope:
    """Return who holds a lot and everything made from it, with quantities and contacts."""
    lot = lots.get_lot(actor, text)
    graph = lots.walk(lots.starts_of([lot.id]), back=False)
    chain = describe(graph)
    holders = measures.whereabouts(chain, graph.forward)
    lot_ids = {node.lot_id for node in chain.nodes if node.lot_id is not None}
    return Scope(
        lot=lot,
        holders=holders,
        contacts=contacts(actor, chain),
        lots=tuple(lots.facts_of(lot_ids).values()),
        is_truncated=graph.is_truncated,
    )


def contacts(actor: Actor, chain: Chain) -> dict[int, Contact]:
    """Return the contacts that the actor may see in a chain: all for officials, else the direct partners."""
    ids = {node.holder_id for node in chain.nodes}
    if actor.party_kind not in OFFICIAL_KINDS and not actor.sees_everything:
        holder_of = {node.id: node.holder_id for node in chain.nodes}
        pairs = {(holder_of.get(e.source_id or 0), holder_of.get(e.target_id or 0)) for e in chain.edges}
        ids &= {party for pair in pairs if actor.party_id in pair for party in pair if party is not None}
    return {
        pk: Contact(pk, facts.name, facts.contact_name, facts.phone, facts.region_name)
        for pk, facts in parties.contacts(ids).items()
    }


@dataclass(frozen=True, slots=True)
class Went:
    """Where one lot of a search went."""

    lot: lots.LotFacts
    distribution: Distribution
    is_asked: bool  # found by what was asked for; the others were made from it
    is_truncated: bool


def whereabouts(actor: Actor, text: str) -> tuple[Went, ...]:
    """Say where lots went, by trace code, batch number or raw-material lot; with all that was made from them."""
    asked = lots.lots_named(actor, text)
    if not asked:
        return ()
    graph = lots.walk(lots.starts_of([lot.id for lot in asked]))  # back too: what came in is the output
    chain = describe(graph)
    ids = [lot.id for lot in asked]
    made = {node.lot_id for node in chain.nodes if node.id in graph.forward and node.lot_id is not None}
    ids += sorted(made - set(ids))[:MAX_COMPARED]
    facts = lots.facts_of(ids)
    return tuple(
        Went(facts[pk], distribute(chain, pk, facts[pk].maker_id), index < len(asked), graph.is_truncated)
        for index, pk in enumerate(ids)
    )


def ancestors(actor: Actor, texts: Sequence[str]) -> tuple[measures.Ancestor, ...]:
    """List the lots from which several of the given lots descend."""
    if not 2 <= len(texts) <= MAX_COMPARED:  # noqa: PLR2004 (one lot has nothing in common with itself)
        raise InvalidInput(errors=[{"where": "lots", "what": f"2 … {MAX_COMPARED}"}])
    chains = {}
    for text in texts:
        lot = lots.get_lot(actor, text)
        chains[lot.code] = describe(lots.walk(lots.starts_of([lot.id]), forward=False)).nodes
    return measures.common_ancestors(chains)


def describe(graph: lots.Graph) -> Chain:
    """Put names on a part of the graph."""
    lot_facts = lots.facts_of({node.lot_id for node in graph.nodes if node.lot_id is not None})
    party_facts = parties.facts(
        {pk for node in graph.nodes for pk in (node.holder_id, node.consignee_id) if pk is not None}
    )
    site_facts = parties.site_facts({node.site_id for node in graph.nodes if node.site_id is not None})
    nodes = []
    for node in graph.nodes:
        lot = lot_facts.get(node.lot_id or 0)
        holder = party_facts[node.holder_id]
        site = site_facts.get(node.site_id or 0)
        consignee = party_facts.get(node.consignee_id or 0)
        nodes.append(
            Node(
                id=node.id,
                kind="process" if lot is None else "stock",
                lot_id=node.lot_id,
                code=lot.code if lot else "",
                uri=lot.uri if lot else node.process,
                product=lot.name if lot else "",
                lot_number=lot.number if lot else "",
                holder_id=node.holder_id,
                holder=holder.name_in(get_language()),
                holder_kind=str(holder.kind),
                site=site.name if site else "",
                region=holder.region_name,
                latitude=site.latitude if site else None,
                longitude=site.longitude if site else None,
                quantity=node.quantity if lot else None,
                remaining=node.remaining if lot else None,
                uom=lot.uom if lot else "",
                acquired_at=node.acquired_at,
                is_held=lot.is_held if lot else False,
                is_external=holder.is_external,
                is_in_transit=node.is_in_transit,
                consignee=consignee.name_in(get_language()) if consignee else "",
                is_waiting=node.is_waiting,
            )
        )
    edges = tuple(
        Edge(
            e.id,
            e.kind,
            e.source_id,
            e.target_id,
            e.quantity,
            e.uom,
            e.occurred_at,
            e.proof,
            e.document,
            e.reason,
            e.event_id,
        )
        for e in graph.edges
    )
    return handovers.join(Chain(tuple(nodes), edges, graph.starts, graph.is_truncated))
