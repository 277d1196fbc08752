"""A scandal in small, and decisions about it, for everybody's tests: all through the services."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cailan.kernel.access import SYSTEM, Actor
from cailan.lots import services as lots
from cailan.lots.queries import LotFacts
from cailan.lots.rules.requests import Dispatch, Line, NewLot, Retail, Transfer, Transform
from cailan.lots.tests.factories import AT, hand_over, make_lot, make_product
from cailan.parties.tests.factories import make_actor, make_party
from cailan.supervision import listeners, services
from cailan.supervision.models import Alert, Notice
from cailan.supervision.rules.deadlines import Level
from cailan.supervision.rules.measures import Decision, Measure
from cailan.supervision.rules.sums import Figures
from cailan.supervision.services import Said

LATER = AT + timedelta(hours=6)


@dataclass
class Scandal:
    """100 kg: 15 with the base, 20 on the way to the shop, 25 with the wholesaler and 9 in its bags, 15 of the
    stall's 25 sold, 5 with a canteen that keeps no books; 1 lost in packing, the rest accounted for."""

    base: Actor
    wholesaler: Actor
    stall: Actor
    shop: Actor
    canteen_id: int
    lab_id: int
    regulator: Actor
    city: Actor
    far: Actor
    market: Actor
    lot: LotFacts
    bags: str
    facts: dict[str, Any] = field(default_factory=dict)


def make_scandal(at: datetime = AT) -> Scandal:
    market = make_party("market", "江南市场")
    base = make_actor(make_party("base", "绿源基地", contact_name="黄志强", phone="13800138000"))
    wholesaler = make_actor(make_party("merchant", "大丰批发", phone="13900139000", market_id=market.pk))
    stall = make_actor(make_party("merchant", "老陈菜档", phone="13700137000", market_id=market.pk))
    shop = make_actor(make_party("merchant", "街口小店", phone="13600136000", region="440305"))
    canteen = make_party("merchant", "学校食堂公司", status="external", phone="13500135000")
    lot = make_lot(base, "100", at=at, number="7-1120")
    hand_over(base, wholesaler, lot, "65", at=at)
    hand_over(wholesaler, stall, lot, "25", at=at)
    hour = at + timedelta(hours=1)

    def record(actor: Actor, request: Any) -> Any:
        return lots.record(actor, request, at=hour)

    line = Line(lot.code, Decimal(15), "KGM")
    record(stall, Retail(occurred_at=hour, lines=(line,)))
    sent = Line(lot.code, Decimal(20), "KGM")
    record(base, Dispatch(occurred_at=hour, lines=(sent,), to_party_id=shop.acting_party_id))
    given = Line(lot.code, Decimal(5), "KGM")
    record(wholesaler, Transfer(occurred_at=hour, lines=(given,), to_party_id=canteen.pk))
    bags = NewLot(number="B-1", quantity=Decimal(9), uom="KGM", product_id=make_product("净菜"))
    drawn = Line(lot.code, Decimal(10), "KGM")
    made = record(wholesaler, Transform(occurred_at=hour, inputs=(drawn,), outputs=(bags,)))
    return Scandal(
        base=base,
        wholesaler=wholesaler,
        stall=stall,
        shop=shop,
        canteen_id=canteen.pk,
        lab_id=make_party("lab", "粤测检测").pk,
        regulator=make_actor(make_party("regulator", "增城市监局", area="440118")),
        city=make_actor(make_party("regulator", "广州市监局", area="440100")),
        far=make_actor(make_party("regulator", "从化市监局", region="440117", area="440117")),
        market=make_actor(market),
        lot=lot,
        bags=made.lot_codes[0],
    )


def failed_report(scandal: Scandal, report_id: int = 1, at: datetime = LATER) -> dict[str, Any]:
    """Return the news of a failed report as the outbox hands it over."""
    return {
        "report_id": report_id,
        "lot_id": scandal.lot.id,
        "lot_code": scandal.lot.code,
        "product": "菜心",
        "lab_id": scandal.lab_id,
        "kind": "official",
        "findings": "毒死蜱 0.37 mg/kg‖≤0.02 mg/kg",
        "refused_by": ["CN", "HK"],
        "at": at.isoformat(),
    }


def make_alert(scandal: Scandal, report_id: int = 1, at: datetime = LATER) -> int:
    """Let a report fail and return the alert's id."""
    listeners.on_report_failed(failed_report(scandal, report_id, at))
    return Alert.objects.get(source=f"quality.report:{report_id}").pk


def decision(scandal: Scandal, *, at: datetime = LATER, **changes: Any) -> Decision:
    values: dict[str, Any] = {
        "lot": scandal.lot.code,
        "kind": Measure.RECALL,
        "level": Level.SECOND,
        "place": "增城区石滩镇 7号地块",
        "happened_at": at - timedelta(hours=6),
        "known_at": at - timedelta(hours=1),
        "responsible_id": scandal.base.acting_party_id,
        "reason": "毒死蜱超标",
        "instruction": "立即停止销售，就地封存并报告数量。",
        "refund_place": "原购买摊位",
        **changes,
    }
    return Decision(**values)


def start(scandal: Scandal, *, at: datetime = LATER, actor: Actor | None = None, **changes: Any) -> str:
    """Decide on a recall and return its number."""
    return services.start_recall(
        actor or scandal.regulator, decision=decision(scandal, at=at, **changes), at=at
    )


def notice_to(number: str, party: Actor | int) -> Notice:
    """Return a party's notice of a recall."""
    party_id = party if isinstance(party, int) else party.acting_party_id
    return Notice.objects.get(recall__number=number, holder_id=party_id)


def answer(actor: Actor, number: str, *, at: datetime, key: str, lot_code: str = "", **figures: str) -> int:
    """Answer a notice for its first lot, or the named one."""
    notice = notice_to(number, actor)
    lines = notice.lines.order_by("pk")
    line = lines.get(lot__code=lot_code) if lot_code else lines[0]
    told = Figures(**{name: Decimal(value) for name, value in figures.items()})
    said = Said(lines=((line.pk, told),), occurred_at=at)
    return services.answer_notice(actor, notice_id=notice.pk, said=said, at=at, client_key=key)


def deliver(at: datetime = LATER) -> int:
    """Send what waits."""
    return services.deliver_queued(SYSTEM, at=at)
