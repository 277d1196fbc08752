"""One step each of the week: every one is a call of a service, as a user would make it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cailan.kernel.access import Actor
from cailan.lots import queries as lot_queries
from cailan.lots import services as lots
from cailan.lots.rules.requests import AnyRequest, Awaits, Create, Line, Lose, NewLot
from cailan.products import queries as products
from cailan.quality import services as quality
from cailan.quality.rules.entries import ItemEntry
from cailan.quality.rules.quick import QuickMethod, Reading, StripLine
from cailan.trade import services as trade
from cailan.trade.rules.tickets import Kind, Order, OrderLine, Payment

SHANGHAI = ZoneInfo("Asia/Shanghai")
SENDERS = frozenset(
    {"choysum", "orchard", "pond", "mushroom", "plant"}
)  # send goods on, the price agreed apart
PRICES = {  # fen a kilogram: between traders, to consumers
    "菜心": (680, 1180),
    "芥兰": (720, 1280),
    "净菜拼盘": (1600, 2360),
    "番茄": (420, 780),
    "番石榴": (600, 980),
    "草鱼": (1500, 2200),
    "鸡蛋": (1050, 1400),
    "五花肉": (2600, 3600),
    "排骨": (3800, 5200),
    "香菇": (1400, 2200),
}
SELF_TESTED = {  # what a base tests before goods leave
    "香菇": "毒死蜱",
    "番石榴": "毒死蜱",
    "草鱼": "孔雀石绿",
    "鸡蛋": "氟苯尼考",
    "活猪": "克伦特罗",
}
PRODUCTS = (*PRICES, "香蕉", "活清远麻鸡", "活猪")


class Steps:
    """Who is there, what they trade in, and the verbs that the days are made of."""

    def __init__(self, actors: dict[str, Actor], places: dict[str, list[int]], at: datetime) -> None:
        self.actors = actors
        self.places = places
        self.today = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        self.now = at
        self.products = {name: facts.id for name, facts in products.resolve_names(PRODUCTS).items()}
        self.called: dict[str, str] = {}  # lot → product

    def time(self, day: datetime, clock: str) -> datetime:
        hour, minute = clock.split(":")
        return day.replace(hour=int(hour), minute=int(minute))

    def record(self, who: str, request: AnyRequest) -> Sequence[str]:
        if request.occurred_at > self.now:  # today's afternoon is still to come
            return ()
        return lots.record(self.actors[who], request, at=request.occurred_at).lot_codes

    def make(
        self, who: str, product: str, number: str, quantity: int, day: datetime, clock: str, *, place: int = -1,
        uom: str = "KGM",
    ) -> str:  # fmt: skip
        when = self.time(day, clock)
        attributes: dict[str, Any] = {
            "cbvmda:harvestStartDate": f"{when:%Y-%m-%d}",
            "cbvmda:countryOfOrigin": "CN",
        }
        lot = NewLot(number, Decimal(quantity), uom, self.products[product], attributes=attributes)
        site_id = self.places[who][place]
        [code] = self.record(
            who, Create(occurred_at=when, site_id=site_id, lot=lot, awaits=str(Awaits.SELF_TEST))
        )
        self.called[code] = product
        self.self_test(who, code, [SELF_TESTED[product]], when + timedelta(minutes=20))
        return code

    def self_test(
        self, who: str, lot: str, items: Sequence[str], when: datetime, photo_id: int | None = None
    ) -> None:
        """Read a strip for each item: the T line is darker than the C line, so the lot may leave."""
        strips = [
            ItemEntry(item, str(QuickMethod.GOLD), reading=Reading(line=str(StripLine.DARKER)))
            for item in items
        ]
        quality.self_test(
            self.actors[who], lot=lot, entries=strips, kit="胶体金速测卡（演示）", photo_id=photo_id, at=when
        )

    def sell(
        self, giver: str, taker: str, lot: str, quantity: int | str, day: datetime, clock: str, *, note: str = "",
        on_credit: bool = False, is_confirmed: bool = True, plate: str = "",
    ) -> str:  # fmt: skip
        """Issue a ticket; the taker scans it a quarter of an hour later and confirms."""
        when = self.time(day, clock)
        if when > self.now:
            return ""
        is_dispatch = giver in SENDERS
        price = None if is_dispatch else PRICES[self.called[lot]][0]
        line = OrderLine(
            lot=lot, quantity=Decimal(quantity), uom="KGM", price_fen=price, price_uom="" if is_dispatch else "KGM"
        )  # fmt: skip
        order = Order(
            kind=Kind.DISPATCH if is_dispatch else Kind.SALE,
            lines=(line,),
            issued_at=when,
            buyer_id=self.actors[taker].acting_party_id,
            payment=Payment.NONE if is_dispatch else Payment.CREDIT if on_credit else Payment.MOBILE,
            due_on=(when + timedelta(days=3)).date() if on_credit else None,
            site_id=self.places[giver][0],
            note=note,
            plate=plate,
        )
        ticket = trade.issue_ticket(self.actors[giver], order=order, at=when)
        if is_confirmed:
            self.confirm(taker, ticket.code, when + timedelta(minutes=15))
        return ticket.code

    def confirm(self, taker: str, ticket: str, when: datetime) -> None:
        if when <= self.now:
            trade.accept_ticket(
                self.actors[taker], code=ticket, at=when, occurred_at=when, site_id=self.places[taker][0]
            )

    def retail(self, who: str, lot: str, quantity: str, day: datetime, clock: str) -> None:
        when = self.time(day, clock)
        if when > self.now:
            return
        price = PRICES[self.called[lot]][1]
        line = OrderLine(lot=lot, quantity=Decimal(quantity), uom="KGM", price_fen=price, price_uom="KGM")
        order = Order(
            kind=Kind.RETAIL, lines=(line,), issued_at=when, payment=Payment.MOBILE, site_id=self.places[who][0]
        )  # fmt: skip
        trade.retail_sale(self.actors[who], order=order, at=when)

    def lose(self, who: str, lot: str, quantity: int | str, day: datetime, clock: str, reason: str) -> None:
        lines = (Line(lot, Decimal(quantity), "KGM"),)
        when = self.time(day, clock)
        self.record(who, Lose(occurred_at=when, site_id=self.places[who][0], lines=lines, reason=reason))

    def line(self, lot: str, quantity: int | str, uom: str = "KGM") -> Line:
        return Line(lot, Decimal(quantity), uom)

    def lot_of(self, who: str, number: str) -> str:
        """Return the code of what somebody has in stock under a lot number."""
        return lot_queries.stock(self.actors[who], text=number).items[0].lot.code
