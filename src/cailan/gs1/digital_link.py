"""Read and write GS1 Digital Link URIs, uncompressed (GS1 Digital Link Standard: URI Syntax 1.4).

`https://id.gs1.org/01/06901234567892/10/GZ261101A/21/000123?7007=261101`: a stem, one primary key, its
qualifiers in GS1's order, data attributes in the query string. Parsing accepts any host and path prefix,
short GTINs, and the old words for numbers (`/gtin/`, `/lot/`); writing always gives 14 digits and numbers.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, unquote_plus

from cailan.gs1.ai_table import AI_TABLE, LINK_KEYS
from cailan.gs1.errors import Gs1Error
from cailan.gs1.keys import normalise_gtin
from cailan.gs1.values import Element

GS1_STEM: Final = "https://id.gs1.org"

# The words that stood for application identifiers in paths until version 1.2 of the standard.
WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sscc": "00", "gtin": "01", "cpv": "22", "lot": "10", "ser": "21", "tpx": "235", "gdti": "253",
        "gcn": "255", "ginc": "401", "gsin": "402", "gln": "414", "glnx": "254", "payTo": "415",
        "refno": "8020", "party": "417", "partyGln": "417", "grai": "8003", "giai": "8004", "itip": "8006",
        "cpid": "8010", "cpsn": "8011", "gmn": "8013", "gsrnp": "8017", "gsrn": "8018", "srin": "8019",
    }
)  # fmt: skip

# Key -> the qualifiers that name the thing, the most specific first; the first one present is enough.
_NAMING_QUALIFIERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"01": ("21", "235", "10"), "8006": ("21", "10"), "414": ("254",), "415": ("8020",), "8010": ("8011",)}
)

_URI = re.compile(
    r"(?P<scheme>https?|HTTPS?)://(?P<host>[^/?#]+)(?P<path>/[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?"
)
_STRAY = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")

# Everything but letters, digits, hyphen, full stop, low line and tilde is percent-encoded (URI Syntax 5.5).
_ENCODE: Final = str.maketrans({char: f"%{ord(char):02X}" for char in "!\"#%&'()*+,/:;<=>?@ "})


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """Hold the parts of a Digital Link; it cannot be made with parts GS1 does not allow together.

    `extras` keeps the query parameters that are not GS1's, such as `linkType`.
    """

    key: Element
    qualifiers: tuple[Element, ...] = ()
    attributes: tuple[Element, ...] = ()
    extras: tuple[tuple[str, str], ...] = ()
    stem: str = GS1_STEM

    def __post_init__(self) -> None:
        _refuse_sequence(self.key.ai, tuple(element.ai for element in self.qualifiers))
        seen = {self.key.ai, *(element.ai for element in self.qualifiers)}
        for attribute in self.attributes:
            _refuse_attribute(attribute.ai, self.key.ai, seen)
            seen.add(attribute.ai)

    def get(self, ai: str) -> str | None:
        """Return the value of an application identifier, None if it is absent."""
        return next((element.value for element in self.elements if element.ai == ai), None)

    @property
    def elements(self) -> tuple[Element, ...]:
        """Return key, qualifiers and attributes as one row, ready for an element string."""
        return (self.key, *self.qualifiers, *self.attributes)

    @property
    def naming(self) -> tuple[Element, ...]:
        """Return the key and the one qualifier that names the thing: a serial makes a lot redundant."""
        by_ai = {element.ai: element for element in self.qualifiers}
        name = next((ai for ai in _NAMING_QUALIFIERS.get(self.key.ai, ()) if ai in by_ai), None)
        return (self.key, by_ai[name]) if name else (self.key,)

    @property
    def constrained(self) -> str:
        """Return the constrained canonical form, the one name of a thing in events (CBV 2.0, 8).

        One thing has one: `/01/…/10/…/21/…` and `/01/…/21/…` are the same piece, named by GTIN and serial.
        """
        return GS1_STEM + _path(self.naming)

    @property
    def qualified(self) -> str:
        """Return key and all qualifiers under id.gs1.org, without attributes."""
        return GS1_STEM + _path((self.key, *self.qualifiers))

    @property
    def canonical(self) -> str:
        """Return the link under id.gs1.org with its data attributes in order of their identifiers."""
        ordered = sorted(self.attributes, key=lambda element: element.ai)
        return self.qualified + _query((element.ai, element.value) for element in ordered)

    @property
    def uri(self) -> str:
        """Return the link under its own stem, everything kept."""
        pairs = [(element.ai, element.value) for element in self.attributes]
        return self.stem + _path((self.key, *self.qualifiers)) + _query([*pairs, *self.extras])


def parse(text: str) -> DigitalLink:
    """Read a Digital Link URI; refusals name the character where the fault begins."""
    found = _split(text)
    pairs, stem_end = _path_pairs(found["path"], found.start("path"))
    if not pairs:
        raise Gs1Error(
            "no_key", "The path holds no GS1 primary key such as /01/ and a GTIN.", found.start("path")
        )
    key, *qualifiers = (_read_element(WORDS.get(word, word), value, start) for word, value, start in pairs)
    places = tuple(start - len(word) - 1 for word, _, start in pairs[1:])
    _refuse_sequence(key.ai, tuple(element.ai for element in qualifiers), places)
    attributes, extras = _read_query(found["query"] or "", found.start("query"), key, qualifiers)
    stem = f"{found['scheme'].lower()}://{text[found.start('host') : stem_end]}"
    return DigitalLink(key, tuple(qualifiers), attributes, extras, stem)


def has_key(text: str) -> bool:
    """Tell whether a web address looks like a Digital Link: a primary key before a value of its form."""
    found = _URI.fullmatch(text)
    if not found:
        return False
    pairs, _ = _path_pairs(found["path"], 0)
    if not pairs:
        return False
    word, value, _ = pairs[0]
    return _KEY_SHAPES[WORDS.get(word, word)].fullmatch(value) is not None


def from_elements(elements: Iterable[Element], *, stem: str = GS1_STEM) -> DigitalLink:
    """Build a link from elements in any order: primary key, qualifiers in order, the rest attributes."""
    every = tuple(elements)
    key, qualifiers = pick_key(every)
    rest = tuple(element for element in every if element != key and element not in qualifiers)
    return DigitalLink(key, qualifiers, rest, stem=stem)


def pick_key(elements: Iterable[Element]) -> tuple[Element, tuple[Element, ...]]:
    """Return the primary key among elements and its qualifiers in order.

    A logistic unit (00) comes before the trade item (01) it may hold.
    """
    by_ai = {element.ai: element for element in elements}
    key = next((by_ai[ai] for ai in LINK_KEYS if ai in by_ai), None)
    if key is None:
        raise Gs1Error("no_key", "None of the elements is a GS1 primary key such as (01) or (00).")
    sequences = AI_TABLE[key.ai].link_qualifiers or ()
    sequence = max(sequences, key=lambda ais: sum(ai in by_ai for ai in ais))
    return key, tuple(by_ai[ai] for ai in sequence if ai in by_ai)


def encode(value: str) -> str:
    """Percent-encode a value for a path or query string."""
    return value.translate(_ENCODE)


def decode(text: str, start: int = 0) -> str:
    """Undo percent-encoding; only ASCII can come out, as GS1's character sets hold nothing else."""
    if bad := _BAD_PERCENT.search(text):
        message = "A percent sign must be followed by two hexadecimal digits."
        raise Gs1Error("percent", message, start + bad.start())
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _key_shape(ai: str) -> str:
    if ai == "01":
        return "[0-9]{8}|[0-9]{12,14}"
    parts = AI_TABLE[ai].components
    digits = sum(part.min_length for part in parts if part.charset == "N" and not part.is_optional)
    tail = "" if digits == AI_TABLE[ai].max_length else ".*"
    # A key in letters still begins with its company prefix, four digits at the least.
    return f"[0-9]{{{digits or 4}}}{tail}"


_KEY_SHAPES: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {ai: re.compile(_key_shape(ai)) for ai in LINK_KEYS}
)


def _split(text: str) -> re.Match[str]:
    if stray := _STRAY.search(text):
        message = f"{stray[0]!r} may not stand in a web address; it has to be percent-encoded."
        raise Gs1Error("uri_character", message, stray.start(), found=stray[0])
    found = _URI.fullmatch(text)
    if not found:
        raise Gs1Error("not_a_link", "A Digital Link begins with http:// or https://, a host and a path.", 0)
    if not _HOST.fullmatch(found["host"]):
        raise Gs1Error("host", f"{found['host']!r} is not a host name.", found.start("host"))
    return found


def _path_pairs(path: str, start: int) -> tuple[list[tuple[str, str, int]], int]:
    """Return (word, value, place of the value) from the rightmost primary key on, and where the stem ends."""
    segments, places = path.split("/"), [start]
    for segment in segments:
        places.append(places[-1] + len(segment) + 1)
    pairs: list[tuple[str, str, int]] = []
    for index in range(len(segments) - 2, 0, -2):
        word, value = segments[index], segments[index + 1]
        pairs.insert(0, (word, value, places[index + 1]))
        ai = WORDS.get(word, word)
        if ai not in AI_TABLE:
            break
        if AI_TABLE[ai].link_qualifiers is not None:
            return pairs, places[index] - 1
    return [], start


def _read_element(ai: str, text: str, start: int) -> Element:
    plain = decode(text, start)
    try:
        return Element(ai, normalise_gtin(plain) if ai == "01" else plain)
    except Gs1Error as refusal:
        raise refusal.at(start) from None


def _read_query(
    query: str, start: int, key: Element, qualifiers: list[Element]
) -> tuple[tuple[Element, ...], tuple[tuple[str, str], ...]]:
    attributes: list[Element] = []
    extras: list[tuple[str, str]] = []
    seen = {key.ai, *(element.ai for element in qualifiers)}
    for parameter in re.split("[&;]", query):
        name, _, value = parameter.partition("=")
        if re.fullmatch("[0-9]+", name):
            attributes.append(_read_attribute(name, value, start, key.ai, seen))
            seen.add(name)
        elif parameter:
            extras.append((unquote_plus(name), unquote_plus(value)))
        start += len(parameter) + 1
    return tuple(attributes), tuple(extras)


def _read_attribute(name: str, value: str, start: int, key: str, seen: set[str]) -> Element:
    try:
        _refuse_attribute(name, key, seen)
    except Gs1Error as refusal:
        raise refusal.at(start) from None
    return _read_element(name, value.replace("+", " "), start + len(name) + 1)


def _refuse_sequence(key: str, qualifiers: tuple[str, ...], places: tuple[int, ...] = ()) -> None:
    """Refuse qualifiers the key does not take, or not in this order; `places` tells where each was read."""
    sequences = AI_TABLE[key].link_qualifiers
    if sequences is None:
        raise Gs1Error("no_key", f"AI ({key}) is not a Digital Link primary key.", ai=key)
    good = max(_in_order(qualifiers, sequence) for sequence in sequences)
    if good == len(qualifiers):
        return
    bad, place = qualifiers[good], places[good] if places else None
    if any(bad in sequence for sequence in sequences):
        order = " or ".join(", ".join(sequence) for sequence in sequences)
        message = f"Qualifier ({bad}) stands in the wrong place; after ({key}) the order is {order}."
        raise Gs1Error("qualifier_order", message, place, ai=bad, expected=order)
    raise Gs1Error("qualifier", f"AI ({bad}) is not a qualifier of ({key}).", place, ai=bad)


def _in_order(qualifiers: tuple[str, ...], sequence: tuple[str, ...]) -> int:
    """Count how many qualifiers follow the sequence before the first that does not."""
    rest = iter(sequence)
    return sum(1 for _ in takewhile(lambda ai: ai in rest, qualifiers))


def _refuse_attribute(ai: str, key: str, seen: set[str]) -> None:
    """Refuse an attribute that is unknown, repeated, not allowed, or belongs into the path."""
    if ai not in AI_TABLE:
        raise Gs1Error("unknown_ai", f"({ai}) is not a GS1 application identifier.", 0, ai=ai)
    if ai in seen:
        raise Gs1Error("repeated_ai", f"AI ({ai}) appears twice.", 0, ai=ai)
    every_qualifier = {name for sequence in AI_TABLE[key].link_qualifiers or () for name in sequence}
    in_path = seen & every_qualifier
    if any(ai in sequence and in_path <= set(sequence) for sequence in AI_TABLE[key].link_qualifiers or ()):
        raise Gs1Error(
            "qualifier", f"AI ({ai}) belongs into the path after ({key}), not the query.", 0, ai=ai
        )
    if not AI_TABLE[ai].is_link_attribute:
        raise Gs1Error("attribute", f"AI ({ai}) is not allowed as a data attribute.", 0, ai=ai)


def _path(elements: Iterable[Element]) -> str:
    return "".join(f"/{element.ai}/{encode(element.value)}" for element in elements)


def _query(pairs: Iterable[tuple[str, str]]) -> str:
    text = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    return f"?{text}" if text else ""
