"""What a chain adds up to: balances, stages, depth, common ancestors. Pure functions over frozen chains."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cailan.lots.rules.foreign import GAP
from cailan.tracing.rules.chain import Chain, Edge, Node

ZERO = Decimal(0)


class Stage(StrEnum):
    """The four stages of T/CASME seed 002, 4.2.3."""

    PRODUCTION = "production"
    POST_HARVEST = "post_harvest"
    STORAGE_TRANSPORT = "storage_transport"
    SALES = "sales"


STAGE_OF_STEP: dict[str, Stage] = {
    "commissioning": Stage.PRODUCTION,
    "creating_class_instance": Stage.PRODUCTION,
    "inspecting": Stage.POST_HARVEST,
    "sampling": Stage.POST_HARVEST,
    "packing": Stage.POST_HARVEST,
    "repackaging": Stage.POST_HARVEST,
    "storing": Stage.STORAGE_TRANSPORT,
    "shipping": Stage.STORAGE_TRANSPORT,
    "departing": Stage.STORAGE_TRANSPORT,
    "arriving": Stage.STORAGE_TRANSPORT,
    "transporting": Stage.STORAGE_TRANSPORT,
    "receiving": Stage.STORAGE_TRANSPORT,
    "loading": Stage.STORAGE_TRANSPORT,
    "unloading": Stage.STORAGE_TRANSPORT,
    "accepting": Stage.SALES,
    "retail_selling": Stage.SALES,
    "dispensing": Stage.SALES,
    "stocking": Stage.SALES,
}
GROWERS = frozenset({"base", "individual"})
SELLERS = frozenset({"merchant", "market"})
KEEPERS = frozenset({"distribution_centre", "circulation", "carrier"})  # those who store and carry for others


@dataclass(frozen=True, slots=True)
class Balance:
    """Where each kilo of a lot went; `difference` is zero when the records close."""

    uom: str
    created: Decimal
    transformed_in: Decimal
    adjusted_up: Decimal
    transformed_out: Decimal
    retailed: Decimal
    lost: Decimal
    adjusted_down: Decimal
    in_stock: Decimal
    has_unstated: bool  # some document states no quantity: the sums cover the stated ones only

    @property
    def total_in(self) -> Decimal:
        return self.created + self.transformed_in + self.adjusted_up

    @property
    def total_out(self) -> Decimal:
        return self.transformed_out + self.retailed + self.lost + self.adjusted_down

    @property
    def difference(self) -> Decimal:
        return self.total_in - self.total_out - self.in_stock

    @property
    def closes(self) -> bool:
        return self.difference == 0


def balance(chain: Chain, lot_id: int) -> Balance:
    """Add up one lot over all its holders; the chain must be walked forward from all its holdings."""
    nodes = {node.id: node for node in chain.nodes}
    mine = {node.id for node in chain.nodes if node.lot_id == lot_id}
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    unstated = any(nodes[pk].remaining is None for pk in mine)
    for edge in chain.edges:
        if edge.quantity is None:
            unstated = unstated or edge.source_id in mine or edge.target_id in mine
            continue
        if edge.target_id in mine and edge.source_id not in mine:
            sums["in", edge.kind] += edge.quantity
        if edge.source_id in mine and edge.target_id not in mine:
            sums["out", edge.kind] += edge.quantity
    return Balance(
        uom=next((nodes[pk].uom for pk in mine), ""),
        created=sums["in", "create"],
        transformed_in=sums["in", "transform"],
        adjusted_up=sums["in", "adjust"],
        transformed_out=sums["out", "transform"],
        retailed=sums["out", "retail"],
        lost=sums["out", "loss"],
        adjusted_down=sums["out", "adjust"],
        in_stock=sum((nodes[pk].remaining or ZERO for pk in mine), ZERO),
        has_unstated=unstated,
    )


def stages(chain: Chain, steps: Iterable[str]) -> dict[Stage, bool]:
    """Say which of the four stages have records, from business steps (CBV) and from who held the goods."""
    found = {STAGE_OF_STEP[step] for step in steps if step in STAGE_OF_STEP}
    found.discard(Stage.PRODUCTION)
    nodes = {node.id: node for node in chain.nodes}
    for edge in chain.edges:
        target = nodes.get(edge.target_id or 0)
        is_own = edge.kind == "create" and not _is_gap(edge)
        if is_own and target is not None and target.holder_kind in GROWERS:
            found.add(Stage.PRODUCTION)
        if edge.kind == "transform":
            found.add(Stage.POST_HARVEST)
        if edge.kind == "transfer" and target is not None and target.holder_kind in KEEPERS:
            found.add(Stage.STORAGE_TRANSPORT)
        if edge.kind == "retail" or (
            edge.kind == "transfer" and target is not None and target.holder_kind in SELLERS
        ):
            found.add(Stage.SALES)
    return {stage: stage in found for stage in Stage}


@dataclass(frozen=True, slots=True)
class Depth:
    """How far the chain reaches: hand-overs on its longest way, and the kinds of its last links."""

    hand_overs: int
    reaches_consumer: bool
    last_links: tuple[Node, ...]  # holdings with stock that nobody took over yet, or that ended in a sale


def depth(chain: Chain) -> Depth:
    """Measure the longest way by changes of holder (seed 002, 3.3 追溯深度)."""
    nodes = {node.id: node for node in chain.nodes}
    following: dict[int, list[int]] = defaultdict(list)
    incoming: dict[int, int] = defaultdict(int)
    ends: set[int] = set()
    for edge in chain.edges:
        if edge.source_id in nodes and edge.target_id in nodes:
            following[edge.source_id].append(edge.target_id)
            incoming[edge.target_id] += 1
        elif edge.source_id in nodes and edge.kind == "retail":
            ends.add(edge.source_id)
    longest = dict.fromkeys(nodes, 0)
    done: set[int] = set()
    # Sources first; a circle, as corrections and shared processes make them, is entered where it began.
    for first in (*(pk for pk in nodes if not incoming[pk]), *nodes):
        ready = [first]
        while ready:
            if (pk := ready.pop()) in done:
                continue
            done.add(pk)
            for successor in set(following[pk]) - done:
                step = int(nodes[pk].holder_id != nodes[successor].holder_id)
                longest[successor] = max(longest[successor], longest[pk] + step)
            for successor in following[pk]:
                incoming[successor] -= 1
                if not incoming[successor]:
                    ready.append(successor)
    last = [node for node in chain.nodes if not following[node.id] and node.kind == "stock"]
    return Depth(max(longest.values(), default=0), bool(ends), tuple(last))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What one holder of a scope got, has (`in_transit` of it on its way), sold to consumers, lost, and passed on."""

    holder_id: int
    holder: str
    holder_kind: str
    region: str
    uom: str
    received: Decimal
    in_stock: Decimal
    retailed: Decimal
    lost: Decimal
    passed_on: Decimal
    lots: tuple[str, ...]
    in_transit: Decimal = ZERO


def whereabouts(chain: Chain, forward: frozenset[int]) -> tuple[Whereabouts, ...]:
    """Say where each kilo of a scope is now, by holder and unit; holders with stock first."""
    nodes = {node.id: node for node in chain.nodes if node.id in forward and node.kind == "stock"}
    sums: dict[tuple[int, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    lots: dict[tuple[int, str], dict[str, None]] = defaultdict(dict)
    first: dict[tuple[int, str], Node] = {}
    for node in nodes.values():
        key = (node.holder_id, node.uom)
        first.setdefault(key, node)
        lots[key][node.code] = None
        sums[key]["received"] += node.quantity or ZERO
        sums[key]["in_stock"] += node.remaining or ZERO
        if node.is_in_transit:
            sums[key]["in_transit"] += node.remaining or ZERO
    for edge in chain.edges:
        source = nodes.get(edge.source_id or 0)
        if source is None or edge.quantity is None:
            continue
        target = nodes.get(edge.target_id or 0)
        key = (source.holder_id, source.uom)
        if target is not None and target.holder_id == source.holder_id and target.uom == source.uom:
            sums[key]["received"] -= edge.quantity  # moved within the holder's own stock
        else:
            sums[key][_way(edge)] += edge.quantity
    rows = [
        Whereabouts(
            node.holder_id,
            node.holder,
            node.holder_kind,
            node.region,
            node.uom,
            sums[key]["received"],
            sums[key]["in_stock"],
            sums[key]["retailed"],
            sums[key]["lost"],
            sums[key]["passed_on"],
            tuple(lots[key]),
            sums[key]["in_transit"],
        )
        for key, node in first.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.in_stock, row.holder_id)))


def _way(edge: Edge) -> str:
    if edge.kind == "adjust":  # a count that found less, or an event that was taken back
        return "lost" if edge.target_id is None else "passed_on"
    return {"retail": "retailed", "loss": "lost"}.get(edge.kind, "passed_on")


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A lot from which several of the asked lots descend."""

    code: str
    product: str
    holder: str
    lot_number: str
    descendants: tuple[str, ...]  # the asked lots that descend from it


def common_ancestors(chains: Mapping[str, Sequence[Node]]) -> tuple[Ancestor, ...]:
    """List the lots behind at least two of the asked ones, those behind most first (seed 002, 4.1.1)."""
    reached: dict[str, dict[str, None]] = defaultdict(dict)
    shown: dict[str, Node] = {}
    for asked, nodes in chains.items():
        for node in nodes:
            if node.kind == "stock" and node.code != asked:
                reached[node.code][asked] = None
                shown.setdefault(node.code, node)
    found = [
        Ancestor(code, shown[code].product, shown[code].holder, shown[code].lot_number, tuple(asked))
        for code, asked in reached.items()
        if len(asked) > 1
    ]
    return tuple(sorted(found, key=lambda ancestor: (-len(ancestor.descendants), ancestor.code)))


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the records do not say."""

    node_id: int
    code: str  # unknown-origin, unstated-quantity, not-confirmed


def _is_gap(edge: Edge) -> bool:
    """Say whether goods begin here only because no earlier record covers them."""
    return edge.reason.startswith(GAP)


def gaps(chain: Chain) -> tuple[Gap, ...]:
    """Name what is missing in a chain, never hide it."""
    nodes = {node.id: node for node in chain.nodes}
    has_origin = {edge.target_id for edge in chain.edges}
    found = [
        Gap(node.id, "unknown-origin")
        for node in chain.nodes
        if node.id not in has_origin and not chain.is_truncated  # else its origin may lie beyond the cut
    ]
    for edge in chain.edges:
        target = nodes.get(edge.target_id or 0)
        if target is not None and edge.kind == "create" and (target.is_external or _is_gap(edge)):
            found.append(Gap(target.id, "unknown-origin"))
        if edge.quantity is None and target is not None:
            found.append(Gap(target.id, "unstated-quantity"))
    found += [
        Gap(node.id, "not-confirmed") for node in chain.nodes if node.is_in_transit and node.remaining != 0
    ]
    return tuple(dict.fromkeys(found))
