"""What an event of somebody else says happened to goods (EPCIS 2.0 part 7.4, CBV 2.0): event in, effect out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from cailan import gs1
from cailan.epcis.rules import read
from cailan.lots.rules.book import MAX_QUANTITY, STEP, Refused

Verb = Literal["enter", "move", "leave", "pack", "unpack", "process", "tell"]
GAP = "not covered by earlier records"  # why goods begin where nobody recorded their making
LONGEST_KEY = 300
LONGEST_PLACE = 200  # of parties_party.uri and parties_site.uri
SOLD = frozenset({"retail_selling", "dispensing"})
# The taker's own books: the same step a second time tells of a second delivery.
ARRIVALS = frozenset({"receiving", "accepting", "arriving"})
DEPARTURES = frozenset({"shipping", "departing", "loading", "staging_outbound", "transporting", "consigning"})
WASTED = frozenset({"destroying", "disposing", "killing"})
_LOGISTIC_KEYS = frozenset({"00", "8003", "8004", "401", "402"})
_PARTY_KEYS = frozenset({"414", "415", "417"})


@dataclass(frozen=True, slots=True)
class ForeignEvent:
    """An event that did not arise here: parsed, with its exact text and its place in the document."""

    index: int
    event: dict[str, Any]
    body: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A party and a place, by canonical URI; "" where the event names none."""

    party: str = ""
    site: str = ""

    def __bool__(self) -> bool:
        return bool(self.party or self.site)


NOWHERE = Spot()


@dataclass(frozen=True, slots=True)
class ForeignThing:
    """Goods that an event speaks of; `uom` is "" where neither unit nor quantity is stated."""

    uri: str
    kind: str  # batch, item, class, logistic
    quantity: Decimal | None
    uom: str
    gtin: str | None
    number: str
    label: str  # what to call it when nobody names the product


@dataclass(frozen=True, slots=True)
class Effect:
    """What an event does to goods: `giver` handed them on, `taker` has them afterwards, `here` saw them."""

    verb: Verb
    biz_step: str
    occurred_at: datetime
    things: tuple[ForeignThing, ...] = ()
    outputs: tuple[ForeignThing, ...] = ()
    parent: ForeignThing | None = None
    giver: Spot = NOWHERE
    taker: Spot = NOWHERE
    here: Spot = NOWHERE
    process: str = ""
    document: str = ""
    declared_wrong: bool = False
    ilmd: Mapping[str, Any] = field(default_factory=dict)

    def spots(self) -> Iterator[Spot]:
        yield from (spot for spot in (self.giver, self.taker, self.here) if spot)

    def everything(self) -> Iterator[ForeignThing]:
        yield from self.things
        yield from self.outputs
        if self.parent is not None:
            yield self.parent


def effect_of(event: Mapping[str, Any]) -> Effect:
    """Return what a valid event does to goods. Raises Refused for what no valid event says."""
    giver, taker, here = _spots(event)
    by_role: dict[str, list[ForeignThing]] = {}
    for key in read.keys_of(dict(event)):
        by_role.setdefault(key.role, []).append(_thing(key))
    step = read.vocabulary(event.get("bizStep"))
    verb = _verb(event, step)
    parents = by_role.get("parent", [])
    things = by_role.get("input" if verb == "process" else "child", []) or by_role.get("epc", [])
    if verb == "move":
        things = things + parents
    return Effect(
        verb=verb,
        biz_step=step,
        occurred_at=read.moment(event["eventTime"]),
        things=_added_up(things),
        outputs=_added_up(by_role.get("output", [])),
        parent=parents[0] if parents else None,
        giver=giver,
        taker=taker,
        here=here,
        process=event.get("transformationID") or event["eventID"] if verb == "process" else "",
        document=_document(event),
        declared_wrong=event.get("errorDeclaration") is not None,
        ilmd=event.get("ilmd") or {},
    )


def _added_up(things: Sequence[ForeignThing]) -> tuple[ForeignThing, ...]:
    """Name each of the goods once, with all that the event states of it in one unit; leave out what is nothing."""
    found: dict[tuple[str, str], ForeignThing] = {}
    for thing in things:
        before = found.get((thing.uri, thing.uom))
        if before is None or thing.kind in {"item", "logistic"}:
            found[thing.uri, thing.uom] = thing
        elif before.quantity is not None and thing.quantity is not None:
            found[thing.uri, thing.uom] = replace(thing, quantity=before.quantity + thing.quantity)
    return tuple(thing for thing in found.values() if thing.quantity is None or thing.quantity > 0)


def _verb(event: Mapping[str, Any], step: str) -> Verb:
    kind, action = event["type"], event.get("action", "")
    if kind == "TransformationEvent":
        return "process"
    if kind in {"AggregationEvent", "AssociationEvent"}:
        if event.get("parentID"):
            return "unpack" if action == "DELETE" else "pack"
        return "move"
    if kind == "TransactionEvent":
        return "tell" if action == "DELETE" else "move"
    if kind != "ObjectEvent":
        return "tell"  # an event type of somebody's own: kept, understood by them
    if action == "ADD":
        return "enter"
    return "leave" if action == "DELETE" or step in SOLD else "move"


def _spots(event: Mapping[str, Any]) -> tuple[Spot, Spot, Spot]:
    sources = _ends(event.get("sourceList"), "source")
    targets = _ends(event.get("destinationList"), "destination")
    location, read_point = (_earthly(read.place(dict(event), name)) for name in ("bizLocation", "readPoint"))
    is_leaving = read.vocabulary(event.get("bizStep")) in DEPARTURES
    taker = Spot(targets.party, (targets.site or location) if is_leaving else (location or targets.site))
    is_transaction = event["type"] == "TransactionEvent"
    if is_transaction and (not targets.party or targets.party == sources.party):
        taker = NOWHERE  # a document about goods that stay where they are
    return sources, taker, Spot("", location or read_point)


def _ends(elements: Sequence[Mapping[str, str]] | None, name: str) -> Spot:
    """Read a source or destination list: who has the goods comes before who owns them."""
    by_type: dict[str, str] = {}
    for element in elements or ():
        kind = read.vocabulary(element.get("type")).rpartition(":")[2].rpartition("SDT-")[2]
        by_type.setdefault(kind, read.canonical(element[name]))
    party = by_type.get("possessing_party") or by_type.get("owning_party") or ""
    site = by_type.get("location", "")
    return Spot(party_of(party), site)


def _earthly(uri: str) -> str:
    """Drop a bare position: it says where something was seen, not whose place that is (RFC 5870)."""
    return "" if uri.startswith("geo:") else uri


def party_of(uri: str) -> str:
    """Return the party's URI where a location number or an unserialised GLN names it (GS1 AI 417)."""
    gln = gln_of(uri)
    return f"https://id.gs1.org/417/{gln}" if gln else uri


def gln_of(uri: str) -> str | None:
    """Return the GLN in a URI of a party or place."""
    try:
        found = gs1.identify(uri) if uri else None
    except gs1.Gs1Error:
        return None
    return found.gln if found is not None and found.key_ai in _PARTY_KEYS else None


def _document(event: Mapping[str, Any]) -> str:
    transactions = event.get("bizTransactionList") or ()
    return transactions[0]["bizTransaction"][:LONGEST_PLACE] if transactions else ""


def _thing(key: read.Key) -> ForeignThing:
    if len(key.key) > LONGEST_KEY:
        raise Refused("too-long", text=key.key[:60], limit=LONGEST_KEY)
    quantity = None if key.quantity is None else _rounded(key.quantity)
    try:
        found = gs1.identify(key.key)
    except gs1.Gs1Error:
        found = gs1.Identifier(key.key)
    if found.key_ai in _LOGISTIC_KEYS:
        return ForeignThing(
            key.key, "logistic", Decimal(1), "H87", None, _tail(found.key or ""), found.key or ""
        )
    number = found.serial or found.lot or found.key or key.key
    label = f"GTIN {found.gtin}" if found.gtin else _tail(key.key)
    if key.is_single:
        return ForeignThing(key.key, "item", Decimal(1), "H87", found.gtin, _tail(number), label)
    kind = "class" if found.gtin and not found.lot else "batch"
    return ForeignThing(key.key, kind, quantity, key.uom, found.gtin, _tail(number), label)


def _rounded(quantity: Decimal) -> Decimal:
    """Return what can be booked of a stated quantity: six decimals, whatever a float left behind them."""
    if not quantity.is_finite() or quantity < 0:
        raise Refused("not-positive", quantity=quantity)
    if quantity > MAX_QUANTITY:
        raise Refused("absurd", quantity=quantity, limit=MAX_QUANTITY)
    return quantity.quantize(STEP, ROUND_HALF_EVEN)


def _tail(text: str) -> str:
    """Return the last 80 characters: that is where numbers differ."""
    return text[-80:]
