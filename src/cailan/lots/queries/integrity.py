"""Rebuild what is sealed from the rows, and find rows that no longer agree with their flows."""

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from cailan.epcis import queries as epcis
from cailan.lots.models import Flow, Hold, Holding, Lot
from cailan.lots.rules import sealed


def rebuild_movements(event_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rebuild the sealed payloads of movement events from lots_flow, lots_holding, lots_lot and epcis_event."""
    bodies = epcis.bodies(event_ids)
    flows: dict[str, list[sealed.SealedFlow]] = defaultdict(list)
    for flow in Flow.objects.filter(event_id__in=event_ids).select_related("target"):
        target = flow.target
        flows[flow.event_id].append(
            sealed.SealedFlow(
                flow.pk,
                flow.kind,
                flow.source_id,
                flow.target_id,
                flow.quantity,
                flow.uom,
                flow.occurred_at,
                flow.proof,
                flow.document,
                flow.reason,
                target.lot_id if target else None,
                target.holder_id if target else None,
                target.site_id if target else None,
            )
        )
    lots: dict[str, list[sealed.SealedLot]] = defaultdict(list)
    for lot in Lot.objects.filter(event_id__in=event_ids):
        lots[lot.event_id].append(
            sealed.SealedLot(
                lot.pk, lot.code, lot.uri, lot.number, lot.product_id, lot.maker_id, lot.uom, lot.made_at
            )
        )
    return {
        event_id: sealed.payload(event_id, bodies.get(event_id, ""), flows[event_id], lots[event_id])
        for event_id in event_ids
    }


def hold_payload(event_id: str, body: str, verb: str, reason: str, codes: Sequence[str]) -> dict[str, Any]:
    """Return what is sealed of a hold or release."""
    return {
        "event_id": event_id,
        "event_sha256": sha256(body.encode()).hexdigest(),
        "verb": verb,
        "reason": reason,
        "lots": sorted(codes),
    }


def rebuild_holds(event_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rebuild the sealed payloads of holds from lots_hold and epcis_event."""
    bodies = epcis.bodies(event_ids)
    found: dict[str, tuple[str, list[str]]] = {}
    for row in Hold.objects.filter(event_id__in=event_ids).select_related("lot"):
        found.setdefault(row.event_id, (row.reason, []))[1].append(row.lot.code)
    return {
        event_id: hold_payload(event_id, bodies.get(event_id, ""), "hold", reason, codes)
        for event_id, (reason, codes) in found.items()
    }


def unbalanced(limit: int = 100) -> tuple[int, ...]:
    """Return holdings whose totals do not equal their flows: a row was changed behind the services."""
    return tuple(
        row.pk
        for row in Holding.objects.raw(
            "SELECT h.id FROM lots_holding h"
            " LEFT JOIN (SELECT target_id, sum(quantity) q FROM lots_flow GROUP BY 1) i ON i.target_id = h.id"
            " LEFT JOIN (SELECT source_id, sum(quantity) q FROM lots_flow GROUP BY 1) o ON o.source_id = h.id"
            " WHERE h.lot_id IS NOT NULL AND h.quantity IS NOT NULL AND (h.quantity <> coalesce(i.q, 0)"
            " OR h.remaining_quantity <> coalesce(i.q, 0) - coalesce(o.q, 0)) ORDER BY h.id LIMIT %s",
            [limit],
        )
    )
