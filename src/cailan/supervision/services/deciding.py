"""Decide on a withdrawal or recall: one transaction holds every remaining kilo, keeps the scope, tells everybody."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cailan.kernel import audit, outbox
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import Busy, InvalidInput, KeyReused
from cailan.lots import queries as lots
from cailan.lots import services as lots_services
from cailan.parties import queries as parties
from cailan.supervision.events import MessagesQueued, RecallStarted
from cailan.supervision.models import Alert, Notice, Recall, RecallLot, RecallReach, RecallStock
from cailan.supervision.queries.alerts import visible_alerts
from cailan.supervision.queries.calendar import calendar
from cailan.supervision.queries.integrity import NOTICE, RECALL, scope_digest
from cailan.supervision.rules.deadlines import Level, limits
from cailan.supervision.rules.measures import Decision, Measure, number_of
from cailan.supervision.rules.sealed import plain
from cailan.supervision.rules.sums import Account, bars
from cailan.supervision.services import sealing, sending
from cailan.supervision.services.alerts import regions_and_markets, settle
from cailan.supervision.services.noticing import Told, open_notices, open_outside
from cailan.supervision.services.problems import AlertSettled
from cailan.supervision.services.vouchers import vouchers_of

_NUMBERS_LOCK = 0x7265_6361_6C6C  # "recall"
_HOLD_REASON = 300
_LONGEST = {"place": 200, "reason": 1000, "instruction": 1000, "refund_place": 300}


@dataclass(slots=True)
class _Scope:
    """What the graph says at the moment of decision, every lot in it being on hold."""

    graph: lots.Graph
    facts: dict[int, lots.LotFacts]
    told: dict[tuple[int, int], Told] = field(default_factory=dict)  # holder, lot

    def stock(self) -> list[lots.GraphNode]:
        return [
            node
            for node in self.graph.nodes
            if node.id in self.graph.forward and node.lot_id is not None and node.remaining != 0
        ]


@transaction.atomic
def start_recall(actor: Actor, *, decision: Decision, at: datetime, client_key: str = "") -> str:
    """Decide, and return the number of the decision. The same client key with the same decision gives it again."""
    actor.require(Permission.RECALL_MANAGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERS_LOCK])
    if client_key and (known := _known(actor, decision, client_key)):
        return known
    root = lots.get_lot(actor, decision.lot)
    _check(root, decision, at)
    alert = _alert(actor, decision)
    number = _next_number(actor, decision, at)
    reason = f"{number} {decision.reason}"[:_HOLD_REASON]
    held = lots_services.hold(actor, lot=root.code, reason=reason, at=at, with_derived=True)
    scope = _scope_of(root.id)
    if {one.code for one in scope.facts.values()} != set(
        held
    ):  # the hold waits for whoever was still writing
        raise Busy
    recall = _write(actor, decision, root, number, scope, at, client_key)
    notices = _notify(recall, scope, at)
    sealing.seal(actor, sealing.RECALLS[0], [f"{RECALL}{number}"], at=at)
    sealing.seal(actor, sealing.NOTICES[0], [f"{NOTICE}{one.pk}" for one in notices], at=at)
    sending.queue(recall, notices, product=f"{root.name} {root.number}", at=at)
    _show(actor, recall, scope, at)
    if alert is not None:
        settle(actor, alert, note=number, at=at, recall_id=recall.pk)
    outbox.publish([RecallStarted(number, tuple(scope.facts)), MessagesQueued(number, len(notices))])
    audit.record(actor, "supervision.recall.started", f"recall:{number}", lot=root.code, notices=len(notices))
    return number


def _known(actor: Actor, decision: Decision, client_key: str) -> str:
    row = (
        Recall.objects.filter(authority_id=actor.acting_party_id, client_key=client_key)
        .select_related("lot")
        .first()
    )
    if row is None:
        return ""
    same = (row.lot.code, row.kind, row.level, row.responsible_id, row.reason, row.instruction) == (
        lots.key_of(decision.lot),
        str(decision.kind),
        str(decision.level),
        decision.responsible_id,
        decision.reason.strip(),
        decision.instruction.strip(),
    )
    if not same:
        raise KeyReused(key=client_key)
    return row.number


def _check(root: lots.LotFacts, decision: Decision, at: datetime) -> None:
    errors = []

    def wrong(where: str, what: object) -> None:
        errors.append({"where": where, "what": str(what)})

    for name, most in _LONGEST.items():
        text = getattr(decision, name).strip()
        if not text and name != "refund_place":
            wrong(name, _("Fill this in: holders and the public read it."))
        elif len(text) > most:
            wrong(name, _("This is too long: keep it below %(most)d characters.") % {"most": most})
    if decision.kind == Measure.RECALL and not decision.refund_place.strip():
        wrong("refund_place", _("Say where consumers bring it back and get their money."))
    if decision.known_at > at + timedelta(minutes=1):
        wrong("known_at", _("This lies in the future. Check the date and time."))
    if decision.happened_at > at + timedelta(minutes=1):
        wrong("happened_at", _("This lies in the future. Check the date and time."))
    if min(decision.known_at, decision.happened_at) < at - timedelta(days=3650):
        wrong("known_at", _("This is too long ago to be right. Check the date."))
    graph = lots.walk(lots.starts_of([root.id]))
    if decision.responsible_id not in {node.holder_id for node in graph.nodes} | {root.maker_id}:
        wrong("responsible_id", _("Choose a party that has to do with this lot."))
    if errors:
        raise InvalidInput(errors=errors)


def _alert(actor: Actor, decision: Decision) -> Alert | None:
    if decision.alert_id is None:
        return None
    alert = visible_alerts(actor).select_for_update(of=("self",)).filter(pk=decision.alert_id).first()
    if alert is None:
        raise InvalidInput(errors=[{"where": "alert_id", "what": str(_("There is no such alert."))}])
    if alert.state == Alert.State.HANDLED:
        raise AlertSettled
    return alert


def _next_number(actor: Actor, decision: Decision, at: datetime) -> str:
    """Return the next number of the day; whoever decides at the same time waits at the lock."""
    day = timezone.localtime(at)
    prefix = number_of(decision.kind, actor.region, day, 0)[:-3]
    last = Recall.objects.filter(number__startswith=prefix).order_by("-number").first()
    place = int(last.number[len(prefix) :]) + 1 if last else 1
    return number_of(decision.kind, actor.region, day, place)


def _scope_of(root_id: int) -> _Scope:
    """Return the lot and all made from it or packed in it, and in that again, as the hold reaches it."""
    reached = {root_id}
    while True:
        graph = lots.walk(lots.starts_of(reached), back=False, limit=1_000_000)
        inside = [node for node in graph.nodes if node.id in graph.forward and node.lot_id is not None]
        found = {node.lot_id for node in inside if node.lot_id is not None} | reached
        if found == reached:
            break
        reached = found
    scope = _Scope(graph, lots.facts_of(reached))
    for node in inside:
        key = (node.holder_id, node.lot_id or 0)
        told = scope.told.setdefault(key, Told(uom=scope.facts[key[1]].uom))
        told.quantity = (
            None if told.quantity is None or node.remaining is None else told.quantity + node.remaining
        )
        if node.is_in_transit:
            told.in_transit += node.remaining or Decimal(0)
    of_node = {node.id: (node.holder_id, node.lot_id or 0) for node in inside}
    for edge in graph.edges:
        if edge.kind == "retail" and edge.source_id in of_node and edge.quantity is not None:
            scope.told[of_node[edge.source_id]].sold += edge.quantity
    return scope


def _notify(recall: Recall, scope: _Scope, at: datetime) -> list[Notice]:
    """Tell the holders of the graph, and below them the buyers whom only a ticket names."""
    vouchers = vouchers_of(scope.facts)
    notices = open_notices(recall, scope.told, _consignees(scope), vouchers.phones, at=at)
    notice_of = {notice.holder_id: notice for notice in notices}
    for seller_id, buyers in vouchers.buyers.items():
        notices += open_outside(recall, buyers, parent=notice_of.get(seller_id), at=at)
    return notices


def _consignees(scope: _Scope) -> frozenset[int]:
    return frozenset(
        node.consignee_id for node in scope.stock() if node.is_in_transit and node.consignee_id is not None
    )


def _write(
    actor: Actor,
    decision: Decision,
    root: lots.LotFacts,
    number: str,
    scope: _Scope,
    at: datetime,
    client_key: str,
) -> Recall:
    due = limits(
        Level(decision.level),
        known_at=decision.known_at,
        announced_at=at,
        calendar=calendar(timezone.localtime(at).date()),
    )
    recall = Recall.objects.create(
        number=number,
        kind=str(decision.kind),
        level=str(decision.level),
        lot_id=root.id,
        responsible_id=decision.responsible_id,
        authority_id=actor.acting_party_id,
        authority_region=actor.region,
        decided_by=f"{actor.party_name} {actor.display_name}".strip()[:100],
        decided_by_user_id=actor.user_id,
        place=decision.place.strip(),
        happened_at=decision.happened_at,
        known_at=decision.known_at,
        decided_at=at,
        start_due=due.start_due,
        finish_due=due.finish_due,
        reason=decision.reason.strip(),
        instruction=decision.instruction.strip(),
        refund_place=decision.refund_place.strip(),
        quantities=_quantities(scope, root.id),
        scope_sha256="",
        client_key=client_key or None,
    )
    RecallLot.objects.bulk_create(RecallLot(recall=recall, lot_id=pk) for pk in sorted(scope.facts))
    RecallStock.objects.bulk_create(
        RecallStock(
            recall=recall,
            lot_id=node.lot_id or 0,
            holder_id=node.holder_id,
            holding_id=node.id,
            quantity=node.remaining,
            uom=scope.facts[node.lot_id or 0].uom,
            is_in_transit=node.is_in_transit,
            consignee_id=node.consignee_id,
        )
        for node in scope.stock()
    )
    recall.scope_sha256 = scope_digest(recall.pk)
    recall.save(update_fields=["scope_sha256"])
    _reach(recall, scope, root)
    return recall


def _quantities(scope: _Scope, root_id: int) -> list[dict[str, str]]:
    """Return how much was made of the trace unit, and how much is left of it and all made from it."""
    ours = {node.id for node in scope.graph.nodes if node.lot_id == root_id}
    made = sum(
        (
            edge.quantity or Decimal(0)
            for edge in scope.graph.edges
            if edge.target_id in ours and edge.kind == "create"
        ),
        Decimal(0),
    )
    accounts = [Account(told.uom, told.quantity, told.sold) for told in scope.told.values()]
    found = [
        {"what": what, "uom": bar.uom, "quantity": plain(value)}
        for bar in bars(accounts)
        for what, value in (("left", bar.start), ("sold", bar.sold))
    ]
    return [{"what": "made", "uom": scope.facts[root_id].uom, "quantity": plain(made)}, *found]


def _reach(recall: Recall, scope: _Scope, root: lots.LotFacts) -> None:
    holders = {holder for holder, _lot in scope.told} | _consignees(scope) | {recall.responsible_id}
    found = tuple(parties.facts(holders).values())
    regions, bodies = regions_and_markets(found, {root.region, recall.authority_region}, set())
    RecallReach.objects.bulk_create(
        [RecallReach(recall=recall, region_id=code) for code in sorted(regions)]
        + [RecallReach(recall=recall, party_id=pk) for pk in sorted(bodies)]
    )


def _show(actor: Actor, recall: Recall, scope: _Scope, at: datetime) -> None:
    """Let those see the lots whom the recall reaches and who never had them."""
    ids = lots.visible_ids(actor, list(scope.facts))
    codes = [scope.facts[pk].code for pk in ids]
    for party_id in sorted(_consignees(scope) | {recall.responsible_id}):
        lots_services.show_to(actor, lots=codes, party_id=party_id, at=at)
