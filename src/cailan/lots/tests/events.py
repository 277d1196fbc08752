"""Small events of others, told to the service itself."""

from datetime import timedelta
from itertools import count

import orjson
from django.db import transaction

from cailan import gs1
from cailan.lots import queries, services
from cailan.lots.rules.foreign import ForeignEvent
from cailan.lots.tests.factories import AT
from cailan.parties import queries as parties

ELSEWHERE = f"https://id.gs1.org/414/{gs1.with_check_digit('690123450010')}"
BOX = f"https://id.gs1.org/00/{gs1.with_check_digit('06901234500000001')}"
_numbers = count(1)


def see(uri, amount=None, *, action="OBSERVE", kind="ObjectEvent", at=None, party=None, **fields):
    """Return an event that tells of goods at a place, or with a party."""
    element = {"epcClass": uri, **({} if amount is None else {"quantity": amount, "uom": "KGM"})}
    goods = "childQuantityList" if kind == "AggregationEvent" else "quantityList"
    found = {
        "type": kind,
        "eventID": f"urn:x:event:{next(_numbers)}",
        "eventTime": (AT + timedelta(seconds=next(_numbers))).isoformat(),
        "eventTimeZoneOffset": "+08:00",
        "action": action,
        "bizStep": "storing",
        goods: [element] if uri else [],
        **fields,
    }
    if at:
        found["bizLocation"] = {"id": at}
    if party:
        found["destinationList"] = [{"type": "possessing_party", "destination": party}]
    return found


def pack(actor, lot, amount, **more):
    return see(
        lot.uri, amount, kind="AggregationEvent", action="ADD", parentID=BOX, party=uri_of(actor), **more
    )


def uri_of(actor):
    return parties.facts([actor.party_id])[actor.party_id].uri


def tell(actor, *events):
    """Follow events as a capture does; return the code of the first refusal, "" where there is none."""
    foreign = [ForeignEvent(index, one, orjson.dumps(one).decode()) for index, one in enumerate(events)]
    with transaction.atomic():
        followed = services.follow(actor, foreign, at=AT + timedelta(days=1))
    assert queries.unbalanced() == ()
    return next((one.problem.code for one in followed if one.problem), "")
