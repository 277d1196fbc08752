"""Choose what a request draws from, and let it flow: what the verbs of goods share."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext

from cailan.epcis.rules.build import Frame, Thing
from cailan.lots.rules.book import FlowDraft, LotState, Refused, check_quantity
from cailan.lots.rules.requests import Line, Request
from cailan.lots.services.desk import Desk, new_event_id
from cailan.products.rules import units


class Draw(NamedTuple):
    """So much of a lot drawn from a holding; `box` is the logistic unit inside which it goes along."""

    lot: LotState
    holding_id: int
    quantity: Decimal | None
    box: int | None = None


def draft(request: Request, kind: str, lot: LotState, quantity: Decimal | None, **ends: Any) -> FlowDraft:
    return FlowDraft(
        str(kind),
        ends.get("source_id"),
        ends.get("target_id"),
        quantity,
        lot.uom,
        request.occurred_at,
        str(request.proof),
        request.document,
        ends.get("reason", ""),
        bool(request.order),
    )


def frame_of(desk: Desk, request: Request, biz_step: str, disposition: str, **more: str) -> Frame:
    site = desk.site_uri(request.site_id)
    return Frame(
        new_event_id(),
        request.occurred_at,
        biz_step,
        disposition,
        read_point=more.get("read_point", site),
        biz_location=more.get("biz_location", site),
        document=document_uri(request.document),
        document_type=more.get("document_type", ""),
        source_party=more.get("source_party", ""),
        target_party=more.get("target_party", ""),
        proof=str(request.proof),
        reason=more.get("reason") or (f"under order {request.order}" if request.order else ""),
    )


def document_uri(document: str) -> str:
    """Return a business transaction id: URIs as they are, numbers under our own domain (EPCIS wants a URI)."""
    if not document or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", document):
        return document
    return f"{settings.CAILAN.id_url}/document/{quote(document, safe='')}"


def move(
    desk: Desk, request: Request, kind: str, drawn: Draw, target: int | None = None, reason: str = ""
) -> None:
    desk.book.move(
        draft(
            request,
            kind,
            drawn.lot,
            drawn.quantity,
            source_id=drawn.holding_id,
            target_id=target,
            reason=reason,
        )
    )
    if drawn.quantity is None:
        desk.book.empty(drawn.holding_id)


def lot_of(desk: Desk, line: Line) -> LotState:
    return desk.book.lot_named(line.lot) if line.lot else desk.lot_in_stock(line.product_id, line.number)


def draw(desk: Desk, lines: Sequence[Line], *, also_in_transit: bool = False) -> list[Draw]:
    """Choose the holdings that the lines draw from; each draw counts for the next.

    What is packed in a drawn logistic unit goes along. Of goods in transit one draws by naming their holding.
    """
    if not lines:
        raise Refused("empty")
    drawn: list[Draw] = []
    spoken_for: dict[int, Decimal] = {}
    taken: dict[tuple[int, int | None], Decimal] = {}
    for line in lines:
        lot = lot_of(desk, line)
        key = (lot.id, line.holding_id)
        taken[key] = taken.get(key, Decimal(0)) + in_unit(line.quantity, line.uom, lot)
    ours = desk.actor.acting_party_id
    for (lot_id, holding_id), quantity in sorted(taken.items(), key=lambda one: one[0][1] is None):
        lot = desk.book.lots[lot_id]
        for chosen, part in desk.book.allocate(lot_id, ours, quantity, holding_id, spoken_for=spoken_for):
            if desk.book.holdings[chosen].is_in_transit and not also_in_transit:
                raise Refused("in-transit", lot=lot.code)
            drawn.append(Draw(lot, chosen, part))
            spoken_for[chosen] = spoken_for.get(chosen, Decimal(0)) + part
    for one in drawn[:]:
        in_transit = desk.book.holdings[one.holding_id].is_in_transit
        drawn += packed(desk, one.lot, spoken_for, ours, in_transit=in_transit)
    return drawn


def packed(
    desk: Desk, box: LotState, spoken_for: dict[int, Decimal], holder_id: int, *, in_transit: bool
) -> Iterator[Draw]:
    """Draw all that a holder has packed in something, and in that again."""
    for holding in desk.book.contents(box.id):
        taken = spoken_for.get(holding.id, Decimal(0))
        left = None if holding.remaining is None else holding.remaining - taken
        is_done = holding.id in spoken_for if left is None else left <= 0
        if is_done or holding.holder_id != holder_id or holding.is_in_transit != in_transit:
            continue
        spoken_for[holding.id] = taken + (left or Decimal(0))
        inner = desk.book.lots[holding.lot_id or 0]
        yield Draw(inner, holding.id, left, box.id)
        yield from packed(desk, inner, spoken_for, holder_id, in_transit=in_transit)


def things(desk: Desk, drawn: Sequence[Draw]) -> list[Thing]:
    """Name each lot once with what was drawn of it; what is packed is told by what it is packed in."""
    total: dict[int, Decimal] = {}
    for one in drawn:
        if one.box is None and one.quantity is not None:
            total[one.lot.id] = total.get(one.lot.id, Decimal(0)) + one.quantity
    return [desk.thing(desk.book.lots[lot_id], quantity) for lot_id, quantity in total.items()]


def in_unit(quantity: Decimal, uom: str, lot: LotState) -> Decimal:
    check_quantity(quantity)
    try:
        return units.to_product_unit(quantity, uom, lot.uom)
    except units.UnitError as error:
        raise Refused("unit", message=gettext(str(error))) from error
