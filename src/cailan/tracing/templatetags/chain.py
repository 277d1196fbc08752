"""Template tags that print a chain: as a picture of its flows, and as a map of its ways."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from cailan.tracing.rules import captions
from cailan.tracing.rules.chain import Chain, Edge, Node
from cailan.tracing.rules.drawing import Amount, Box, Line, Picture
from cailan.tracing.rules.layout import layout
from cailan.tracing.rules.map import MapPicture, map_of
from cailan.tracing.templatetags.quantities import text as quantity_text
from cailan.tracing.templatetags.words import reason_word

register = template.Library()

TALL_NODES = 40
PAD = 14.0
HOLDER_ICONS = {
    "base": "plant-2",
    "individual": "plant-2",
    "processor": "building-factory-2",
    "distribution_centre": "building-warehouse",
    "circulation": "building-warehouse",
    "carrier": "truck-delivery",
    "market": "building",
    "merchant": "building-store",
    "lab": "flask",
    "regulator": "building-bank",
    "external": "file-text",
}
# The picture tells three strengths apart; the words on each line tell all six.
STRENGTHS = {
    "scanned": "seen", "device": "seen", "counter_signed": "agreed", "lab": "agreed", "official": "agreed",
}  # fmt: skip
EXIT_ICONS = {"retail": "basket", "loss": "trash", "adjust": "scale"}


@dataclass(frozen=True, slots=True)
class Card:
    """A box with its words, cut to fit."""

    box: Box
    classes: str
    icon: str
    title: str
    full: str  # the whole of it, for a title and for readers of the list
    subtitle: str = ""
    amount: str = ""
    left: str = ""
    left_share: float = 0.0  # of the bar under the amounts, 0 to 1
    note: str = ""
    tag: str = ""
    url: str = ""

    @property
    def right(self) -> float:
        """Where text that ends at the right begins to end."""
        return self.box.width - PAD

    @property
    def bar(self) -> float:
        return self.box.width - 2 * PAD

    @property
    def bar_left(self) -> float:
        return round(self.bar * self.left_share, 1)

    @property
    def tag_width(self) -> float:
        return round(captions.width(self.tag) * 11 + 18, 1)


@dataclass(frozen=True, slots=True)
class Flow:
    """A line with its words."""

    line: Line
    path: str
    label: str
    label_width: float
    full: str

    @property
    def label_left(self) -> float:
        return -self.label_width / 2


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with the words on it."""

    picture: Picture
    cards: tuple[Card, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads: the unit of weight, and the name of the page a holding leads to."""

    weight_unit: str
    url_name: str


@register.inclusion_tag("tracing/chain.html", takes_context=True)
def chain_picture(context: template.Context, chain: Chain, focus_url_name: str = "") -> dict[str, Any]:
    """Print the chain as a picture; a holding leads to the page `focus_url_name`, given its trace code."""
    reader = _Reader(context.get("weight_unit") or "", focus_url_name)
    drawings = [_drawing(layout(chain), reader)]
    if len(chain.nodes) <= TALL_NODES:
        drawings.append(_drawing(layout(chain, compact=True), reader))
    return {
        "drawings": drawings,
        "has_tall": len(drawings) > 1,
        "is_truncated": chain.is_truncated,
        "steps": drawings[0].flows,
        "strengths": {STRENGTHS.get(flow.line.proof, "declared") for flow in drawings[0].flows},
        "summary": _summary(chain),
    }


@register.inclusion_tag("tracing/map.html")
def chain_map(chain: Chain) -> dict[str, Any]:
    """Print where the chain's goods were, and the ways between; nothing where no place is known."""
    picture: MapPicture | None = map_of(chain)
    return {"map": picture}


def _summary(chain: Chain) -> str:
    stock = [node for node in chain.nodes if node.kind == "stock"]
    holders = len({node.holder_id for node in stock})
    return ngettext(
        "%(count)d holding with %(holders)d holders",
        "%(count)d holdings with %(holders)d holders",
        len(stock),
    ) % {"count": len(stock), "holders": holders}


def _drawing(picture: Picture, reader: _Reader) -> Drawing:
    cards = {box.key: _card(box, reader) for box in picture.boxes}
    flows = tuple(_flow(line, cards, reader, is_tall=picture.is_tall) for line in picture.lines)
    return Drawing(picture, tuple(cards.values()), flows)


def _card(box: Box, reader: _Reader) -> Card:
    if box.kind == "group":
        return _group_card(box, reader)
    if box.node is None:
        return _stub_card(box)
    if box.kind == "process":
        return _process_card(box, box.node)
    return _stock_card(box, box.node, reader)


def _stock_card(box: Box, node: Node, reader: _Reader) -> Card:
    room = (box.width - 62) / 13
    product = " · ".join(filter(None, (node.product, node.lot_number)))
    amount = quantity_text(node.quantity, node.uom, reader.weight_unit) or gettext("not stated")
    left = quantity_text(node.remaining, node.uom, reader.weight_unit)
    left = (
        gettext("%(quantity)s left") % {"quantity": left}
        if left and node.remaining
        else gettext("all passed on")
    )
    tag = ""
    if node.is_held:
        tag = gettext("On hold")
    elif node.is_in_transit:
        tag = gettext("On its way")
    elif node.is_waiting:
        tag = gettext("Waits for a test")
    elif box.is_focus:
        tag = gettext("You are here")
    elif node.is_external:
        tag = gettext("Not registered")
    states = {"ch-held": node.is_held, "ch-focus": box.is_focus, "ch-external": node.is_external}
    note = _note(node, (box.width - 2 * PAD) / 12)
    return Card(
        box=box,
        classes=" ".join(["ch-stock", *(state for state, is_so in states.items() if is_so)]),
        icon=HOLDER_ICONS.get(node.holder_kind, "building-store"),
        title=captions.fit(node.holder, room),
        subtitle=captions.fit(product, room),
        amount=amount,
        left=left,
        left_share=_share(node),
        note=note,
        tag=tag,
        url=reverse(reader.url_name, args=[node.code]) if reader.url_name and node.code else "",
        full=", ".join(filter(None, (node.holder, product, amount, left, note, tag))),
    )


def _note(node: Node, room: float) -> str:
    """Return when and, where there is room for it, at which place."""
    day = f"{timezone.localtime(node.acquired_at):%Y-%m-%d %H:%M}"
    place = node.site or node.region
    if not place or place == node.holder:
        return day
    note = captions.fit(f"{day} · {place}", room)
    return day if len(note) < len(day) + 6 and note.endswith("…") else note


def _share(node: Node) -> float:
    if not node.quantity or node.remaining is None:
        return 0.0
    return max(0.0, min(1.0, float(node.remaining / node.quantity)))


def _process_card(box: Box, node: Node) -> Card:
    word = node.product or gettext("Processing")
    day = f"{timezone.localtime(node.acquired_at):%Y-%m-%d}"
    return Card(
        box=box,
        classes="ch-process",
        icon="transform",
        title=captions.fit(word, box.width / 13),
        subtitle=captions.fit(node.holder or day, box.width / 12),
        full=", ".join(filter(None, (word, node.holder, day))),
    )


def _group_card(box: Box, reader: _Reader) -> Card:
    group = box.group
    if group is None:
        raise ValueError(box.key)
    if group.is_upstream:
        title = npgettext("chain", "+%(count)d supplier", "+%(count)d suppliers", group.holder_count)
    else:
        title = npgettext("chain", "+%(count)d buyer", "+%(count)d buyers", group.holder_count)
    title %= {"count": group.holder_count}
    amount = _amounts(group.amounts, group.unstated, reader)
    lots = ngettext("%(count)d holding", "%(count)d holdings", len(group.node_ids)) % {
        "count": len(group.node_ids)
    }
    tag = gettext("On hold") if group.is_held else ""
    classes = "ch-group ch-held" if group.is_held else "ch-group"
    full = ", ".join(filter(None, (title, amount, lots, tag)))
    return Card(box, classes, "users", title, full, subtitle=lots, amount=amount, tag=tag)


def _stub_card(box: Box) -> Card:
    kind, count = box.edges[0].kind, len(box.edges)
    if box.kind == "gap":
        word, note, icon = gettext("Origin unproven"), gettext("only declared"), "help-circle"
        return Card(box, "ch-gap", icon, word, f"{word}, {note}", subtitle=note)
    if box.kind == "origin":
        word = gettext("Correction") if kind == "adjust" else gettext("First record")
        icon = "scale" if kind == "adjust" else "seedling"
        return Card(box, f"ch-origin ch-{kind}", icon, word, word)
    words = {
        "retail": npgettext("chain", "%(count)d sale", "%(count)d sales", count),
        "loss": npgettext("chain", "Loss", "%(count)d losses", count),
        "adjust": npgettext("chain", "Correction", "%(count)d corrections", count),
    }
    word = words.get(kind, pgettext("chain", "Left the system")) % {"count": count}
    icon = EXIT_ICONS.get(kind, "arrow-right")
    return Card(box, f"ch-exit ch-{kind}", icon, captions.fit(word, (box.width - 50) / 13), word)


def _amounts(amounts: tuple[Amount, ...], unstated: int, reader: _Reader) -> str:
    parts = [quantity_text(amount.quantity, amount.uom, reader.weight_unit) for amount in amounts]
    if unstated:
        parts.append(
            gettext("%(count)d not stated") % {"count": unstated} if parts else gettext("not stated")
        )
    return " + ".join(parts)


def _flow(line: Line, cards: dict[str, Card], reader: _Reader, *, is_tall: bool) -> Flow:
    label = _amounts(line.amounts, line.unstated, reader)
    full = gettext("%(source)s → %(target)s: %(quantity)s, %(proof)s") % {
        "source": cards[line.source].title,
        "target": cards[line.target].title,
        "quantity": label,
        "proof": proof_word(line.proof),
    }
    documents = ", ".join(dict.fromkeys(filter(None, map(_paper, line.edges))))
    return Flow(
        line=line,
        path=captions.curve(line.points, is_tall=is_tall),
        label=label,
        label_width=round(captions.width(label) * 12 + 16, 1),
        full=f"{full} ({documents})" if documents else full,
    )


def _paper(edge: Edge) -> str:
    return " ".join(filter(None, (edge.document, reason_word(edge.reason))))


@register.filter
def proof_word(level: str) -> str:
    """Return the word for a level of proof."""
    words = {
        "scanned": pgettext("proof", "Scanned"),
        "device": pgettext("proof", "By device"),
        "counter_signed": pgettext("proof", "Counter-signed"),
        "lab": pgettext("proof", "Lab tested"),
        "official": pgettext("proof", "Official"),
    }
    return words.get(level, pgettext("proof", "Declared"))
