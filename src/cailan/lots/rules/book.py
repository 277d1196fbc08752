"""A book of holdings in memory: the one place that decides whether goods may move.

Services load the rows that a batch touches, ask the book, and write what it says. Rows that do not exist
yet have provisional negative ids.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

MAX_QUANTITY = Decimal(10) ** 9
STEP = Decimal("0.000001")


class Refused(Exception):
    """The book says no: a code, and the facts that the sentence needs."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class LotState:
    id: int
    code: str
    uri: str
    kind: str
    uom: str
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class HoldingState:
    id: int
    lot_id: int | None
    holder_id: int
    site_id: int | None
    container_id: int | None
    quantity: Decimal | None
    remaining: Decimal | None
    acquired_at: datetime
    process: str = ""
    is_in_transit: bool = False
    consignee_id: int | None = None  # whom goods in transit are for
    awaits: str = ""  # what it must pass before it may go on
    is_cleared: bool = False  # it has

    @property
    def is_waiting(self) -> bool:
        return bool(self.awaits) and not self.is_cleared


@dataclass(frozen=True, slots=True)
class FlowDraft:
    kind: str
    source_id: int | None
    target_id: int | None
    quantity: Decimal | None
    uom: str
    occurred_at: datetime
    proof: str
    document: str = ""
    reason: str = ""
    is_ordered: bool = False  # an official order moves goods that are on hold


# What brings goods to somebody else or makes them something else; losing and counting them does not.
ONWARD = frozenset({"transfer", "retail", "transform"})


class Book:
    """Lots and holdings as they stand, and what a batch adds."""

    def __init__(self, lots: Iterable[LotState] = (), holdings: Iterable[HoldingState] = ()) -> None:
        self.lots = {lot.id: lot for lot in lots}
        self.holdings = {holding.id: holding for holding in holdings}
        self.by_name: dict[str, int] = {}
        self.stock: dict[tuple[int, int], list[int]] = {}
        self.by_lot: dict[int, list[int]] = {}
        self.by_container: dict[int, list[int]] = {}
        self.processes: dict[str, int] = {}
        for lot in self.lots.values():
            self._name(lot)
        for holding in sorted(self.holdings.values(), key=lambda h: (h.acquired_at, h.id)):
            self._shelve(holding)
        self.flows: list[FlowDraft] = []
        self.changed: set[int] = set()
        self._next = -1
        self._undo: list[tuple[int, HoldingState | None]] = []

    def _name(self, lot: LotState) -> None:
        self.by_name[lot.code] = self.by_name[lot.uri] = lot.id

    def _shelve(self, holding: HoldingState) -> None:
        if holding.lot_id is None:
            self.processes[holding.process] = holding.id
            return
        self.stock.setdefault((holding.lot_id, holding.holder_id), []).append(holding.id)
        self.by_lot.setdefault(holding.lot_id, []).append(holding.id)
        if holding.container_id is not None:
            self.by_container.setdefault(holding.container_id, []).append(holding.id)

    def provisional_id(self) -> int:
        self._next -= 1
        return self._next

    def add_lot(self, lot: LotState) -> None:
        self.lots[lot.id] = lot
        self._name(lot)

    def lot_named(self, name: str) -> LotState:
        """Return the lot of a trace code or URI, or refuse."""
        if name not in self.by_name:
            raise Refused("unknown-lot", lot=name)
        return self.lots[self.by_name[name]]

    @contextmanager
    def operation(self) -> Iterator[int]:
        """Do several steps or none: a refusal puts the book back. Yields the index of the first flow."""
        self._undo, start = [], len(self.flows)
        try:
            yield start
        except Refused:
            del self.flows[start:]
            for holding_id, before in reversed(self._undo):
                if before is None:
                    self._unshelve(self.holdings.pop(holding_id))
                else:
                    self.holdings[holding_id] = before
            raise

    def _unshelve(self, holding: HoldingState) -> None:
        if holding.lot_id is None:
            del self.processes[holding.process]
            return
        self.stock[(holding.lot_id, holding.holder_id)].remove(holding.id)
        self.by_lot[holding.lot_id].remove(holding.id)
        if holding.container_id is not None:
            self.by_container[holding.container_id].remove(holding.id)

    def _put(self, holding: HoldingState) -> None:
        self._undo.append((holding.id, self.holdings.get(holding.id)))
        if holding.id not in self.holdings:
            self._shelve(holding)
        self.holdings[holding.id] = holding
        self.changed.add(holding.id)

    def open_holding(
        self,
        lot_id: int | None,
        holder_id: int,
        acquired_at: datetime,
        *,
        site_id: int | None = None,
        container_id: int | None = None,
        process: str = "",
        is_in_transit: bool = False,
        consignee_id: int | None = None,
        awaits: str = "",
    ) -> int:
        """Open an empty holding and return its provisional id."""
        zero = Decimal(0)
        holding_id = self.provisional_id()
        self._put(
            HoldingState(
                holding_id,
                lot_id,
                holder_id,
                site_id,
                container_id,
                zero,
                zero,
                acquired_at,
                process,
                is_in_transit,
                consignee_id,
                awaits,
            )
        )
        return holding_id

    def move(self, draft: FlowDraft) -> None:
        """Let goods flow; never more than there is, never from a lot on hold, never to nowhere and from nowhere."""
        if draft.quantity is not None:
            check_quantity(draft.quantity)
        if draft.source_id is not None:
            self._draw(self.holdings[draft.source_id], draft)
        if draft.target_id is not None:
            self._gain(self.holdings[draft.target_id], draft.quantity)
        self.flows.append(draft)

    def _draw(self, source: HoldingState, draft: FlowDraft) -> None:
        if source.lot_id is None:  # a process gives what its outputs are; yield is judged by mass balance
            return
        lot = self.lots[source.lot_id]
        if draft.kind != "adjust" and not draft.is_ordered:
            self.check_free(source)
            if source.is_waiting and draft.kind in ONWARD:
                raise Refused(f"awaits-{source.awaits}", lot=lot.code)
        if draft.quantity is None or source.remaining is None:
            return
        if draft.quantity > source.remaining:
            raise Refused(
                "too-much", lot=lot.code, wanted=draft.quantity, available=source.remaining, uom=lot.uom
            )
        self._put(replace(source, remaining=source.remaining - draft.quantity))

    def check_free(self, holding: HoldingState) -> None:
        """Refuse what is on hold: the lot itself, or a container it is packed in."""
        seen: set[int | None] = {None}
        todo = [holding.lot_id, holding.container_id]
        while todo:
            if (lot_id := todo.pop()) in seen:
                continue
            seen.add(lot_id)
            lot = self.lots.get(lot_id or 0)
            if lot is not None and lot.is_held:
                raise Refused("held", lot=lot.code)
            if lot_id != holding.lot_id:
                around = (self.holdings[pk] for pk in self.by_lot.get(lot_id or 0, ()))
                todo += [box.container_id for box in around if box.remaining != 0]

    def contents(self, lot_id: int) -> list[HoldingState]:
        """Return what is packed in a logistic unit and still there."""
        found = (self.holdings[pk] for pk in self.by_container.get(lot_id, ()))
        return [holding for holding in found if holding.remaining is None or holding.remaining > 0]

    def empty(self, holding_id: int) -> None:
        """Say that nothing is left of goods whose quantity is not stated, all of them having gone."""
        self._put(replace(self.holdings[holding_id], remaining=Decimal(0)))

    def _gain(self, target: HoldingState, quantity: Decimal | None) -> None:
        if target.lot_id is None:
            return
        if quantity is None or target.quantity is None or target.remaining is None:
            self._put(replace(target, quantity=None, remaining=None))
            return
        self._put(replace(target, quantity=target.quantity + quantity, remaining=target.remaining + quantity))

    def allocate(
        self,
        lot_id: int,
        holder_id: int,
        quantity: Decimal,
        holding_id: int | None = None,
        *,
        spoken_for: Mapping[int, Decimal],
    ) -> list[tuple[int, Decimal]]:
        """Choose the holdings to draw from: the named one, or the holder's oldest stock first.

        `spoken_for` is what other lines of the request draw from holdings.
        """
        lot = self.lots[lot_id]
        check_quantity(quantity)
        if holding_id is not None:
            holding = self.holdings.get(holding_id)
            if holding is None or holding.lot_id != lot_id or holding.holder_id != holder_id:
                raise Refused("not-yours", lot=lot.code)
            return [(holding_id, quantity)]
        chosen: list[tuple[int, Decimal]] = []
        left = quantity
        mine = [pk for pk in self.stock.get((lot_id, holder_id), []) if not self.holdings[pk].is_in_transit]
        if not mine:
            raise Refused("not-yours", lot=lot.code)
        # What waits for a test comes last, so that it is only named where the rest is not enough.
        for candidate in sorted(mine, key=lambda pk: self.holdings[pk].is_waiting):
            remaining = self.holdings[candidate].remaining
            take = left if remaining is None else min(left, remaining - spoken_for.get(candidate, Decimal(0)))
            if take > 0:
                chosen.append((candidate, take))
                left -= take
            if left == 0:
                return chosen
        raise Refused("too-much", lot=lot.code, wanted=quantity, available=quantity - left, uom=lot.uom)


def check_quantity(quantity: Decimal) -> None:
    """Refuse what cannot be a weight or count: zero, negative, not a number, absurd, finer than a milligram."""
    if not quantity.is_finite() or quantity <= 0:
        raise Refused("not-positive", quantity=quantity)
    if quantity > MAX_QUANTITY:
        raise Refused("absurd", quantity=quantity, limit=MAX_QUANTITY)
    if quantity != quantity.quantize(STEP):
        raise Refused("too-fine", quantity=quantity, step=STEP)
