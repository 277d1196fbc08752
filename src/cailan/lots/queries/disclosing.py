"""Who may read what was sealed of movements and holds."""

from cailan.kernel.access import Actor
from cailan.lots.models import Flow, Hold, Holding, Lot
from cailan.lots.queries.reading import visible_ids


def may_read_sealed(actor: Actor, event_id: str) -> bool:
    """Say whether the actor sees one of the lots that an event moved, made, held or released."""
    if actor.sees_everything:
        return True
    if actor.party_id is None:
        return False
    flows = Flow.objects.filter(event_id=event_id).values_list("source__lot_id", "target__lot_id")
    lots = {pk for pair in flows for pk in pair if pk is not None}
    lots |= set(Lot.objects.filter(event_id=event_id).values_list("pk", flat=True))
    lots |= set(
        Holding.objects.filter(cleared_event_id=event_id)
        .exclude(cleared_event_id="")
        .values_list("lot_id", flat=True)
    )
    held = Hold.objects.filter(event_id=event_id) | Hold.objects.filter(release_event_id=event_id)
    lots |= set(held.values_list("lot_id", flat=True))
    return bool(visible_ids(actor, lots))
