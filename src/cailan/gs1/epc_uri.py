"""Read and write EPC URIs and turn them into Digital Links and back (EPC Tag Data Standard 2.1).

An EPC URI splits a key after the company prefix and drops its check digit:
`urn:epc:id:sgtin:6901234.056789.000123` is GTIN 06901234567892, serial 000123. The way back needs to be told
how long the company prefix is. `urn:epc:idpat:sgtin:6901234.056789.*` stands for every serial of that GTIN.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cailan.gs1.check_digits import refuse_non_digits, with_check_digit
from cailan.gs1.digital_link import GS1_STEM, DigitalLink, decode, encode
from cailan.gs1.errors import Gs1Error
from cailan.gs1.values import Element

_URN = re.compile(r"urn:epc:(?P<kind>id|class|idpat):(?P<scheme>[a-z]+):(?P<fields>[^\s]+)")
_ESCAPED: Final = str.maketrans({char: f"%{ord(char):02X}" for char in '"#%&/<>?'})
_PREFIX_LENGTHS: Final = range(6, 13)
_ANY: Final = "*"
_NO_EXTENSION: Final = "0"


@dataclass(frozen=True, slots=True)
class _Scheme:
    """Say how one kind of EPC URI maps to application identifiers.

    `body` counts the digits of prefix and reference together (None: letters may follow the prefix);
    `has_indicator` moves the reference's first digit in front; `lead` is a digit GS1 puts before the key;
    `rest` lists the further fields: a qualifier, or "" for one that is written behind the key itself.
    """

    kind: str
    ai: str
    body: int | None
    rest: tuple[str, ...] = ()
    has_indicator: bool = False
    lead: str = ""

    @property
    def field_count(self) -> int:
        return 2 + len(self.rest)


_SCHEMES: Final[Mapping[str, _Scheme]] = MappingProxyType(
    {
        "sgtin": _Scheme("id", "01", 13, ("21",), has_indicator=True),
        "lgtin": _Scheme("class", "01", 13, ("10",), has_indicator=True),
        "upui": _Scheme("id", "01", 13, ("235",), has_indicator=True),
        "itip": _Scheme("id", "8006", 13, ("", "", "21"), has_indicator=True),
        "sscc": _Scheme("id", "00", 17, has_indicator=True),
        "sgln": _Scheme("id", "414", 12, ("254",)),
        "pgln": _Scheme("id", "417", 12),
        "grai": _Scheme("id", "8003", 12, ("",), lead="0"),
        "gdti": _Scheme("id", "253", 12, ("",)),
        "sgcn": _Scheme("id", "255", 12, ("",)),
        "gsrn": _Scheme("id", "8018", 17),
        "gsrnp": _Scheme("id", "8017", 17),
        "gsin": _Scheme("id", "402", 16),
        "giai": _Scheme("id", "8004", None),
        "ginc": _Scheme("id", "401", None),
        "cpi": _Scheme("id", "8010", None, ("8011",)),
    }
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Hold an EPC pattern; a field None stands for anything, and so do all after it, at least one (TDS 8)."""

    scheme: str
    fields: tuple[str | None, ...]

    @property
    def class_uri(self) -> str | None:
        """Return the Digital Link of the class meant, None unless only the serial is left open."""
        scheme = _SCHEMES[self.scheme]
        known = tuple(field for field in self.fields if field is not None)
        if len(known) < 2 or len(known) != len(self.fields) - 1:  # noqa: PLR2004  prefix and reference
            return None
        key = Element(scheme.ai, _key_value(scheme, known[0], known[1], known[2:]))
        return DigitalLink(key).constrained

    @property
    def uri_prefixes(self) -> tuple[str, ...]:
        """Return how the constrained Digital Links of all matching EPCs begin.

        A company prefix alone gives ten beginnings where an indicator digit stands before it.
        """
        scheme = _SCHEMES[self.scheme]
        prefix, reference = self.fields[:2]
        start = f"{GS1_STEM}/{scheme.ai}/"
        if prefix is None:
            return (start,)
        if reference is None:
            leads = "0123456789" if scheme.has_indicator else scheme.lead
            return tuple(f"{start}{lead}{prefix}" for lead in leads or ("",))
        known = tuple(field for field in self.fields[2:] if field is not None)
        value = encode(_key_value(scheme, prefix, reference, known))
        # A location without extension answers to the pattern as well, so its prefix ends with the GLN.
        qualifier = "" if self.scheme == "sgln" else scheme.rest[len(known)]
        return (f"{start}{value}/{qualifier}/" if qualifier else f"{start}{value}",)


def parse(text: str) -> DigitalLink | Pattern:
    """Read an EPC URI: an instance or lot becomes its Digital Link, an `idpat` a Pattern."""
    found = _URN.fullmatch(text)
    scheme = _SCHEMES.get(found["scheme"]) if found else None
    if not found or scheme is None:
        raise Gs1Error("not_an_epc", f"{text!r} is not an EPC URI of a GS1 key.", 0)
    if found["kind"] == "idpat":
        return _pattern(found["scheme"], scheme, found["fields"], found.start("fields"))
    if found["kind"] != scheme.kind:
        message = f"An EPC URI of {found['scheme']} begins with urn:epc:{scheme.kind}:."
        raise Gs1Error("not_an_epc", message, found.start("kind"))
    return _link(scheme, _fields(scheme, found["fields"], found.start("fields")), found.start("fields"))


def build(link: DigitalLink, *, prefix_length: int) -> str:
    """Write the EPC URI of a link; the length of the company prefix is known to whoever holds the licence.

    A GTIN gives an sgtin with a serial, an lgtin with only a lot, an idpat with neither; a lot beside a
    serial is not carried (TDS 6.3.1).
    """
    if prefix_length not in _PREFIX_LENGTHS:
        raise Gs1Error("prefix_length", f"A company prefix has 6 to 12 digits, not {prefix_length}.")
    name, scheme = _scheme_for(link)
    body, behind = _split_key(scheme, link.key.value)
    indicator, rest = body[: scheme.has_indicator], body[scheme.has_indicator :]
    prefix, reference = rest[:prefix_length], indicator + rest[prefix_length:]
    _refuse_prefix(prefix)
    fields = [*behind, *(link.get(ai) or "" for ai in scheme.rest if ai)]
    if name == "sgln":
        fields = [fields[0] or _NO_EXTENSION]
    if "" in fields[:-1] or not (reference or scheme.body == prefix_length):
        raise Gs1Error("not_an_epc", f"{link.constrained} lacks what an EPC URI of {name} needs.")
    start = f"urn:epc:{scheme.kind}:{name}:"
    if fields and not fields[-1]:
        start, fields[-1] = f"urn:epc:idpat:{name}:", _ANY
    return start + ".".join(field.translate(_ESCAPED) for field in (prefix, reference, *fields))


def _fields(scheme: _Scheme, text: str, start: int) -> tuple[str, ...]:
    # Only the last field may hold full stops of its own; those before it are digits but for a part number.
    raw = text.split(".", scheme.field_count - 1)
    if len(raw) != scheme.field_count:
        message = (
            f"{scheme.field_count} fields separated by full stops were expected, but {len(raw)} were found."
        )
        raise Gs1Error("fields", message, start, expected=str(scheme.field_count), found=str(len(raw)))
    places = [start]
    for field in raw:
        places.append(places[-1] + len(field) + 1)
    return tuple(decode(field, place) for field, place in zip(raw, places, strict=False))


def _link(scheme: _Scheme, fields: tuple[str, ...], start: int) -> DigitalLink:
    prefix, reference, *rest = fields
    try:
        key = Element(scheme.ai, _key_value(scheme, prefix, reference, tuple(rest)))
        pairs = [(ai, value) for ai, value in zip(scheme.rest, rest, strict=True) if ai]
        if scheme.ai == "414" and rest == [_NO_EXTENSION]:
            pairs = []
        return DigitalLink(key, tuple(Element(ai, value) for ai, value in pairs))
    except Gs1Error as refusal:
        raise Gs1Error(refusal.code, refusal.message, start, **refusal.facts) from None


def _key_value(scheme: _Scheme, prefix: str, reference: str, rest: tuple[str, ...]) -> str:
    """Put a key together: lead, indicator, prefix, reference, check digit, and what is written behind it."""
    _refuse_prefix(prefix)
    if scheme.body is None:
        if not reference:
            raise Gs1Error("empty", "The reference after the company prefix is empty.")
        return prefix + reference
    refuse_non_digits(reference)
    if len(prefix + reference) != scheme.body:
        found = str(len(prefix + reference))
        message = f"Company prefix and reference have {found} digits together, but must have {scheme.body}."
        raise Gs1Error("length", message, expected=str(scheme.body), found=found)
    body = reference[:1] + prefix + reference[1:] if scheme.has_indicator else prefix + reference
    behind = [value for ai, value in zip(scheme.rest, rest, strict=False) if not ai]
    if "" in behind:
        raise Gs1Error("empty", "An EPC URI names one piece; its serial is empty.")
    return scheme.lead + with_check_digit(body) + "".join(behind)


def _refuse_prefix(prefix: str) -> None:
    refuse_non_digits(prefix)
    if len(prefix) not in _PREFIX_LENGTHS:
        message = f"A company prefix has 6 to 12 digits, but {len(prefix)} were found."
        raise Gs1Error("prefix_length", message, expected="6 to 12", found=str(len(prefix)))


def _pattern(name: str, scheme: _Scheme, text: str, start: int) -> DigitalLink | Pattern:
    if scheme.kind != "id":
        raise Gs1Error("not_an_epc", f"There are no EPC patterns of {name}.", start)
    fields = _fields(scheme, text, start)
    if _ANY not in fields:
        return _link(scheme, fields, start)
    known = fields[: fields.index(_ANY)]
    if any(field != _ANY for field in fields[len(known) :]):
        raise Gs1Error("pattern", "After * every further field of an EPC pattern must be * as well.", start)
    try:
        if len(known) == 1:
            _refuse_prefix(known[0])
        elif known:
            value = _key_value(scheme, known[0], known[1], known[2:])
            if len(known) >= scheme.rest.count("") + 2:
                Element(scheme.ai, value)
    except Gs1Error as refusal:
        raise Gs1Error(refusal.code, refusal.message, start, **refusal.facts) from None
    return Pattern(name, known + (None,) * (len(fields) - len(known)))


def _scheme_for(link: DigitalLink) -> tuple[str, _Scheme]:
    ais = {element.ai for element in link.qualifiers}
    if link.key.ai == "01":
        name = "upui" if "235" in ais else "lgtin" if "10" in ais and "21" not in ais else "sgtin"
        return name, _SCHEMES[name]
    for name, scheme in _SCHEMES.items():
        if scheme.ai == link.key.ai:
            return name, scheme
    raise Gs1Error("not_an_epc", f"AI ({link.key.ai}) has no EPC URI.", ai=link.key.ai)


def _split_key(scheme: _Scheme, value: str) -> tuple[str, list[str]]:
    """Return the digits without lead and check digit, and the fields written behind the key."""
    if scheme.body is None:
        return value, []
    value = value.removeprefix(scheme.lead)
    body, behind = value[: scheme.body], value[scheme.body + 1 :]
    if scheme.ai == "8006":
        return body, [behind[:2], behind[2:]]
    return body, [behind] if "" in scheme.rest else []
