"""The graph itself: nodes are holdings, edges are flows; one recursive statement a direction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

LIMIT = 20_000

BACK = """
WITH RECURSIVE reached(id) AS (
    SELECT unnest(%(starts)s::bigint[])
  UNION
    SELECT f.source_id FROM reached r JOIN lots_flow f ON f.target_id = r.id WHERE f.source_id IS NOT NULL
)
SELECT id FROM reached LIMIT %(limit)s
"""
FORWARD = """
WITH RECURSIVE reached(id) AS (
    SELECT unnest(%(starts)s::bigint[])
  UNION
    SELECT f.target_id FROM reached r JOIN lots_flow f ON f.source_id = r.id WHERE f.target_id IS NOT NULL
)
SELECT id FROM reached LIMIT %(limit)s
"""
# What led into the part walked back, what left the part walked forward, and what else came in there from nowhere.
EDGES = """
SELECT id, kind, source_id, target_id, quantity, uom, occurred_at, proof, document, reason, event_id
  FROM lots_flow WHERE target_id = ANY(%(back)s::bigint[])
UNION
SELECT id, kind, source_id, target_id, quantity, uom, occurred_at, proof, document, reason, event_id
  FROM lots_flow WHERE source_id = ANY(%(forward)s::bigint[])
UNION
SELECT id, kind, source_id, target_id, quantity, uom, occurred_at, proof, document, reason, event_id
  FROM lots_flow WHERE target_id = ANY(%(forward)s::bigint[]) AND source_id IS NULL
ORDER BY occurred_at, id
"""
NODES = """
SELECT h.id, h.lot_id, h.holder_id, h.site_id, h.container_id, h.quantity, h.remaining_quantity, h.acquired_at,
       h.process, h.is_in_transit, h.consignee_id, h.awaits <> '' AND h.cleared_at IS NULL
  FROM lots_holding h WHERE h.id = ANY(%s::bigint[]) ORDER BY h.acquired_at, h.id
"""


@dataclass(frozen=True, slots=True)
class GraphNode:
    id: int
    lot_id: int | None
    holder_id: int
    site_id: int | None
    container_id: int | None
    quantity: Decimal | None
    remaining: Decimal | None
    acquired_at: datetime
    process: str
    is_in_transit: bool = False
    consignee_id: int | None = None
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class GraphEdge:
    id: int
    kind: str
    source_id: int | None
    target_id: int | None
    quantity: Decimal | None
    uom: str
    occurred_at: datetime
    proof: str
    document: str
    reason: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A part of the graph; `back` and `forward` are the holdings reached each way from the starts."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    starts: frozenset[int]
    back: frozenset[int]
    forward: frozenset[int]
    is_truncated: bool


def moving(event_ids: Collection[str]) -> frozenset[str]:
    """Return those of the events that moved goods."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT event_id FROM lots_flow WHERE event_id = ANY(%s)", [list(event_ids)])
        return frozenset(event_id for (event_id,) in cursor.fetchall())


def starts_of(lot_ids: Collection[int]) -> tuple[int, ...]:
    """Return the holdings of lots, and what was ever packed in them where they are logistic units."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM lots_holding WHERE lot_id = ANY(%(lots)s::bigint[])"
            " UNION SELECT id FROM lots_holding WHERE container_id = ANY(%(lots)s::bigint[])",
            {"lots": list(lot_ids)},
        )
        return tuple(sorted(pk for (pk,) in cursor.fetchall()))


def walk(starts: Collection[int], *, back: bool = True, forward: bool = True, limit: int = LIMIT) -> Graph:
    """Walk from holdings back to all sources and forward to all takers; about `limit` nodes each way.

    Where it is cut, every holding that was reached still has all its flows, so that sums over it hold.
    """
    limit += len(starts)
    parameters: dict[str, Any] = {"starts": sorted(starts), "limit": limit + 1}
    with connection.cursor() as cursor:
        reached: dict[str, list[int]] = {"back": [], "forward": []}
        for name, wanted, sql in (("back", back, BACK), ("forward", forward, FORWARD)):
            if wanted:
                cursor.execute(sql, parameters)
                reached[name] = [pk for (pk,) in cursor.fetchall()]
        is_truncated = any(len(ids) > limit for ids in reached.values())
        cursor.execute(EDGES, reached)
        edges = tuple(GraphEdge(*row) for row in cursor.fetchall())
        ids = set(starts) | set(reached["back"]) | set(reached["forward"])
        ids |= {end for edge in edges for end in (edge.source_id, edge.target_id) if end is not None}
        cursor.execute(NODES, [sorted(ids)])
        nodes = tuple(GraphNode(*row) for row in cursor.fetchall())
    return Graph(
        nodes,
        edges,
        frozenset(starts),
        frozenset(reached["back"]),
        frozenset(reached["forward"]),
        is_truncated,
    )
