"""Make a desk's facts true: events, lots, holdings, flows, seals and news, one statement a table."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from django.db import connection
from django.utils import timezone

from cailan.epcis import services as epcis
from cailan.kernel import outbox
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.lots.events import LotsMoved
from cailan.lots.rules import sealed
from cailan.lots.services.desk import Desk, Fact, LotDraft, columns

# Columns and their types, as COPY needs them: it is several times faster than INSERT with arrays.
LOT_VALUES = {
    "kind": "text",
    "code": "text",
    "uri": "text",
    "product_id": "int8",
    "product_name": "text",
    "maker_id": "int8",
    "number": "text",
    "gtin": "text",
    "uom": "text",
    "made_at": "timestamptz",
    "origin_id": "int8",
    "region_id": "text",
}
LOT_TYPES = {
    "id": "int8",
    **LOT_VALUES,
    "attributes": "jsonb",
    "event_id": "text",
    "is_held": "bool",
    "created_at": "timestamptz",
}
HOLDING_TYPES = {
    "id": "int8",
    "lot_id": "int8",
    "process": "text",
    "holder_id": "int8",
    "site_id": "int8",
    "container_id": "int8",
    "quantity": "numeric",
    "remaining_quantity": "numeric",
    "acquired_at": "timestamptz",
    "is_in_transit": "bool",
    "consignee_id": "int8",
    "awaits": "text",
    "cleared_event_id": "text",
    "created_at": "timestamptz",
}
FLOW_TYPES = {
    "id": "int8",
    "kind": "text",
    "source_id": "int8",
    "target_id": "int8",
    "quantity": "numeric",
    "uom": "text",
    "occurred_at": "timestamptz",
    "recorded_at": "timestamptz",
    "proof": "text",
    "document": "text",
    "reason": "text",
    "event_id": "text",
    "recorder_id": "int8",
}


def write(desk: Desk, *, job_id: int | None = None) -> dict[int, int]:
    """Write all facts: events, lots, holdings, flows, seals, news. Returns real ids by provisional ones."""
    if not desk.facts:
        return {}
    bodies = _write_events(desk, job_id)
    with connection.cursor() as cursor:
        real = _write_lots(desk, cursor)
        real.update(_write_holdings(desk, cursor, real))
        flow_ids = _write_flows(desk, cursor, real)
    _seal(desk, bodies, real, flow_ids)
    outbox.publish(
        [
            LotsMoved(
                fact.event["eventID"],
                tuple(sorted({real.get(lot, lot) for lot in _lots_of(desk, fact)})),
            )
            for fact in desk.facts
        ]
    )
    return real


def _lots_of(desk: Desk, fact: Fact) -> set[int]:
    ends = {end for flow in desk.book.flows[fact.flows] for end in (flow.source_id, flow.target_id) if end}
    return {lot for end in ends if (lot := desk.book.holdings[end].lot_id) is not None}


def _write_events(desk: Desk, job_id: int | None) -> list[str]:
    new = [fact for fact in desk.facts if fact.is_new_event]
    texts = iter(
        epcis.record(
            desk.actor,
            [epcis.NewEvent(fact.event, fact.body, fact.corrects) for fact in new],
            at=desk.at,
            job_id=job_id,
        )
        if new
        else ()
    )
    return [next(texts) if fact.is_new_event else fact.body for fact in desk.facts]


def _write_lots(desk: Desk, cursor: Any) -> dict[int, int]:
    event_of = {lot_id: fact.event["eventID"] for fact in desk.facts for lot_id in fact.lots}
    # In the order of their numbers: two batches with the same numbers shall not wait for each other.
    drafts = sorted(
        (draft for draft in desk.new_lots.values() if draft.id in event_of),
        key=lambda draft: (draft.values["maker_id"], draft.values["number"], draft.values["uri"]),
    )
    ids = new_ids(cursor, "lots_lot", len(drafts))
    real = {draft.id: pk for draft, pk in zip(drafts, ids, strict=True)}
    if drafts:
        _copy(cursor, "lots_lot", LOT_TYPES, _lot_rows(drafts, ids, event_of))
    return real


def _lot_rows(
    drafts: Sequence[LotDraft], ids: Sequence[int], event_of: dict[int, str]
) -> Iterator[tuple[Any, ...]]:
    now = timezone.now()
    for draft, pk in zip(drafts, ids, strict=True):
        values = draft.values
        yield (
            pk,
            *(values[name] for name in LOT_VALUES),
            orjson.dumps(values["attributes"]).decode(),
            event_of[draft.id],
            False,
            now,
        )


def _write_holdings(desk: Desk, cursor: Any, real: dict[int, int]) -> dict[int, int]:
    changed = [desk.book.holdings[pk] for pk in sorted(desk.book.changed) if pk in desk.book.holdings]
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
        now = timezone.now()
        rows = (
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
                h.is_in_transit,
                h.consignee_id,
                h.awaits,
                "",
                now,
            )
            for h, pk in zip(new, ids, strict=True)
        )
        _copy(cursor, "lots_holding", HOLDING_TYPES, rows)
    return {holding.id: pk for holding, pk in zip(new, ids, strict=True)}


def _write_flows(desk: Desk, cursor: Any, real: dict[int, int]) -> list[int]:
    flows = desk.book.flows
    ids = new_ids(cursor, "lots_flow", len(flows))
    if not flows:
        return ids
    event_of = {
        i: fact.event["eventID"] for fact in desk.facts for i in range(fact.flows.start, fact.flows.stop)
    }
    rows = (
        (
            pk,
            str(f.kind),
            real.get(f.source_id or 0, f.source_id),
            real.get(f.target_id or 0, f.target_id),
            f.quantity,
            f.uom,
            f.occurred_at,
            desk.at,
            str(f.proof),
            f.document,
            f.reason,
            event_of[index],
            desk.actor.acting_party_id,
        )
        for index, (f, pk) in enumerate(zip(flows, ids, strict=True))
    )
    _copy(cursor, "lots_flow", FLOW_TYPES, rows)
    return ids


def _seal(desk: Desk, bodies: Sequence[str], real: dict[int, int], flow_ids: Sequence[int]) -> None:
    entries = []
    for fact, body in zip(desk.facts, bodies, strict=True):
        event_id = fact.event["eventID"]
        flows = [
            _sealed_flow(desk, flow_ids[index], desk.book.flows[index], real)
            for index in range(fact.flows.start, fact.flows.stop)
        ]
        lots = [sealed_lot(real[lot_id], desk.new_lots[lot_id].values) for lot_id in fact.lots]
        payload = sealed.payload(event_id, body, desk.actor.acting_party_id, flows, lots)
        entries.append(Entry(f"lots.{fact.kind}", event_id, payload))
    ledger.append(desk.actor, entries, at=desk.at)


def _sealed_flow(desk: Desk, pk: int, flow: Any, real: dict[int, int]) -> sealed.SealedFlow:
    target = desk.book.holdings[flow.target_id] if flow.target_id else None
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
        real.get(target.container_id or 0, target.container_id) if target else None,
        desk.actor.acting_party_id,
        target.is_in_transit if target else False,
        target.consignee_id if target else None,
        target.awaits if target else "",
    )


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
        values["kind"],
        values["gtin"] or "",
        values["product_name"],
        values["origin_id"],
        values["region_id"] or "",
        values["attributes"],
    )


def _copy(cursor: Any, table: str, types: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Copy rows into a table; `types` are its columns in the order of the rows."""
    with (
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} ({', '.join(types)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def new_ids(cursor: Any, table: str, count: int) -> list[int]:
    """Take `count` ids of a table's sequence in one statement."""
    if not count:
        return []
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
    )
    return [pk for (pk,) in cursor.fetchall()]
