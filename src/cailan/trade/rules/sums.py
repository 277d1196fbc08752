"""What goods cost: each line exact and then rounded to the fen, halves up; a total is the sum of rounded lines.

So a line reads the same alone and in its total, and a ticket taken in parts adds up to the ticket.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from cailan.products.rules import units
from cailan.trade.rules.costing import to_fen
from cailan.trade.rules.money import MOST_FEN

JIN = "JIN"  # 斤, half a kilogram: a unit of weights and prices as people say them, never of what is kept


class SumError(ValueError):
    """A price that cannot be reckoned with; the sentence is for people."""


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


def coded(quantity: Decimal, uom: str) -> tuple[Decimal, str]:
    """Return a quantity in a unit that is kept: 20 斤 are 10 kg."""
    return (quantity * units.JIN, "KGM") if uom == JIN else (quantity, uom)


def factor(uom: str) -> tuple[str, Fraction]:
    """Return what a unit measures, and how many kilograms, pieces or litres one of it is."""
    if uom == JIN:
        return str(units.Dimension.MASS), Fraction(units.JIN)
    if uom not in units.UNITS:
        raise SumError(gettext_noop("This unit is not known."))
    unit = units.UNITS[uom]
    # A crate is no box: packages are only themselves.
    measured = unit.code if unit.dimension == units.Dimension.PACKAGE else str(unit.dimension)
    return measured, Fraction(unit.factor)


def amount_fen(quantity: Decimal, uom: str, price_fen: int, price_uom: str) -> int:
    """Return what a quantity costs at a price for one `price_uom`."""
    if price_fen < 0:
        raise SumError(gettext_noop("A price cannot lie below zero."))
    measured, size = factor(uom)
    priced, one = factor(price_uom)
    if measured != priced:
        raise SumError(gettext_noop("Name the price in the unit in which the goods are measured."))
    amount = to_fen(Fraction(quantity) * size / one * price_fen)
    if amount > MOST_FEN:
        raise SumError(gettext_noop("This amount is too large. Check weight and price."))
    return amount


def part_fen(quantity: Decimal, before: Decimal, uom: str, price_fen: int, price_uom: str) -> int:
    """Return what a further part costs, so that all parts together cost what the whole does."""
    whole = amount_fen(before + quantity, uom, price_fen, price_uom)
    return whole - amount_fen(before, uom, price_fen, price_uom)


def convert_price(price_fen: int, price_uom: str, wanted: str) -> int:
    """Return a price for another unit of the same measure, to the fen: for a suggestion, not for a sum."""
    measured, size = factor(price_uom)
    asked, one = factor(wanted)
    return price_fen if measured != asked else to_fen(Fraction(price_fen) * one / size)


def total_fen(amounts: Iterable[int | None]) -> int:
    """Add up lines that are rounded already."""
    return sum(amount or 0 for amount in amounts)
