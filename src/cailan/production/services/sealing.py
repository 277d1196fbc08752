"""Seal the records of a farm as they stand, so that the audit can rebuild them."""

from datetime import datetime

from cailan.kernel import audit
from cailan.kernel.access import Actor
from cailan.ledger import services as ledger
from cailan.ledger.queries import disclose
from cailan.ledger.rules import Entry
from cailan.production.queries import integrity


def seal(actor: Actor, kind: str, row_id: int, *, at: datetime) -> None:
    """Seal one row under its kind, and note the act."""
    said = integrity.KINDS[kind]
    subject = f"{said.noun}:{row_id}"
    ledger.append(actor, [Entry(kind, subject, said.rebuild([subject])[subject])], at=at)
    audit.record(actor, kind, subject)


def register() -> None:
    """Tell the audit how each kind is rebuilt and who may read it (from the app's `ready`)."""
    for kind, said in integrity.KINDS.items():
        ledger.mirror(kind, said.rebuild)
        disclose(kind, integrity.may_read_sealed)
    ledger.watch(lambda: tuple(integrity.misstated()))
