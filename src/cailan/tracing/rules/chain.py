"""The chain as frozen values: nodes are holdings, edges are flows."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Node:
    """Who has, or had, how much of a lot; or a process in which lots become other lots."""

    id: int
    kind: str  # "stock", or "process" where inputs become outputs
    lot_id: int | None  # None for a process
    code: str  # our trace code of the lot, "" for a process
    uri: str
    product: str
    lot_number: str
    holder_id: int
    holder: str
    holder_kind: str
    site: str
    region: str
    latitude: float | None
    longitude: float | None
    quantity: Decimal | None  # what came in; None where the source document states none
    remaining: Decimal | None
    uom: str
    acquired_at: datetime
    is_held: bool
    is_external: bool  # the holder is not registered here: known from documents only
    is_in_transit: bool = False  # sent by its holder, not yet confirmed by a taker
    consignee: str = ""  # for whom, "" where anybody may take it who shows the ticket
    is_waiting: bool = False  # for a test that it must pass before it goes on


@dataclass(frozen=True, slots=True)
class Edge:
    """How goods moved: from one holding to another, into the system (no source) or out of it (no target)."""

    id: int
    kind: str  # create, transfer, transform, retail, loss, adjust
    source_id: int | None
    target_id: int | None
    quantity: Decimal | None
    uom: str
    occurred_at: datetime
    proof: str  # declared, scanned, device, counter_signed, lab, official
    document: str  # the paper behind it, "" where none is stated
    reason: str
    event_id: str
    sent_by: str = ""  # the event that sent what this one took, where a hand-over is told by both sides


@dataclass(frozen=True, slots=True)
class Chain:
    """Everything reached from the focus, with the part that the walk did not enter named as truncated."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    focus: frozenset[int]
    is_truncated: bool = False
