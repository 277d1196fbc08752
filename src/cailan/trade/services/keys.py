"""Make a double tap one record: the key a phone gives, the lock under which it is asked, the running number."""

from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import orjson
from django.db.models.functions import Length
from django.utils import timezone

from cailan.kernel.problems import KeyReused
from cailan.trade.models.tickets import Ticket, TicketCounter
from cailan.trade.rules import tickets as rules


def digest_of(order: Any) -> str:
    """Return what tells one order from another that comes with the same key."""
    return sha256(orjson.dumps(asdict(order), default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()


def lock_book(party_id: int) -> TicketCounter:
    """Put the writers of one party's tickets and purchases in a row, so that of twins the second sees the first."""
    TicketCounter.objects.bulk_create([TicketCounter(seller_id=party_id)], ignore_conflicts=True)
    return TicketCounter.objects.select_for_update().get(seller_id=party_id)


def next_number(counter: TicketCounter, kind: str, at: datetime) -> str:
    """Return the next number of the day; the caller holds the lock.

    What is entered late goes on where its own day had stopped.
    """
    day: date = timezone.localtime(at).date()
    if counter.day is not None and day < counter.day:
        start = rules.number(kind, day, 0).rpartition("-")[0] + "-"
        before = Ticket.objects.filter(seller_id=counter.seller_id, number__startswith=start)
        latest = before.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
        return rules.number(kind, day, int(latest.removeprefix(start)) + 1 if latest else 1)
    if counter.day is None or day > counter.day:
        counter.day, counter.last = day, 0
    counter.last += 1
    counter.save(update_fields=["day", "last"])
    return rules.number(kind, day, counter.last)


def check_same(known_digest: str, digest: str) -> None:
    """Refuse a key that came with something else before."""
    if known_digest != digest:
        raise KeyReused
