"""What production adds to the page of a lot."""

from dataclasses import dataclass

from cailan.kernel.access import Actor
from cailan.production.queries.growing import growth_of
from cailan.production.rules.facts import Growth
from cailan.tracing.queries import Trace


@dataclass(frozen=True, slots=True)
class Grown:
    """How one lot behind the page grew."""

    code: str
    name: str
    growth: Growth


def grown(actor: Actor, trace: Trace) -> tuple[Grown, ...] | None:  # noqa: ARG001 (who sees the lot sees how it grew)
    """Return how the lot, or the lots that it was made from, grew; None where no record says."""
    names: dict[int, tuple[str, str]] = {}
    for node in trace.chain.nodes:
        if node.lot_id is not None and node.id in trace.back:
            names[node.lot_id] = (node.code, " ".join(filter(None, (node.product, node.lot_number))))
    found = growth_of(names)
    return tuple(Grown(*names[lot_id], growth) for lot_id, growth in found.items()) or None
