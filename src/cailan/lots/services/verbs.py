"""The verbs of goods: each plans its movements on the desk and writes its standard event (CBV 2.0)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from cailan.epcis.rules import build
from cailan.epcis.rules.build import Frame, Thing
from cailan.kernel.ids import new_trace_code
from cailan.lots.rules.book import FlowDraft, HoldingState, LotState, Refused, check_quantity
from cailan.lots.rules.foreign import GAP
from cailan.lots.rules.requests import (
    Adjust,
    AnyRequest,
    Create,
    FlowKind,
    Line,
    Lose,
    NewLot,
    Receive,
    Request,
    Retail,
    Transfer,
    Transform,
)
from cailan.lots.services.desk import Desk, new_event_id
from cailan.products.rules import units

GTIN_LOT = re.compile(r"[!-\"%-/0-9A-Z_a-z:-?]{1,20}")  # AI 10: X..20 of character set 82
Planned = tuple[str, dict[str, Any]]


class Draw(NamedTuple):
    """So much of a lot drawn from a holding; `box` is the logistic unit inside which it goes along."""

    lot: LotState
    holding_id: int
    quantity: Decimal | None
    box: int | None = None


def plan(desk: Desk, request: AnyRequest) -> Planned:
    """Carry a request out on the desk; return its kind and event. Raises Refused."""
    desk.check_time(request.occurred_at)
    match request:
        case Create():
            return "create", _create(desk, request)
        case Receive():
            return "receive", _receive(desk, request)
        case Transfer():
            return "transfer", _transfer(desk, request)
        case Transform():
            return "transform", _transform(desk, request)
        case Retail():
            return "retail", _leave(desk, request, FlowKind.RETAIL)
        case Lose():
            return "lose", _leave(desk, request, FlowKind.LOSS, request.reason)
        case Adjust():
            return "adjust", _adjust(desk, request)


def trade_item_uri(new: NewLot) -> list[str]:
    """Return the Digital Link of a lot whose maker has a GTIN for it, as a list of one; else an empty one."""
    if new.gtin and GTIN_LOT.fullmatch(new.number):
        return [f"https://id.gs1.org/01/{new.gtin.zfill(14)}/10/{quote(new.number, safe='')}"]
    return []


def lot_values(
    desk: Desk,
    new: NewLot,
    *,
    maker_id: int,
    made_at: Any,
    origin_id: int | None,
    region: str | None,
    kind: str = "batch",
) -> dict[str, Any]:
    """Return the columns of a new lot; its URI is a Digital Link where there is a GTIN, else our own."""
    code = new_trace_code(timezone.localtime(desk.at).date())
    [uri] = trade_item_uri(new) or [f"{settings.CAILAN.id_url}/lot/{code}"]
    return {
        "kind": kind,
        "code": code,
        "uri": uri,
        "product_id": new.product_id,
        "product_name": new.product_name,
        "maker_id": maker_id,
        "number": new.number,
        "gtin": new.gtin.zfill(14) if new.gtin else None,
        "uom": new.uom,
        "made_at": made_at,
        "origin_id": origin_id,
        "region_id": region,
        "attributes": new.attributes,
    }


def _draft(request: Request, kind: str, lot: LotState, quantity: Decimal | None, **ends: Any) -> FlowDraft:
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
    )


def _frame(desk: Desk, request: Request, biz_step: str, disposition: str, **more: str) -> Frame:
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
        reason=more.get("reason", ""),
    )


def document_uri(document: str) -> str:
    """Return a business transaction id: URIs as they are, numbers under our own domain (EPCIS wants a URI)."""
    if not document or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", document):
        return document
    return f"{settings.CAILAN.id_url}/document/{quote(document, safe='')}"


def ilmd(values: dict[str, Any]) -> dict[str, Any]:
    """Return a lot's master data for the event that makes it known."""
    return {"cbvmda:lotNumber": values["number"], **values["attributes"]}


def _create(desk: Desk, request: Create) -> dict[str, Any]:
    check_quantity(request.lot.quantity)
    maker = desk.actor.acting_party_id
    values = lot_values(
        desk,
        request.lot,
        maker_id=maker,
        made_at=request.occurred_at,
        origin_id=request.site_id,
        region=request.region,
    )
    if desk.number_taken(values):
        raise Refused("number-taken", number=request.lot.number)
    lot = desk.open_lot(values)
    holding = desk.book.open_holding(lot.id, maker, request.occurred_at, site_id=request.site_id)
    desk.book.move(_draft(request, FlowKind.CREATE, lot, request.lot.quantity, target_id=holding))
    frame = _frame(desk, request, "commissioning", "active")
    return build.object_event(frame, "ADD", [desk.thing(lot, request.lot.quantity)], ilmd(values))


def _receive(desk: Desk, request: Receive) -> dict[str, Any]:
    check_quantity(request.lot.quantity)
    ours = desk.actor.acting_party_id
    values = lot_values(
        desk,
        request.lot,
        maker_id=request.supplier_id,
        made_at=request.occurred_at,
        origin_id=None,
        region=request.region,
    )
    lot = desk.same_lot(values) or desk.open_lot(values)
    theirs = desk.book.open_holding(lot.id, request.supplier_id, request.occurred_at)
    here = desk.book.open_holding(lot.id, ours, request.occurred_at, site_id=request.site_id)
    quantity = _in_unit(request.lot.quantity, request.lot.uom, lot)
    gap = GAP if desk.is_registered(request.supplier_id) else ""  # its own books do not say so
    desk.book.move(_draft(request, FlowKind.CREATE, lot, quantity, target_id=theirs, reason=gap))
    desk.book.move(_draft(request, FlowKind.TRANSFER, lot, quantity, source_id=theirs, target_id=here))
    frame = _frame(
        desk,
        request,
        "receiving",
        "in_progress",
        document_type="desadv",
        source_party=desk.party_uri(request.supplier_id),
        target_party=desk.party_uri(ours),
    )
    event = build.object_event(frame, "OBSERVE", [desk.thing(lot, quantity)])
    event["cailan:described"] = ilmd(values)  # ilmd is for events that begin goods (EPCIS 2.0, 7.4.2)
    return event


def _transfer(desk: Desk, request: Transfer) -> dict[str, Any]:
    drawn = _draw(desk, request.lines)
    for draw in drawn:
        target = desk.book.open_holding(
            draw.lot.id,
            request.to_party_id,
            request.occurred_at,
            site_id=request.to_site_id,
            container_id=draw.box,
        )
        _move(desk, request, FlowKind.TRANSFER, draw, target)
    ours = desk.actor.acting_party_id
    stays = request.to_party_id == ours
    frame = _frame(
        desk,
        request,
        "storing" if stays else "accepting",
        "in_progress",
        document_type="inv",
        source_party="" if stays else desk.party_uri(ours),
        target_party="" if stays else desk.party_uri(request.to_party_id),
        biz_location=desk.site_uri(request.to_site_id),
    )
    things = _things(desk, drawn)
    if request.document and not stays:
        return build.transaction_event(frame, "ADD", things)
    return build.object_event(frame, "OBSERVE", things)


def _transform(desk: Desk, request: Transform) -> dict[str, Any]:
    ours = desk.actor.acting_party_id
    if not request.outputs:
        raise Refused("empty")
    drawn = _draw(desk, request.inputs)
    process_uri = f"{settings.CAILAN.id_url}/process/{new_event_id().removeprefix('urn:uuid:')}"
    process = desk.book.open_holding(
        None, ours, request.occurred_at, site_id=request.site_id, process=process_uri
    )
    for draw in drawn:
        _move(desk, request, FlowKind.TRANSFORM, draw, process)
    outputs, master = [], {}
    for new in request.outputs:
        check_quantity(new.quantity)
        values = lot_values(
            desk, new, maker_id=ours, made_at=request.occurred_at, origin_id=request.site_id, region=None
        )
        if desk.number_taken(values):
            raise Refused("number-taken", number=new.number)
        lot = desk.open_lot(values)
        target = desk.book.open_holding(lot.id, ours, request.occurred_at, site_id=request.site_id)
        desk.book.move(
            _draft(request, FlowKind.TRANSFORM, lot, new.quantity, source_id=process, target_id=target)
        )
        outputs.append(desk.thing(lot, new.quantity))
        master = ilmd(values)
    frame = _frame(desk, request, "commissioning", "active", document_type="prodorder")
    one = master if len(request.outputs) == 1 else None
    return build.transformation_event(frame, process_uri, _things(desk, drawn), outputs, one)


def _leave(desk: Desk, request: Retail | Lose, kind: str, reason: str = "") -> dict[str, Any]:
    drawn = _draw(desk, request.lines)
    for draw in drawn:
        _move(desk, request, kind, draw, reason=reason)
    if kind == FlowKind.RETAIL:
        frame = _frame(desk, request, "retail_selling", "retail_sold", document_type="inv", biz_location="")
        return build.object_event(frame, "OBSERVE", _things(desk, drawn))
    frame = _frame(desk, request, "destroying", "destroyed", reason=reason, biz_location="")
    return build.object_event(frame, "DELETE", _things(desk, drawn))


def _adjust(desk: Desk, request: Adjust) -> dict[str, Any]:
    lot = desk.book.lot_named(request.lot)
    holding = desk.book.holdings.get(request.holding_id)
    if holding is None or holding.lot_id != lot.id or holding.holder_id != desk.actor.acting_party_id:
        raise Refused("not-yours", lot=lot.code)
    counted = Decimal(0) if request.counted == 0 else _in_unit(request.counted, request.uom, lot)
    if holding.remaining is None:
        _count_unstated(desk, request, lot, holding, counted)
    elif counted != holding.remaining:
        difference = counted - holding.remaining
        end = {"target_id" if difference > 0 else "source_id": holding.id}
        desk.book.move(_draft(request, FlowKind.ADJUST, lot, abs(difference), **end, reason=request.reason))
    frame = _frame(desk, request, "stock_taking", "", reason=request.reason)
    return build.object_event(frame, "OBSERVE", [desk.thing(lot, counted)])


def _count_unstated(
    desk: Desk, request: Adjust, lot: LotState, holding: HoldingState, counted: Decimal
) -> None:
    """Put what was counted of goods whose quantity nobody stated into a holding of its own."""
    target = None
    if counted:
        target = desk.book.open_holding(
            lot.id,
            holding.holder_id,
            request.occurred_at,
            site_id=holding.site_id,
            container_id=holding.container_id,
        )
    desk.book.move(
        _draft(
            request,
            FlowKind.ADJUST,
            lot,
            counted or None,
            source_id=holding.id,
            target_id=target,
            reason=request.reason,
        )
    )
    desk.book.empty(holding.id)


def _move(
    desk: Desk, request: Request, kind: str, draw: Draw, target: int | None = None, reason: str = ""
) -> None:
    desk.book.move(
        _draft(
            request,
            kind,
            draw.lot,
            draw.quantity,
            source_id=draw.holding_id,
            target_id=target,
            reason=reason,
        )
    )
    if draw.quantity is None:
        desk.book.empty(draw.holding_id)


def _draw(desk: Desk, lines: Sequence[Line]) -> list[Draw]:
    """Choose the holdings that the lines draw from; each draw counts for the next.

    What is packed in a drawn logistic unit goes along.
    """
    if not lines:
        raise Refused("empty")
    drawn: list[Draw] = []
    spoken_for: dict[int, Decimal] = {}
    taken: dict[tuple[int, int | None], Decimal] = {}
    for line in lines:
        lot = desk.book.lot_named(line.lot) if line.lot else desk.lot_in_stock(line.product_id, line.number)
        key = (lot.id, line.holding_id)
        taken[key] = taken.get(key, Decimal(0)) + _in_unit(line.quantity, line.uom, lot)
    ours = desk.actor.acting_party_id
    for (lot_id, holding_id), quantity in sorted(taken.items(), key=lambda one: one[0][1] is None):
        lot = desk.book.lots[lot_id]
        for chosen, part in desk.book.allocate(lot_id, ours, quantity, holding_id, spoken_for=spoken_for):
            drawn.append(Draw(lot, chosen, part))
            spoken_for[chosen] = spoken_for.get(chosen, Decimal(0)) + part
    for draw in drawn[:]:
        drawn += _packed(desk, draw.lot, spoken_for)
    return drawn


def _packed(desk: Desk, box: LotState, spoken_for: dict[int, Decimal]) -> Iterator[Draw]:
    """Draw all that is packed in something, and in that again."""
    for holding in desk.book.contents(box.id):
        taken = spoken_for.get(holding.id, Decimal(0))
        left = None if holding.remaining is None else holding.remaining - taken
        is_done = holding.id in spoken_for if left is None else left <= 0
        if is_done or holding.holder_id != desk.actor.acting_party_id:
            continue
        spoken_for[holding.id] = taken + (left or Decimal(0))
        inner = desk.book.lots[holding.lot_id or 0]
        yield Draw(inner, holding.id, left, box.id)
        yield from _packed(desk, inner, spoken_for)


def _things(desk: Desk, drawn: Sequence[Draw]) -> list[Thing]:
    """Name each lot once with what was drawn of it; what is packed is told by what it is packed in."""
    total: dict[int, Decimal] = {}
    for draw in drawn:
        if draw.box is None and draw.quantity is not None:
            total[draw.lot.id] = total.get(draw.lot.id, Decimal(0)) + draw.quantity
    return [desk.thing(desk.book.lots[lot_id], quantity) for lot_id, quantity in total.items()]


def _in_unit(quantity: Decimal, uom: str, lot: LotState) -> Decimal:
    check_quantity(quantity)
    try:
        return units.to_product_unit(quantity, uom, lot.uom)
    except units.UnitError as error:
        raise Refused("unit", message=gettext(str(error))) from error
