"""Write the standard event of a fact (EPCIS 2.0, CBV 2.0), as a JSON-ready dict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"cailan": "https://ns.cailan.example/epcis/"},
]
SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Thing:
    """What an event speaks of: a class of goods with its quantity, or a single object."""

    uri: str
    quantity: Decimal | None = None
    uom: str = ""
    is_single: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What every event says around the goods."""

    event_id: str
    event_time: datetime
    biz_step: str
    disposition: str = ""
    read_point: str = ""
    biz_location: str = ""
    document: str = ""
    document_type: str = ""
    source_party: str = ""
    target_party: str = ""
    proof: str = ""
    reason: str = ""


def number(quantity: Decimal) -> int | float:
    """Return a JSON number that reads back as the same decimal (up to 15 digits)."""
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)


def _things(things: Sequence[Thing], singles: str, classes: str) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    single = [thing.uri for thing in things if thing.is_single]
    if single:
        parts[singles] = single
    quantities = []
    for thing in things:
        if thing.is_single:
            continue
        element: dict[str, Any] = {"epcClass": thing.uri}
        if thing.quantity is not None:
            element["quantity"] = number(thing.quantity)
            if thing.uom != "H87":  # pieces carry no unit (EPCIS 2.0, 7.3.3.3)
                element["uom"] = thing.uom
        quantities.append(element)
    if quantities:
        parts[classes] = quantities
    return parts


def _frame(kind: str, frame: Frame, action: str = "") -> dict[str, Any]:
    moment = frame.event_time.astimezone(UTC)
    event: dict[str, Any] = {
        "type": kind,
        "eventID": frame.event_id,
        "eventTime": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "eventTimeZoneOffset": "+08:00",
    }
    if action:
        event["action"] = action
    event["bizStep"] = frame.biz_step
    said = (
        ("disposition", frame.disposition),
        ("cailan:proof", frame.proof),
        ("cailan:reason", frame.reason),
    )
    event.update({name: value for name, value in said if value})
    places = (("readPoint", frame.read_point), ("bizLocation", frame.biz_location))
    event.update({name: {"id": value} for name, value in places if value})
    if frame.document:
        transaction = {"bizTransaction": frame.document}
        event["bizTransactionList"] = [
            {"type": frame.document_type, **transaction} if frame.document_type else transaction
        ]
    if frame.source_party:
        event["sourceList"] = [{"type": "owning_party", "source": frame.source_party}]
    if frame.target_party:
        event["destinationList"] = [{"type": "owning_party", "destination": frame.target_party}]
    return event


def object_event(
    frame: Frame, action: str, things: Sequence[Thing], ilmd: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Build an ObjectEvent (EPCIS 2.0, 7.4.2)."""
    event = _frame("ObjectEvent", frame, action)
    event.update(_things(things, "epcList", "quantityList"))
    if ilmd:
        event["ilmd"] = ilmd
    return event


def transaction_event(frame: Frame, action: str, things: Sequence[Thing]) -> dict[str, Any]:
    """Build a TransactionEvent, which ties goods to a document (EPCIS 2.0, 7.4.4)."""
    event = _frame("TransactionEvent", frame, action)
    event.update(_things(things, "epcList", "quantityList"))
    return event


def transformation_event(
    frame: Frame,
    transformation_id: str,
    inputs: Sequence[Thing],
    outputs: Sequence[Thing],
    ilmd: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Build a TransformationEvent (EPCIS 2.0, 7.4.5)."""
    event = _frame("TransformationEvent", frame)
    event["transformationID"] = transformation_id
    event.update(_things(inputs, "inputEPCList", "inputQuantityList"))
    event.update(_things(outputs, "outputEPCList", "outputQuantityList"))
    if ilmd:
        event["ilmd"] = ilmd
    return event


def document(events: Sequence[dict[str, Any]], created: datetime) -> dict[str, Any]:
    """Wrap events in an EPCISDocument (JSON-LD)."""
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": created.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "epcisBody": {"eventList": list(events)},
    }
