"""The desk at which a batch of facts is booked: load and lock the rows, let the book decide."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from cailan.epcis.rules.build import Thing
from cailan.kernel.access import Actor
from cailan.lots.models import Holding, Lot
from cailan.lots.rules.book import Book, HoldingState, LotState, Refused
from cailan.parties import queries as parties

LOOKS_BACK = timedelta(days=3650)
LOOKS_AHEAD = timedelta(minutes=5)  # clocks of phones differ

# The lots named, all that is packed in them, and what they are packed in themselves.
LOTS = """
WITH RECURSIVE inside(id) AS (
    (SELECT id FROM lots_lot WHERE code = ANY(%(names)s)
     UNION SELECT id FROM lots_lot WHERE uri = ANY(%(names)s)
     UNION SELECT lot_id FROM lots_holding WHERE id = ANY(%(holdings)s::bigint[]) AND lot_id IS NOT NULL)
  UNION
    SELECT h.lot_id FROM inside i JOIN lots_holding h ON h.container_id = i.id
     WHERE h.remaining_quantity > 0 OR h.remaining_quantity IS NULL
), around(id) AS (
    SELECT id FROM inside
  UNION
    SELECT h.container_id FROM around a JOIN lots_holding h ON h.lot_id = a.id
     WHERE h.container_id IS NOT NULL AND (h.holder_id = ANY(%(holders)s::bigint[]) OR %(everybody)s)
       AND (h.remaining_quantity > 0 OR h.remaining_quantity IS NULL)
)
SELECT * FROM lots_lot WHERE id IN (SELECT id FROM around) ORDER BY id FOR SHARE
"""


@dataclass(slots=True)
class LotDraft:
    """A lot about to be written."""

    id: int
    values: dict[str, Any]


@dataclass(slots=True)
class Fact:
    """One fact of a batch: its event, and the flows and lots that it brings."""

    kind: str
    event: dict[str, Any]
    body: str = ""
    is_new_event: bool = True
    flows: slice = field(default_factory=lambda: slice(0, 0))
    lots: list[int] = field(default_factory=list)
    holdings: tuple[int, ...] = ()  # where its goods came to, in the order of its lines
    corrects: str = ""  # the event that this one declares wrong


class Desk:
    """Rows a batch touches, in memory and under lock; `writing.write` makes them true."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self.actor = actor
        self.at = at
        self.book = Book()
        self.new_lots: dict[int, LotDraft] = {}
        self.facts: list[Fact] = []
        self.arrived: tuple[int, ...] = ()  # where the goods of the fact in hand came to
        self._order: list[int] = []  # new lots as they came
        self._numbers: dict[tuple[int, int | str, str], str] = {}  # maker, product, number → URI
        self._in_stock: dict[tuple[int | None, str], list[str]] = {}  # product, number → URIs
        self._party_uris: dict[int, str] = {}
        self._registered: set[int] = set()
        self._site_uris: dict[int, str] = {}

    # -- loading ------------------------------------------------------------------------------------------

    def load(
        self,
        names: Collection[str],
        *,
        holders: Collection[int] = (),
        holding_ids: Collection[int] = (),
        everybody: bool = False,
    ) -> None:
        """Lock the named lots (shared: a hold waits for us) and the stock of them, in one order everywhere."""
        wanted = list(set(names))
        lots = list(
            Lot.objects.raw(
                LOTS,
                {
                    "names": wanted,
                    "holdings": list(holding_ids),
                    "holders": list(holders),
                    "everybody": everybody,
                },
            )
        )
        rows = Holding.objects.raw(
            "SELECT * FROM lots_holding WHERE id = ANY(%s::bigint[])"
            " OR (lot_id = ANY(%s::bigint[]) AND (holder_id = ANY(%s::bigint[]) OR %s)"
            " AND (remaining_quantity > 0 OR remaining_quantity IS NULL)) ORDER BY id FOR UPDATE",
            [list(holding_ids), [lot.pk for lot in lots], list(holders), everybody],
        )
        self.book = Book(map(lot_state, lots), map(holding_state, rows))

    def load_numbers(self, numbers: Collection[tuple[int, str]]) -> frozenset[str]:
        """Learn which lot numbers their makers have used already; return the URIs of those lots."""
        if numbers:
            rows = Lot.objects.raw(
                "SELECT l.id, l.maker_id, l.product_id, l.product_name, l.number, l.uri FROM lots_lot l"
                " JOIN unnest(%s::bigint[], %s::text[]) AS n(maker, number)"
                " ON l.maker_id = n.maker AND l.number = n.number WHERE l.kind = 'batch'",
                columns(sorted(numbers)),
            )
            self._numbers = {number_key(row.__dict__): row.uri for row in rows}
        return frozenset(self._numbers.values())

    def load_stock_numbers(self, numbers: Collection[tuple[int | None, str]]) -> frozenset[str]:
        """Learn which lots of a product and number the acting party has; return their URIs."""
        if not numbers:
            return frozenset()
        rows = Lot.objects.raw(
            "SELECT DISTINCT l.id, l.product_id, l.number, l.uri FROM lots_lot l"
            " JOIN unnest(%s::bigint[], %s::text[]) AS n(product, number)"
            " ON l.product_id = n.product AND l.number = n.number"
            " JOIN lots_holding h ON h.lot_id = l.id AND h.holder_id = %s"
            " AND (h.remaining_quantity > 0 OR h.remaining_quantity IS NULL) ORDER BY l.id",
            [*columns(sorted(numbers, key=str)), self.actor.acting_party_id],
        )
        found = list(rows)
        for row in found:
            self._in_stock.setdefault((row.product_id, row.number), []).append(row.uri)
        return frozenset(row.uri for row in found)

    def lot_in_stock(self, product_id: int | None, number: str) -> LotState:
        """Return the lot that the acting party has under a product and number, the oldest with something left."""
        uris = self._in_stock.get((product_id, number), [])
        lots = [self.book.lot_named(uri) for uri in uris if uri in self.book.by_name]
        for lot in lots:
            mine = self.book.stock.get((lot.id, self.actor.acting_party_id), [])
            if any(self.book.holdings[pk].remaining != 0 for pk in mine):
                return lot
        if lots:
            return lots[-1]
        raise Refused("unknown-number", number=number)

    def number_taken(self, values: dict[str, Any]) -> bool:
        return number_key(values) in self._numbers or values["uri"] in self.book.by_name

    def same_lot(self, values: dict[str, Any]) -> LotState | None:
        """Return the lot that its maker has given this number already."""
        uri = self._numbers.get(number_key(values))
        if not uri:
            return None
        known = self._in_stock.setdefault((values["product_id"], values["number"]), [])
        if uri not in known:
            known.append(uri)
        return self.book.lot_named(uri)

    def load_uris(self, party_ids: Collection[int], site_ids: Collection[int]) -> None:
        """Learn the names under which events speak of parties and places, in one question each."""
        self._meet(party_ids)
        if site_ids:
            self._site_uris.update({pk: facts.uri for pk, facts in parties.site_facts(site_ids).items()})

    def party_uri(self, party_id: int) -> str:
        if party_id not in self._party_uris:
            self._meet([party_id])
        return self._party_uris[party_id]

    def is_registered(self, party_id: int) -> bool:
        """Say whether a party keeps its own books here."""
        self.party_uri(party_id)
        return party_id in self._registered

    def _meet(self, party_ids: Collection[int]) -> None:
        found = parties.facts(party_ids)
        self._party_uris.update({pk: facts.uri for pk, facts in found.items()})
        self._registered.update(pk for pk, facts in found.items() if not facts.is_external)

    def site_uri(self, site_id: int | None) -> str:
        if site_id is None:
            return ""
        if site_id not in self._site_uris:
            self._site_uris.update({pk: facts.uri for pk, facts in parties.site_facts([site_id]).items()})
        return self._site_uris[site_id]

    # -- deciding -----------------------------------------------------------------------------------------

    def check_time(self, moment: datetime) -> None:
        """Refuse what has not happened yet, and what cannot be meant."""
        if moment > self.at + LOOKS_AHEAD:
            raise Refused("future", when=moment.isoformat())
        if moment < self.at - LOOKS_BACK:
            raise Refused("too-old", when=moment.isoformat())

    def open_lot(self, values: dict[str, Any]) -> LotState:
        """Add a lot to the batch; `values` are the columns of lots_lot."""
        state = LotState(
            self.book.provisional_id(), values["code"], values["uri"], values["kind"], values["uom"]
        )
        self.book.add_lot(state)
        self.new_lots[state.id] = LotDraft(state.id, values)
        self._order.append(state.id)
        self._numbers.setdefault(number_key(values), state.uri)
        self._in_stock.setdefault((values["product_id"], values["number"]), []).append(state.uri)
        return state

    def file(
        self, plan: Callable[[], tuple[str, dict[str, Any]]], *, body: str = "", is_new_event: bool = True
    ) -> Fact:
        """Carry out one fact wholly or not at all; `plan` moves goods and returns kind and event."""
        before, self.arrived = len(self._order), ()
        try:
            with self.book.operation() as start:
                kind, event = plan()
        except Refused:
            for lot_id in self._order[before:]:
                self._forget_lot(lot_id)
            del self._order[before:]
            raise
        fact = Fact(kind, event, body, is_new_event, slice(start, len(self.book.flows)))
        fact.lots = self._order[before:]
        fact.holdings = self.arrived
        self.facts.append(fact)
        return fact

    def _forget_lot(self, lot_id: int) -> None:
        draft = self.new_lots.pop(lot_id)
        del self.book.lots[lot_id]
        if self._numbers.get(number_key(draft.values)) == draft.values["uri"]:
            del self._numbers[number_key(draft.values)]
        for name in (draft.values["code"], draft.values["uri"]):
            self.book.by_name.pop(name, None)

    def thing(self, lot: LotState, quantity: Any) -> Thing:
        return Thing(lot.uri, quantity, lot.uom, is_single=lot.kind in {"item", "logistic"})


def number_key(values: dict[str, Any]) -> tuple[int, int | str, str]:
    """Return what makes a lot number unique: maker, product (by name where it is not in the library), number."""
    return (values["maker_id"], values["product_id"] or values["product_name"], values["number"])


def columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def lot_state(lot: Lot) -> LotState:
    return LotState(lot.pk, lot.code, lot.uri, lot.kind, lot.uom, lot.is_held)


def holding_state(row: Holding) -> HoldingState:
    return HoldingState(
        row.pk,
        row.lot_id,
        row.holder_id,
        row.site_id,
        row.container_id,
        row.quantity,
        row.remaining_quantity,
        row.acquired_at,
        row.process,
        row.is_in_transit,
        row.consignee_id,
        row.awaits,
        row.cleared_at is not None,
    )


def new_event_id() -> str:
    return f"urn:uuid:{uuid4()}"
