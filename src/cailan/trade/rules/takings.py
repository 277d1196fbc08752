"""What a day's sales brought: takings, cost, margin as far as the cost is known, and what sold best."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

BEST = 5


@dataclass(frozen=True, slots=True)
class Sold:
    """So much of one lot on one ticket: what it was sold for, and what it had cost."""

    ticket_id: int
    lot_id: int
    product: str
    quantity: Decimal
    uom: str
    amount_fen: int
    cost_fen: int | None


@dataclass(frozen=True, slots=True)
class Seller:
    """One product over all tickets of a day."""

    product: str
    amount_fen: int
    quantities: tuple[tuple[Decimal, str], ...]
    cost_fen: int | None

    @property
    def margin_fen(self) -> int | None:
        return None if self.cost_fen is None else self.amount_fen - self.cost_fen


@dataclass(frozen=True, slots=True)
class Margin:
    """Cost and margin of what was sold; goods whose cost nobody knows stand apart, outside of both."""

    cost_fen: int
    margin_fen: int
    known_fen: int  # what the goods of known cost were sold for
    unknown_fen: int  # what the other goods were sold for

    @property
    def is_known(self) -> bool:
        return not self.unknown_fen

    @property
    def rate(self) -> int | None:
        """Return the margin in hundredths of the takings; None where nothing is known."""
        return round(100 * self.margin_fen / self.known_fen) if self.known_fen else None


def margin(sold: Iterable[Sold]) -> Margin:
    """Add up what is known, and say how much is not."""
    cost = known = unknown = 0
    for one in sold:
        if one.cost_fen is None:
            unknown += one.amount_fen
        else:
            cost += one.cost_fen
            known += one.amount_fen
    return Margin(cost, known - cost, known, unknown)


def by_product(sold: Iterable[Sold]) -> tuple[Seller, ...]:
    """Return the products, the one that brought most first."""
    groups: dict[str, list[Sold]] = defaultdict(list)
    for one in sold:
        groups[one.product].append(one)
    sellers = []
    for product, parts in groups.items():
        amounts: dict[str, Decimal] = defaultdict(Decimal)
        for one in parts:
            amounts[one.uom] += one.quantity
        costs = [one.cost_fen for one in parts]
        known = [cost for cost in costs if cost is not None]
        sellers.append(
            Seller(
                product,
                sum(one.amount_fen for one in parts),
                tuple((amount, uom) for uom, amount in sorted(amounts.items())),
                sum(known) if len(known) == len(costs) else None,
            )
        )
    return tuple(sorted(sellers, key=lambda seller: (-seller.amount_fen, seller.product)))
