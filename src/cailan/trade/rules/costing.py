"""What goods cost: a purchase price follows its goods through every split, mix, repacking and return.

Whatever no price reaches (a harvest of one's own, goods got without a price) stays unknown; nothing is guessed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Inflow:
    """So much that came into a holding: from another of the same party, or from nowhere."""

    target_id: int
    source_id: int | None
    quantity: Decimal | None
    is_found: bool = False  # a count found it: it has no price and changes none


@dataclass(frozen=True, slots=True)
class Ways:
    """How one party's goods came about; a holding of anybody else is left out, for its price is not ours to know."""

    inflows: tuple[Inflow, ...]
    processes: frozenset[int] = frozenset()
    made_by: Mapping[int, Decimal | None] = field(
        default_factory=dict
    )  # process → all that came out, in one unit


def unit_price(amount_fen: int | None, quantity: Decimal) -> Fraction | None:
    """Return the price of one unit, exactly; None where none was named."""
    return None if amount_fen is None or not quantity else Fraction(amount_fen) / Fraction(quantity)


def unit_costs(
    wanted: Collection[int], ways: Ways, bought: Mapping[int, Fraction | None]
) -> dict[int, Fraction | None]:
    """Return what one unit of each wanted holding cost, in fen."""
    into: dict[int, list[Inflow]] = defaultdict(list)
    for flow in ways.inflows:
        into[flow.target_id].append(flow)
    known: dict[int, Fraction | None] = dict(bought)
    for start in wanted:
        _settle(start, into, ways, known)
    return {holding: known[holding] for holding in wanted}


def _settle(
    start: int, into: Mapping[int, Sequence[Inflow]], ways: Ways, known: dict[int, Fraction | None]
) -> None:
    """Find the costs behind a holding first, then its own; with a stack, for chains may be long."""
    stack, opened = [start], set()
    while stack:
        holding = stack[-1]
        if holding in known:
            stack.pop()
            continue
        if holding in opened:
            known[holding] = _cost_of(holding, into.get(holding, ()), ways, known)
            stack.pop()
            continue
        opened.add(holding)
        # What is opened already and not known yet lies on a loop: its price stays unknown.
        stack += [
            flow.source_id
            for flow in into.get(holding, ())
            if flow.source_id is not None and flow.source_id not in known and flow.source_id not in opened
        ]


def _cost_of(
    holding: int, inflows: Iterable[Inflow], ways: Ways, known: Mapping[int, Fraction | None]
) -> Fraction | None:
    value, quantity = Fraction(0), Fraction(0)
    for flow in inflows:
        if flow.is_found:
            continue
        unit = known.get(flow.source_id) if flow.source_id is not None else None
        if unit is None or flow.quantity is None:
            return None
        value += unit * Fraction(flow.quantity)
        quantity += Fraction(flow.quantity)
    if holding in ways.processes:
        made = ways.made_by.get(holding)
        quantity = Fraction(made) if made is not None else Fraction(0)
    return value / quantity if quantity else None


@dataclass(frozen=True, slots=True)
class Drawn:
    """So much that was taken from a holding."""

    holding_id: int
    quantity: Decimal | None


def cost_fen(drawn: Iterable[Drawn], costs: Mapping[int, Fraction | None]) -> int | None:
    """Return what these goods cost, to the fen; None where a part of it is unknown, or where nothing was drawn."""
    total, is_anything = Fraction(0), False
    for part in drawn:
        unit = costs.get(part.holding_id)
        if unit is None or part.quantity is None:
            return None
        total, is_anything = total + unit * Fraction(part.quantity), True
    return to_fen(total) if is_anything else None


def to_fen(value: Fraction) -> int:
    """Round to the fen, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
