"""Raise alerts, and let officials take them on and settle them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cailan.kernel import audit, outbox
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput, NotFound
from cailan.lots import queries as lots
from cailan.parties import queries as parties
from cailan.parties.rules.facts import PartyFacts
from cailan.supervision.events import AlertRaised
from cailan.supervision.models import Alert, AlertReach
from cailan.supervision.queries.alerts import visible_alerts
from cailan.supervision.queries.integrity import ALERT
from cailan.supervision.services import sealing
from cailan.supervision.services.problems import AlertSettled

_ACKNOWLEDGED, _HANDLED = sealing.ALERTS[1:]
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class News:
    """What an alert says; `source` names the fact behind it, so that news told twice is one alert."""

    kind: str
    severity: str
    source: str
    text: str
    at: datetime
    lot_id: int | None = None
    product: str = ""
    party_id: int | None = None
    refused_by: tuple[str, ...] = ()
    recall_id: int | None = None
    also_regions: tuple[str, ...] = ()
    also_parties: tuple[int, ...] = ()


@transaction.atomic
def raise_alert(actor: Actor, news: News) -> int:
    """Raise an alert for the authorities of all regions where the goods are or were made; again changes nothing."""
    alert, is_new = Alert.objects.get_or_create(
        source=news.source,
        defaults={
            "kind": news.kind,
            "severity": news.severity,
            "lot_id": news.lot_id,
            "product": news.product[:200],
            "party_id": news.party_id,
            "text": news.text,
            "refused_by": list(news.refused_by),
            "recall_id": news.recall_id,
            "at": news.at,
        },
    )
    if not is_new:
        return alert.pk
    regions, bodies = _concerned(news)
    AlertReach.objects.bulk_create(
        [AlertReach(alert=alert, region_id=code) for code in sorted(regions)]
        + [AlertReach(alert=alert, party_id=pk) for pk in sorted(bodies)]
    )
    sealing.seal(actor, sealing.ALERTS[0], [f"{ALERT}{alert.pk}"], at=news.at)
    outbox.publish([AlertRaised(alert.pk, alert.kind)])
    audit.record(actor, "supervision.alert.raised", f"alert:{alert.pk}", kind=news.kind)
    return alert.pk


def _concerned(news: News) -> tuple[set[str], set[int]]:
    """Return the regions and the markets that have to do with it: of makers, of all holders, and those named."""
    holders: set[int] = {news.party_id} if news.party_id else set()
    regions, bodies = set(news.also_regions), set(news.also_parties)
    if news.lot_id is not None:
        facts = lots.facts_of([news.lot_id])[news.lot_id]
        graph = lots.walk(lots.starts_of([news.lot_id]), back=False)
        holders |= {node.holder_id for node in graph.nodes} | {facts.maker_id}
        regions.add(facts.region)
    found = parties.facts(holders)
    return regions_and_markets(tuple(found.values()), regions, bodies)


def regions_and_markets(
    found: Collection[PartyFacts], regions: set[str], bodies: set[int]
) -> tuple[set[str], set[int]]:
    """Add the regions and markets of parties."""
    regions |= {party.region for party in found}
    bodies |= {party.market_id for party in found if party.market_id is not None}
    return regions - {""}, bodies


@transaction.atomic
def acknowledge(actor: Actor, *, alert_id: int, at: datetime) -> None:
    """Take an alert on: others see that somebody is at it. A second time changes nothing."""
    actor.require(Permission.RECALL_MANAGE)
    alert = _locked(actor, alert_id)
    if alert.state != Alert.State.NEW:
        return
    alert.state, alert.acknowledged_at, alert.acknowledged_by = (
        Alert.State.ACKNOWLEDGED,
        at,
        _called(actor),
    )
    alert.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])
    sealing.seal(actor, _ACKNOWLEDGED, [f"{ALERT}{alert.pk}"], at=at)
    audit.record(actor, "supervision.alert.acknowledged", f"alert:{alert.pk}")


@transaction.atomic
def handle_alert(actor: Actor, *, alert_id: int, note: str, at: datetime) -> None:
    """Settle an alert without a recall, saying what was done."""
    actor.require(Permission.RECALL_MANAGE)
    alert = _locked(actor, alert_id)
    if not note.strip():
        raise InvalidInput(errors=[{"where": "note", "what": str(_("Say what was done about it."))}])
    if len(note) > LONGEST_NOTE:
        raise InvalidInput(errors=[{"where": "note", "what": str(_("Keep it below 500 characters."))}])
    if alert.state == Alert.State.HANDLED:
        raise AlertSettled
    settle(actor, alert, note=note.strip(), at=at)


def settle(actor: Actor, alert: Alert, *, note: str, at: datetime, recall_id: int | None = None) -> None:
    """Mark an alert as handled, in the transaction of what was done about it."""
    alert.state, alert.handled_at, alert.handled_by = Alert.State.HANDLED, at, _called(actor)
    alert.note, alert.recall_id = note, recall_id or alert.recall_id
    alert.save(update_fields=["state", "handled_at", "handled_by", "note", "recall"])
    sealing.seal(actor, _HANDLED, [f"{ALERT}{alert.pk}"], at=at)
    audit.record(actor, "supervision.alert.handled", f"alert:{alert.pk}", recall=recall_id or 0)


def _locked(actor: Actor, alert_id: int) -> Alert:
    alert = visible_alerts(actor).select_for_update(of=("self",)).filter(pk=alert_id).first()
    if alert is None:
        raise NotFound
    return alert


def _called(actor: Actor) -> str:
    return f"{actor.party_name} {actor.display_name}".strip()[:100]
