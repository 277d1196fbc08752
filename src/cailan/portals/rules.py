"""Which portal a party has, and what stands in it."""

from dataclasses import dataclass
from enum import StrEnum

PORTAL_OF: dict[str, str] = {
    "base": "producer",
    "individual": "producer",
    "processor": "producer",
    "distribution_centre": "circulation",
    "circulation": "circulation",
    "carrier": "circulation",
    "merchant": "merchant",
    "market": "market",
    "lab": "lab",
    "regulator": "regulator",
    "operator": "operator",
    "technical": "operator",
}
PORTALS = tuple(dict.fromkeys(PORTAL_OF.values()))
HOLDING_PORTALS = frozenset({"producer", "circulation", "merchant"})


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


PORTAL_NAMES: dict[str, str] = {
    "producer": gettext_noop("Production"),
    "circulation": gettext_noop("Circulation"),
    "merchant": gettext_noop("Merchant"),
    "market": gettext_noop("Market"),
    "lab": gettext_noop("Laboratory"),
    "regulator": gettext_noop("Regulator"),
    "operator": gettext_noop("Operator"),
}


class Counted(StrEnum):
    """What a number in the menu counts."""

    REGISTRATIONS = "registrations"
    ALERTS = "alerts"
    NOTICES = "notices"


@dataclass(frozen=True, slots=True)
class Item:
    """A place in the menu, or a task on the home page."""

    url_name: str
    label: str
    icon: str
    hint: str = ""
    permission: str = ""
    query: str = ""
    counts: str = ""  # what the number beside it counts


_LOTS = Item("lots:list", gettext_noop("Lots"), "packages", permission="lot:read")
_GOODS = Item("lots:stock", gettext_noop("Stock"), "package", permission="lot:read")
_STOCK = Item("trade:stock", gettext_noop("Stock"), "package", permission="lot:read")
_SCAN = Item("trade:scan", gettext_noop("Scan"), "scan", permission="lot:move")
_DAY = Item("trade:day", gettext_noop("Today"), "chart-bar", permission="lot:read")
_TICKETS = Item("trade:tickets", gettext_noop("Tickets"), "receipt", permission="lot:read")
_LEDGER = Item("trade:ledger", gettext_noop("Ledger"), "list-details", permission="lot:read")
_DEBTS = Item("trade:debts", gettext_noop("Debts"), "wallet", permission="money:read")
_CASH = Item("trade:cash", gettext_noop("Income and expense"), "coin", permission="money:read")
_BATCHES = Item("production:batches", gettext_noop("Crop batches"), "plant-2", permission="farm:record")
_INPUTS = Item("production:inputs", gettext_noop("Inputs"), "droplet", permission="farm:record")
_SAMPLES = Item("quality:worklist", gettext_noop("Samples"), "flask", permission="lot:read")
_LIMITS = Item("quality:limits", gettext_noop("Limits"), "scale", permission="lot:read")
_RESULTS = Item("quality:concerning", gettext_noop("Test results"), "microscope", permission="lot:read")
_LABORATORY = Item(
    "quality:laboratory", gettext_noop("Our certificate"), "certificate", permission="test:sign"
)
_ALERTS = Item(
    "supervision:alerts", gettext_noop("Alerts"), "bell", permission="alert:read", counts=Counted.ALERTS
)
_RECALLS = Item("supervision:recalls", gettext_noop("Recalls"), "rotate-2", permission="alert:read")
_CALENDAR = Item("supervision:calendar", gettext_noop("Working days"), "calendar", permission="recall:manage")
_NOTICES = Item(
    "supervision:notices", gettext_noop("Recall notices"), "speakerphone", permission="lot:read",
    counts=Counted.NOTICES,
)  # fmt: skip
_WHEREABOUTS = Item("tracing:whereabouts", gettext_noop("Whereabouts"), "map-pin", permission="lot:read")
_ANCESTORS = Item("tracing:ancestors", gettext_noop("Common ancestors"), "hierarchy-2", permission="lot:read")
_BOOK = Item("parties:book", gettext_noop("Partners"), "users", permission="party:read")
_IMPORT = Item("exchange:imports", gettext_noop("Import"), "upload", permission="import:run")
_DIRECTORY = Item(
    "parties:list", gettext_noop("Parties"), "users", permission="party:read", counts=Counted.REGISTRATIONS
)
_OWN = Item(
    "parties:organisation", gettext_noop("Our organisation"), "building-store", permission="party:read"
)
_PAPERS = Item("documents:list", gettext_noop("Documents"), "files", permission="party:read")
_CATALOGUE = Item("products:list", gettext_noop("Products"), "leaf")
_VERIFY = Item("ledger:verify", gettext_noop("Verify"), "shield-check")

_COMMON = (_LOTS, _WHEREABOUTS, _BOOK, _IMPORT, _PAPERS, _OWN, _CATALOGUE, _LIMITS, _VERIFY)
_OVERSEER = (
    _RESULTS, _DIRECTORY, _WHEREABOUTS, _ANCESTORS, _LIMITS, _PAPERS, _OWN, _CATALOGUE, _CALENDAR, _VERIFY,
)  # fmt: skip
# The first three stand under the thumb on a phone, after "Home".
MENUS: dict[str, tuple[Item, ...]] = {
    "producer": (_BATCHES, _GOODS, _TICKETS, _INPUTS, _SCAN, _NOTICES, _RESULTS, _LEDGER, *_COMMON),
    "circulation": (
        _SCAN,
        _STOCK,
        _TICKETS,
        _SAMPLES,
        _NOTICES,
        _RESULTS,
        _LEDGER,
        _DAY,
        _DEBTS,
        _CASH,
        *_COMMON,
    ),
    "merchant": (_SCAN, _STOCK, _DAY, _TICKETS, _LEDGER, _DEBTS, _CASH, _NOTICES, _RESULTS, *_COMMON),
    "market": (_ALERTS, _LOTS, _RECALLS, _SAMPLES, *_OVERSEER),
    "regulator": (_ALERTS, _RECALLS, _LOTS, _SAMPLES, *_OVERSEER),
    "operator": (_LOTS, _DIRECTORY, _LIMITS, _WHEREABOUTS, _ANCESTORS, _PAPERS, _OWN, _CATALOGUE, _VERIFY),
    "lab": (
        _SAMPLES,
        _LIMITS,
        _LOTS,
        _ALERTS,
        _LABORATORY,
        _WHEREABOUTS,
        _ANCESTORS,
        _PAPERS,
        _OWN,
        _CATALOGUE,
        _VERIFY,
    ),
}

_NEW = Item(
    "lots:create", gettext_noop("New lot"), "seedling", gettext_noop("A harvest or catch"), "lot:create"
)
_LOG = Item(
    "production:log", gettext_noop("Log farm work"), "tractor", gettext_noop("From a template, with a photo"),
    "farm:record",
)  # fmt: skip
_OPEN_BATCH = Item(
    "production:open_batch", gettext_noop("Open a crop batch"), "plant-2", gettext_noop("With its seed"), "farm:record"
)  # fmt: skip
_HARVEST = Item(
    "production:batches", gettext_noop("Harvest"), "basket", gettext_noop("Choose the batch"), "farm:record"
)  # fmt: skip
_DISPATCH = Item(
    "trade:dispatch", gettext_noop("Dispatch"), "truck-delivery", gettext_noop("Tested lots only"), "lot:move"
)  # fmt: skip
_SCAN_IN = Item(
    "trade:scan", gettext_noop("Scan to receive"), "scan", gettext_noop("A ticket or a label"), "lot:move"
)  # fmt: skip
_BUY = Item(
    "trade:buy", gettext_noop("Buy by hand"), "receipt-2", gettext_noop("Photo of the voucher first"), "lot:create"
)  # fmt: skip
_SELL = Item("trade:sell", gettext_noop("Sell"), "shopping-cart", gettext_noop("With a ticket"), "lot:move")
_RETAIL = Item("trade:retail", gettext_noop("Retail"), "basket", gettext_noop("To consumers"), "lot:move")
_COUNT = Item(
    "trade:count", gettext_noop("Count stock"), "list-check", gettext_noop("Many lots at once"), "lot:move"
)
_PROCESS = Item(
    "lots:transform",
    gettext_noop("Process or repack"),
    "transform",
    gettext_noop("Lots in, lots out"),
    "lot:create",
)
_LOSS = Item("trade:loss", gettext_noop("Loss"), "trash", gettext_noop("Spoiled or thrown away"), "lot:move")
_BENCH = Item(
    "quality:worklist", gettext_noop("Samples"), "flask", gettext_noop("Accept, test, sign"), "test:record"
)  # fmt: skip
_SEE_LIMITS = Item(
    "quality:limits", gettext_noop("Limits"), "scale", gettext_noop("Of three places, side by side"), "lot:read"
)  # fmt: skip
_SEE_ALERTS = Item(
    "supervision:alerts", gettext_noop("Alerts"), "bell", gettext_noop("What was found, and where it is"), "alert:read"
)  # fmt: skip
_SEE_RECALLS = Item(
    "supervision:recalls", gettext_noop("Recalls"), "rotate-2", gettext_noop("Kilos recovered, who is silent"),
    "alert:read",
)  # fmt: skip
_FIND = Item(
    "lots:list", gettext_noop("Find a lot"), "search", gettext_noop("By code, number, product"), "lot:read"
)
_DECIDE = Item(
    "parties:list", gettext_noop("Decide registrations"), "clipboard-check",
    gettext_noop("Who asks to take part"), "party:approve", "?status=pending",
)  # fmt: skip
_CAUSE = Item(
    "tracing:ancestors", gettext_noop("Find a common cause"), "hierarchy-2", gettext_noop("Of several failed lots"),
    "lot:read",
)  # fmt: skip
_WENT = Item(
    "tracing:whereabouts", gettext_noop("Where did it go?"), "map-pin", gettext_noop("Quantities by destination"),
    "lot:read",
)  # fmt: skip
TASKS: dict[str, tuple[Item, ...]] = {
    "producer": (_LOG, _HARVEST, _DISPATCH, _OPEN_BATCH, _NEW, _PROCESS, _SCAN_IN, _LOSS),
    "circulation": (_SCAN_IN, _SELL, _DISPATCH, _BUY, _PROCESS, _LOSS),
    "merchant": (_SCAN_IN, _SELL, _RETAIL, _BUY, _COUNT, _LOSS),
    "market": (_SEE_ALERTS, _FIND, _DECIDE, _WENT, _CAUSE),
    "regulator": (_SEE_ALERTS, _SEE_RECALLS, _FIND, _DECIDE, _WENT, _CAUSE),
    "operator": (_DECIDE, _FIND, _WENT, _SEE_LIMITS),
    "lab": (_BENCH, _SEE_LIMITS, _FIND, _CAUSE),
}


def portal_of(party_kind: str) -> str:
    """Return the portal of a kind of party, "" for somebody without a party."""
    return PORTAL_OF.get(party_kind, "")
