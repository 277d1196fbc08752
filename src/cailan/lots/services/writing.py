"""Make a desk's facts true: events, lots, holdings, flows, seals and news, one statement a table."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from cailan.epcis import services as epcis
from cailan.kernel import outbox
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.lots.events import LotsMoved
from cailan.lots.rules import sealed
from cailan.lots.services.desk import Desk, Fact, columns


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
    drafts = [draft for draft in desk.new_lots.values() if draft.id in event_of]
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


def _write_flows(desk: Desk, cursor: Any, real: dict[int, int]) -> list[int]:
    flows = desk.book.flows
    ids = new_ids(cursor, "lots_flow", len(flows))
    if not flows:
        return ids
    event_of = {
        i: fact.event["eventID"] for fact in desk.facts for i in range(fact.flows.start, fact.flows.stop)
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
            desk.at,
            f.proof,
            f.document,
            f.reason,
            event_of[index],
            desk.actor.acting_party_id,
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


def _seal(desk: Desk, bodies: Sequence[str], real: dict[int, int], flow_ids: Sequence[int]) -> None:
    entries = []
    for fact, body in zip(desk.facts, bodies, strict=True):
        event_id = fact.event["eventID"]
        flows = [
            _sealed_flow(desk, flow_ids[index], desk.book.flows[index], real)
            for index in range(fact.flows.start, fact.flows.stop)
        ]
        lots = [sealed_lot(real[lot_id], desk.new_lots[lot_id].values) for lot_id in fact.lots]
        entries.append(Entry(f"lots.{fact.kind}", event_id, sealed.payload(event_id, body, flows, lots)))
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
    )


def new_ids(cursor: Any, table: str, count: int) -> list[int]:
    """Take `count` ids of a table's sequence in one statement."""
    if not count:
        return []
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
    )
    return [pk for (pk,) in cursor.fetchall()]
