"""Rebuild what is sealed from the rows, and find rows that no longer agree with their flows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection

from cailan.epcis import queries as epcis
from cailan.ledger.rules.alterations import Alteration, Part
from cailan.lots.models import Flow, Hold, Holding, Lot
from cailan.lots.rules import sealed


def rebuild_movements(event_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rebuild the sealed payloads of movement events from lots_flow, lots_holding, lots_lot and epcis_event."""
    bodies, owners = epcis.bodies(event_ids), epcis.owners(event_ids)
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
                target.container_id if target else None,
                flow.recorder_id,
                target.is_in_transit if target else False,
                target.consignee_id if target else None,
                target.awaits if target else "",
            )
        )
    lots: dict[str, list[sealed.SealedLot]] = defaultdict(list)
    for lot in Lot.objects.filter(event_id__in=event_ids):
        lots[lot.event_id].append(
            sealed.SealedLot(
                lot.pk,
                lot.code,
                lot.uri,
                lot.number,
                lot.product_id,
                lot.maker_id,
                lot.uom,
                lot.made_at,
                lot.kind,
                lot.gtin or "",
                lot.product_name,
                lot.origin_id,
                lot.region_id or "",
                lot.attributes,
            )
        )
    return {
        event_id: sealed.payload(
            event_id, bodies.get(event_id, ""), owners.get(event_id, 0), flows[event_id], lots[event_id]
        )
        for event_id in event_ids
    }


def hold_payload(
    event_id: str, body: str, verb: str, reason: str, codes: Sequence[str], party_id: int
) -> dict[str, Any]:
    """Return what is sealed of a hold or release, and which party says so."""
    return {
        "event_id": event_id,
        "event_sha256": sha256(body.encode()).hexdigest(),
        "verb": verb,
        "reason": reason,
        "lots": sorted(set(codes)),
        "party": party_id,
    }


def rebuild_holds(event_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rebuild the sealed payloads of holds from lots_hold and epcis_event."""
    rows = Hold.objects.filter(event_id__in=event_ids).values_list(
        "event_id", "reason", "placed_by_id", "lot__code"
    )
    return _hold_payloads("hold", rows)


def rebuild_releases(event_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rebuild the sealed payloads of releases from lots_hold and epcis_event."""
    rows = Hold.objects.filter(release_event_id__in=event_ids)
    return _hold_payloads(
        "release", rows.values_list("release_event_id", "release_reason", "released_by_id", "lot__code")
    )


def _hold_payloads(verb: str, rows: Iterable[tuple[str, str, int | None, str]]) -> dict[str, dict[str, Any]]:
    found: dict[str, tuple[str, int, list[str]]] = {}
    for event_id, reason, party_id, code in rows:
        found.setdefault(event_id, (reason, party_id or 0, []))[2].append(code)
    bodies = epcis.bodies(found)
    return {
        event_id: hold_payload(event_id, bodies.get(event_id, ""), verb, reason, codes, party_id)
        for event_id, (reason, party_id, codes) in found.items()
    }


def clearing_payload(
    event_id: str, body: str, party_id: int, cleared: Sequence[tuple[int, str, datetime]]
) -> dict[str, Any]:
    """Return what is sealed where stock has passed its test: which holdings, what they waited for, who says so."""
    return {
        "event_id": event_id,
        "event_sha256": sha256(body.encode()).hexdigest(),
        "party": party_id,
        "holdings": [
            {"id": pk, "awaits": awaits, "at": sealed.instant(at)} for pk, awaits, at in sorted(cleared)
        ],
    }


def rebuild_clearings(event_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rebuild the sealed payloads of passed tests from lots_holding and epcis_event."""
    bodies, owners = epcis.bodies(event_ids), epcis.owners(event_ids)
    found: dict[str, list[tuple[int, str, datetime]]] = defaultdict(list)
    rows = Holding.objects.filter(cleared_event_id__in=event_ids, cleared_at__isnull=False)
    for row in rows:
        if row.cleared_at is not None:
            found[row.cleared_event_id].append((row.pk, row.awaits, row.cleared_at))
    return {
        event_id: clearing_payload(
            event_id, bodies.get(event_id, ""), owners.get(event_id, 0), found[event_id]
        )
        for event_id in event_ids
    }


UNBALANCED = """
SELECT h.id, h.quantity, h.remaining_quantity, coalesce(i.q, 0), coalesce(i.q, 0) - coalesce(o.q, 0)
  FROM lots_holding h
  LEFT JOIN (SELECT target_id, sum(quantity) q FROM lots_flow GROUP BY 1) i ON i.target_id = h.id
  LEFT JOIN (SELECT source_id, sum(quantity) q FROM lots_flow GROUP BY 1) o ON o.source_id = h.id
 WHERE h.lot_id IS NOT NULL AND h.quantity IS NOT NULL
   AND (h.quantity <> coalesce(i.q, 0) OR h.remaining_quantity <> coalesce(i.q, 0) - coalesce(o.q, 0))
 ORDER BY h.id LIMIT %s
"""
MISSTATED = """
SELECT l.code, l.is_held FROM lots_lot l
 WHERE l.is_held <> EXISTS (SELECT 1 FROM lots_hold h WHERE h.lot_id = l.id AND h.released_at IS NULL)
 ORDER BY l.id LIMIT %s
"""
MOST = 100


def unbalanced(limit: int = MOST) -> tuple[int, ...]:
    """Return holdings whose totals do not equal their flows: a row was changed behind the services."""
    with connection.cursor() as cursor:
        cursor.execute(UNBALANCED, [limit])
        return tuple(row[0] for row in cursor.fetchall())


def misstated() -> Iterator[Alteration]:
    """Name stock that does not follow from the sealed flows, and holds that nobody placed or ended."""
    with connection.cursor() as cursor:
        cursor.execute(UNBALANCED, [MOST])
        for pk, came, left, came_by_flows, left_by_flows in cursor.fetchall():
            for column, stored, follows in (
                ("quantity", came, came_by_flows),
                ("remaining_quantity", left, left_by_flows),
            ):
                if stored != follows:
                    yield Alteration(
                        Part.FACT,
                        column,
                        sealed.plain(follows),
                        sealed.plain(stored),
                        subject=f"lots_holding {pk}",
                    )
        cursor.execute(MISSTATED, [MOST])
        for code, is_held in cursor.fetchall():
            yield Alteration(Part.FACT, "is_held", str(not is_held), str(is_held), subject=f"lots_lot {code}")
