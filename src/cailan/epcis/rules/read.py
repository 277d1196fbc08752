"""Read an event: what it speaks of, when, where (EPCIS 2.0, 7.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from cailan import gs1

EPC_LISTS = (
    ("epc", "epcList"),
    ("child", "childEPCs"),
    ("input", "inputEPCList"),
    ("output", "outputEPCList"),
)
QUANTITY_LISTS = (
    ("epc", "quantityList"),
    ("child", "childQuantityList"),
    ("input", "inputQuantityList"),
    ("output", "outputQuantityList"),
)


@dataclass(frozen=True, slots=True)
class Key:
    """One thing an event speaks of, under its canonical URI, in its role."""

    role: str  # epc, child, parent, input, output
    key: str
    quantity: Decimal | None = None
    uom: str = ""
    is_single: bool = False


@lru_cache(maxsize=100_000)
def canonical(uri: str) -> str:
    """Return the constrained canonical Digital Link of a GS1 identifier in any notation; other URIs as they are."""
    try:
        return gs1.identify(uri).uri
    except gs1.Gs1Error:
        return uri


class Columns(NamedTuple):
    """What the event store keeps beside an event's text, to find it by."""

    type: str
    action: str
    event_time: datetime
    biz_step: str
    disposition: str
    read_point: str
    biz_location: str


def columns_of(event: dict[str, Any]) -> Columns:
    """Return the columns that follow from an event."""
    return Columns(
        event["type"],
        event.get("action", ""),
        moment(event["eventTime"]),
        vocabulary(event.get("bizStep")),
        vocabulary(event.get("disposition")),
        place(event, "readPoint"),
        place(event, "bizLocation"),
    )


def keys_of(event: dict[str, Any]) -> tuple[Key, ...]:
    """Return everything that the event speaks of, in the document's order."""
    return tuple(_keys(event))


def _keys(event: dict[str, Any]) -> Iterator[Key]:
    if event.get("parentID"):
        yield Key("parent", canonical(event["parentID"]), Decimal(1), "H87", is_single=True)
    for role, name in EPC_LISTS:
        for uri in event.get(name) or ():
            yield Key(role, canonical(uri), Decimal(1), "H87", is_single=True)
    for role, name in QUANTITY_LISTS:
        for element in event.get(name) or ():
            stated = element.get("quantity")
            quantity = None if stated is None else Decimal(str(stated))
            uom = element.get("uom") or ("H87" if quantity is not None else "")
            yield Key(role, canonical(element["epcClass"]), quantity, uom)


def moment(text: str) -> datetime:
    """Read an ISO 8601 time with offset; ValueError where it is none."""
    return datetime.fromisoformat(text)


def vocabulary(value: str | None) -> str:
    """Return the bare CBV term of a bizStep or disposition in any of its four notations; others as they are."""
    if not value:
        return ""
    for prefix in (
        "urn:epcglobal:cbv:bizstep:",
        "urn:epcglobal:cbv:disp:",
        "https://ref.gs1.org/cbv/BizStep-",
        "https://ref.gs1.org/cbv/Disp-",
        "https://ns.gs1.org/cbv/BizStep-",
        "https://ns.gs1.org/cbv/Disp-",
        "cbv:BizStep-",
        "cbv:Disp-",
    ):
        if value.startswith(prefix):
            return value.removeprefix(prefix)
    return value


def place(event: dict[str, Any], name: str) -> str:
    """Return the canonical URI of a readPoint or bizLocation, "" where there is none."""
    found = event.get(name)
    return canonical(found["id"]) if isinstance(found, dict) and found.get("id") else ""
