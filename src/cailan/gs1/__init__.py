"""Keys, check digits, application identifiers, Digital Links and EPC URIs of GS1: a pure library.

One door recognises everything: `identify(text)`. The modules hold the rest under plain verbs, as in
`digital_link.parse`, `element_strings.build`, `epc_uri.build`. Whatever the text, the only refusal is
`Gs1Error`.
"""

from cailan.gs1.check_digits import check_digit, check_pair, verify_check_digit, with_check_digit
from cailan.gs1.digital_link import DigitalLink
from cailan.gs1.element_strings import ElementString
from cailan.gs1.epc_uri import Pattern
from cailan.gs1.errors import Gs1Error
from cailan.gs1.identifiers import Identifier, Level, compose, from_link, identify
from cailan.gs1.keys import (
    Gcn,
    Gdti,
    Grai,
    compose_sscc,
    normalise_gtin,
    parse_cpid,
    parse_gcn,
    parse_gdti,
    parse_giai,
    parse_ginc,
    parse_gln,
    parse_grai,
    parse_gsin,
    parse_gsrn,
    parse_sscc,
    shortest_gtin,
)
from cailan.gs1.values import (
    Amount,
    Element,
    Gs1Date,
    Measure,
    check_value,
    conflicting_pairs,
    full_year,
    missing_companions,
    read_amount,
    read_date,
    read_dates,
    read_measure,
)

__all__ = [
    "Amount",
    "DigitalLink",
    "Element",
    "ElementString",
    "Gcn",
    "Gdti",
    "Grai",
    "Gs1Date",
    "Gs1Error",
    "Identifier",
    "Level",
    "Measure",
    "Pattern",
    "check_digit",
    "check_pair",
    "check_value",
    "compose",
    "compose_sscc",
    "conflicting_pairs",
    "from_link",
    "full_year",
    "identify",
    "missing_companions",
    "normalise_gtin",
    "parse_cpid",
    "parse_gcn",
    "parse_gdti",
    "parse_giai",
    "parse_ginc",
    "parse_gln",
    "parse_grai",
    "parse_gsin",
    "parse_gsrn",
    "parse_sscc",
    "read_amount",
    "read_date",
    "read_dates",
    "read_measure",
    "shortest_gtin",
    "verify_check_digit",
    "with_check_digit",
]
