"""Small EPCIS documents for tests."""

from datetime import UTC, datetime, timedelta

import orjson

from cailan import gs1
from cailan.exchange import services
from cailan.lots import queries as lots
from cailan.lots.models import Holding

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
GLN_FARM, GLN_CENTRE, GLN_SHOP = (gs1.with_check_digit(f"6901234500{number}") for number in (10, 11, 12))
FARM, CENTRE, SHOP = (f"https://id.gs1.org/414/{gln}" for gln in (GLN_FARM, GLN_CENTRE, GLN_SHOP))
GTIN = gs1.with_check_digit("0690123456789")
LOT = f"https://id.gs1.org/01/{GTIN}/10/A1"
OTHER = f"https://id.gs1.org/01/{GTIN}/10/B2"
ITEM = f"https://id.gs1.org/01/{GTIN}/21/7"
BOX, OTHER_BOX = (
    f"https://id.gs1.org/00/{gs1.with_check_digit(f'0690123450000000{number}')}" for number in (1, 2)
)
STEP = {"ADD": "commissioning", "OBSERVE": "storing", "DELETE": "destroying"}


def quantity(lot=LOT, amount=None, uom="KGM"):
    stated = {} if amount is None else {"quantity": amount, "uom": uom}
    return {"epcClass": lot, **stated}


def event(hour, kind="ObjectEvent", action="OBSERVE", *, at=None, sold_by=None, sold_to=None, **fields):
    """Return an event of that hour; `at` is its bizLocation."""
    found = {
        "type": kind,
        "eventTime": (AT - timedelta(days=2) + timedelta(hours=hour)).isoformat(),
        "eventTimeZoneOffset": "+08:00",
        **({} if kind == "TransformationEvent" else {"action": action}),
        **({"bizStep": STEP[action]} if kind == "ObjectEvent" else {}),
        **({"bizLocation": {"id": at}} if at else {}),
        **fields,
    }
    for name, end, party in (("sourceList", "source", sold_by), ("destinationList", "destination", sold_to)):
        if party:
            found[name] = [{"type": "possessing_party", end: party}]
    return found


def document(*events, **more):
    return orjson.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": AT.isoformat(),
            "epcisBody": {"eventList": list(events)},
            **more,
        }
    )


def capture(actor, *events, **more):
    return services.capture(actor, body=document(*events, **more), at=AT)


def where(uri=LOT):
    """Return what is left of a lot: (holder's name, quantity) of every holding with something left."""
    rows = (
        Holding.objects.filter(lot__uri=uri)
        .exclude(remaining_quantity=0)
        .select_related("holder")
        .order_by("pk")
    )
    assert lots.unbalanced() == ()
    return [(row.holder.name, row.remaining_quantity) for row in rows]
