"""Carry out what foreign events say: one function a verb (EPCIS 2.0, 7.4; CBV 2.0)."""

from cailan.lots.rules.book import HoldingState, LotState
from cailan.lots.rules.foreign import SOLD, WASTED, Effect, ForeignThing
from cailan.lots.rules.requests import FlowKind
from cailan.lots.services.goods import Aim, Goods, Part
from cailan.lots.services.places import Place


def carry_out(goods: Goods, effect: Effect) -> None:
    """Book the effect of one event. Raises Refused."""
    if effect.declared_wrong:
        return  # declared wrong before it was ever captured here: it moves nothing
    match effect.verb:
        case "enter":
            _enter(goods, effect)
        case "move":
            _move(goods, effect)
        case "leave":
            _leave(goods, effect)
        case "pack":
            _pack(goods, effect)
        case "unpack":
            _unpack(goods, effect)
        case "process":
            _process(goods, effect)
        case "tell":
            pass


def _seen_at(goods: Goods, effect: Effect) -> Place:
    """Return who had the goods when the event was seen: the giver, whoever is at the place, else who tells it."""
    places = goods.places
    return (
        places.place(effect.here) or places.place(effect.giver) or places.place(effect.taker) or places.ours()
    )


def _enter(goods: Goods, effect: Effect) -> None:
    """Goods begin: at the giver where both ends are named, and are then handed on."""
    first = goods.places.place(effect.giver) if effect.giver.party else None
    taker = goods.places.place(effect.taker)
    place = first or goods.places.place(effect.here) or taker or goods.places.ours()
    for thing in effect.things:
        lot = goods.lot(thing, effect, place)
        quantity, remark = goods.amount(thing, lot)
        if lot.kind in {"item", "logistic"} and goods.stock(lot):
            _put(goods, thing, lot, taker or place, effect)  # a single piece cannot begin twice
            continue
        goods.check_touch(lot, place.holder_id)
        holding = goods.open(lot, Aim(place.holder_id, place.site_id), effect)
        goods.flow(FlowKind.CREATE, lot, None, holding, quantity, effect, remark)
        if first and taker and taker.holder_id != first.holder_id:
            goods.carry(lot, holding, quantity, Aim(taker.holder_id, taker.site_id), effect)


def _move(goods: Goods, effect: Effect) -> None:
    """Goods are where the event says they are afterwards; without such a place they are only made known."""
    target = goods.places.place(effect.taker)
    for thing in effect.things:
        is_new = not goods.is_known(thing)
        lot = goods.lot(thing, effect, goods.places.place(effect.giver) or target or _seen_at(goods, effect))
        if target is not None:
            _put(goods, thing, lot, target, effect)
        elif is_new:
            seen = _seen_at(goods, effect)
            quantity, remark = goods.amount(thing, lot)
            goods.gather(lot, quantity, Aim(seen.holder_id, seen.site_id), effect, remark)


def _put(goods: Goods, thing: ForeignThing, lot: LotState, target: Place, effect: Effect) -> list[Part]:
    quantity, remark = goods.amount(thing, lot)
    aim = Aim(target.holder_id, target.site_id)
    return goods.settle(lot, goods.gather(lot, quantity, aim, effect, remark), aim, effect)


def _leave(goods: Goods, effect: Effect) -> None:
    """Goods leave for good: sold to consumers, or lost for the reason that the business step gives."""
    kind = FlowKind.RETAIL if effect.biz_step in SOLD else FlowKind.LOSS
    reason = "" if kind == FlowKind.RETAIL else effect.biz_step.rpartition("/")[2] or "deleted"
    giver = goods.places.place(effect.giver) if effect.giver.party else None
    for thing in effect.things:
        known = goods.place_of(goods.book.lot_named(thing.uri)) if goods.is_known(thing) else None
        is_single = thing.kind in {"item", "logistic"}
        place = giver or goods.places.place(effect.here) or known or goods.places.ours()
        if is_single and known and not effect.here and not giver:
            place = known
        lot = goods.lot(thing, effect, place)
        quantity, remark = goods.amount(thing, lot)
        parts = goods.gather(lot, quantity, Aim(place.holder_id, place.site_id), effect, remark)
        _end(goods, lot, parts, kind, reason, effect)


def _end(goods: Goods, lot: LotState, parts: list[Part], kind: str, reason: str, effect: Effect) -> None:
    for holding_id, part in parts:
        goods.check_touch(lot, goods.book.holdings[holding_id].holder_id)
        goods.flow(kind, lot, holding_id, None, part, effect, reason)
    for packed in goods.book.contents(lot.id):
        if effect.biz_step in SOLD | WASTED:
            inner = goods.book.lots[packed.lot_id or 0]
            _end(goods, inner, [(packed.id, packed.remaining)], kind, reason, effect)
            if packed.remaining is None:
                goods.book.empty(packed.id)
        else:  # the label or box is gone, not what was in it
            goods.carry_all(packed, _outside(packed, None), effect)


def _pack(goods: Goods, effect: Effect) -> None:
    """Children are in the parent (ADD), or were seen in it (OBSERVE)."""
    parent = effect.parent
    if parent is None:
        return
    known = goods.place_of(goods.book.lot_named(parent.uri)) if goods.is_known(parent) else None
    target = goods.places.place(effect.taker) or known or _seen_at(goods, effect)
    box = goods.lot(parent, effect, target)
    _put(goods, parent, box, target, effect)
    aim = Aim(target.holder_id, target.site_id, box.id, container_matters=True)
    for thing in effect.things:
        lot = goods.lot(thing, effect, target)
        if lot.id != box.id:
            quantity, remark = goods.amount(thing, lot)
            goods.settle(lot, goods.gather(lot, quantity, aim, effect, remark), aim, effect)


def _unpack(goods: Goods, effect: Effect) -> None:
    """Children come out of the parent; an event that names none empties it."""
    parent = effect.parent
    if parent is None:
        return
    known = goods.place_of(goods.book.lot_named(parent.uri)) if goods.is_known(parent) else None
    target = goods.places.place(effect.taker)
    place = target or known or _seen_at(goods, effect)
    box = goods.lot(parent, effect, place)
    _put(goods, parent, box, place, effect)
    if not effect.things:
        for packed in goods.book.contents(box.id):
            goods.carry_all(packed, _outside(packed, target), effect)
    for thing in effect.things:
        lot = goods.lot(thing, effect, place)
        quantity, remark = goods.amount(thing, lot)
        aim = Aim(place.holder_id, place.site_id, box.id, container_matters=True)  # what is in it comes first
        for holding_id, part in goods.gather(lot, quantity, aim, effect, remark):
            holding = goods.book.holdings[holding_id]
            if holding.container_id is not None:
                goods.carry(lot, holding_id, part, _outside(holding, target), effect)


def _outside(packed: HoldingState, target: Place | None) -> Aim:
    """Return where goods are once taken out of what they are packed in."""
    holder = target.holder_id if target else packed.holder_id
    site = target.site_id if target and target.site_id else packed.site_id
    return Aim(holder, site, None, container_matters=True)


def _process(goods: Goods, effect: Effect) -> None:
    """Inputs go into the process and outputs come from it; events with one transformationID share the process."""
    place = _seen_at(goods, effect)
    book = goods.book
    known = book.processes.get(effect.process)
    holder = place.holder_id if known is None else book.holdings[known].holder_id
    process = known
    if process is None:
        process = book.open_holding(
            None, holder, effect.occurred_at, site_id=place.site_id, process=effect.process
        )
    aim = Aim(holder, place.site_id)
    for thing in effect.things:
        lot = goods.lot(thing, effect, place)
        goods.check_touch(lot, holder)
        quantity, remark = goods.amount(thing, lot)
        for holding_id, part in goods.gather(lot, quantity, aim, effect, remark):
            goods.flow(FlowKind.TRANSFORM, lot, holding_id, process, part, effect)
    for thing in effect.outputs:
        lot = goods.lot(thing, effect, place)
        goods.check_touch(lot, holder)
        quantity, remark = goods.amount(thing, lot)
        target = goods.open(lot, aim, effect)
        goods.flow(FlowKind.TRANSFORM, lot, process, target, quantity, effect, remark)
