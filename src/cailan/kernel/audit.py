"""Who did or tried what: written in the same transaction, so no act goes unrecorded."""

from contextvars import ContextVar
from typing import Any

from cailan.kernel.access import Actor
from cailan.kernel.models import AuditEntry

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
