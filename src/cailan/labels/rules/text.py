"""Text that can be printed."""

import unicodedata
from collections.abc import Mapping
from typing import Any

# Control characters, halves of characters, and marks that turn the reading direction around: a paper with them could
# read otherwise than its data.
_UNPRINTABLE = {"Cc", "Cs", "Cn", "Co"}
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff")
_KEPT = frozenset("\n\t")


def clean(text: str) -> str:
    """Return the text without what no printer can print."""
    if text.isprintable():  # nearly always
        return text
    return "".join(
        character
        for character in text
        if character in _KEPT
        or (character not in _DIRECTIONS and unicodedata.category(character) not in _UNPRINTABLE)
    )


def printable(value: Any) -> Any:
    """Return data of any depth with every text in it cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable(each) for each in value]
    return value
