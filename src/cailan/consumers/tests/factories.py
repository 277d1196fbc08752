"""A day for a shopper: goods grown, tested, promised, sold by ticket, sold to a consumer."""

import io
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from PIL import Image

from cailan.documents import services as documents
from cailan.kernel.access import Actor
from cailan.lots.queries import LotFacts
from cailan.lots.tests.factories import AT, make_product
from cailan.parties.tests.factories import make_actor, make_party, make_site
from cailan.production.tests.factories import harvest, make_input, open_batch, spray
from cailan.quality import services as quality
from cailan.quality.tests.factories import make_laboratory, make_limits, make_report, make_self_test
from cailan.trade.services.issuing import Issued
from cailan.trade.tests.factories import LATER, confirm, line, make_ticket

SEASON = AT - timedelta(days=12)


@dataclass(frozen=True, slots=True)
class Day:
    """Who took part, and what a shopper may scan."""

    base: Actor
    seller: Actor
    buyer: Actor
    lab: Actor
    lot: LotFacts
    ticket: Issued
    photo_id: int


def picture_bytes(colour: tuple[int, int, int]) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(stream, "JPEG")
    return stream.getvalue()


def keep_photo(actor: Actor, name: str = "spraying.jpg", colour: tuple[int, int, int] = (40, 140, 70)) -> int:
    return documents.store(actor, file=io.BytesIO(picture_bytes(colour)), name=name, kind="photo", at=SEASON)


def make_day(*, passes: bool = True, is_confirmed: bool = True) -> Day:
    """Grow choy sum, test it twice, promise it, and sell 12.5 kg of it by ticket."""
    make_product()
    make_limits()
    market = make_party("market", "江南果菜批发市场")
    base = make_actor(
        make_party("base", "增城绿源蔬菜专业合作社", contact_name="黄志强", phone="13800138000")
    )
    batch_id = open_batch(base, at=SEASON)
    photo_id = keep_photo(base)
    spray(base, batch_id, make_input(base, at=SEASON), at=SEASON, photo_ids=(photo_id,))
    lot = harvest(base, batch_id, "100", at=AT)
    make_self_test(base, lot, item="吡虫啉")
    lab = make_laboratory()
    make_report(base, lot, lab, passes=passes)
    quality.issue_certificate(
        base, lot=lot.code, bases=("self-test",), quantity=Decimal(100), uom="KGM", signature="增城绿源蔬菜专业合作社",
        origin="广东省广州市增城区", contact="13800138000", at=AT,
    ) if passes else None  # fmt: skip
    seller, buyer = base, make_actor(make_party("merchant", "阿强蔬菜行", market_id=market.pk))
    ticket = make_ticket(seller, buyer, lot=lot, lines=(line(lot, "12.5", 480),))
    if is_confirmed:
        confirm(buyer, ticket, at=LATER)
    return Day(base, seller, buyer, lab, lot, ticket, photo_id)


def make_seller() -> Actor:
    """Return a stall whose name may be a person's, with a number at its market."""
    party = make_party("merchant", "欧阳小明", market_id=make_party("market", "江南果菜批发市场").pk)
    make_site(party, "warehouse", "欧阳档", code="A12")
    return make_actor(party)
