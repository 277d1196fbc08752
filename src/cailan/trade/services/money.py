"""Money: paid for an order, paid on account, taken in or given out beside all orders, and corrected."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Conflict, InvalidInput, KeyReused, NotFound
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.parties import queries as parties
from cailan.trade.models.money import CashEntry, Payment
from cailan.trade.models.tickets import Purchase, Ticket
from cailan.trade.queries import debts, sealed
from cailan.trade.rules import money
from cailan.trade.rules.money import OWED, OWING, MoreThanIsOwed, OpenOrder
from cailan.trade.services.times import check_moment

_LONGEST_NOTE = 200


class MoreThanOwed(Conflict):
    code = "more-than-owed"
    title = gettext_lazy("This is more than is owed")


class NothingOwed(Conflict):
    code = "nothing-owed"
    title = gettext_lazy("Nothing is owed here")
    detail = gettext_lazy("All orders with this partner are settled. Reload the page to see them.")


class AlreadyCorrected(Conflict):
    code = "already-corrected"
    title = gettext_lazy("This was taken back before")
    detail = gettext_lazy("An entry is taken back once. Enter the right amount as a new entry.")


@transaction.atomic
def record_payment(
    actor: Actor,
    *,
    amount_fen: int,
    method: str,
    at: datetime,
    ticket_id: int | None = None,
    purchase_id: int | None = None,
    occurred_at: datetime | None = None,
    note: str = "",
    client_key: str = "",
) -> int:
    """Record money for one order of the actor's party and return the payment's number.

    For a ticket it came in, for a purchase it went out; below zero it went back, where more was paid than is owed.
    """
    actor.require(Permission.LOT_MOVE)
    _check(amount_fen=abs(amount_fen), method=method, note=note)
    check_moment(occurred_at or at, at=at)
    side = OWED if ticket_id is not None else OWING
    wanted = [(ticket_id if ticket_id is not None else purchase_id or 0, amount_fen)]
    owed = _lock(actor, side, [wanted[0][0]])[0].owed_fen
    if known := _known(
        actor, side, client_key, amount_fen
    ):  # asked under the lock: of twins the second waits
        return known[0]
    if (amount_fen > 0 and amount_fen > max(owed, 0)) or (amount_fen < 0 and amount_fen < min(owed, 0)):
        raise _too_much(owed)
    return _write(
        actor, side, wanted, method=method, at=at, occurred_at=occurred_at, note=note, client_key=client_key
    )[0]


@transaction.atomic
def settle(
    actor: Actor,
    *,
    side: str,
    counterpart: debts.Counterpart,
    amount_fen: int,
    method: str,
    at: datetime,
    occurred_at: datetime | None = None,
    note: str = "",
    client_key: str = "",
) -> tuple[int, ...]:
    """Record a sum on account: it settles the oldest order first; return the payments it became."""
    actor.require(Permission.MONEY_READ)
    actor.require(Permission.LOT_MOVE)
    _check(amount_fen=amount_fen, method=method, note=note)
    check_moment(occurred_at or at, at=at)
    if known := _known(actor, side, client_key, amount_fen):
        return known
    ids = debts.open_order_ids(actor, side=side, counterpart=counterpart)
    orders = [order for order in _lock(actor, side, ids) if order.owed_fen > 0] if ids else []
    if known := _known(actor, side, client_key, amount_fen):
        return known
    if not orders:
        raise NothingOwed
    try:
        parts = money.allocate(amount_fen, orders)
    except MoreThanIsOwed as refused:
        raise _too_much(refused.owed_fen) from refused
    return _write(
        actor, side, parts, method=method, at=at, occurred_at=occurred_at, note=note, client_key=client_key
    )


def _too_much(owed_fen: int) -> MoreThanOwed:
    if owed_fen < 0:
        detail = _("Only %(amount)s yuan too much were paid. Give back no more than that.")
    else:
        detail = _(
            "Only %(amount)s yuan are owed. Enter that or less; what is over belongs to another order."
        )
    return MoreThanOwed(detail % {"amount": money.yuan(abs(owed_fen))}, where="amount", owed_fen=owed_fen)


def _check(*, amount_fen: int, method: str, note: str, where: str = "amount") -> None:
    errors = []
    if not 0 < amount_fen <= money.MOST_FEN:
        errors.append({"where": where, "what": _("Enter an amount above zero.")})
    if method not in set(money.Method):
        errors.append({"where": "method", "what": _("Choose how it was paid from the list.")})
    if len(note) > _LONGEST_NOTE:
        errors.append({"where": "note", "what": _("Keep the note below 200 characters.")})
    if errors:
        raise InvalidInput(errors=errors)


def _known(actor: Actor, side: str, client_key: str, amount_fen: int) -> tuple[int, ...]:
    """Return the payments that a client key made before; refuse it for another sum."""
    if not client_key:
        return ()
    rows = Payment.objects.filter(owner_id=actor.acting_party_id, client_key=client_key).order_by("place")
    found = list(rows)
    is_same = sum(row.amount_fen for row in found) == amount_fen and all(
        (row.ticket_id is None) == (side == OWING) for row in found
    )
    if found and not is_same:
        raise KeyReused
    return tuple(row.pk for row in found)


def _lock(actor: Actor, side: str, ids: Sequence[int]) -> list[OpenOrder]:
    """Lock orders of the actor's party, the oldest first, so that two payments cannot settle one debt twice."""
    owner_id = actor.acting_party_id
    if side == OWED:
        locked = set(
            Ticket.objects.select_for_update(of=("self",))
            .filter(pk__in=ids, seller_id=owner_id)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
    else:
        locked = set(
            Purchase.objects.select_for_update(of=("self",))
            .filter(pk__in=ids, buyer_id=owner_id)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
    if locked != set(ids):
        raise NotFound
    owed = debts.owed_on(side, ids)
    return [OpenOrder(pk, owed[pk]) for pk in ids]


def _write(
    actor: Actor,
    side: str,
    parts: Sequence[tuple[int, int]],
    *,
    method: str,
    at: datetime,
    occurred_at: datetime | None,
    note: str,
    client_key: str,
) -> tuple[int, ...]:
    rows = Payment.objects.bulk_create(
        Payment(
            owner_id=actor.acting_party_id,
            ticket_id=pk if side == OWED else None,
            purchase_id=pk if side == OWING else None,
            amount_fen=fen,
            method=method,
            occurred_at=occurred_at or at,
            recorded_at=at,
            recorded_by_id=actor.user_id,
            note=note.strip(),
            client_key=client_key,
            place=place,
        )
        for place, (pk, fen) in enumerate(parts)
    )
    ids = tuple(row.pk for row in rows)
    _seal_payments(actor, ids, at)
    audit.record(actor, "trade.paid", f"payment:{ids[0]}", parts=len(ids))
    return ids


def _seal_payments(actor: Actor, ids: Sequence[int], at: datetime) -> None:
    subjects = [sealed.payment_subject(pk) for pk in ids]
    states = sealed.rebuild_payments(subjects)
    ledger.append(actor, [Entry("trade.payment", one, states[one]) for one in subjects], at=at)


@transaction.atomic
def take_back_payment(actor: Actor, *, payment_id: int, reason: str, at: datetime) -> int:
    """Correct a wrong payment: a counter-entry of the same amount, with the reason; the debt is open again."""
    actor.require(Permission.MONEY_READ)
    actor.require(Permission.LOT_MOVE)
    wrong = (
        Payment.objects.select_for_update(of=("self",))
        .filter(pk=payment_id, owner_id=actor.acting_party_id)
        .first()
    )
    if wrong is None:
        raise NotFound
    if wrong.corrects_id is not None or Payment.objects.filter(corrects_id=wrong.pk).exists():
        raise AlreadyCorrected
    counter = Payment.objects.create(
        owner_id=wrong.owner_id,
        ticket_id=wrong.ticket_id,
        purchase_id=wrong.purchase_id,
        amount_fen=-wrong.amount_fen,
        method=wrong.method,
        occurred_at=wrong.occurred_at,
        recorded_at=at,
        recorded_by_id=actor.user_id,
        note=_reason(reason),
        corrects=wrong,
    )
    _seal_payments(actor, [counter.pk], at)
    audit.record(actor, "trade.payment_taken_back", f"payment:{wrong.pk}")
    return counter.pk


def _reason(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput(errors=[{"where": "reason", "what": _("Say what was wrong.")}])
    return reason.strip()[:_LONGEST_NOTE]


@transaction.atomic
def add_cash_entry(
    actor: Actor,
    *,
    kind: str,
    amount_fen: int,
    method: str,
    at: datetime,
    occurred_at: datetime | None = None,
    counterpart_id: int | None = None,
    counterpart_name: str = "",
    ticket_id: int | None = None,
    purchase_id: int | None = None,
    note: str = "",
    client_key: str = "",
) -> int:
    """Record income or expense that settles no order, and return its number."""
    actor.require(Permission.MONEY_READ)
    actor.require(Permission.LOT_MOVE)
    _check(amount_fen=amount_fen, method=method, note=note)
    check_moment(occurred_at or at, at=at)
    if kind not in set(money.CashKind):
        raise InvalidInput(errors=[{"where": "kind", "what": _("Choose a kind from the list.")}])
    owner_id = actor.acting_party_id
    _check_links(actor, counterpart_id, ticket_id, purchase_id)
    values = {
        "kind": kind,
        "amount_fen": amount_fen,
        "method": method,
        "counterpart_id": counterpart_id,
        "counterpart_name": counterpart_name.strip(),
        "ticket_id": ticket_id,
        "purchase_id": purchase_id,
        "note": note.strip(),
    }
    times = {"occurred_at": occurred_at or at, "recorded_at": at, "recorded_by_id": actor.user_id}
    if client_key:
        row, is_new = CashEntry.objects.get_or_create(
            owner_id=owner_id, client_key=client_key, defaults={**values, **times}
        )
        if not is_new:
            if any(getattr(row, name) != value for name, value in values.items()):
                raise KeyReused
            return row.pk
    else:
        row = CashEntry.objects.create(owner_id=owner_id, **values, **times)
    _seal_cash(actor, row.pk, at)
    audit.record(actor, "trade.cash_entry_added", f"cash_entry:{row.pk}", kind=kind)
    return row.pk


def _check_links(
    actor: Actor, counterpart_id: int | None, ticket_id: int | None, purchase_id: int | None
) -> None:
    owner_id = actor.acting_party_id
    if counterpart_id is not None:
        try:
            parties.get_party(actor, counterpart_id)
        except NotFound:
            what = _("You do not know this party yet. Add it to your suppliers and customers first.")
            raise InvalidInput(errors=[{"where": "counterpart_id", "what": what}]) from None
    is_ours = (ticket_id is None or Ticket.objects.filter(pk=ticket_id, seller_id=owner_id).exists()) and (
        purchase_id is None or Purchase.objects.filter(pk=purchase_id, buyer_id=owner_id).exists()
    )
    if not is_ours or (ticket_id is not None and purchase_id is not None):
        what = _("Choose one order of your own, or none.")
        raise InvalidInput(errors=[{"where": "order", "what": what}])


@transaction.atomic
def take_back_cash_entry(actor: Actor, *, entry_id: int, reason: str, at: datetime) -> int:
    """Correct a wrong entry of income or expense by a counter-entry, with the reason."""
    actor.require(Permission.MONEY_READ)
    actor.require(Permission.LOT_MOVE)
    wrong = (
        CashEntry.objects.select_for_update(of=("self",))
        .filter(pk=entry_id, owner_id=actor.acting_party_id)
        .first()
    )
    if wrong is None:
        raise NotFound
    if wrong.corrects_id is not None or CashEntry.objects.filter(corrects_id=wrong.pk).exists():
        raise AlreadyCorrected
    counter = CashEntry.objects.create(
        owner_id=wrong.owner_id,
        kind=wrong.kind,
        amount_fen=-wrong.amount_fen,
        method=wrong.method,
        counterpart_id=wrong.counterpart_id,
        counterpart_name=wrong.counterpart_name,
        ticket_id=wrong.ticket_id,
        purchase_id=wrong.purchase_id,
        note=_reason(reason),
        occurred_at=wrong.occurred_at,
        recorded_at=at,
        recorded_by_id=actor.user_id,
        corrects=wrong,
    )
    _seal_cash(actor, counter.pk, at)
    audit.record(actor, "trade.cash_entry_taken_back", f"cash_entry:{wrong.pk}")
    return counter.pk


def _seal_cash(actor: Actor, pk: int, at: datetime) -> None:
    subject = sealed.cash_subject(pk)
    state = sealed.rebuild_cash_entries([subject])[subject]
    ledger.append(actor, [Entry("trade.cash_entry", subject, state)], at=at)
