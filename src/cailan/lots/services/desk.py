"""The desk at which a batch of facts is booked: load and lock, let the book decide, write everything at once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
from django.db import connection

from cailan.epcis import services as epcis
from cailan.epcis.rules.build import Thing
from cailan.kernel import outbox
from cailan.kernel.access import Actor
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.lots.events import LotsMoved
from cailan.lots.models import Holding, Lot
from cailan.lots.rules import sealed
from cailan.lots.rules.book import Book, HoldingState, LotState, Refused
from cailan.parties import queries as parties

LOOKS_BACK = timedelta(days=3650)
LOOKS_AHEAD = timedelta(minutes=5)  # clocks of phones differ


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


class Desk:
    """Rows a batch touches, in memory and under lock; `write` makes them true."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self.actor = actor
        self.at = at
        self.book = Book()
        self.new_lots: dict[int, LotDraft] = {}
        self.facts: list[Fact] = []
        self._order: list[int] = []  # new lots as they came
        self._numbers: dict[tuple[int, int | str, str], str] = {}  # maker, product, number → URI
        self._party_uris: dict[int, str] = {}
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
        held_lots = Lot.objects.filter(holdings__in=list(holding_ids)).values_list("pk", flat=True)
        lots = list(
            Lot.objects.raw(
                "SELECT * FROM lots_lot WHERE id IN (SELECT id FROM lots_lot WHERE code = ANY(%s)"
                " UNION SELECT id FROM lots_lot WHERE uri = ANY(%s) UNION SELECT unnest(%s::bigint[]))"
                " ORDER BY id FOR SHARE",
                [wanted, wanted, list(held_lots)],
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

    def number_taken(self, values: dict[str, Any]) -> bool:
        return number_key(values) in self._numbers

    def same_lot(self, values: dict[str, Any]) -> LotState | None:
        """Return the lot that its maker has given this number already."""
        uri = self._numbers.get(number_key(values))
        return self.book.lot_named(uri) if uri else None

    def party_uri(self, party_id: int) -> str:
        if party_id not in self._party_uris:
            self._party_uris.update({pk: facts.uri for pk, facts in parties.facts([party_id]).items()})
        return self._party_uris[party_id]

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
        return state

    def file(
        self, plan: Callable[[], tuple[str, dict[str, Any]]], *, body: str = "", is_new_event: bool = True
    ) -> Fact:
        """Carry out one fact wholly or not at all; `plan` moves goods and returns kind and event."""
        before = len(self._order)
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

    # -- writing ------------------------------------------------------------------------------------------

    def write(self, *, job_id: int | None = None) -> dict[int, int]:
        """Write all facts: events, lots, holdings, flows, seals, news. Returns real ids by provisional ones."""
        if not self.facts:
            return {}
        bodies = self._write_events(job_id)
        with connection.cursor() as cursor:
            real = self._write_lots(cursor)
            real.update(self._write_holdings(cursor, real))
            flow_ids = self._write_flows(cursor, real)
        self._seal(bodies, real, flow_ids)
        outbox.publish(
            [
                LotsMoved(
                    fact.event["eventID"],
                    tuple(sorted({real.get(lot, lot) for lot in self._lots_of(fact)})),
                )
                for fact in self.facts
            ]
        )
        return real

    def _lots_of(self, fact: Fact) -> set[int]:
        ends = {
            end for flow in self.book.flows[fact.flows] for end in (flow.source_id, flow.target_id) if end
        }
        return {lot for end in ends if (lot := self.book.holdings[end].lot_id) is not None}

    def _write_events(self, job_id: int | None) -> list[str]:
        new = [fact for fact in self.facts if fact.is_new_event]
        texts = iter(
            epcis.record(
                self.actor, [epcis.NewEvent(fact.event, fact.body) for fact in new], at=self.at, job_id=job_id
            )
            if new
            else ()
        )
        return [next(texts) if fact.is_new_event else fact.body for fact in self.facts]

    def _write_lots(self, cursor: Any) -> dict[int, int]:
        event_of = {lot_id: fact.event["eventID"] for fact in self.facts for lot_id in fact.lots}
        drafts = [draft for draft in self.new_lots.values() if draft.id in event_of]
        ids = new_ids(cursor, "lots_lot", len(drafts))
        real = {draft.id: pk for draft, pk in zip(drafts, ids, strict=True)}
        if drafts:
            rows = [
                (
                    pk,
                    d["kind"],
                    d["code"],
                    d["uri"],
                    d["product_id"],
                    d["product_name"],
                    d["maker_id"],
                    d["number"],
                    d["gtin"],
                    d["uom"],
                    d["made_at"],
                    d["origin_id"],
                    d["region_id"],
                    orjson.dumps(d["attributes"]).decode(),
                    event_of[draft.id],
                )
                for draft, pk in zip(drafts, ids, strict=True)
                for d in (draft.values,)
            ]
            cursor.execute(
                "INSERT INTO lots_lot (id, kind, code, uri, product_id, product_name, maker_id, number, gtin, uom,"
                " made_at, origin_id, region_id, attributes, event_id, is_held, created_at)"
                " SELECT a, b, c, d, e, f, g, h, i, j, k, l, m, n::jsonb, o, false, now() FROM unnest(%s::bigint[],"
                " %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[],"
                " %s::text[], %s::timestamptz[], %s::bigint[], %s::text[], %s::text[], %s::text[])"
                " AS t(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)",
                columns(rows),
            )
        return real

    def _write_holdings(self, cursor: Any, real: dict[int, int]) -> dict[int, int]:
        changed = [self.book.holdings[pk] for pk in sorted(self.book.changed) if pk in self.book.holdings]
        old = [holding for holding in changed if holding.id > 0]
        if old:
            cursor.execute(
                "UPDATE lots_holding h SET quantity = t.q, remaining_quantity = t.r"
                " FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) AS t(id, q, r) WHERE h.id = t.id",
                columns([(holding.id, holding.quantity, holding.remaining) for holding in old]),
            )
        new = sorted((holding for holding in changed if holding.id < 0), key=lambda holding: -holding.id)
        ids = new_ids(cursor, "lots_holding", len(new))
        if new:
            rows = [
                (
                    pk,
                    real.get(h.lot_id or 0, h.lot_id),
                    h.process,
                    h.holder_id,
                    h.site_id,
                    real.get(h.container_id or 0, h.container_id),
                    h.quantity,
                    h.remaining,
                    h.acquired_at,
                )
                for h, pk in zip(new, ids, strict=True)
            ]
            cursor.execute(
                "INSERT INTO lots_holding (id, lot_id, process, holder_id, site_id, container_id, quantity,"
                " remaining_quantity, acquired_at, created_at) SELECT *, now() FROM unnest(%s::bigint[],"
                " %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[],"
                " %s::timestamptz[])",
                columns(rows),
            )
        return {holding.id: pk for holding, pk in zip(new, ids, strict=True)}

    def _write_flows(self, cursor: Any, real: dict[int, int]) -> list[int]:
        flows = self.book.flows
        ids = new_ids(cursor, "lots_flow", len(flows))
        if not flows:
            return ids
        event_of = {
            i: fact.event["eventID"] for fact in self.facts for i in range(fact.flows.start, fact.flows.stop)
        }
        rows = [
            (
                pk,
                f.kind,
                real.get(f.source_id or 0, f.source_id),
                real.get(f.target_id or 0, f.target_id),
                f.quantity,
                f.uom,
                f.occurred_at,
                self.at,
                f.proof,
                f.document,
                f.reason,
                event_of[index],
                self.actor.acting_party_id,
            )
            for index, (f, pk) in enumerate(zip(flows, ids, strict=True))
        ]
        cursor.execute(
            "INSERT INTO lots_flow (id, kind, source_id, target_id, quantity, uom, occurred_at, recorded_at, proof,"
            " document, reason, event_id, recorder_id) SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[],"
            " %s::bigint[], %s::numeric[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[],"
            " %s::text[], %s::text[], %s::bigint[])",
            columns(rows),
        )
        return ids

    def _seal(self, bodies: Sequence[str], real: dict[int, int], flow_ids: Sequence[int]) -> None:
        entries = []
        for fact, body in zip(self.facts, bodies, strict=True):
            event_id = fact.event["eventID"]
            flows = [
                self._sealed_flow(flow_ids[index], self.book.flows[index], real)
                for index in range(fact.flows.start, fact.flows.stop)
            ]
            lots = [sealed_lot(real[lot_id], self.new_lots[lot_id].values) for lot_id in fact.lots]
            entries.append(Entry(f"lots.{fact.kind}", event_id, sealed.payload(event_id, body, flows, lots)))
        ledger.append(self.actor, entries, at=self.at)

    def _sealed_flow(self, pk: int, flow: Any, real: dict[int, int]) -> sealed.SealedFlow:
        target = self.book.holdings[flow.target_id] if flow.target_id else None
        return sealed.SealedFlow(
            pk,
            flow.kind,
            real.get(flow.source_id or 0, flow.source_id),
            real.get(flow.target_id or 0, flow.target_id),
            flow.quantity,
            flow.uom,
            flow.occurred_at,
            flow.proof,
            flow.document,
            flow.reason,
            real.get(target.lot_id or 0, target.lot_id) if target else None,
            target.holder_id if target else None,
            target.site_id if target else None,
        )


def number_key(values: dict[str, Any]) -> tuple[int, int | str, str]:
    """Return what makes a lot number unique: maker, product (by name where it is not in the library), number."""
    return (values["maker_id"], values["product_id"] or values["product_name"], values["number"])


def sealed_lot(pk: int, values: dict[str, Any]) -> sealed.SealedLot:
    return sealed.SealedLot(
        pk,
        values["code"],
        values["uri"],
        values["number"],
        values["product_id"],
        values["maker_id"],
        values["uom"],
        values["made_at"],
    )


def columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def new_ids(cursor: Any, table: str, count: int) -> list[int]:
    """Take `count` ids of a table's sequence in one statement."""
    if not count:
        return []
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
    )
    return [pk for (pk,) in cursor.fetchall()]


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
    )


def new_event_id() -> str:
    return f"urn:uuid:{uuid4()}"
