"""What of a movement is sealed: the same from fresh drafts and from stored rows, so that they can be compared."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True)
class SealedFlow:
    """One row of lots_flow with the target holding's lot, holder, site, container, and what holds it there."""

    id: int
    kind: str
    source: int | None
    target: int | None
    quantity: Decimal | None
    uom: str
    occurred_at: datetime
    proof: str
    document: str
    reason: str
    lot: int | None
    holder: int | None
    site: int | None
    container: int | None
    recorder: int
    is_in_transit: bool = False
    consignee: int | None = None
    awaits: str = ""


@dataclass(frozen=True, slots=True)
class SealedLot:
    """One row of lots_lot as it was made."""

    id: int
    code: str
    uri: str
    number: str
    product: int | None
    maker: int
    uom: str
    made_at: datetime
    kind: str
    gtin: str
    product_name: str
    origin: int | None
    region: str
    attributes: dict[str, Any]


def plain(quantity: Decimal | None) -> str:
    """Write a decimal without trailing zeros; "" for a quantity that is not stated."""
    return "" if quantity is None else f"{quantity.normalize():f}"


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def payload(
    event_id: str, body: str, owner: int, flows: Sequence[SealedFlow], lots: Sequence[SealedLot]
) -> dict[str, Any]:
    """Return the sealed payload of one event: the event by digest, its flows and new lots in full.

    `owner` is the party that recorded the event: of it alone a correction is taken.
    """
    return {
        "event_id": event_id,
        "owner": owner,
        "event_sha256": sha256(body.encode()).hexdigest(),
        "flows": [
            {
                "id": flow.id,
                "kind": flow.kind,
                "source": flow.source or 0,
                "target": flow.target or 0,
                "quantity": plain(flow.quantity),
                "uom": flow.uom,
                "occurred_at": instant(flow.occurred_at),
                "proof": flow.proof,
                "document": flow.document,
                "reason": flow.reason,
                "lot": flow.lot or 0,
                "holder": flow.holder or 0,
                "site": flow.site or 0,
                "container": flow.container or 0,
                "recorder": flow.recorder,
                "in_transit": int(flow.is_in_transit),
                "consignee": flow.consignee or 0,
                "awaits": flow.awaits,
            }
            for flow in sorted(flows, key=lambda flow: flow.id)
        ],
        "lots": [
            {
                "id": lot.id,
                "code": lot.code,
                "uri": lot.uri,
                "number": lot.number,
                "product": lot.product or 0,
                "maker": lot.maker,
                "uom": lot.uom,
                "made_at": instant(lot.made_at),
                "kind": lot.kind,
                "gtin": lot.gtin,
                "product_name": lot.product_name,
                "origin": lot.origin or 0,
                "region": lot.region,
                # Master data may hold floats and other namespaces' terms, so it is sealed by its digest.
                "attributes_sha256": sha256(
                    json.dumps(lot.attributes, ensure_ascii=False, sort_keys=True).encode()
                ).hexdigest(),
            }
            for lot in sorted(lots, key=lambda lot: lot.id)
        ],
    }
