"""What calls an official: alerts by area, and one alert with where the goods are."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from cailan.kernel.access import Actor, Permission
from cailan.kernel.paging import Page, newest_first
from cailan.kernel.problems import NotFound
from cailan.lots import queries as lots
from cailan.lots.queries import LotFacts
from cailan.parties import queries as parties
from cailan.supervision.models import Alert, AlertReach
from cailan.tracing import queries as tracing

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """One alert as its readers see it."""

    id: int
    kind: str
    severity: str
    state: str
    lot: LotFacts | None
    product: str
    party_id: int | None
    text: str
    refused_by: tuple[str, ...]
    recall: str  # number of the recall that answered it, or that it speaks of
    at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    handled_at: datetime | None
    handled_by: str
    note: str


@dataclass(frozen=True, slots=True)
class Where:
    """Where the goods of a lot and all made from it are now, in one unit."""

    uom: str
    in_stock: Decimal
    in_transit: Decimal
    sold: Decimal
    lost: Decimal


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """Goods in transit: from whom, for whom, and whom to call."""

    lot: LotFacts
    giver: str
    taker: str
    phone: str
    quantity: Decimal | None


def reaches(actor: Actor) -> Q | None:
    """Return which rows of reach concern an actor: its area or itself; None for nobody."""
    if not actor.may(Permission.ALERT_READ) or actor.party_id is None:
        return None
    if actor.party_kind == "regulator":
        if not actor.region:
            return None
        prefix = actor.region_prefix
        return Q(region__code__startswith=prefix) if prefix else Q(region__isnull=False)
    return Q(party_id=actor.party_id)


def visible_alerts(actor: Actor) -> "QuerySet[Alert]":
    """Return the alerts of an actor's area, market or laboratory."""
    if actor.sees_everything:
        return Alert.objects.all()
    mine = reaches(actor)
    if mine is None:
        return Alert.objects.none()
    return Alert.objects.filter(Exists(AlertReach.objects.filter(mine, alert=OuterRef("pk"))))


def list_alerts(
    actor: Actor, *, state: str = "", kind: str = "", cursor: str = "", limit: int | None = None
) -> Page[AlertFacts]:
    """List the alerts that concern the actor, newest first: of bases, laboratories, centres and markets alike."""
    actor.require(Permission.ALERT_READ)
    rows = visible_alerts(actor).select_related("recall")
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    page = newest_first(rows, cursor=cursor, limit=limit)
    found = lots.facts_of({row.lot_id for row in page.items if row.lot_id is not None})
    return Page(tuple(_facts(row, found.get(row.lot_id or 0)) for row in page.items), page.next)


def count_new_alerts(actor: Actor) -> int:
    """Count what nobody has looked at yet, for the menu."""
    if not actor.may(Permission.ALERT_READ):
        return 0
    return visible_alerts(actor).filter(state=Alert.State.NEW).count()


def get_alert(actor: Actor, alert_id: int) -> AlertFacts:
    """Return one alert that concerns the actor."""
    actor.require(Permission.ALERT_READ)
    row = visible_alerts(actor).select_related("recall").filter(pk=alert_id).first()
    if row is None:
        raise NotFound
    lot = lots.facts_of([row.lot_id]).get(row.lot_id) if row.lot_id is not None else None
    return _facts(row, lot)


def where_now(scope: tracing.Scope) -> tuple[Where, ...]:
    """Add up where the goods of a scope are, the largest unit first."""
    sums: dict[str, list[Decimal]] = {}
    for row in scope.holders:
        part = sums.setdefault(row.uom, [ZERO] * 4)
        stock = row.in_stock - row.in_transit
        for index, value in enumerate((stock, row.in_transit, row.retailed, row.lost)):
            part[index] += value
    found = [Where(uom, *part) for uom, part in sums.items()]
    return tuple(sorted(found, key=lambda one: -(one.in_stock + one.in_transit + one.sold + one.lost)))


def on_the_way(actor: Actor, lot_id: int) -> tuple[OnTheWay, ...]:
    """Return what of a lot, and of all made from it, is between two holders; phones for officials."""
    graph = lots.walk(lots.starts_of([lot_id]), back=False)
    nodes = [node for node in graph.nodes if node.is_in_transit and node.lot_id and node.remaining != 0]
    ids = {node.holder_id for node in nodes} | {node.consignee_id for node in nodes if node.consignee_id}
    is_official = actor.party_kind in tracing.OFFICIAL_KINDS
    people = parties.contacts(ids) if is_official else parties.facts(ids)
    facts = lots.facts_of({node.lot_id for node in nodes if node.lot_id is not None})
    found = []
    for node in nodes:
        taker = people.get(node.consignee_id or 0)
        found.append(
            OnTheWay(
                facts[node.lot_id or 0],
                people[node.holder_id].name_in(get_language()),
                taker.name_in(get_language()) if taker else "",
                taker.phone if taker else "",
                node.remaining,
            )
        )
    return tuple(found)


def _facts(row: Alert, lot: LotFacts | None) -> AlertFacts:
    return AlertFacts(
        row.pk,
        row.kind,
        row.severity,
        row.state,
        lot,
        lot.name if lot else row.product,
        row.party_id,
        row.text,
        tuple(map(str, row.refused_by)),
        row.recall.number if row.recall else "",
        row.at,
        row.acknowledged_at,
        row.acknowledged_by,
        row.handled_at,
        row.handled_by,
        row.note,
    )
