"""Rebuild what is sealed of money and counts from the rows; who may read it."""

from collections.abc import Iterable, Sequence
from typing import Any

from cailan.kernel.access import Actor, Permission
from cailan.parties.rules.sealed import hidden, instant
from cailan.trade.models.money import CashEntry, Payment
from cailan.trade.models.stock import StockTake

PAYMENT, CASH_ENTRY, STOCK_TAKE = "payment:", "cash_entry:", "stock_take:"


def payment_subject(pk: int) -> str:
    """Name a payment in the log, which anybody reads: by its number only."""
    return f"{PAYMENT}{pk}"


def cash_subject(pk: int) -> str:
    return f"{CASH_ENTRY}{pk}"


def stock_take_subject(pk: int) -> str:
    return f"{STOCK_TAKE}{pk}"


def rebuild_payments(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return payments as they are kept now."""
    return {
        payment_subject(row.pk): {
            "owner": row.owner_id,
            "ticket": row.ticket_id or 0,
            "purchase": row.purchase_id or 0,
            "amount_fen": row.amount_fen,
            "method": row.method,
            "occurred_at": instant(row.occurred_at),
            "recorded_at": instant(row.recorded_at),
            "recorded_by": row.recorded_by_id or 0,
            "note": hidden(str(row.seal_salt), "note", row.note),
            "corrects": row.corrects_id or 0,
            "place": row.place,
        }
        for row in Payment.objects.filter(pk__in=_numbers(subjects, PAYMENT))
    }


def rebuild_cash_entries(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return income and expense as it is kept now."""
    return {
        cash_subject(row.pk): {
            "owner": row.owner_id,
            "kind": row.kind,
            "amount_fen": row.amount_fen,
            "method": row.method,
            "counterpart": row.counterpart_id or 0,
            "counterpart_name": hidden(str(row.seal_salt), "counterpart_name", row.counterpart_name),
            "ticket": row.ticket_id or 0,
            "purchase": row.purchase_id or 0,
            "note": hidden(str(row.seal_salt), "note", row.note),
            "occurred_at": instant(row.occurred_at),
            "recorded_at": instant(row.recorded_at),
            "recorded_by": row.recorded_by_id or 0,
            "corrects": row.corrects_id or 0,
        }
        for row in CashEntry.objects.filter(pk__in=_numbers(subjects, CASH_ENTRY))
    }


def rebuild_stock_takes(subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return counts of the stock as they are kept now."""
    return {
        stock_take_subject(row.pk): {
            "owner": row.owner_id,
            "number": row.number,
            "occurred_at": instant(row.occurred_at),
            "recorded_at": instant(row.recorded_at),
            "recorded_by": row.recorded_by_id or 0,
            "lines": [
                {**line, "reason": hidden(str(row.seal_salt), "reason", line["reason"])} for line in row.lines
            ],
        }
        for row in StockTake.objects.filter(pk__in=_numbers(subjects, STOCK_TAKE))
    }


def may_read_money(actor: Actor, subject: str) -> bool:
    """Say whether a payment or cash entry is the actor's own affair: nobody else's, not even an overseer's."""
    if actor.sees_everything:
        return True
    if actor.party_id is None or not actor.may(Permission.MONEY_READ):
        return False
    model = Payment if subject.startswith(PAYMENT) else CashEntry
    prefix = PAYMENT if model is Payment else CASH_ENTRY
    return model.objects.filter(pk__in=_numbers([subject], prefix), owner_id=actor.party_id).exists()


def may_read_counts(actor: Actor, subject: str) -> bool:
    """Say whether a count is of the actor's own stock."""
    if actor.sees_everything:
        return True
    found = StockTake.objects.filter(pk__in=_numbers([subject], STOCK_TAKE), owner_id=actor.party_id or 0)
    return found.exists()


def _numbers(subjects: Iterable[str], prefix: str) -> list[int]:
    return [int(subject.removeprefix(prefix)) for subject in subjects]


KINDS = (
    ("trade.payment", rebuild_payments, may_read_money),
    ("trade.cash_entry", rebuild_cash_entries, may_read_money),
    ("trade.stock_take", rebuild_stock_takes, may_read_counts),
)
