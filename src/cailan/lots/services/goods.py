"""Move the goods of foreign events on the desk, and leave a visible gap where earlier records are missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cailan.kernel.ids import new_trace_code
from cailan.lots.rules.book import STEP, FlowDraft, HoldingState, LotState, Refused
from cailan.lots.rules.foreign import ARRIVALS, DEPARTURES, GAP, Effect, ForeignThing
from cailan.lots.rules.requests import FlowKind, Proof
from cailan.lots.services.desk import Desk
from cailan.lots.services.places import NOTHING_KNOWN, MasterData, Place, Places
from cailan.products.rules import units
from cailan.products.rules.facts import ProductFacts

Part = tuple[int, Decimal | None]  # a holding, and how much of it; None: not stated


@dataclass(frozen=True, slots=True)
class Aim:
    """Where goods shall be after an event; `site_id` None leaves them at the site where they are."""

    holder_id: int
    site_id: int | None = None
    container_id: int | None = None
    container_matters: bool = False

    def is_met(self, holding: HoldingState) -> bool:
        at_site = self.site_id is None or holding.site_id == self.site_id
        return at_site and (not self.container_matters or holding.container_id == self.container_id)


class Goods:
    """Lots and stock of one batch of foreign events."""

    def __init__(
        self,
        desk: Desk,
        places: Places,
        *,
        products: Mapping[str, ProductFacts],
        master: Mapping[str, MasterData],
        uoms: Mapping[str, str],
        steps: Mapping[int, str],
    ) -> None:
        self.desk = desk
        self.book = desk.book
        self.places = places
        self._products = products
        self._master = master
        self._uoms = uoms
        self._arrived_by = dict(steps)  # holding → business step of the event that brought the goods there

    # -- what it is ---------------------------------------------------------------------------------------

    def is_known(self, thing: ForeignThing) -> bool:
        return thing.uri in self.book.by_name

    def lot(self, thing: ForeignThing, effect: Effect, place: Place) -> LotState:
        """Return the lot of a thing; a new one is put down to whoever has it first."""
        if self.is_known(thing):
            return self.book.lot_named(thing.uri)
        product = self._products.get(thing.gtin or "")
        uom = (
            "H87"
            if thing.quantity == 1 and thing.kind in {"item", "logistic"}
            else self._uoms.get(thing.uri, "")
        )
        values = {
            "kind": thing.kind,
            "code": new_trace_code(timezone.localtime(self.desk.at).date()),
            "uri": thing.uri,
            "product_id": product.id if product else None,
            "product_name": "" if product else self._name(thing, effect),
            "maker_id": place.holder_id,
            "number": thing.number,
            "gtin": thing.gtin,
            "uom": uom or (product.uom if product else "H87"),
            "made_at": effect.occurred_at,
            "origin_id": place.site_id,
            "region_id": None,
            "attributes": plain_json(effect.ilmd) if effect.verb in {"enter", "process"} else {},
        }
        if product and thing.kind == "batch" and self.desk.number_taken(values):
            values["number"] = f"{thing.number} ({thing.gtin})"[
                -80:
            ]  # another GTIN of the same library product
        return self.desk.open_lot(values)

    def _name(self, thing: ForeignThing, effect: Effect) -> str:
        known = self._master.get(thing.uri, NOTHING_KNOWN).name
        if not known and thing.gtin:
            known = self._master.get(f"https://id.gs1.org/01/{thing.gtin}", NOTHING_KNOWN).name
        told = (
            v for k, v in effect.ilmd.items() if k.rpartition(":")[2] in {"descriptionShort", "productName"}
        )
        return str(known or next((v for v in told if isinstance(v, str)), "") or thing.label)[:200]

    def amount(self, thing: ForeignThing, lot: LotState) -> tuple[Decimal | None, str]:
        """Return the quantity in the lot's unit, and a remark where it cannot be expressed in it."""
        if thing.quantity is None or thing.uom == lot.uom:
            return thing.quantity, ""
        try:
            converted = units.convert(thing.quantity, thing.uom, lot.uom).quantize(STEP)
        except units.UnitError:
            converted = Decimal(0)
        return (
            (converted, "") if converted else (None, f"stated as {thing.quantity.normalize():f} {thing.uom}")
        )

    # -- where it is --------------------------------------------------------------------------------------

    def stock(self, lot: LotState, holder_id: int | None = None) -> list[HoldingState]:
        """Return the holdings with something left, oldest first."""
        ids = (
            self.book.by_lot.get(lot.id, [])
            if holder_id is None
            else self.book.stock.get((lot.id, holder_id), [])
        )
        found = (self.book.holdings[pk] for pk in ids)
        return [holding for holding in found if holding.remaining is None or holding.remaining > 0]

    def place_of(self, lot: LotState) -> Place | None:
        """Return where a lot is, or its largest part of it; None where nothing is left of it."""
        holdings = self.stock(lot)
        if not holdings:
            return None
        most = max(holdings, key=lambda h: Decimal(0) if h.remaining is None else h.remaining)
        return Place(most.holder_id, most.site_id)

    # -- moving it ----------------------------------------------------------------------------------------

    def may_touch(self, *holders: int) -> bool:
        """Say whether the capturing party may tell of this: its own goods, or nobody's registered here."""
        return self.places.actor.party_id in holders or not self.places.registered.intersection(holders)

    def check_touch(self, lot: LotState, *holders: int) -> None:
        if not self.may_touch(*holders):
            raise Refused("not-told-by-holder", lot=lot.uri)

    def gather(
        self, lot: LotState, quantity: Decimal | None, aim: Aim, effect: Effect, remark: str = ""
    ) -> list[Part]:
        """Bring together at a holder what an event says is there; what no record covers begins as a gap."""
        here = self._present(lot, aim, effect)
        parts, missing = take(here, quantity)
        if (quantity is None and parts) or missing == 0:
            return parts
        giver = self.places.place(effect.giver)
        pulled, missing = take(self._elsewhere(lot, aim, giver), missing)
        for holding_id, part in pulled:
            parts.append((self.carry(lot, holding_id, part, aim, effect, remark), part))
        if missing is None and (pulled or parts):
            return parts
        if missing is None or missing > 0:
            parts.append((self.begin(lot, missing, giver, aim, effect, remark), missing))
        return parts

    def _present(self, lot: LotState, aim: Aim, effect: Effect) -> list[HoldingState]:
        here = self.stock(lot, aim.holder_id)
        if effect.biz_step in ARRIVALS and lot.kind in {"batch", "class"}:
            here = [holding for holding in here if self._arrived_by.get(holding.id) != effect.biz_step]
        return sorted(here, key=lambda holding: not aim.is_met(holding))

    def _elsewhere(self, lot: LotState, aim: Aim, giver: Place | None) -> list[HoldingState]:
        """Return the stock that an event can only mean: the giver's, a single piece's, the one other holder's."""
        others = [holding for holding in self.stock(lot) if holding.holder_id != aim.holder_id]
        if giver is not None and giver.holder_id != aim.holder_id:
            named = [holding for holding in others if holding.holder_id == giver.holder_id]
            return named or (others if lot.kind in {"item", "logistic"} else [])
        if lot.kind in {"item", "logistic"}:
            return others
        holders = {holding.holder_id for holding in others}
        foreign = holders - (self.places.registered - {self.places.actor.party_id})
        return others if len(holders) == 1 and foreign == holders else []

    def begin(
        self,
        lot: LotState,
        quantity: Decimal | None,
        giver: Place | None,
        aim: Aim,
        effect: Effect,
        remark: str,
    ) -> int:
        """Open a holding for goods that no earlier record covers, at the giver where one is named."""
        reason = f"{GAP}; {remark}" if remark else GAP
        if giver is None or giver.holder_id == aim.holder_id:
            self.check_touch(lot, aim.holder_id)
            first = self.open(lot, aim, effect)
            self.flow(FlowKind.CREATE, lot, None, first, quantity, effect, reason)
            return first
        self.check_touch(lot, giver.holder_id, aim.holder_id)
        first = self.open(lot, Aim(giver.holder_id, giver.site_id), effect)
        self.flow(FlowKind.CREATE, lot, None, first, quantity, effect, reason)
        return self.carry(lot, first, quantity, aim, effect, remark)

    def settle(self, lot: LotState, parts: Iterable[Part], aim: Aim, effect: Effect) -> list[Part]:
        """Put goods that their holder has into the place or container of the event."""
        settled: list[Part] = []
        for holding_id, part in parts:
            holding = self.book.holdings[holding_id]
            is_arrival = effect.biz_step in ARRIVALS and self._arrived_by.get(holding_id) in DEPARTURES
            if (aim.is_met(holding) and not is_arrival) or not self.may_touch(aim.holder_id):
                settled.append((holding_id, part))
                continue
            kept = replace(aim, site_id=aim.site_id or holding.site_id)
            kept = kept if aim.container_matters else replace(kept, container_id=None)
            settled.append((self.carry(lot, holding_id, part, kept, effect), part))
        return settled

    def carry(
        self,
        lot: LotState,
        holding_id: int,
        quantity: Decimal | None,
        aim: Aim,
        effect: Effect,
        remark: str = "",
    ) -> int:
        """Hand goods over to the aim, with all that is packed in them; return the new holding."""
        source = self.book.holdings[holding_id]
        self.check_touch(lot, source.holder_id, aim.holder_id)
        target = self.open(lot, aim, effect)
        self.flow(FlowKind.TRANSFER, lot, holding_id, target, quantity, effect, remark)
        is_elsewhere = (source.holder_id, source.site_id) != (aim.holder_id, aim.site_id)
        if lot.kind == "logistic" and is_elsewhere:
            for packed in self.book.contents(lot.id):
                if (packed.holder_id, packed.site_id) != (aim.holder_id, aim.site_id):
                    inside = Aim(aim.holder_id, aim.site_id, lot.id, container_matters=True)
                    self.carry_all(packed, inside, effect)
        return target

    def carry_all(self, packed: HoldingState, aim: Aim, effect: Effect) -> None:
        """Hand over all that is packed in something, also where nobody stated how much it is."""
        self.carry(self.book.lots[packed.lot_id or 0], packed.id, packed.remaining, aim, effect)
        if packed.remaining is None:
            self.book.empty(packed.id)

    def open(self, lot: LotState, aim: Aim, effect: Effect) -> int:
        holding_id = self.book.open_holding(
            lot.id, aim.holder_id, effect.occurred_at, site_id=aim.site_id, container_id=aim.container_id
        )
        self._arrived_by[holding_id] = effect.biz_step
        return holding_id

    def flow(
        self,
        kind: str,
        lot: LotState,
        source_id: int | None,
        target_id: int | None,
        quantity: Decimal | None,
        effect: Effect,
        reason: str = "",
    ) -> None:
        self.book.move(
            FlowDraft(
                str(kind),
                source_id,
                target_id,
                quantity,
                lot.uom,
                effect.occurred_at,
                str(Proof.DECLARED),
                effect.document,
                reason[:200],
            )
        )


def take(holdings: Iterable[HoldingState], quantity: Decimal | None) -> tuple[list[Part], Decimal | None]:
    """Draw a quantity from holdings in order; return the parts and what is missing (None: not stated)."""
    holdings = list(holdings)
    if quantity is None:
        return [(holdings[0].id, None)] if holdings else [], None
    parts: list[Part] = []
    missing = quantity
    for holding in holdings:
        part = missing if holding.remaining is None else min(missing, holding.remaining)
        if part > 0:
            parts.append((holding.id, part))
            missing -= part
        if missing == 0:
            break
    return parts, missing


def plain_json(value: Any) -> Any:
    """Write decimals as text, so that nothing is rounded in a JSON column."""
    if isinstance(value, Mapping):
        return {name: plain_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value
