"""Parties that seal, and statements to seal."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection, transaction

from cailan.kernel.access import SYSTEM, Actor
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry

NOON = datetime(2026, 11, 20, 4, 0, 0, 123_000, tzinfo=UTC)


def signing_actor(party_id: int = 7) -> Actor:
    """Return the owner of a party that has its key."""
    ledger.make_key(SYSTEM, party_id=party_id, at=NOON)
    return Actor(user_id=party_id, party_id=party_id, means="password", permissions=SYSTEM.permissions)


def statements(count: int, kind: str = "sample.transfer") -> list[Entry]:
    return [
        Entry(kind, f"lot:{number}", {"product": "菜心", "quantity": f"{number}.5", "unit": "KGM"})
        for number in range(count)
    ]


def append(actor: Actor, entries: Sequence[Entry]) -> list[int]:
    with transaction.atomic():
        return ledger.append(actor, entries, at=NOON)


def tamper(sql: str, *values: object) -> None:
    """Do what only the owner of the database can: change sealed rows behind the triggers' back."""
    with transaction.atomic(), connection.cursor() as cursor:
        for switch in ("DISABLE", "ENABLE"):
            for table in ("record", "entry", "tile", "checkpoint", "key"):
                cursor.execute(f"ALTER TABLE ledger_{table} {switch} TRIGGER USER")
            if switch == "DISABLE":
                cursor.execute(sql, values)
