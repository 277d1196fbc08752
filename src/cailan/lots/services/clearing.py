"""End the waiting of stock that has passed its test (逢出必检, 逢进必检)."""

from datetime import datetime

from django.db import transaction

from cailan.epcis import services as epcis
from cailan.epcis.rules.build import Frame, Thing, object_event
from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.lots import queries
from cailan.lots.models import Holding, Lot
from cailan.lots.services.desk import new_event_id


@transaction.atomic
def clear(
    actor: Actor,
    *,
    lot: str,
    holder_id: int,
    awaits: str,
    reason: str,
    at: datetime,
    acquired_until: datetime | None = None,
) -> tuple[int, ...]:
    """Free what a holder has of a lot and what waits for a test that the caller knows to be passed.

    `acquired_until`: only what was there when the sample was taken.
    Returns the ids of the holdings that were freed; none where nothing waited.
    """
    actor.require(Permission.TEST_RECORD)
    facts = queries.get_lot(actor, lot)
    row = Lot.objects.select_for_update().get(
        pk=facts.id
    )  # in the order of everybody: the lot, then its stock
    rows = Holding.objects.filter(lot_id=facts.id, holder_id=holder_id, awaits=awaits, cleared_at=None)
    if acquired_until is not None:
        rows = rows.filter(acquired_at__lte=acquired_until)
    waiting = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not waiting:
        return ()
    frame = Frame(new_event_id(), at, "inspecting", "conformant", proof="lab", reason=reason)
    event = object_event(frame, "OBSERVE", [Thing(row.uri, is_single=row.kind in {"item", "logistic"})])
    [body] = epcis.record(actor, [epcis.NewEvent(event)], at=at)
    Holding.objects.filter(pk__in=waiting).update(cleared_at=at, cleared_event_id=frame.event_id)
    payload = queries.clearing_payload(
        frame.event_id, body, actor.acting_party_id, [(pk, awaits, at) for pk in waiting]
    )
    ledger.append(actor, [Entry("lots.clear", frame.event_id, payload)], at=at)
    audit.record(actor, "lots.cleared", f"lot:{row.code}", holdings=len(waiting), awaits=awaits)
    return tuple(waiting)
