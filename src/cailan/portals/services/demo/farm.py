"""The vegetable base: seed, inputs, work on two plots, harvest, self-test and promise; and the laboratory's bench."""

import io
from datetime import datetime, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw

from cailan.documents import services as documents
from cailan.portals.services.demo.steps import Steps
from cailan.production import queries as production_queries
from cailan.production import services as production
from cailan.production.rules.facts import Ingredient
from cailan.production.rules.kinds import Aspect, HarvestMethod, InputKind, OperationKind, SeedSource
from cailan.production.rules.store import LabelInterval
from cailan.production.services.batches import Seed
from cailan.production.services.using import Material
from cailan.quality import services as quality
from cailan.quality.rules.certificate import Basis
from cailan.quality.rules.entries import ItemEntry

PLOT_7, PLOT_9 = 1, 2
INTERVAL_DAYS = 5
LAB_METHOD = "GB 23200.121"
BEGAN = timedelta(days=45)


class Farm(Steps):
    """What the base does, and what is tested."""

    def begin(self) -> None:
        """Open the books of the base some weeks ago: two crops, their seed, what was done to them."""
        grower, start = self.actors["choysum"], self.time(self.today - BEGAN, "08:00")
        self.photo = documents.store(
            grower, file=io.BytesIO(field_picture()), name="plot-7.jpg", kind="photo", at=start
        )
        for aspect, finding in (
            (Aspect.SOIL, "重金属未超标（演示）"),
            (Aspect.WATER, "灌溉水符合标准（演示）"),
        ):
            production.record_environment(
                grower, site_id=self.places["choysum"][0], aspect=str(aspect), finding=finding,
                measured_on=start.date(), report_no="HJ-DEMO-01", at=start,
            )  # fmt: skip
        self.spray = production.buy_input(
            grower,
            at=start,
            kind=str(InputKind.PESTICIDE),
            name="4.5%高效氯氰菊酯乳油（演示）",
            registration_no="PD20090000",
            ingredients=(Ingredient("氯氰菊酯", "4.5%"),),
            label=(LabelInterval(None, INTERVAL_DAYS),),
            quantity=Decimal(6),
            uom="LTR",
            batch="DEMO-2601",
            bought_on=start.date(),
            expires_on=(start + timedelta(days=700)).date(),
            supplier_name="田野农资店（演示）",
        )
        self.manure = production.buy_input(
            grower,
            at=start,
            kind=str(InputKind.FERTILISER),
            name="商品有机肥（演示）",
            quantity=Decimal(2000),
            uom="KGM",
            batch="DEMO-YJ7",
            bought_on=start.date(),
            supplier_name="田野农资店（演示）",
        )
        self.crops = {
            PLOT_7: self._plant("菜心", "四九菜心（演示）", "四九-19号", PLOT_7, start),
            PLOT_9: self._plant("芥兰", "香花芥兰（演示）", "香花", PLOT_9, start + timedelta(hours=2)),
        }

    def _plant(self, crop: str, seed: str, variety: str, plot: int, when: datetime) -> int:
        grower = self.actors["choysum"]
        batch = production.open_batch(
            grower,
            product_id=self.products[crop],
            site_id=self.places["choysum"][plot],
            area_mu=Decimal("12.5"),
            planted_on=when.date(),
            seed=Seed(
                name=seed, variety=variety, kind=str(SeedSource.BOUGHT_SEED), supplier="南粤种业（演示）",
                batch="ZZ-DEMO-26", certificate_no="粤种-演示-0426",
            ),
            at=when,
        )  # fmt: skip
        self._work(batch, OperationKind.FERTILISING, when + timedelta(days=2), self.manure, "400", "KGM")
        self._work(batch, OperationKind.IRRIGATING, when + timedelta(days=3))
        self._work(batch, OperationKind.WEEDING, when + timedelta(days=12))
        self._work(batch, OperationKind.SPRAYING, when + timedelta(days=25), self.spray, "1.2", "LTR")
        return batch

    def _work(
        self,
        batch: int,
        kind: OperationKind,
        when: datetime,
        used: int = 0,
        quantity: str = "",
        uom: str = "",
    ) -> None:
        is_spray = kind is OperationKind.SPRAYING
        materials = (
            (Material(used, Decimal(quantity), uom, dilution="1500" if is_spray else ""),) if used else ()
        )
        production.log_operation(
            self.actors["choysum"],
            batch_id=batch,
            kind=str(kind),
            occurred_at=when,
            area_mu=Decimal("12.5"),
            target="小菜蛾" if is_spray else "",
            operator="林青禾",
            photo_ids=(self.photo,) if is_spray else (),
            materials=materials,
            at=when,
        )

    def spray_plot_9(self, when: datetime) -> None:
        """Spray the kale: its harvest has to wait now."""
        self._work(self.crops[PLOT_9], OperationKind.SPRAYING, when, self.spray, "1.2", "LTR")

    def pick(self, plot: int, crop: str, number: str, quantity: int, day: datetime) -> str:
        """Harvest, test, promise: a lot that may leave."""
        grower, when = self.actors["choysum"], self.time(day, "05:30")
        harvest = production.harvest(
            grower,
            batch_id=self.crops[plot],
            quantity=Decimal(quantity),
            uom="KGM",
            method=str(HarvestMethod.BY_KNIFE),
            number=number,
            operator="林青禾",
            occurred_at=when,
            at=when,
        )
        code = production_queries.get_harvest(grower, harvest).lot_code
        self.called[code] = crop
        tested = when + timedelta(minutes=40)
        self.self_test("choysum", code, ["氯氰菊酯", "毒死蜱"], tested, self.photo)
        quality.issue_certificate(
            grower,
            lot=code,
            bases=[str(Basis.SELF_TEST)],
            quantity=Decimal(quantity),
            uom="KGM",
            signature="林青禾",
            at=tested + timedelta(minutes=5),
        )
        return code

    # -- the laboratory -----------------------------------------------------------------------------------

    def open_laboratory(self) -> None:
        self.sampled: dict[int, str] = {}  # sample → lot
        until = (self.today + timedelta(days=900)).date()
        start = self.time(self.today - BEGAN, "09:00")
        quality.state_laboratory(
            self.actors["lab"], cma_number="260000DEMO01", cma_valid_to=until, scope="蔬菜水果（演示）",
            at=start,
        )  # fmt: skip

    def test_arrival(self, lot: str, when: datetime, *, residue: str = "0.004") -> None:
        """Test what came to the centre, and sign: it may go on."""
        sample = quality.request_test(
            self.actors["centre"], lot=lot, lab_id=self.actors["lab"].acting_party_id, quantity=Decimal(1), at=when
        )  # fmt: skip
        self.sampled[sample] = lot
        self.report(sample, when + timedelta(minutes=10), residue=residue)

    def sample_at_stall(self, lot: str, holder: str, when: datetime, *, residue: str) -> None:
        """Take a sample of goods that are on sale already (抽检), and report on it."""
        sample = quality.take_sample(
            self.actors["city"],
            lot=lot,
            holder_id=self.actors[holder].acting_party_id,
            lab_id=self.actors["lab"].acting_party_id,
            quantity=Decimal(1),
            place="8号档",
            at=when,
        )
        self.sampled[sample] = lot
        self.report(sample, when + timedelta(hours=1), residue=residue)

    def report(self, sample: int, when: datetime, *, residue: str) -> None:
        lab = self.actors["lab"]
        quality.accept_sample(lab, sample_id=sample, lab_number=f"YP-{sample:05d}", condition="完好", at=when)
        items = [
            ItemEntry("毒死蜱", LAB_METHOD, value=Decimal(residue), lod=Decimal("0.002")),
            ItemEntry("氯氰菊酯", LAB_METHOD, value=Decimal("0.02"), lod=Decimal("0.005")),
        ]
        if self.called[self.sampled[sample]] == "草鱼":
            items = [ItemEntry("孔雀石绿", "GB/T 19857", value=None, unit="µg/kg", lod=Decimal("0.5"))]
        done = when + timedelta(hours=1)
        quality.enter_results(lab, sample_id=sample, entries=items, at=done)
        quality.sign_report(lab, sample_id=sample, at=done + timedelta(minutes=5))


def field_picture() -> bytes:
    """Draw a plot: rows of green on brown, so that nobody's real field is shown."""
    picture = Image.new("RGB", (960, 640), (148, 116, 84))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 960, 190), fill=(176, 214, 232))
    for row in range(9):
        y = 210 + row * 48
        draw.rectangle((0, y, 960, y + 22), fill=(120, 92, 64))
        for plant in range(33):
            x, size = plant * 30 + (row % 2) * 14, 10 + row
            draw.ellipse(
                (x - size, y - size, x + size, y + size), fill=(58, 128 + (plant * 7 + row * 11) % 60, 62)
            )
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()
