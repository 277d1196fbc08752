"""Who did or tried what: written in the same transaction, so no act goes unrecorded."""

from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from cailan.kernel.access import Actor
from cailan.kernel.models import AuditEntry
from cailan.kernel.problems import TooMany

remote_address: ContextVar[str | None] = ContextVar("remote_address", default=None)


def record(actor: Actor, action: str, target: str, *, succeeded: bool = True, **detail: Any) -> None:
    """Record one act; `detail` holds plain JSON values and never personal data in clear."""
    AuditEntry.objects.create(
        user_id=actor.user_id,
        party_id=actor.party_id,
        means=actor.means,
        action=action,
        target=target,
        succeeded=succeeded,
        address=remote_address.get(),
        detail=detail,
    )


def refuse_too_many(
    action: str, *, most: int, within: timedelta, at: datetime, failures_only: bool = False
) -> None:
    """Raise TooMany where the caller's address did this more than `most` times of late."""
    address = remote_address.get()
    if address is None:
        return
    tries = AuditEntry.objects.filter(address=address, action=action, at__gt=at - within)
    if failures_only:
        tries = tries.filter(succeeded=False)
    if (times := list(tries.order_by("-at").values_list("at", flat=True)[:most])) and len(times) == most:
        raise TooMany(max(1, int((times[-1] + within - at).total_seconds())))
