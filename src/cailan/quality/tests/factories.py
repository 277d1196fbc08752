"""Limits, laboratories, passed and failed tests, for everybody's tests: all through the services."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from cailan.kernel.access import SYSTEM, Actor
from cailan.lots import queries as lots
from cailan.lots import services as lot_services
from cailan.lots.queries import LotFacts
from cailan.lots.rules.requests import Create, Line, NewLot, Transfer, Transform
from cailan.lots.tests.factories import make_product
from cailan.parties.models import Party
from cailan.parties.tests.factories import make_actor, make_party
from cailan.products import services as products
from cailan.quality import services
from cailan.quality.rules.entries import ItemEntry
from cailan.quality.rules.quick import Reading

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=2)
METHOD = "GB 23200.113"
LIMITS = """place,category,substance,value,unit,source,edition,valid_from
CN,vegetables,毒死蜱,0.02,mg/kg,GB 2763,2021,2021-09-03
HK,vegetables,毒死蜱,1,mg/kg,Cap. 132CM,,2014-08-01
MO,vegetables,毒死蜱,0.1,mg/kg,11/2020,,2020-04-01
CN,vegetables,氯氰菊酯,2,mg/kg,GB 2763,2021,2021-09-03
HK,vegetables,氯氰菊酯,0.7,mg/kg,Cap. 132CM,,2014-08-01
CN,vegetables,吡虫啉,0.5,mg/kg,GB 2763,2021,2021-09-03
CN,vegetables,氯霉素,,µg/kg,250,,2020-01-06
"""
_numbers = count(1)


def make_limits(text: str = LIMITS, *, at: datetime = AT) -> services.LoadReport:
    """Load the names of substances and a few limits for vegetables."""
    products.load_substances()
    return services.load_limits(SYSTEM, text, at=at)


def make_laboratory(name: str = "", *, at: datetime = AT, region: str = "440118") -> Actor:
    """Return the owner of an approved laboratory whose CMA number is stated."""
    number = next(_numbers)
    actor = make_actor(make_party("lab", name or f"检测机构 {number}", region=region), display_name="林检")
    services.state_laboratory(
        actor, cma_number=f"2026{number:08d}", cma_valid_to=date(2030, 1, 1), scope="", at=at
    )
    return actor


def strip(item: str = "毒死蜱", *, is_negative: bool = True) -> ItemEntry:
    return ItemEntry(item, "colloidal-gold", reading=Reading(line="darker" if is_negative else "lighter"))


def measured(item: str = "毒死蜱", value: str | None = "0.01", method: str = METHOD) -> ItemEntry:
    found = None if value is None else Decimal(value)
    return ItemEntry(item, method, value=found, lod=Decimal("0.005"))


def make_self_test(
    actor: Actor, lot: LotFacts, *, passes: bool = True, at: datetime = AT, item: str = "毒死蜱"
) -> int:
    """Record a base's own test of a lot."""
    return services.self_test(actor, lot=lot.code, entries=[strip(item, is_negative=passes)], at=at)


def make_sample(holder: Actor, lot: LotFacts, lab: Actor, *, at: datetime = LATER) -> int:
    """Send a sample of the holder's stock to the laboratory, which accepts it."""
    sample_id = services.request_test(holder, lot=lot.code, lab_id=lab.acting_party_id, at=at)
    accept(lab, sample_id, at=at)
    return sample_id


def accept(lab: Actor, sample_id: int, *, at: datetime = LATER) -> None:
    services.accept_sample(
        lab, sample_id=sample_id, lab_number=f"Y-{next(_numbers)}", condition="完好", at=at
    )


def make_report(
    holder: Actor, lot: LotFacts, lab: Actor, *, passes: bool = True, at: datetime = LATER
) -> int:
    """Test the holder's stock of a lot and sign the report."""
    sample_id = make_sample(holder, lot, lab, at=at)
    return report_on(lab, sample_id, value="0.01" if passes else "0.37", at=at)


def report_on(
    lab: Actor, sample_id: int, *, item: str = "毒死蜱", value: str | None = "0.01", at: datetime = LATER
) -> int:
    """Enter one result and sign."""
    services.enter_results(lab, sample_id=sample_id, entries=[measured(item, value)], at=at)
    return services.sign_report(lab, sample_id=sample_id, at=at)


def send(giver: Actor, taker: Actor, lot: LotFacts, quantity: str = "60", *, at: datetime = LATER) -> None:
    """Hand goods over; at a distribution centre they wait for their test."""
    lot_services.record(
        giver,
        Transfer(
            occurred_at=at,
            lines=(Line(lot.code, Decimal(quantity), "KGM"),),
            to_party_id=taker.acting_party_id,
            awaits=lots.arrival_wait(taker.party_kind),
        ),
        at=at,
    )


def pack(actor: Actor, lot: LotFacts, quantity: str, *, at: datetime = LATER) -> str:
    """Pack some of a lot into a lot of its own and return its code."""
    new = NewLot(
        number=f"BAG-{next(_numbers)}", quantity=Decimal(quantity), uom="KGM", product_id=lot.product_id
    )
    request = Transform(occurred_at=at, inputs=(Line(lot.code, Decimal(quantity), "KGM"),), outputs=(new,))
    return lot_services.record(actor, request, at=at).lot_codes[0]


def enzyme(*values: str) -> ItemEntry:
    reading = Reading(inhibition=tuple(map(Decimal, values)))
    return ItemEntry("有机磷和氨基甲酸酯类农药", "enzyme", reading=reading)


def party_of(actor: Actor) -> Party:
    return Party.objects.get(pk=actor.party_id)


def lot_with(base: Actor, at: datetime, ingredients: tuple[str, ...] = ("吡虫啉",)) -> LotFacts:
    """Harvest a hundred kilograms on which these ingredients were used; they wait for the self-test."""
    new = NewLot(
        number=f"7-{next(_numbers)}", quantity=Decimal(100), uom="KGM", product_id=make_product("菜心"),
        attributes={"cailan:activeIngredients": list(ingredients)},
    )  # fmt: skip
    outcome = lot_services.record(base, Create(occurred_at=at, lot=new, awaits="self-test"), at=at)
    return lots.get_lot(base, outcome.lot_codes[0])
