"""Recognise any GS1 text: Digital Link, EPC URI, element string or the bare digits of a key."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from cailan.gs1 import digital_link, element_strings, epc_uri
from cailan.gs1.check_digits import verify_check_digit, with_check_digit
from cailan.gs1.errors import Gs1Error
from cailan.gs1.keys import GTIN_LENGTHS, normalise_gtin
from cailan.gs1.values import Element, check_value

# What the identified thing is: one piece, a kind or lot of things, a place, a party, or not GS1's to say.
Level = Literal["instance", "class", "location", "party", "other"]

_CACHE_SIZE: Final = 1 << 17
_SSCC_LENGTH: Final = 18
_GTIN_BODY: Final = 13

# What capture meets all day, with nothing in it to decode; everything else takes the long way.
_PLAIN = r"[A-Za-z0-9._-]{1,20}"
_HOST = r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?"
_PLAIN_GTIN = re.compile(rf"{_HOST}/01/([0-9]{{14}})(?:/10/({_PLAIN}))?(?:/21/({_PLAIN}))?")
_PLAIN_SSCC = re.compile(rf"{_HOST}/00/([0-9]{{18}})")
_PLAIN_EPC = re.compile(rf"urn:epc:(?:id:(sgtin)|class:lgtin):([0-9]{{6,12}})\.([0-9]{{1,7}})\.({_PLAIN})")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f\"<>\\^`{|}]+")
_LINK = re.compile(r"(?i:https?)://")
_OFFICIAL = re.compile(r"(?i:https?://id\.gs1\.org)(?=[/?#:]|$)")
# EPC schemes whose numbers GS1 does not issue.
_NOT_GS1_EPC = re.compile(r"urn:epc:id:(?:gid|usdod|adi|bic|imovn):[^\s:]+")
_DIGITS = re.compile(r"[0-9]+")

_LEVELS: Final[dict[str, Level]] = {
    "00": "instance", "8004": "instance", "402": "instance", "401": "instance", "8017": "instance",
    "8018": "instance", "414": "location", "415": "party", "417": "party",
}  # fmt: skip

# A key of which this part or qualifier names one piece.
_SERIAL_QUALIFIERS: Final = ("21", "235", "8011")
_TYPE_LENGTHS: Final = {"253": 13, "255": 13, "8003": 14}


@dataclass(frozen=True, slots=True)
class Identifier:
    """Hold what a text identifies.

    `uri` is the constrained canonical Digital Link (CBV 2.0, 8), the same for every way to write the thing; a
    piece is named by GTIN and serial, its lot is in `lot`. A URI that is not GS1's is its own `uri`, and all
    else is None. `key_ai` and `key` are the primary key as GS1 writes it, `gln` any of (414), (415), (417),
    `extension` the (254) of a location.
    """

    uri: str
    level: Level = "other"
    key_ai: str | None = None
    key: str | None = None
    gtin: str | None = None
    lot: str | None = None
    serial: str | None = None
    sscc: str | None = None
    gln: str | None = None
    extension: str | None = None

    @property
    def is_gs1(self) -> bool:
        return self.key_ai is not None

    @property
    def is_instance(self) -> bool:
        return self.level == "instance"

    @property
    def class_uri(self) -> str | None:
        """Return the Digital Link of the trade item and its lot without the serial, None without a GTIN."""
        if self.key_ai != "01":
            return None
        lot = f"/10/{digital_link.encode(self.lot)}" if self.lot else ""
        return f"{digital_link.GS1_STEM}/01/{self.gtin}{lot}"

    @property
    def full_uri(self) -> str:
        """Return the canonical Digital Link with lot and serial both, as a label carries it."""
        serial = f"/21/{digital_link.encode(self.serial)}" if self.serial else ""
        return self.class_uri + serial if self.class_uri and self.lot else self.uri


@lru_cache(maxsize=_CACHE_SIZE)
def identify(text: str, *, digits_are: str | None = None) -> Identifier:
    """Return what a text identifies, or refuse it with a sentence that says why.

    Bare digits mean a GTIN (8, 12, 13, 14) or an SSCC (18); a field that expects another key says so by
    `digits_are`, for example `414` for a GLN. A web address outside id.gs1.org that does not look like a
    Digital Link, and any URI of another scheme, stands for itself.
    """
    return _plain(text) or _uri(text) or _digits(text, digits_are) or _element_string(text)


def compose(*, gtin: str, lot: str | None = None, serial: str | None = None) -> Identifier:
    """Return the identifier of a trade item, of one lot of it, or of one piece."""
    qualifiers = [Element(ai, value) for ai, value in (("10", lot), ("21", serial)) if value is not None]
    return _from_parts(Element("01", normalise_gtin(gtin)), tuple(qualifiers))


def from_link(link: digital_link.DigitalLink) -> Identifier:
    """Return the identifier of a parsed Digital Link."""
    return _from_parts(link.key, link.qualifiers)


def _plain(text: str) -> Identifier | None:
    if found := _PLAIN_GTIN.fullmatch(text):
        gtin, lot, serial = found.groups()
        _verify_known(gtin)
        return _plain_trade_item(gtin, lot, serial)
    if (found := _PLAIN_EPC.fullmatch(text)) and len(found[2] + found[3]) == _GTIN_BODY:
        is_serial, prefix, reference, last = found.groups()
        gtin = _gtin_of(prefix, reference)
        return _plain_trade_item(gtin, None, last) if is_serial else _plain_trade_item(gtin, last, None)
    if found := _PLAIN_SSCC.fullmatch(text):
        sscc = found[1]
        _verify_known(sscc)
        return Identifier(f"{digital_link.GS1_STEM}/00/{sscc}", "instance", "00", sscc, sscc=sscc)
    return None


def _plain_trade_item(gtin: str, lot: str | None, serial: str | None) -> Identifier:
    uri = f"{digital_link.GS1_STEM}/01/{gtin}"
    if serial:
        return Identifier(f"{uri}/21/{serial}", "instance", "01", gtin, gtin, lot, serial)
    return Identifier(f"{uri}/10/{lot}" if lot else uri, "class", "01", gtin, gtin, lot)


# A document names few trade items many times over.
@lru_cache(maxsize=_CACHE_SIZE >> 4)
def _verify_known(key: str) -> None:
    verify_check_digit(key)


@lru_cache(maxsize=_CACHE_SIZE >> 4)
def _gtin_of(prefix: str, reference: str) -> str:
    return with_check_digit(reference[0] + prefix + reference[1:])


def _uri(text: str) -> Identifier | None:
    if text.startswith("urn:epc:"):
        return Identifier(text) if _NOT_GS1_EPC.fullmatch(text) else _epc(text)
    if _OFFICIAL.match(text) or (_LINK.match(text) and digital_link.has_key(text)):
        link = digital_link.parse(text)
        return from_link(link)
    return Identifier(text) if _URI.fullmatch(text) else None


def _epc(text: str) -> Identifier:
    if text.startswith(("urn:epc:tag:", "urn:epc:pat:", "urn:epc:raw:")):
        raise Gs1Error(
            "tag_uri", "This names a tag's memory; the EPC URI (urn:epc:id:) of the thing is needed.", 0
        )
    found = epc_uri.parse(text)
    if isinstance(found, epc_uri.Pattern):
        if found.class_uri is None:
            raise Gs1Error("pattern", f"{text} names no single class; it can only be searched for.", 0)
        return identify(found.class_uri)
    return _from_parts(found.key, found.qualifiers)


def _digits(text: str, digits_are: str | None) -> Identifier | None:
    if not _DIGITS.fullmatch(text):
        return None
    if digits_are and digits_are != "01":
        return _from_parts(Element(digits_are, text), ())
    if len(text) in GTIN_LENGTHS:
        return _from_parts(Element("01", normalise_gtin(text)), ())
    if len(text) == _SSCC_LENGTH:
        check_value("00", text)
        return _from_parts(Element("00", text), ())
    return None


def _element_string(text: str) -> Identifier:
    symbology = element_strings.read_symbology(text)
    if symbology and symbology not in element_strings.SYMBOLOGIES:
        # A plain QR code or EAN bar code: what follows the symbology identifier is the text itself.
        plain = text[len(symbology) :]
        if plain.startswith("]"):
            raise Gs1Error("symbology", "Two symbology identifiers follow each other.", len(symbology))
        return identify(plain)
    try:
        found = element_strings.parse(text)
    except Gs1Error as refusal:
        if refusal.code in {"unknown_ai", "empty"} and (refusal.position or 0) <= len(symbology or ""):
            raise Gs1Error(
                "not_gs1", f"{text!r} is no Digital Link, EPC URI, element string or GS1 key.", 0
            ) from None
        raise
    return _from_parts(*digital_link.pick_key(found.elements))


def _from_parts(key: Element, qualifiers: tuple[Element, ...]) -> Identifier:
    link = digital_link.DigitalLink(key, qualifiers)
    by_ai = {element.ai: element.value for element in link.elements}
    return Identifier(
        uri=link.constrained,
        level=_level(key, by_ai),
        key_ai=key.ai,
        key=key.value,
        gtin=key.value[:14] if key.ai in {"01", "8006"} else None,
        lot=by_ai.get("10"),
        serial=by_ai.get("21"),
        sscc=by_ai.get("00"),
        gln=key.value if key.ai in {"414", "415", "417"} else None,
        extension=by_ai.get("254"),
    )


def _level(key: Element, by_ai: dict[str, str]) -> Level:
    if level := _LEVELS.get(key.ai):
        return level
    is_piece = any(ai in by_ai for ai in _SERIAL_QUALIFIERS)
    is_piece = is_piece or len(key.value) > _TYPE_LENGTHS.get(key.ai, len(key.value))
    return "instance" if is_piece else "class"
