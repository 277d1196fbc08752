"""Show lots, holdings and flows."""

from cailan.lots.queries.finding import (
    AreaNumbers,
    Numbers,
    area_numbers,
    get_holding,
    lots_named,
    numbers,
    usual_partners,
    usual_products,
)
from cailan.lots.queries.graph import Graph, GraphEdge, GraphNode, starts_of, walk
from cailan.lots.queries.integrity import hold_payload, rebuild_holds, rebuild_movements, unbalanced
from cailan.lots.queries.reading import (
    HoldFacts,
    HoldingFacts,
    LotFacts,
    facts_of,
    find_public,
    get_lot,
    holds_on,
    key_of,
    known_uris,
    list_lots,
    remaining_everywhere,
    stock,
    visible_ids,
)
from cailan.lots.queries.references import complete

__all__ = [
    "AreaNumbers",
    "Graph",
    "GraphEdge",
    "GraphNode",
    "HoldFacts",
    "HoldingFacts",
    "LotFacts",
    "Numbers",
    "area_numbers",
    "complete",
    "facts_of",
    "find_public",
    "get_holding",
    "get_lot",
    "hold_payload",
    "holds_on",
    "key_of",
    "known_uris",
    "list_lots",
    "lots_named",
    "numbers",
    "rebuild_holds",
    "rebuild_movements",
    "remaining_everywhere",
    "starts_of",
    "stock",
    "unbalanced",
    "usual_partners",
    "usual_products",
    "visible_ids",
    "walk",
]
