"""Which portal a party has, and what stands in it."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Item:
    """A place in the menu, or a task on the home page."""

    url_name: str
    label: str
    icon: str
    hint: str = ""
    permission: str = ""
    query: str = ""
    shows_pending: bool = False


_LOTS = Item("lots:list", gettext_noop("Lots"), "packages", permission="lot:read")
_STOCK = Item("lots:stock", gettext_noop("Stock"), "package", permission="lot:read")
_WHEREABOUTS = Item("tracing:whereabouts", gettext_noop("Whereabouts"), "map-pin", permission="lot:read")
_ANCESTORS = Item("tracing:ancestors", gettext_noop("Common ancestors"), "hierarchy-2", permission="lot:read")
_BOOK = Item("parties:book", gettext_noop("Partners"), "users", permission="party:read")
_IMPORT = Item("exchange:imports", gettext_noop("Import"), "upload", permission="import:run")
_DIRECTORY = Item(
    "parties:list", gettext_noop("Parties"), "users", permission="party:read", shows_pending=True
)
_OWN = Item(
    "parties:organisation", gettext_noop("Our organisation"), "building-store", permission="party:read"
)
_PAPERS = Item("documents:list", gettext_noop("Documents"), "files", permission="party:read")
_CATALOGUE = Item("products:list", gettext_noop("Products"), "leaf")
_VERIFY = Item("ledger:verify", gettext_noop("Verify"), "shield-check")

_HOLDER_MENU = (_STOCK, _LOTS, _BOOK, _WHEREABOUTS, _IMPORT, _PAPERS, _OWN, _CATALOGUE, _VERIFY)
_OVERSEER_MENU = (_LOTS, _DIRECTORY, _WHEREABOUTS, _ANCESTORS, _PAPERS, _OWN, _CATALOGUE, _VERIFY)
MENUS: dict[str, tuple[Item, ...]] = {
    "producer": _HOLDER_MENU,
    "circulation": _HOLDER_MENU,
    "merchant": _HOLDER_MENU,
    "market": _OVERSEER_MENU,
    "regulator": _OVERSEER_MENU,
    "operator": _OVERSEER_MENU,
    "lab": (_LOTS, _WHEREABOUTS, _ANCESTORS, _PAPERS, _OWN, _CATALOGUE, _VERIFY),
}

_NEW = Item(
    "lots:create", gettext_noop("New lot"), "seedling", gettext_noop("A harvest or catch"), "lot:create"
)
_RECEIVE = Item(
    "lots:receive",
    gettext_noop("Receive goods"),
    "truck-delivery",
    gettext_noop("From a supplier"),
    "lot:create",
)
_SELL = Item(
    "lots:transfer",
    gettext_noop("Sell or hand over"),
    "shopping-cart",
    gettext_noop("To a known buyer"),
    "lot:move",
)
_RETAIL = Item("lots:retail", gettext_noop("Retail"), "basket", gettext_noop("To consumers"), "lot:move")
_PROCESS = Item(
    "lots:transform",
    gettext_noop("Process or repack"),
    "transform",
    gettext_noop("Lots in, lots out"),
    "lot:create",
)
_LOSS = Item("lots:lose", gettext_noop("Loss"), "trash", gettext_noop("Spoiled or thrown away"), "lot:move")
_HELD = Item(
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
    "producer": (_NEW, _SELL, _PROCESS, _RECEIVE, _LOSS),
    "circulation": (_RECEIVE, _SELL, _PROCESS, _RETAIL, _LOSS),
    "merchant": (_SELL, _RETAIL, _RECEIVE, _LOSS),
    "market": (_HELD, _DECIDE, _WENT, _CAUSE),
    "regulator": (_HELD, _DECIDE, _WENT, _CAUSE),
    "operator": (_DECIDE, _HELD, _WENT),
    "lab": (_HELD, _CAUSE, _WENT),
}


def portal_of(party_kind: str) -> str:
    """Return the portal of a kind of party, "" for somebody without a party."""
    return PORTAL_OF.get(party_kind, "")
