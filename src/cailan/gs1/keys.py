"""Validate the GS1 identification keys on their own (General Specifications 3); leading zeros are kept."""

from dataclasses import dataclass
from typing import Final

from cailan.gs1.check_digits import refuse_non_digits, verify_check_digit, with_check_digit
from cailan.gs1.errors import Gs1Error
from cailan.gs1.values import check_value

GTIN_LENGTHS: Final = (8, 12, 13, 14)

_COMPANY_PREFIX_LENGTHS: Final = range(4, 13)


@dataclass(frozen=True, slots=True)
class Grai:
    """Identify a kind of returnable asset (13 digits with check digit) and, if given, one piece of it."""

    asset_type: str
    serial: str | None

    def __str__(self) -> str:
        return f"0{self.asset_type}{self.serial or ''}"


@dataclass(frozen=True, slots=True)
class Gdti:
    """Identify a kind of document (13 digits with check digit) and, if given, one document."""

    document_type: str
    serial: str | None

    def __str__(self) -> str:
        return self.document_type + (self.serial or "")


@dataclass(frozen=True, slots=True)
class Gcn:
    """Identify a coupon (13 digits with check digit) and, if given, one piece of it."""

    coupon: str
    serial: str | None

    def __str__(self) -> str:
        return self.coupon + (self.serial or "")


def normalise_gtin(text: str) -> str:
    """Return a GTIN-8, -12, -13 or -14 as 14 digits; refuse a wrong length or check digit."""
    refuse_non_digits(text)
    if len(text) not in GTIN_LENGTHS:
        raise Gs1Error(
            "length",
            f"A GTIN has 8, 12, 13 or 14 digits, but {len(text)} were found.",
            expected="8, 12, 13, 14",
            found=str(len(text)),
        )
    verify_check_digit(text)
    gtin = text.rjust(14, "0")
    check_value("01", gtin)
    return gtin


def shortest_gtin(gtin: str) -> str:
    """Return the form printed under an EAN/UPC bar code: GTIN-8 or GTIN-13, or GTIN-14 for an outer case."""
    gtin = normalise_gtin(gtin)
    if gtin.startswith("000000"):
        return gtin[6:]
    return gtin.removeprefix("0")


def parse_gln(text: str) -> str:
    """Return a Global Location Number of 13 digits."""
    return _checked("414", text)


def parse_sscc(text: str) -> str:
    """Return a Serial Shipping Container Code of 18 digits."""
    return _checked("00", text)


def compose_sscc(*, extension: str, company_prefix: str, serial: int) -> str:
    """Return the SSCC of a logistic unit: extension digit, company prefix, serial number, check digit."""
    refuse_non_digits(extension + company_prefix)
    room = 16 - len(company_prefix)
    if len(extension) != 1 or len(company_prefix) not in _COMPANY_PREFIX_LENGTHS:
        raise Gs1Error("length", "An SSCC has one extension digit and a company prefix of 4 to 12 digits.")
    if not 0 <= serial < 10**room:
        raise Gs1Error("serial_range", f"The serial number {serial} does not fit into {room} digits.")
    return with_check_digit(f"{extension}{company_prefix}{serial:0{room}}")


def parse_gsrn(text: str) -> str:
    """Return a Global Service Relation Number of 18 digits."""
    return _checked("8018", text)


def parse_gsin(text: str) -> str:
    """Return a Global Shipment Identification Number of 17 digits."""
    return _checked("402", text)


def parse_giai(text: str) -> str:
    """Return a Global Individual Asset Identifier of up to 30 characters."""
    return _checked("8004", text)


def parse_ginc(text: str) -> str:
    """Return a Global Identification Number for Consignment of up to 30 characters."""
    return _checked("401", text)


def parse_cpid(text: str) -> str:
    """Return a Component or Part Identifier of up to 30 characters."""
    return _checked("8010", text)


def parse_grai(text: str) -> Grai:
    """Return the parts of a Global Returnable Asset Identifier with the leading zero of (8003)."""
    value = _checked("8003", text)
    return Grai(value[1:14], value[14:] or None)


def parse_gdti(text: str) -> Gdti:
    """Return the parts of a Global Document Type Identifier."""
    value = _checked("253", text)
    return Gdti(value[:13], value[13:] or None)


def parse_gcn(text: str) -> Gcn:
    """Return the parts of a Global Coupon Number."""
    value = _checked("255", text)
    return Gcn(value[:13], value[13:] or None)


def _checked(ai: str, text: str) -> str:
    check_value(ai, text)
    return text
