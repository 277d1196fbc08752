"""Quantities as people read them: kilograms or jin, no trailing zeros, the unit always named."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

JIN_IN_KILOGRAM = Decimal(2)
TONNE_IN_KILOGRAM = Decimal(1000)

# UN/ECE Recommendation 20 codes of mass, in kilograms.
MASSES: dict[str, Decimal] = {
    "KGM": Decimal(1),
    "GRM": Decimal("0.001"),
    "TNE": Decimal(1000),
    "MGM": Decimal("0.000001"),
    "LBR": Decimal("0.45359237"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A quantity ready to print: its number, and the unit's key (kg, g, t, jin, or the Rec 20 code itself)."""

    number: str
    unit: str


def show(quantity: Decimal, uom: str, weight_unit: str = "kg") -> Shown:
    """Return the quantity in the reader's unit of weight; units that are no mass stay as they are."""
    if uom not in MASSES:
        return Shown(plain(quantity), uom)
    if weight_unit == "jin":
        return Shown(plain(quantity * MASSES[uom] * JIN_IN_KILOGRAM), "jin")
    kilograms = quantity * MASSES[uom]
    if kilograms >= 10 * TONNE_IN_KILOGRAM:
        return Shown(plain(kilograms / TONNE_IN_KILOGRAM), "t")
    if uom == "GRM" and abs(quantity) < TONNE_IN_KILOGRAM:
        return Shown(plain(quantity), "g")
    return Shown(plain(kilograms), "kg")


def plain(number: Decimal) -> str:
    """Return at most three decimals, thousands parted, no trailing zeros."""
    rounded = number.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def groups(code: str, size: int = 4) -> tuple[str, ...]:
    """Cut a code into groups that can be read aloud."""
    return tuple(code[at : at + size] for at in range(0, len(code), size))
