"""Count the stock: many lots at once, each difference with its reason, all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, KeyReused
from cailan.ledger import services as ledger
from cailan.ledger.rules import Entry
from cailan.lots import queries as lots
from cailan.lots import services as goods
from cailan.lots.rules.requests import Adjust
from cailan.trade.models.stock import StockTake
from cailan.trade.queries import sealed
from cailan.trade.services.times import check_moment


@dataclass(frozen=True, slots=True)
class Count:
    """What was found of one holding, against what the book said when it was counted."""

    holding_id: int
    counted: Decimal
    seen: Decimal | None  # None: the book states no quantity
    reason: str = ""


class CountNotTaken(InvalidInput):
    code = "count-not-taken"
    title = gettext_lazy("The count was not taken over")
    detail = gettext_lazy(
        "Nothing was changed: mend the lines that are marked, then send the whole count again."
    )


@transaction.atomic
def take_stock(
    actor: Actor, *, counts: Sequence[Count], occurred_at: datetime, at: datetime, client_key: str = ""
) -> int:
    """Book a count and return its number; what was sold or bought since the goods were counted stays booked.

    The book is moved by the difference that the count found, not set to what was found then.
    """
    actor.require(Permission.LOT_MOVE)
    owner_id = actor.acting_party_id
    if not counts:
        raise CountNotTaken(
            errors=[{"where": None, "what": _("Enter what you counted, for at least one lot.")}]
        )
    check_moment(occurred_at, at=at)
    now = lots.holding_facts_of([one.holding_id for one in counts])
    _check_once(counts)
    lines = [_line(one, now.get(one.holding_id), owner_id) for one in counts]
    take, is_new = StockTake.objects.get_or_create(
        owner_id=owner_id,
        client_key=client_key or uuid4().hex,
        defaults={
            "number": f"PD-{timezone.localtime(occurred_at):%y%m%d-%H%M}",
            "occurred_at": occurred_at,
            "recorded_at": at,
            "recorded_by_id": actor.user_id,
            "lines": lines,
        },
    )
    if not is_new:
        if take.lines != lines:
            raise KeyReused
        return take.pk
    _adjust(actor, take, counts, now, at)
    subject = sealed.stock_take_subject(take.pk)
    ledger.append(
        actor, [Entry("trade.stock_take", subject, sealed.rebuild_stock_takes([subject])[subject])], at=at
    )
    audit.record(actor, "trade.stock_taken", f"stock_take:{take.pk}", lines=len(lines))
    return take.pk


def _check_once(counts: Sequence[Count]) -> None:
    seen: set[int] = set()
    for one in counts:
        if one.holding_id in seen:
            raise _refused(one, _("This is counted twice. Enter one sum for it."))
        seen.add(one.holding_id)


def _line(one: Count, holding: lots.HoldingFacts | None, owner_id: int) -> dict[str, object]:
    if holding is None or holding.holder_id != owner_id:
        raise _refused(one, _("This is none of your stock. Open the page again and count anew."))
    if one.counted < 0:
        raise _refused(one, _("Nothing can be counted below zero."))
    if one.counted != one.seen and not one.reason.strip():
        raise _refused(one, _("Say why the count differs from the book."), part="reason")
    return {
        "holding": one.holding_id,
        "lot": holding.lot.code,
        "uom": holding.lot.uom,
        "seen": "" if one.seen is None else _plain(one.seen),
        "counted": _plain(one.counted),
        "reason": one.reason.strip(),
    }


def _refused(one: Count, what: str, *, part: str = "counted") -> CountNotTaken:
    return CountNotTaken(errors=[{"where": f"{part}_{one.holding_id}", "what": what}])


def _adjust(
    actor: Actor, take: StockTake, counts: Sequence[Count], now: dict[int, lots.HoldingFacts], at: datetime
) -> None:
    """Let the one write path of goods carry out every difference, or none."""
    differing = [one for one in counts if one.counted != one.seen]
    requests = []
    for one in differing:
        holding = now[one.holding_id]
        requests.append(
            Adjust(
                lot=holding.lot.code, holding_id=one.holding_id, counted=one.counted, seen=one.seen,
                uom=holding.lot.uom, reason=one.reason.strip(), occurred_at=take.occurred_at, document=take.number,
            )
        )  # fmt: skip
    outcomes = goods.record_many(actor, requests, at=at) if requests else []
    errors = [
        {"where": f"counted_{one.holding_id}", "what": str(outcome.problem.detail)}
        for one, outcome in zip(differing, outcomes, strict=True)
        if outcome.problem is not None
    ]
    if errors:
        raise CountNotTaken(errors=errors)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"
