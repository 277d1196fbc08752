"""The verbs of goods: each plans its movements on the desk and writes its standard event (CBV 2.0)."""

import re
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from cailan.epcis.rules import build
from cailan.kernel.ids import new_trace_code
from cailan.lots.rules.book import HoldingState, LotState, Refused, check_quantity
from cailan.lots.rules.foreign import GAP
from cailan.lots.rules.requests import (
    Accept,
    Adjust,
    AnyRequest,
    Create,
    Dispatch,
    FlowKind,
    Lose,
    NewLot,
    Receive,
    Retail,
    TakeBack,
    Transfer,
    Transform,
)
from cailan.lots.services import transit
from cailan.lots.services.desk import Desk, new_event_id
from cailan.lots.services.drawing import draft, draw, frame_of, in_unit, move, things

GTIN_LOT = re.compile(r"[!-\"%-/0-9A-Z_a-z:-?]{1,20}")  # AI 10: X..20 of character set 82
Planned = tuple[str, dict[str, Any]]


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
        case Dispatch():
            return "dispatch", transit.dispatch(desk, request)
        case Accept():
            return "accept", transit.arrive(desk, request)
        case TakeBack():
            return "take_back", transit.arrive(desk, request)
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
    holding = desk.book.open_holding(
        lot.id, maker, request.occurred_at, site_id=request.site_id, awaits=request.awaits
    )
    desk.arrived = (holding,)
    desk.book.move(draft(request, FlowKind.CREATE, lot, request.lot.quantity, target_id=holding))
    frame = frame_of(desk, request, "commissioning", "active")
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
    here = desk.book.open_holding(
        lot.id, ours, request.occurred_at, site_id=request.site_id, awaits=request.awaits
    )
    desk.arrived = (here,)
    quantity = in_unit(request.lot.quantity, request.lot.uom, lot)
    gap = GAP if desk.is_registered(request.supplier_id) else ""  # its own books do not say so
    desk.book.move(draft(request, FlowKind.CREATE, lot, quantity, target_id=theirs, reason=gap))
    desk.book.move(draft(request, FlowKind.TRANSFER, lot, quantity, source_id=theirs, target_id=here))
    frame = frame_of(
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
    drawn = draw(desk, request.lines, also_in_transit=True)
    for one in drawn:
        target = desk.book.open_holding(
            one.lot.id,
            request.to_party_id,
            request.occurred_at,
            site_id=request.to_site_id,
            container_id=one.box,
            awaits=request.awaits,
        )
        move(desk, request, FlowKind.TRANSFER, one, target)
    ours = desk.actor.acting_party_id
    stays = request.to_party_id == ours
    frame = frame_of(
        desk,
        request,
        "storing" if stays else "accepting",
        "in_progress",
        document_type="inv",
        source_party="" if stays else desk.party_uri(ours),
        target_party="" if stays else desk.party_uri(request.to_party_id),
        biz_location=desk.site_uri(request.to_site_id),
    )
    told = things(desk, drawn)
    if request.document and not stays:
        return build.transaction_event(frame, "ADD", told)
    return build.object_event(frame, "OBSERVE", told)


def _transform(desk: Desk, request: Transform) -> dict[str, Any]:
    ours = desk.actor.acting_party_id
    if not request.outputs:
        raise Refused("empty")
    drawn = draw(desk, request.inputs)
    process_uri = f"{settings.CAILAN.id_url}/process/{new_event_id().removeprefix('urn:uuid:')}"
    process = desk.book.open_holding(
        None, ours, request.occurred_at, site_id=request.site_id, process=process_uri
    )
    for one in drawn:
        move(desk, request, FlowKind.TRANSFORM, one, process)
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
            draft(request, FlowKind.TRANSFORM, lot, new.quantity, source_id=process, target_id=target)
        )
        outputs.append(desk.thing(lot, new.quantity))
        master = ilmd(values)
    frame = frame_of(desk, request, "commissioning", "active", document_type="prodorder")
    told = master if len(request.outputs) == 1 else None
    return build.transformation_event(frame, process_uri, things(desk, drawn), outputs, told)


def _leave(desk: Desk, request: Retail | Lose, kind: str, reason: str = "") -> dict[str, Any]:
    drawn = draw(desk, request.lines, also_in_transit=True)
    for one in drawn:
        move(desk, request, kind, one, reason=reason)
    if kind == FlowKind.RETAIL:
        frame = frame_of(desk, request, "retail_selling", "retail_sold", document_type="inv", biz_location="")
        return build.object_event(frame, "OBSERVE", things(desk, drawn))
    frame = frame_of(desk, request, "destroying", "destroyed", reason=reason, biz_location="")
    return build.object_event(frame, "DELETE", things(desk, drawn))


def _adjust(desk: Desk, request: Adjust) -> dict[str, Any]:
    lot = desk.book.lot_named(request.lot)
    holding = desk.book.holdings.get(request.holding_id)
    if holding is None or holding.lot_id != lot.id or holding.holder_id != desk.actor.acting_party_id:
        raise Refused("not-yours", lot=lot.code)
    if holding.is_in_transit:
        raise Refused("in-transit", lot=lot.code)
    counted = _counted(request.counted, request, lot)
    if request.seen is not None and holding.remaining is not None:  # asked under the lock
        counted += holding.remaining - _counted(request.seen, request, lot)
        if counted < 0:
            raise Refused("sold-meanwhile", lot=lot.code)
    if holding.remaining is None:
        _count_unstated(desk, request, lot, holding, counted)
    elif counted != holding.remaining:
        difference = counted - holding.remaining
        end = {"target_id" if difference > 0 else "source_id": holding.id}
        desk.book.move(draft(request, FlowKind.ADJUST, lot, abs(difference), **end, reason=request.reason))
    frame = frame_of(desk, request, "stock_taking", "", reason=request.reason)
    return build.object_event(frame, "OBSERVE", [desk.thing(lot, counted)])


def _counted(quantity: Decimal, request: Adjust, lot: LotState) -> Decimal:
    return Decimal(0) if quantity == 0 else in_unit(quantity, request.uom, lot)


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
        draft(
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
