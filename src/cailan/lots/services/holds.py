"""Hold a lot and release it: at every holder at once, and when asked everything made from it."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from cailan.epcis import services as epcis
from cailan.epcis.rules.build import Frame, Thing, object_event
from cailan.kernel import audit, outbox
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotAllowed
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.lots import queries
from cailan.lots.events import LotHeld, LotReleased
from cailan.lots.models import Hold, Lot
from cailan.lots.services.desk import new_event_id
from cailan.lots.services.problems import NotHeld

OFFICIALS = frozenset({"regulator", "market", "lab"})

# What was ever packed in a logistic unit counts as made from it, as a recall's scope has it.
DERIVED = """
WITH RECURSIVE reached(id) AS (
    (SELECT id FROM lots_holding WHERE lot_id = ANY(%(lots)s)
     UNION SELECT id FROM lots_holding WHERE container_id = ANY(%(lots)s))
  UNION
    SELECT f.target_id FROM reached r JOIN lots_flow f ON f.source_id = r.id WHERE f.target_id IS NOT NULL
)
SELECT DISTINCT h.lot_id FROM reached r JOIN lots_holding h ON h.id = r.id WHERE h.lot_id IS NOT NULL
"""


@transaction.atomic
def hold(actor: Actor, *, lot: str, reason: str, at: datetime, with_derived: bool = False) -> tuple[str, ...]:
    """Stop every outgoing flow of a lot, and of all made from it when asked; return the codes held."""
    actor.require(Permission.LOT_HOLD)
    root = queries.get_lot(actor, lot)
    if root.maker_id != actor.party_id and actor.party_kind not in OFFICIALS:
        raise NotAllowed(
            _("Only the maker, a laboratory, the market or a regulator may hold a lot everywhere.")
        )
    if not reason.strip():
        raise InvalidInput(errors=[{"where": "reason", "what": str(_("Say why the lot is held."))}])
    held = _lock_with_derived(root.id) if with_derived else _lock([root.id])
    event_id = _record(actor, held, "hold", "holding", "non_sellable_other", reason, at)
    Hold.objects.bulk_create(
        Hold(
            lot_id=row.pk,
            root_id=root.id,
            reason=reason,
            placed_by_id=actor.acting_party_id,
            placed_at=at,
            event_id=event_id,
        )
        for row in held
    )
    ids = [row.pk for row in held]
    Lot.objects.filter(pk__in=ids).update(is_held=True)
    outbox.publish([LotHeld(tuple(ids), root.id, reason)])
    audit.record(actor, "lots.held", f"lot:{root.code}", lots=len(ids), reason=reason)
    return tuple(row.code for row in held)


@transaction.atomic
def release(actor: Actor, *, lot: str, reason: str, at: datetime) -> tuple[str, ...]:
    """End the holds that one placed on a lot and spread from it; a regulator may end another's."""
    actor.require(Permission.LOT_HOLD)
    root = queries.get_lot(actor, lot)
    if not reason.strip():
        raise InvalidInput(errors=[{"where": "reason", "what": str(_("Say why the lot is released."))}])
    holds = Hold.objects.filter(root_id=root.id, released_at=None)
    if actor.party_kind != "regulator":
        holds = holds.filter(placed_by_id=actor.acting_party_id)
    ids = sorted(holds.values_list("lot_id", flat=True))
    locked = _lock(ids)
    if not locked:
        raise NotHeld
    event_id = _record(actor, locked, "release", "inspecting", "conformant", reason, at)
    ended = holds.update(
        released_at=at,
        released_by_id=actor.acting_party_id,
        release_reason=reason,
        release_event_id=event_id,
    )
    if not ended:  # somebody else released it while we waited for the lock
        raise NotHeld
    still = set(Hold.objects.filter(lot_id__in=ids, released_at=None).values_list("lot_id", flat=True))
    free = [row for row in locked if row.pk not in still]
    Lot.objects.filter(pk__in=[row.pk for row in free]).update(is_held=False)
    outbox.publish([LotReleased(tuple(row.pk for row in free), root.id)])
    audit.record(actor, "lots.released", f"lot:{root.code}", lots=len(free), reason=reason)
    return tuple(row.code for row in free)


def _lock(lot_ids: list[int]) -> list[Lot]:
    """Lock lots in the order everybody does; waits for sales that are being booked."""
    return list(Lot.objects.select_for_update().filter(pk__in=lot_ids).order_by("pk"))


def _lock_with_derived(root_id: int) -> list[Lot]:
    """Lock a lot and all made from it; look again after locking, since a process may just have ended.

    Looked up before the first lock, so that locks are taken in the order of everybody.
    """
    reached = _reached({root_id})
    while True:
        locked = _lock(sorted(reached))
        before, reached = reached, _reached(reached)
        if reached == before:
            return locked


def _reached(lot_ids: set[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(DERIVED, {"lots": sorted(lot_ids)})
        return {lot_id for (lot_id,) in cursor.fetchall()} | lot_ids


def _record(
    actor: Actor, lots: list[Lot], verb: str, biz_step: str, disposition: str, reason: str, at: datetime
) -> str:
    frame = Frame(new_event_id(), at, biz_step, disposition, proof="official", reason=reason)
    things = [Thing(lot.uri, is_single=lot.kind in {"item", "logistic"}) for lot in lots]
    event = object_event(frame, "OBSERVE", things)
    [body] = epcis.record(actor, [epcis.NewEvent(event)], at=at)
    codes = [lot.code for lot in lots]
    payload = queries.hold_payload(frame.event_id, body, verb, reason, codes, actor.acting_party_id)
    ledger.append(actor, [Entry(f"lots.{verb}", frame.event_id, payload)], at=at)
    return frame.event_id
