"""Make a double tap one record: the key a phone gives, the lock under which it is asked, the running number."""

from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import orjson
from django.utils import timezone

from cailan.kernel.problems import KeyReused
from cailan.trade.models.tickets import TicketCounter
from cailan.trade.rules import tickets as rules


def digest_of(order: Any) -> str:
    """Return what tells one order from another that comes with the same key."""
    return sha256(orjson.dumps(asdict(order), default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()


def lock_book(party_id: int) -> TicketCounter:
    """Put the writers of one party's tickets and purchases in a row, so that of twins the second sees the first."""
    TicketCounter.objects.bulk_create([TicketCounter(seller_id=party_id)], ignore_conflicts=True)
    return TicketCounter.objects.select_for_update().get(seller_id=party_id)


def next_number(counter: TicketCounter, kind: str, at: datetime) -> str:
    """Return the next number of the day; the caller holds the lock."""
    day: date = timezone.localtime(at).date()
    if counter.day is None or day > counter.day:
        counter.day, counter.last = day, 0
    counter.last += 1
    counter.save(update_fields=["day", "last"])
    return rules.number(kind, day, counter.last)


def check_same(known_digest: str, digest: str) -> None:
    """Refuse a key that came with something else before."""
    if known_digest != digest:
        raise KeyReused
