"""Let a party see lots that it neither made nor held: its laboratory, whom a recall reaches."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import NotFound
from cailan.lots import queries
from cailan.lots.models import Lot, Sight


@transaction.atomic
def show_to(actor: Actor, *, lots: Collection[str], party_id: int, at: datetime) -> None:
    """Let a party see lots, named by trace code, that the actor sees itself; again changes nothing."""
    actor.require(Permission.LOT_READ)
    named = dict(Lot.objects.filter(code__in=lots).values_list("pk", "code"))
    if len(named) != len(set(lots)) or queries.visible_ids(actor, named) != named.keys():
        raise NotFound
    Sight.objects.bulk_create(
        [Sight(lot_id=pk, party_id=party_id, since=at) for pk in sorted(named)], ignore_conflicts=True
    )
    audit.record(actor, "lots.shown", f"party:{party_id}", lots=sorted(named.values()))
