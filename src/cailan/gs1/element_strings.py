r"""Read and write GS1 element strings, raw as scanned and bracketed as printed (General Specifications 7.8).

Raw: `]d2` + `0106901234567892` + `10GZ261101A` + FNC1 + `21000123`, where FNC1 arrives as ASCII 29.
Bracketed: `(01)06901234567892(10)GZ261101A(21)000123`; an opening bracket inside a value is written `\(`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cailan.gs1.ai_table import AI_TABLE, CODE_LENGTH
from cailan.gs1.errors import Gs1Error
from cailan.gs1.values import Element

FNC1: Final = "\x1d"

# Symbology identifiers (ISO/IEC 15424) that announce an element string: GS1-128, GS1 DataBar and Composite,
# GS1 DataMatrix, GS1 QR Code, GS1 DotCode.
SYMBOLOGIES: Final = ("]C1", "]e0", "]d2", "]Q3", "]J1")

_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_BRACKETED_PART = re.compile(r"\(([0-9]{2,4})\)((?:[^(\\]|\\\()*)")


@dataclass(frozen=True, slots=True)
class ElementString:
    """Hold the elements of one bar code in their order, and the symbology identifier it came with."""

    elements: tuple[Element, ...]
    symbology: str | None = None

    def get(self, ai: str) -> str | None:
        """Return the value of an application identifier, None if it is absent."""
        return next((element.value for element in self.elements if element.ai == ai), None)


def parse(text: str) -> ElementString:
    """Read a raw or bracketed element string; an identical repetition counts once, another is refused."""
    symbology = read_symbology(text)
    start = len(symbology or "")
    if symbology and symbology not in SYMBOLOGIES:
        raise Gs1Error(
            "symbology", f"{symbology} does not announce a GS1 element string.", 0, found=symbology
        )
    found = _bracketed(text, start) if text.startswith("(", start) else _raw(text, start)
    return ElementString(_without_repetition(found), symbology)


def read_symbology(text: str) -> str | None:
    """Return the symbology identifier a scanner put before its data, None if there is none."""
    found = _SYMBOLOGY.match(text)
    return found[0] if found else None


def build(elements: Iterable[Element], *, symbology: str = "") -> str:
    """Write a raw element string in the given order; FNC1 follows each value that needs it but the last."""
    text, needs_separator = symbology, False
    for element in elements:
        text += (FNC1 if needs_separator else "") + element.ai + element.value
        needs_separator = not AI_TABLE[element.ai].is_predefined_length
    return text


def build_bracketed(elements: Iterable[Element]) -> str:
    """Write the human-readable form printed beside a bar code."""
    return "".join(f"({element.ai}){element.value.replace('(', chr(92) + '(')}" for element in elements)


def _raw(text: str, position: int) -> list[tuple[Element, int]]:
    found: list[tuple[Element, int]] = []
    if text.startswith(FNC1, position):
        # Some readers pass on the FNC1 that marks the symbol as GS1.
        position += 1
    while position < len(text):
        ai = _code_at(text, position)
        start = position + len(ai)
        if AI_TABLE[ai].is_predefined_length:
            end = start + AI_TABLE[ai].max_length
        else:
            end = text.find(FNC1, start) if FNC1 in text[start:] else len(text)
        found.append((_element(ai, text[start:end], start), position))
        position = end + 1 if text.startswith(FNC1, end) else end
    return found


def _code_at(text: str, position: int) -> str:
    length = CODE_LENGTH.get(text[position : position + 2], 2)
    ai = text[position : position + length]
    if ai not in AI_TABLE:
        message = f"No GS1 application identifier begins with {ai!r} at character {position + 1}."
        raise Gs1Error("unknown_ai", message, position, found=ai)
    return ai


def _bracketed(text: str, position: int) -> list[tuple[Element, int]]:
    found: list[tuple[Element, int]] = []
    while position < len(text):
        part = _BRACKETED_PART.match(text, position)
        if not part:
            message = f"An application identifier in brackets was expected at character {position + 1}."
            raise Gs1Error("brackets", message, position)
        found.append((_element(part[1], part[2].replace("\\(", "("), part.start(2)), position))
        position = part.end()
    return found


def _element(ai: str, value: str, start: int) -> Element:
    try:
        return Element(ai, value)
    except Gs1Error as refusal:
        raise refusal.at(start) from None


def _without_repetition(found: list[tuple[Element, int]]) -> tuple[Element, ...]:
    if not found:
        raise Gs1Error("empty", "There is no element string to read.", 0)
    first: dict[str, Element] = {}
    for element, position in found:
        earlier = first.setdefault(element.ai, element)
        if earlier.value != element.value:
            message = f"AI ({element.ai}) appears twice, as {earlier.value} and as {element.value}."
            raise Gs1Error("repeated_ai", message, position, ai=element.ai)
    return tuple(first.values())
