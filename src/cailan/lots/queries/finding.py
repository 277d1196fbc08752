"""Find lots by their numbers, and what a party usually does: for defaults and for the home pages."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, Sum

from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import NotFound
from cailan.lots.models import Flow, Holding, Lot
from cailan.lots.queries.reading import HoldingFacts, LotFacts, facts, holding_facts, key_of, listed, visible

MOST = 20


def lots_named(actor: Actor, text: str) -> tuple[LotFacts, ...]:
    """Return the visible lots with exactly this trace code, URI or lot number, newest first, at most twenty."""
    key = key_of(text)
    rows = (
        visible(actor)
        .select_related("product", "maker", "origin")
        .filter(Q(code=key) | Q(uri=key) | Q(number=text.strip()))
    )
    return tuple(facts(row) for row in rows.order_by("-pk")[:MOST])


def usual_partners(actor: Actor, *, suppliers: bool = False) -> tuple[int, ...]:
    """Return the parties with which goods were exchanged, the latest first."""
    ours, theirs = ("target", "source") if suppliers else ("source", "target")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.holder_id FROM lots_flow f JOIN lots_holding o ON o.id = f.{ours}_id"  # noqa: S608 (our own words)
            f" JOIN lots_holding t ON t.id = f.{theirs}_id WHERE o.holder_id = %s AND t.holder_id <> %s"
            " AND f.kind = 'transfer' GROUP BY t.holder_id ORDER BY max(f.id) DESC LIMIT %s",
            [actor.acting_party_id, actor.acting_party_id, MOST],
        )
        return tuple(pk for (pk,) in cursor.fetchall())


def usual_products(actor: Actor) -> tuple[int, ...]:
    """Return the products of the party's latest lots."""
    rows = Lot.objects.filter(maker_id=actor.acting_party_id, product__isnull=False).order_by("-pk")
    return tuple(dict.fromkeys(rows.values_list("product_id", flat=True)[:200]))[:MOST]


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much there is, and what moved since a moment."""

    holdings: int
    lots: int
    stock: tuple[tuple[str, Decimal], ...]  # unit, what is left
    made: int
    received: int
    moved_out: int
    held: int


def numbers(actor: Actor, since: datetime) -> Numbers:
    """Count the actor's own stock and movements."""
    party = actor.acting_party_id
    open_stock = Holding.objects.filter(
        Q(remaining_quantity__gt=0) | Q(remaining_quantity=None),
        holder_id=party,
        lot__isnull=False,
        is_in_transit=False,
    )
    by_unit = open_stock.values("lot__uom").annotate(
        left=Sum("remaining_quantity"), count=Count("id"), lots=Count("lot", distinct=True)
    )
    rows = list(by_unit.order_by("lot__uom"))
    flows = Flow.objects.filter(occurred_at__gte=since)
    return Numbers(
        holdings=sum(row["count"] for row in rows),
        lots=sum(row["lots"] for row in rows),
        stock=tuple((row["lot__uom"], row["left"] or Decimal(0)) for row in rows),
        made=Lot.objects.filter(maker_id=party, made_at__gte=since).count(),
        received=flows.filter(kind="transfer", target__holder_id=party)
        .exclude(source__holder_id=party)
        .count(),
        moved_out=flows.filter(source__holder_id=party, kind__in=("transfer", "retail"))
        .exclude(target__holder_id=party)
        .count(),
        held=open_stock.filter(lot__is_held=True).values("lot").distinct().count(),
    )


@dataclass(frozen=True, slots=True)
class AreaNumbers:
    """What those who oversee see of their area or market."""

    lots: int
    made: int
    held: int
    holders: int


def area_numbers(actor: Actor, since: datetime) -> AreaNumbers:
    """Count the lots that an overseer may see."""
    rows = listed(actor)
    counted = rows.aggregate(
        lots=Count("id"),
        made=Count("id", filter=Q(made_at__gte=since)),
        held=Count("id", filter=Q(is_held=True)),
    )
    holders = (
        Holding.objects.filter(lot__in=rows, remaining_quantity__gt=0).values("holder").distinct().count()
    )
    return AreaNumbers(counted["lots"], counted["made"], counted["held"], holders)


def may_hold(actor: Actor, lot: LotFacts) -> bool:
    """Say whether the actor may hold a lot everywhere: its maker, a laboratory, the market, a regulator."""
    return actor.may(Permission.LOT_HOLD) and (
        lot.maker_id == actor.party_id or actor.party_kind in {"regulator", "market", "lab"}
    )


def get_holding(actor: Actor, holding_id: int) -> HoldingFacts:
    """Return one of the actor's own holdings."""
    row = (
        Holding.objects.filter(pk=holding_id, holder_id=actor.acting_party_id, lot__isnull=False)
        .select_related("lot__product", "lot__maker", "lot__origin", "holder", "site")
        .first()
    )
    if row is None:
        raise NotFound
    return holding_facts(row)
