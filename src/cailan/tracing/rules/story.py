"""A chain told in the order of time: one entry for each recorded event."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from cailan.tracing.rules.chain import Chain, Edge, Node

LONGEST = 300


class Event(Protocol):
    """What a story needs of a recorded event."""

    @property
    def event_id(self) -> str: ...
    @property
    def event_time(self) -> datetime: ...
    @property
    def biz_step(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened: who gave, who took, how much, how strongly it is proven."""

    event_id: str
    at: datetime
    kind: str  # create, transfer, transform, retail, loss, adjust; "" for an event that moved nothing
    step: str  # business step (CBV), "" where none is stated
    giver: str
    taker: str
    place: str
    product: str
    amounts: tuple[tuple[Decimal | None, str], ...]
    proof: str
    document: str
    reason: str
    is_corrected: bool


def tell(chain: Chain, events: Sequence[Event], corrected: Collection[str]) -> tuple[Entry, ...]:
    """Return the entries of a chain, oldest first."""
    nodes = {node.id: node for node in chain.nodes}
    by_event: dict[str, list[Edge]] = {}
    for edge in chain.edges:
        by_event.setdefault(edge.event_id, []).append(edge)
    known = {event.event_id: event for event in events}
    entries = [
        _movement(event_id, edges, nodes, known.get(event_id), is_corrected=event_id in corrected)
        for event_id, edges in by_event.items()
    ]
    entries += [
        Entry(
            event.event_id, event.event_time, "", event.biz_step, "", "", "", "", (), "", "", "",
            event.event_id in corrected,
        )
        for event in events
        if event.event_id not in by_event
    ]  # fmt: skip
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.event_id)))


def _movement(
    event_id: str, edges: list[Edge], nodes: dict[int, Node], event: Event | None, *, is_corrected: bool
) -> Entry:
    last = edges[-1]
    moved = [edge for edge in edges if edge.kind == last.kind]
    sums: dict[str, Decimal | None] = {}
    shown = [edge for edge in moved if not _feeds_a_process(edge, nodes)] or moved
    for edge in shown:
        before = sums.get(edge.uom, Decimal(0))
        sums[edge.uom] = None if edge.quantity is None or before is None else before + edge.quantity
    giver, taker = _end(moved, nodes, is_source=True), _end(moved, nodes, is_source=False)
    place = taker or giver
    product = _end(shown, nodes, is_source=False) or _end(moved, nodes, is_source=True)
    return Entry(
        event_id=event_id,
        at=last.occurred_at,
        kind=last.kind,
        step=event.biz_step if event is not None else "",
        giver=giver.holder if giver else "",
        taker=taker.holder if taker else "",
        place=(place.site or place.region) if place else "",
        product=" · ".join(filter(None, (product.product, product.lot_number))) if product else "",
        amounts=tuple((quantity, uom) for uom, quantity in sums.items()),
        proof=last.proof,
        document=last.document,
        reason=last.reason,
        is_corrected=is_corrected,
    )


def _feeds_a_process(edge: Edge, nodes: dict[int, Node]) -> bool:
    target = nodes.get(edge.target_id or 0)
    return target is not None and target.kind == "process"


def _end(edges: list[Edge], nodes: dict[int, Node], *, is_source: bool) -> Node | None:
    for edge in reversed(edges):
        found = nodes.get((edge.source_id if is_source else edge.target_id) or 0)
        if found is not None and (found.kind == "stock" or edge.kind == "transform"):
            return found
    return None
