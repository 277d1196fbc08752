"""The week: harvests at dawn, tests, washing, dispatch, night wholesale, stalls, the border; and what goes wrong."""

from datetime import datetime, timedelta
from decimal import Decimal

from cailan.lots.rules.requests import NewLot, Proof, Transform
from cailan.portals.services.demo.farm import PLOT_7, PLOT_9, Farm
from cailan.trade import services as trade
from cailan.trade.rules.tickets import Goods, HandPurchase, Payment

DAYS = 7


class Week(Farm):
    """Plays the days in order; every step is one call of a service, as a user would make it."""

    def play(self) -> None:
        self.open_laboratory()
        self.begin()
        for back in range(DAYS, 0, -1):
            day = self.today - timedelta(days=back)
            self._vegetables(day, back)
            self._meat_and_fish(day, back)
            if back == 5:  # noqa: PLR2004 (the third day)
                self._from_outside(day)
            if back == 2:  # noqa: PLR2004 (the day before yesterday)
                self._found_too_late(day)
        self._left_for_the_visitor()

    # -- one day ------------------------------------------------------------------------------------------

    def _vegetables(self, day: datetime, back: int) -> None:
        plot, crop = (PLOT_7, "菜心") if back % 2 else (PLOT_9, "芥兰")
        harvest = 180 + 20 * (back % 3)
        lot = self.pick(plot, crop, f"{7 if back % 2 else 9}-{day:%m%d}", harvest, day)
        self.sell("choysum", "plant", lot, 80, day, "07:10", plate="粤A·演示07")
        self.sell("choysum", "centre", lot, harvest - 80, day, "07:40", plate="粤A·演示07")
        self.test_arrival(lot, self.time(day, "08:10"))
        shiitake = self.make("mushroom", "香菇", f"M-{day:%m%d}", 40, day, "06:00")
        self.sell("mushroom", "plant", shiitake, 15, day, "08:00")
        [washed] = self.record(
            "plant",
            Transform(
                occurred_at=self.time(day, "10:20"),
                site_id=self.places["plant"][0],
                inputs=(self.line(lot, 76), self.line(shiitake, 14)),
                outputs=(
                    NewLot(f"JX-{day:%m%d}", Decimal(84), "KGM", product_name="净菜拼盘", product_id=None),
                ),
                proof=Proof.DEVICE,
            ),
        )
        self.called[washed] = "净菜拼盘"
        self.lose("plant", lot, 4, day, "10:40", "黄叶")
        self.sell("plant", "hongkong", washed, 24, day, "14:30", note=f"CIQ-DEMO-{day:%m%d}")
        self._night(lot, washed, day)

    def _night(self, lot: str, washed: str, day: datetime) -> None:
        night = day + timedelta(days=1)
        self.sell("centre", "qiang", lot, 90, night, "02:10")
        self.sell("plant", "macao", washed, 20, night, "02:30", note=f"MO-DEMO-{day:%m%d}")
        self.sell("plant", "chan", washed, 25, night, "02:40")
        self.sell("qiang", "chan", lot, 40, night, "03:15", on_credit=True)
        self.sell("qiang", "lee", lot, 10, night, "03:25")
        for clock, quantity in (("06:40", "3.5"), ("07:20", "6"), ("08:05", "4.25"), ("09:30", "8")):
            self.retail("chan", lot, quantity, night, clock)
        self.retail("chan", washed, "11.5", night, "10:10")
        self.lose("chan", lot, "1.25", night, "11:50", "spoiled")
        self.retail("qiang", lot, "31", night, "08:30")
        self.retail("lee", lot, "6.5", night, "10:45")
        self.sell("lee", "qiang", lot, "2", night, "11:40", note="退货（演示）")  # a return
        self.retail("chan", lot, "15.5", night, "17:20")
        self.retail("chan", washed, "12.25", night, "17:50")
        self.retail("qiang", lot, "9", night, "12:40")
        for who, what, left in (
            ("chan", lot, "1.5"),
            ("chan", washed, "1.25"),
            ("qiang", lot, "2"),
            ("lee", lot, "1.5"),
        ):
            self.lose(who, what, left, night, "18:30", "spoiled")

    def _meat_and_fish(self, day: datetime, back: int) -> None:
        carp = self.make("pond", "草鱼", f"P3-{day:%m%d}", 120, day, "04:30")
        self.sell("pond", "centre", carp, 120, day, "06:30")
        self.test_arrival(carp, self.time(day, "06:50"))
        self.sell("centre", "macao", carp, 45, day, "09:00", note=f"MO-DEMO-{day:%m%d}")
        eggs = self.make("poultry", "鸡蛋", f"E-{day:%m%d}", 90, day, "06:10")
        self.sell("poultry", "chan", eggs, 30, day, "11:00")
        self.retail("chan", eggs, "7.5", day, "17:40")
        self.retail("chan", eggs, "20", day + timedelta(days=1), "17:00")
        if back % 3 == 0:
            self._slaughter(day)
        if back % 3 == 1:
            fruit = self.make("orchard", "番石榴", f"G-{day:%m%d}", 150, day, "07:30")
            self.sell("orchard", "hongkong", fruit, 70, day, "15:00", note=f"HK-DEMO-{day:%m%d}")

    def _slaughter(self, day: datetime) -> None:
        pigs = self.make("piggery", "活猪", f"F1-{day:%m%d}", 12, day, "03:00", uom="H87")
        belly, ribs = self.record(
            "piggery",
            Transform(
                occurred_at=self.time(day, "05:00"),
                site_id=self.places["piggery"][0],
                inputs=(self.line(pigs, 10, "H87"),),
                outputs=(
                    NewLot(f"W-{day:%m%d}", Decimal(180), "KGM", self.products["五花肉"]),
                    NewLot(f"P-{day:%m%d}", Decimal(95), "KGM", self.products["排骨"]),
                ),
                proof=Proof.OFFICIAL,
            ),
        )
        self.called |= {belly: "五花肉", ribs: "排骨"}
        self.sell("piggery", "lee", belly, 60, day, "07:00", note=f"QC-DEMO-{day:%m%d}")
        self.sell("piggery", "lee", ribs, 30, day, "07:05", note=f"QC-DEMO-{day:%m%d}")
        for lot, quantity, clock in (
            (belly, "12.4", "09:10"),
            (ribs, "8.8", "09:35"),
            (belly, "46.2", "17:10"),
            (ribs, "20.5", "17:30"),
        ):
            self.retail("lee", lot, quantity, day, clock)

    def _from_outside(self, day: datetime) -> None:
        """Tomatoes from a supplier who keeps no books here: the chain begins at his word."""
        qiang = self.actors["qiang"]
        when = self.time(day, "01:20")
        tomatoes = Goods(
            quantity=Decimal(300),
            uom="KGM",
            product_id=self.products["番茄"],
            batch_number=f"HY-{day:%m%d}",
            origin_text="湖南衡阳（演示）",
            price_fen=260,
            price_uom="KGM",
        )
        trade.buy_by_hand(
            qiang,
            purchase=HandPurchase(
                lines=(tomatoes,),
                purchased_at=when,
                supplier_name="衡阳某合作社（演示）",
                supplier_phone="0000-0715",
                plate="湘D·演示15",
                payment=Payment.TRANSFER,
                site_id=self.places["qiang"][0],
            ),
            at=when,
        )
        lot = self.lot_of("qiang", f"HY-{day:%m%d}")
        self.called[lot] = "番茄"
        self.sell("qiang", "chan", lot, 60, day, "03:05")
        self.retail("chan", lot, "21.5", day, "08:45")
        self.retail("chan", lot, "36", day, "17:15")
        self.retail("qiang", lot, "205", day, "10:00")

    def _found_too_late(self, day: datetime) -> None:
        """A sample of goods already sold fails: the laboratory's report stops them everywhere and raises an alert."""
        lot = self.pick(PLOT_7, "菜心", f"7B-{day:%m%d}", 60, day)
        self.sell("choysum", "centre", lot, 50, day, "07:50")
        self.test_arrival(lot, self.time(day, "08:20"))
        night = day + timedelta(days=1)
        self.sell("centre", "qiang", lot, 45, night, "02:20")
        self.sell("qiang", "chan", lot, 20, night, "03:20")
        self.retail("chan", lot, "6.5", night, "07:00")
        self.sample_at_stall(lot, "chan", self.time(night, "09:00"), residue="0.081")

    def _left_for_the_visitor(self) -> None:
        """What waits to be done when somebody first looks: a ticket to scan, a lot to test, a plot to leave alone."""
        today = self.today
        self.spray_plot_9(self.time(today - timedelta(days=1), "16:30"))
        eggs = self.make("poultry", "鸡蛋", f"E2-{today:%m%d}", 60, today, "06:10")
        self.sell("poultry", "qiang", eggs, 48, today, "07:30")
        self.sell("qiang", "chan", eggs, 20, today, "10:40", is_confirmed=False)
        greens = self.pick(PLOT_7, "菜心", f"7-{today:%m%d}", 160, today)
        self.sell("choysum", "centre", greens, 90, today, "08:30", plate="粤A·演示07")
        self.sell("choysum", "centre", greens, 40, today, "11:00", is_confirmed=False, plate="粤A·演示07")
