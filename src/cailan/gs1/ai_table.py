"""Hold what GS1 lays down for every application identifier (General Specifications 3).

The tables are grouped by what identifiers share. A format is a row of components, each `<set><length>`:
N digits, X character set 82, Y character set 39, Z base64url; `..20` means 1 to 20; names after a colon are
the checks in `value_checks`; a trailing `?` marks a component that may be left out. `310n` stands for the six
codes 3100 to 3105.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

_FORMATS: Final = (
    ("N18:csum:gcppos2", "00"),
    ("N14:csum:gcppos2", "01 02 03"),
    ("X..20", "10 21 22 243 254 420 4318 7020-7022 710-717 7240 8002 8012"),
    ("N6:yymmd0", "11-13 15-17"),
    ("N2", "20"),
    ("X..28", "235"),
    ("X..30", "240 241 250 251 400 403 4308 4319 7002 90"),
    ("N..6", "242"),
    ("N13:csum:gcppos1 X..17?", "253"),
    ("N13:csum:gcppos1 N..12?", "255"),
    ("N..8", "30 37"),
    ("N6", "310n-316n 320n-329n 330n-337n 340n-349n 350n-357n 360n-369n 395n 8005"),
    ("N..15", "3900-3909 3920-3929"),
    ("N3:iso4217 N..15", "3910-3919 3930-3939"),
    ("N4", "3940-3943 8111"),
    ("X..30:gcppos1", "401 7023 8004"),
    ("N17:csum:gcppos1", "402"),
    ("N13:csum:gcppos1", "410-417"),
    ("N3:iso3166 X..9", "421"),
    ("N3:iso3166", "422 424 426"),
    ("N3:iso3166 N3:iso3166? N3:iso3166? N3:iso3166? N3:iso3166?", "423 425"),
    ("X..3", "427 7008"),
    ("X..35:pcenc", "4300 4301 4310 4311 4320"),
    ("X..70:pcenc", "4302-4306 4312-4316 7257"),
    ("X2:iso3166alpha2", "4307 4317"),
    ("N10:latitude N10:longitude", "4309"),
    ("N1:yesno", "4321-4323"),
    ("N6:yymmd0 N4:hhmi", "4324 4325"),
    ("N6:yymmdd", "4326 7006"),
    ("N6 X1:hyphen?", "4330-4333"),
    ("N13", "7001"),
    ("N6:yymmdd N4:hhmi", "7003"),
    ("N..4", "7004"),
    ("X..12", "7005"),
    ("N6:yymmdd N6:yymmdd?", "7007"),
    ("X..10", "7009 7255"),
    ("X..2", "7010"),
    ("N6:yymmdd N4:hhmi?", "7011"),
    ("N3:iso3166999 X..27", "7030-7039"),
    ("N1 X1 X1 X1:importeridx", "7040"),
    ("X..4:packagetype", "7041"),
    ("X2 X..28", "7230-7239"),
    ("N2:mediatype", "7241"),
    ("X..25", "7242 8020"),
    ("N8:yyyymmdd", "7250"),
    ("N8:yyyymmdd N4:hhmi", "7251"),
    ("N1:iso5218", "7252"),
    ("X..40:pcenc", "7253 7254 7259"),
    ("X..90:pcenc", "7256"),
    ("X3:posinseqslash", "7258"),
    ("N4:nonzero N5:nonzero N3:nonzero N1:winding N1", "8001"),
    ("N1:zero N13:csum:gcppos1 X..16?", "8003"),
    ("N14:csum:gcppos2 N4:pieceoftotal", "8006 8026"),
    ("X..34:iban", "8007"),
    ("N6:yymmdd N2:hh N2:mi? N2:ss?", "8008"),
    ("X..50", "8009"),
    ("Y..30:gcppos1", "8010"),
    ("N..12:nozeroprefix", "8011"),
    ("X..25:csumalpha:gcppos1", "8013"),
    ("X..25:csumalpha:gcppos1:hasnondigit", "8014"),
    ("N18:csum:gcppos1", "8017 8018"),
    ("N..10", "8019"),
    ("Z..90", "8030"),
    ("N15", "8040 8041"),
    ("N32", "8042"),
    ("N18 N..2?", "8043"),
    ("X..70:couponcode", "8110"),
    ("X..70:couponposoffer", "8112"),
    ("X..70", "8200"),
    ("X..90", "91-99"),
)

# Element strings that begin with these digits have one length for ever and need no separator after them
# (General Specifications, table of predefined lengths); all others do, even those of fixed length.
_PREDEFINED: Final = "00 01 02 03 04 11 12 13 14 15 16 17 18 19 20 31 32 33 34 35 36 41"

_NOT_A_LINK_ATTRIBUTE: Final = "03 21 22 235 254 7040 7041 8011 8014 8019 8020 8040-8043 8200"

# Primary key -> the alternative sequences of qualifiers that may follow it, in this order.
_LINK_KEYS: Final = {
    "00": "", "01": "22 10 21|235", "253": "", "255": "", "401": "", "402": "", "414": "254|7040",
    "415": "8020", "417": "7040", "8003": "", "8004": "7040", "8006": "22 10 21", "8010": "8011",
    "8013": "", "8017": "8019", "8018": "8019",
}  # fmt: skip

# The identifiers on the right need one of the groups on the left beside them.
_REQUIRES: Final = (
    ("37", "02 8026"),
    ("01 02 03 8006 8026", "10 11 13 15 16 20 240 241 422"),
    ("8020", "12 3910-3919 415"),
    ("01 02 03 255 8006 8026", "17"),
    ("01 03 8006", "21 251 7021 8012"),
    ("01", "22 235 337n 710-717 8001 8014 8200"),
    ("01 02 8006 8026", "242 7001"),
    ("01 03", "243"),
    ("01+21 03+21 8006+21", "250"),
    ("414", "254"),
    (
        "01 02",
        "30 310n-316n 320n-329n 350n-352n 356n 357n 360n 361n 364n-366n 7002 7005-7009 7030-7039 8005",
    ),
    ("00 01", "330n-336n 340n-349n 353n-355n 362n 363n 367n-369n"),
    ("00+02 00+8026", "37"),
    ("255 8020", "3900-3909"),
    ("01+30 01+31nn 01+32nn 01+35nn 01+36nn", "3920-3929"),
    ("30 31nn 32nn 35nn 36nn", "3930-3939 395n"),
    ("255", "3940-3943 8111"),
    ("00", "403 4300-4302 4304-4312 4314-4326 4330-4333 7041"),
    ("01 02 03", "423-426 7003 7010 7011 8008"),
    ("01+422 02+422 03+422", "427"),
    ("4302", "4303"),
    ("4312", "4313"),
    ("01+10 03+10", "7004"),
    ("01+416 03+416 8006+416", "7020"),
    ("01+7021 03+7021 8006+7021", "7022"),
    ("01 8004", "7230-7239"),
    ("01 8006", "7240"),
    ("8017 8018", "7241 7242 7253-7256 8019"),
    ("8018", "7250-7252 7257 7259"),
    ("8018+7259", "7258"),
    ("415", "8007 8020"),
    ("00 01 03", "8009"),
    ("8010", "8011"),
    ("00 01+21 03+21 253 255 8003 8004 8006+21 8010+8011 8017 8018", "8030"),
    ("01+21", "8040"),
    ("01+21+8040", "8041-8043"),
)

# The identifiers on the right must not stand beside any on the left. One kind of measure excludes itself.
_EXCLUDES: Final = (
    ("255 37", "01"),
    ("01 03", "02"),
    ("01 02 37 235", "03"),
    ("235", "21"),
    ("01 02 415 8006 8020 8026", "255"),
    ("390n 391n 394n 8111", "3900-3909"),
    ("391n", "3910-3919"),
    ("392n 393n", "3920-3929"),
    ("393n", "3930-3939"),
    ("394n 8111", "3940-3943"),
    ("392n 393n 395n 8005", "395n"),
    ("421", "420"),
    ("4307", "421"),
    ("426", "422-425"),
    ("4331", "4330"),
    ("4330", "4331"),
    ("4333", "4332"),
    ("4332", "4333"),
    ("03", "7240"),
    ("7251", "7250"),
    ("7250", "7251"),
    ("7256 7259", "7253-7255"),
    ("7256", "7259"),
    ("01 03 37", "8006"),
    ("8018", "8017"),
    ("8017", "8018"),
    ("02 03 8006", "8026"),
)


@dataclass(frozen=True, slots=True)
class Component:
    """Describe one part of a value: its character set, its length and the names of its checks."""

    charset: str
    min_length: int
    max_length: int
    is_optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True)
class ApplicationIdentifier:
    """Describe one application identifier.

    `requires` lists alternative groups, one of which must be present; `excludes` lists codes and patterns
    such as `310n`; `link_qualifiers` is None unless the identifier is a Digital Link primary key.
    """

    code: str
    components: tuple[Component, ...]
    is_predefined_length: bool
    is_link_attribute: bool
    requires: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...]
    link_qualifiers: tuple[tuple[str, ...], ...] | None

    @cached_property
    def min_length(self) -> int:
        return sum(part.min_length for part in self.components if not part.is_optional)

    @cached_property
    def max_length(self) -> int:
        return sum(part.max_length for part in self.components)


def expand(codes: str) -> Iterator[str]:
    """Yield every code meant by a list such as `10 7020-7022 310n-316n`."""
    for token in codes.split():
        first, _, last = token.partition("-")
        decimals = "012345" if first.endswith("n") else ("",)
        first, last = first.removesuffix("n"), (last or first).removesuffix("n")
        for number in range(int(first), int(last) + 1):
            yield from (f"{number:0{len(first)}}{digit}" for digit in decimals)


def matches(code: str, pattern: str) -> bool:
    """Tell whether a code falls under a pattern in which each `n` is any digit."""
    return len(code) == len(pattern) and all(p in ("n", c) for c, p in zip(code, pattern, strict=True))


def _component(text: str) -> Component:
    shape, *checks = text.removesuffix("?").split(":")
    found = re.fullmatch(r"([NXYZ])(\.\.)?([0-9]+)", shape)
    assert found, text  # noqa: S101  our own table
    longest = int(found[3])
    return Component(
        charset=found[1],
        min_length=1 if found[2] else longest,
        max_length=longest,
        is_optional=text.endswith("?"),
        checks=tuple(checks),
    )


def _rows() -> Iterator[ApplicationIdentifier]:
    requires = {code: left for left, codes in _REQUIRES for code in expand(codes)}
    excludes = {code: left for left, codes in _EXCLUDES for code in expand(codes)}
    hidden = set(expand(_NOT_A_LINK_ATTRIBUTE))
    for shape, codes in _FORMATS:
        for code in expand(codes):
            is_measure = code[0] == "3" and "31" <= code[:2] <= "36"
            sequences = _LINK_KEYS.get(code)
            yield ApplicationIdentifier(
                code=code,
                components=tuple(map(_component, shape.split())),
                is_predefined_length=code[:2] in _PREDEFINED.split(),
                is_link_attribute=code not in hidden,
                requires=tuple(tuple(group.split("+")) for group in requires.get(code, "").split()),
                excludes=(f"{code[:3]}n",) if is_measure else tuple(excludes.get(code, "").split()),
                link_qualifiers=None
                if sequences is None
                else tuple(tuple(sequence.split()) for sequence in sequences.split("|")),
            )


AI_TABLE: Final[Mapping[str, ApplicationIdentifier]] = MappingProxyType({row.code: row for row in _rows()})

# The first two digits of a raw element string settle how long its application identifier is.
CODE_LENGTH: Final[Mapping[str, int]] = MappingProxyType({code[:2]: len(code) for code in AI_TABLE})

LINK_KEYS: Final[tuple[str, ...]] = tuple(_LINK_KEYS)
