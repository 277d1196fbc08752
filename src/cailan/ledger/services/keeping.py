"""Give a party its key, and change it; every key stands in the log before it signs."""

from datetime import datetime

from django.db import IntegrityError, transaction

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.ledger.models import Key
from cailan.ledger.services.appending import announcement, append_signed, platform_signer
from cailan.ledger.services.keys import KeyExists, NoKey, rewrap, store_new, unlock


def make_key(actor: Actor, *, party_id: int, at: datetime) -> str:
    """Make the signing key of a party, announce it under the platform's seal, and return its id."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = store_new(party_id, Key.Purpose.SEAL, at=at)
        except IntegrityError:
            raise KeyExists from None
        append_signed(platform_signer(), [announcement("ledger.key.created", made)], at=at)
        audit.record(actor, "ledger.key.created", f"party:{party_id}", key=made.key_id)
    return made.key_id


def rotate_key(actor: Actor, *, at: datetime) -> str:
    """Replace the acting party's key: the old one signs the new one; return the new id."""
    actor.require(Permission.PARTY_MANAGE)
    party_id = actor.acting_party_id
    with transaction.atomic():
        old = (
            Key.objects.select_for_update()
            .filter(party_id=party_id, purpose=Key.Purpose.SEAL, retired_at=None)
            .first()
        )
        if old is None:
            raise NoKey
        old.retired_at = at
        old.save(update_fields=["retired_at"])
        made = store_new(party_id, Key.Purpose.SEAL, at=at)
        append_signed(unlock(old), [announcement("ledger.key.rotated", made)], at=at)
        append_signed(platform_signer(), [announcement("ledger.key.created", made)], at=at)
        audit.record(actor, "ledger.key.rotated", f"party:{party_id}", old=old.key_id, new=made.key_id)
    return made.key_id


def rewrap_keys(actor: Actor) -> int:
    """Wrap every private key with the present secret key, after the server's secret was changed."""
    with transaction.atomic():
        changed = rewrap(Key.objects.select_for_update().order_by("pk"))
        audit.record(actor, "ledger.keys.rewrapped", "ledger", count=changed)
    return changed
