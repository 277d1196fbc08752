"""The week: harvests at dawn, washing, dispatch, night wholesale, stalls, the border; and what goes wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cailan.kernel.access import Actor
from cailan.lots import services as lots
from cailan.lots.rules.requests import (
    AnyRequest,
    Create,
    Line,
    Lose,
    NewLot,
    Proof,
    Receive,
    Retail,
    Transfer,
    Transform,
)
from cailan.parties import services as parties
from cailan.parties.rules.facts import ExternalSpec
from cailan.products import queries as products

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = 7
PRODUCTS = (
    "菜心",
    "芥兰",
    "番茄",
    "香蕉",
    "番石榴",
    "草鱼",
    "活清远麻鸡",
    "鸡蛋",
    "活猪",
    "五花肉",
    "排骨",
    "香菇",
)


class Week:
    """Plays the days in order; every step is one call of a service, as a user would make it."""

    def __init__(self, actors: dict[str, Actor], places: dict[str, list[int]], at: datetime) -> None:
        self.actors = actors
        self.places = places
        self.today = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        self.now = at
        self.products = {name: facts.id for name, facts in products.resolve_names(PRODUCTS).items()}
        self.tickets = 0

    def play(self) -> None:
        for back in range(DAYS, 0, -1):
            day = self.today - timedelta(days=back)
            self._vegetables(day, back)
            self._meat_and_fish(day, back)
            if back == 5:  # noqa: PLR2004 (the third day)
                self._from_outside(day)
            if back == 2:  # noqa: PLR2004 (the day before yesterday)
                self._recall(day)

    # -- one day ------------------------------------------------------------------------------------------

    def _vegetables(self, day: datetime, back: int) -> None:
        crop, number = ("菜心", f"7-{day:%m%d}") if back % 2 else ("芥兰", f"9-{day:%m%d}")
        harvest = 180 + 20 * (back % 3)
        lot = self._make(
            "choysum",
            crop,
            number,
            harvest,
            day,
            "05:30",
            place=1 + back % 2,
            variety="四九" if back % 2 else "",
        )
        self._sell("choysum", "plant", lot, 80, day, "07:10", proof=Proof.SCANNED)
        self._sell("choysum", "centre", lot, harvest - 80, day, "07:40", proof=Proof.COUNTER_SIGNED)
        shiitake = self._make("mushroom", "香菇", f"M-{day:%m%d}", 40, day, "06:00")
        self._sell("mushroom", "plant", shiitake, 15, day, "08:00", proof=Proof.SCANNED)
        [washed] = self._record(
            "plant",
            Transform(
                occurred_at=self._time(day, "10:20"),
                site_id=self.places["plant"][0],
                inputs=(Line(lot, Decimal(76), "KGM"), Line(shiitake, Decimal(14), "KGM")),
                outputs=(
                    NewLot(f"JX-{day:%m%d}", Decimal(84), "KGM", product_name="净菜拼盘", product_id=None),
                ),
                proof=Proof.DEVICE,
            ),
        )
        self._lose("plant", lot, 4, day, "10:40", "黄叶")
        self._sell("plant", "centre", washed, 60, day, "12:00", proof=Proof.DEVICE)
        self._sell(
            "plant",
            "hongkong",
            washed,
            24,
            day,
            "14:30",
            document=f"CIQ-DEMO-{day:%m%d}",
            proof=Proof.OFFICIAL,
        )
        self._night(lot, washed, day)

    def _night(self, lot: str, washed: str, day: datetime) -> None:
        night = day + timedelta(days=1)
        self._sell("centre", "qiang", lot, 90, night, "02:10", proof=Proof.SCANNED)
        self._sell("centre", "macao", washed, 20, night, "02:30", proof=Proof.COUNTER_SIGNED)
        self._sell("centre", "chan", washed, 25, night, "03:00", proof=Proof.SCANNED)
        self._sell("qiang", "chan", lot, 40, night, "03:15", proof=Proof.SCANNED)
        self._sell("qiang", "lee", lot, 10, night, "03:25")
        for clock, quantity in (("06:40", "3.5"), ("07:20", "6"), ("08:05", "4.25"), ("09:30", "8")):
            self._retail("chan", lot, quantity, night, clock)
        self._retail("chan", washed, "11.5", night, "10:10")
        self._lose("chan", lot, "1.25", night, "11:50", "损耗")
        self._retail("qiang", lot, "31", night, "08:30")
        self._retail("lee", lot, "6.5", night, "10:45")
        self._sell("lee", "qiang", lot, "2", night, "11:55", document=f"RT-{night:%m%d}")  # a return
        self._retail("chan", lot, "15.5", night, "17:20")
        self._retail("chan", washed, "12.25", night, "17:50")
        self._retail("qiang", lot, "9", night, "12:40")
        for who, what, left in (
            ("chan", lot, "1.5"),
            ("chan", washed, "1.25"),
            ("qiang", lot, "2"),
            ("lee", lot, "1.5"),
        ):
            self._lose(who, what, left, night, "18:30", "收档清理")

    def _meat_and_fish(self, day: datetime, back: int) -> None:
        carp = self._make("pond", "草鱼", f"P3-{day:%m%d}", 120, day, "04:30")
        self._sell("pond", "centre", carp, 120, day, "06:30", proof=Proof.DEVICE)
        self._sell(
            "centre", "macao", carp, 45, day, "09:00", document=f"MO-DEMO-{day:%m%d}", proof=Proof.OFFICIAL
        )
        eggs = self._make("poultry", "鸡蛋", f"E-{day:%m%d}", 90, day, "06:10")
        self._sell("poultry", "chan", eggs, 30, day, "11:00", proof=Proof.SCANNED)
        self._retail("chan", eggs, "7.5", day, "17:40")
        self._retail("chan", eggs, "20", day + timedelta(days=1), "17:00")
        if back % 3 == 0:
            pigs = self._make("piggery", "活猪", f"F1-{day:%m%d}", 12, day, "03:00", uom="H87")
            belly, ribs = self._record(
                "piggery",
                Transform(
                    occurred_at=self._time(day, "05:00"),
                    site_id=self.places["piggery"][0],
                    inputs=(Line(pigs, Decimal(10), "H87"),),
                    outputs=(
                        NewLot(f"W-{day:%m%d}", Decimal(180), "KGM", self.products["五花肉"]),
                        NewLot(f"P-{day:%m%d}", Decimal(95), "KGM", self.products["排骨"]),
                    ),
                    proof=Proof.OFFICIAL,
                ),
            )
            self._sell(
                "piggery",
                "lee",
                belly,
                60,
                day,
                "07:00",
                document=f"QC-DEMO-{day:%m%d}",
                proof=Proof.OFFICIAL,
            )
            self._sell(
                "piggery", "lee", ribs, 30, day, "07:00", document=f"QC-DEMO-{day:%m%d}", proof=Proof.OFFICIAL
            )
            self._retail("lee", belly, "12.4", day, "09:10")
            self._retail("lee", ribs, "8.8", day, "09:35")
            self._retail("lee", belly, "46.2", day, "17:10")
            self._retail("lee", ribs, "20.5", day, "17:30")
        if back % 3 == 1:
            fruit = self._make("orchard", "番石榴", f"G-{day:%m%d}", 150, day, "07:30")
            self._sell("orchard", "centre", fruit, 100, day, "10:30", proof=Proof.SCANNED)
            self._sell(
                "centre",
                "hongkong",
                fruit,
                70,
                day,
                "15:00",
                document=f"HK-DEMO-{day:%m%d}",
                proof=Proof.OFFICIAL,
            )

    def _from_outside(self, day: datetime) -> None:
        """Tomatoes from a supplier who keeps no books here: the chain begins at his word."""
        name = "衡阳某合作社（演示）"
        uri = parties.external_uri(self.actors["qiang"].acting_party_id, name)
        supplier = parties.ensure_external(self.actors["qiang"], [ExternalSpec(uri=uri, name=name)])[uri]
        [lot] = self._record(
            "qiang",
            Receive(
                occurred_at=self._time(day, "01:20"),
                site_id=self.places["qiang"][0],
                document="湘D-演示-0715",
                lot=NewLot(f"HY-{day:%m%d}", Decimal(300), "KGM", self.products["番茄"]),
                supplier_id=supplier,
            ),
        )
        self._sell("qiang", "chan", lot, 60, day, "03:05", proof=Proof.SCANNED)
        self._retail("chan", lot, "21.5", day, "08:45")
        self._retail("chan", lot, "36", day, "17:15")
        self._retail("qiang", lot, "205", day, "10:00")

    def _recall(self, day: datetime) -> None:
        """A re-test of goods already sold finds too much: the district holds the lot and all made from it."""
        lot = self._make("choysum", "菜心", f"7B-{day:%m%d}", 60, day, "05:50", place=1)
        self._sell("choysum", "qiang", lot, 45, day, "08:20", proof=Proof.SCANNED)
        self._sell("qiang", "chan", lot, 20, day, "09:00", proof=Proof.SCANNED)
        self._retail("chan", lot, "6.5", day, "10:00")
        lots.hold(
            self.actors["district"],
            lot=lot,
            reason="复检毒死蜱超标（演示）",
            at=self._time(day, "16:00"),
            with_derived=True,
        )

    # -- steps --------------------------------------------------------------------------------------------

    def _time(self, day: datetime, clock: str) -> datetime:
        hour, minute = clock.split(":")
        return day.replace(hour=int(hour), minute=int(minute))

    def _record(self, who: str, request: AnyRequest) -> Sequence[str]:
        if request.occurred_at > self.now:  # today's afternoon is still to come
            return ()
        return lots.record(self.actors[who], request, at=request.occurred_at).lot_codes

    def _make(
        self,
        who: str,
        product: str,
        number: str,
        quantity: int,
        day: datetime,
        clock: str,
        *,
        place: int = -1,
        uom: str = "KGM",
        variety: str = "",
    ) -> str:
        when = self._time(day, clock)
        attributes: dict[str, Any] = {
            "cbvmda:harvestStartDate": f"{when:%Y-%m-%d}",
            "cbvmda:countryOfOrigin": "CN",
        }
        if variety:
            attributes["cailan:variety"] = variety
        lot = NewLot(number, Decimal(quantity), uom, self.products[product], attributes=attributes)
        [code] = self._record(
            who, Create(occurred_at=when, site_id=self.places[who][place], lot=lot, proof=Proof.DECLARED)
        )
        return code

    def _sell(
        self,
        giver: str,
        taker: str,
        lot: str,
        quantity: int | str,
        day: datetime,
        clock: str,
        *,
        document: str = "",
        proof: Proof = Proof.DECLARED,
    ) -> None:
        self.tickets += 1
        self._record(
            giver,
            Transfer(
                occurred_at=self._time(day, clock),
                site_id=self.places[giver][0],
                lines=(Line(lot, Decimal(quantity), "KGM"),),
                to_party_id=self.actors[taker].acting_party_id,
                to_site_id=self.places[taker][0],
                document=document or f"XS-{self.tickets:05d}",
                proof=proof,
            ),
        )

    def _retail(self, who: str, lot: str, quantity: str, day: datetime, clock: str) -> None:
        lines = (Line(lot, Decimal(quantity), "KGM"),)
        self._record(
            who,
            Retail(
                occurred_at=self._time(day, clock),
                site_id=self.places[who][0],
                lines=lines,
                proof=Proof.DEVICE,
            ),
        )

    def _lose(self, who: str, lot: str, quantity: int | str, day: datetime, clock: str, reason: str) -> None:
        lines = (Line(lot, Decimal(quantity), "KGM"),)
        self._record(
            who,
            Lose(occurred_at=self._time(day, clock), site_id=self.places[who][0], lines=lines, reason=reason),
        )
