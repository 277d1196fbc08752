"""Amounts and kinds of money, for templates of every floor."""

from django import template
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cailan.products.rules import units
from cailan.trade.rules import money

register = template.Library()
PROOFS = {
    "declared": pgettext_lazy("proof", "Declared"),
    "scanned": pgettext_lazy("proof", "Scanned"),
    "device": pgettext_lazy("proof", "By device"),
    "counter_signed": pgettext_lazy("proof", "Counter-signed"),
    "lab": pgettext_lazy("proof", "Lab tested"),
    "official": pgettext_lazy("proof", "Official"),
}
SEALS = {
    "lots.create": _("Lot begun"),
    "lots.receive": _("Received"),
    "lots.transfer": _("Handed over"),
    "lots.dispatch": _("Shipped"),
    "lots.accept": _("Accepted"),
    "lots.take_back": _("Taken back by the seller"),
    "lots.transform": _("Processed or repacked"),
    "lots.adjust": _("Stock counted"),
    "lots.follow": _("Told by a document"),
}
VERDICTS = {
    "passed": _("passed"), "failed": _("failed"), "negative": _("negative"), "positive": _("positive"),
}  # fmt: skip


@register.filter
def yuan(fen: int | None) -> str:
    """Print an amount: 123456 → 1,234.56; nothing where it is unknown."""
    return "" if fen is None else money.yuan(fen)


@register.filter
def money_kind(kind: str) -> str:
    """Print a kind of income or expense."""
    return kind_word(kind)


def kind_word(kind: str) -> str:
    """Return what a kind of income or expense is called."""
    labels = {**money.ORDER_LABELS, **{str(one): label for one, label in money.CASH_LABELS.items()}}
    return gettext(labels[kind]) if kind in labels else kind


@register.filter
def unit_name(uom: str) -> str:
    """Print the unit of a price: JIN is 斤, which has no code of its own."""
    if uom == "JIN":
        return pgettext("unit", "jin")
    return gettext(units.UNITS[uom].label) if uom in units.UNITS else uom


@register.filter
def method(name: str) -> str:
    """Print how money changed hands."""
    return method_word(name)


def method_word(name: str) -> str:
    """Return what a way of paying is called."""
    return gettext(money.METHOD_LABELS[money.Method(name)]) if name in set(money.Method) else name


def proof_word(level: str) -> str:
    """Return what a strength of proof is called on paper."""
    return str(PROOFS.get(level, level))


def verdict_word(verdict: str) -> str:
    """Return what a verdict is called on paper."""
    return str(VERDICTS.get(verdict, verdict))


@register.filter
def seal_word(kind: str) -> str:
    """Print what was sealed."""
    return str(SEALS.get(kind, kind))
