"""Goods on their way: dispatched by the giver, accepted by the taker or taken back (CBV 2.0: shipping, accepting)."""

from decimal import Decimal
from typing import Any

from cailan.epcis.rules import build
from cailan.lots.rules.book import HoldingState, LotState, Refused
from cailan.lots.rules.requests import Accept, Dispatch, FlowKind, Parcel, TakeBack
from cailan.lots.services.desk import Desk
from cailan.lots.services.drawing import Draw, draw, frame_of, in_unit, lot_of, move, packed, things


def dispatch(desk: Desk, request: Dispatch) -> dict[str, Any]:
    """Put goods on their way: still the giver's, in one holding a lot, until the taker says what came."""
    ours = desk.actor.acting_party_id
    drawn = draw(desk, request.lines)
    on_the_way: dict[tuple[int, int | None], int] = {}
    for one in drawn:
        key = (one.lot.id, one.box)
        if key not in on_the_way:
            on_the_way[key] = desk.book.open_holding(
                one.lot.id,
                ours,
                request.occurred_at,
                container_id=one.box,
                is_in_transit=True,
                consignee_id=request.to_party_id,
            )
        move(desk, request, FlowKind.TRANSFER, one, on_the_way[key])
    desk.arrived = tuple(on_the_way[lot_of(desk, line).id, None] for line in request.lines)
    frame = frame_of(
        desk,
        request,
        "shipping",
        "in_transit",
        document_type="desadv",
        source_party=desk.party_uri(ours),
        target_party=desk.party_uri(request.to_party_id) if request.to_party_id else "",
        biz_location="",
    )
    return build.object_event(frame, "OBSERVE", things(desk, drawn))


def arrive(desk: Desk, request: Accept | TakeBack) -> dict[str, Any]:
    """Take goods in transit into stock: the taker accepts them, or the giver takes them back."""
    ours, is_return = desk.actor.acting_party_id, isinstance(request, TakeBack)
    awaits = "" if isinstance(request, TakeBack) else request.awaits
    if not request.parcels:
        raise Refused("empty")
    spoken_for: dict[int, Decimal] = {}
    drawn: list[Draw] = []
    givers: set[int] = set()
    for parcel in request.parcels:
        holding, lot = _in_transit(desk, parcel)
        may_take = holding.holder_id == ours if is_return else holding.consignee_id in {None, ours}
        if not may_take:
            raise Refused("not-for-you", lot=lot.code)
        quantity = in_unit(parcel.quantity, parcel.uom, lot)
        spoken_for[holding.id] = spoken_for.get(holding.id, Decimal(0)) + quantity
        givers.add(holding.holder_id)
        drawn.append(Draw(lot, holding.id, quantity))
        drawn += packed(desk, lot, spoken_for, holding.holder_id, in_transit=True)
    arrived = []
    for one in drawn:
        target = desk.book.open_holding(
            one.lot.id,
            ours,
            request.occurred_at,
            site_id=request.site_id,
            container_id=one.box,
            awaits=awaits,
        )
        move(desk, request, FlowKind.TRANSFER, one, target)
        if one.box is None:
            arrived.append(target)
    desk.arrived = tuple(arrived)
    frame = frame_of(
        desk,
        request,
        "receiving" if is_return else "accepting",
        "returned" if is_return else "in_progress",
        document_type="desadv" if is_return else "inv",
        source_party=desk.party_uri(givers.pop()) if len(givers) == 1 and not is_return else "",
        target_party="" if is_return else desk.party_uri(ours),
    )
    told = things(desk, drawn)
    if request.document and not is_return:
        return build.transaction_event(frame, "ADD", told)
    return build.object_event(frame, "OBSERVE", told)


def _in_transit(desk: Desk, parcel: Parcel) -> tuple[HoldingState, LotState]:
    holding = desk.book.holdings.get(parcel.holding_id)
    if holding is None or not holding.is_in_transit:
        raise Refused("not-in-transit", holding=parcel.holding_id)
    return holding, desk.book.lots[holding.lot_id or 0]
