"""Read, check, convert and show quantities: exact decimals with a UN/ECE Recommendation 20 unit."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum


class Dimension(StrEnum):
    """What a unit measures; nothing turns one into another without knowing the product."""

    MASS = "mass"
    COUNT = "count"
    VOLUME = "volume"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its code, what it measures, and how many kg, pieces or litres one of it is."""

    code: str
    dimension: Dimension
    factor: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What a unit word means: so many of a unit with a code. 斤 is 0.5 of KGM."""

    factor: Decimal
    code: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a unit with a code."""

    amount: Decimal
    code: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A quantity as people read it; the unit is for the catalogues to translate."""

    amount: str
    unit: str

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


class UnitError(ValueError):
    """A quantity or unit that cannot be taken: a code for programs, a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


# UN/ECE Rec 20; the codes with X are packages of Rec 21.
UNITS: dict[str, Unit] = {
    unit.code: unit
    for unit in (
        Unit("KGM", Dimension.MASS, Decimal(1), "kg"),
        Unit("GRM", Dimension.MASS, Decimal("0.001"), "g"),
        Unit("TNE", Dimension.MASS, Decimal(1000), "t"),
        Unit("LBR", Dimension.MASS, Decimal("0.45359237"), "lb"),
        Unit("H87", Dimension.COUNT, Decimal(1), gettext_noop("pc")),
        Unit("EA", Dimension.COUNT, Decimal(1), gettext_noop("pc")),
        Unit("LTR", Dimension.VOLUME, Decimal(1), "L"),
        Unit("MLT", Dimension.VOLUME, Decimal("0.001"), "mL"),
        Unit("XCR", Dimension.PACKAGE, Decimal(1), gettext_noop("crate")),
        Unit("XBX", Dimension.PACKAGE, Decimal(1), gettext_noop("box")),
        Unit("XCT", Dimension.PACKAGE, Decimal(1), gettext_noop("carton")),
        Unit("XBG", Dimension.PACKAGE, Decimal(1), gettext_noop("bag")),
    )
}

JIN = Decimal("0.5")  # 市斤, kg
HK_CATTY = Decimal("0.60478982")  # 司馬斤, kg: Weights and Measures Ordinance, Cap. 68
_MAINLAND_WORDS = {"斤": JIN, "两": JIN / 10, "兩": JIN / 10, "担": JIN * 100, "擔": JIN * 100}
# At a stall of Hong Kong or Macao the same words mean the older, heavier units.
_CATTY_WORDS = {
    "斤": HK_CATTY,
    "两": HK_CATTY / 16,
    "兩": HK_CATTY / 16,
    "担": HK_CATTY * 100,
    "擔": HK_CATTY * 100,
}
_WORDS: dict[str, tuple[str, ...]] = {
    "KGM": ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "公斤", "千克"),
    "GRM": ("g", "gram", "grams", "克"),
    "TNE": ("t", "ton", "tonne", "tonnes", "吨", "噸", "公吨", "公噸"),
    "LBR": ("lb", "lbs", "pound", "pounds", "磅"),
    "H87": (
        *(
            "pc",
            "pcs",
            "piece",
            "pieces",
            "head",
            "只",
            "隻",
            "个",
            "個",
            "枚",
            "头",
            "頭",
            "条",
            "條",
            "尾",
            "羽",
        ),
        *("件", "粒", "颗", "顆", "棵", "朵", "匹"),
    ),
    "EA": ("each",),
    "LTR": ("l", "litre", "litres", "liter", "liters", "升", "公升"),
    "MLT": ("ml", "millilitre", "milliliter", "毫升"),
    "XCR": ("crate", "crates", "筐", "篮", "籃", "笼", "籠"),
    "XBX": ("box", "boxes", "箱", "盒"),
    "XCT": ("carton", "cartons", "纸箱", "紙箱"),
    "XBG": ("bag", "bags", "袋", "包"),
}
_MEASURES: dict[str, Measure] = {
    **{word: Measure(Decimal(1), code) for code, words in _WORDS.items() for word in words},
    **{code.lower(): Measure(Decimal(1), code) for code in UNITS},
    **{f"市{word}": Measure(factor, "KGM") for word, factor in _MAINLAND_WORDS.items()},
    **{
        f"{sima}{word}": Measure(factor, "KGM")
        for word, factor in _CATTY_WORDS.items()
        for sima in ("司马", "司馬")
    },
    **{word: Measure(JIN, "KGM") for word in ("jin", "华斤")},
    **{word: Measure(HK_CATTY, "KGM") for word in ("catty", "catties")},
    **{word: Measure(HK_CATTY / 16, "KGM") for word in ("tael", "taels")},
    **{word: Measure(HK_CATTY * 100, "KGM") for word in ("picul", "piculs")},
}

MAX_DECIMALS = 3
MOST = Decimal(1_000_000)  # kg, litres
MOST_PIECES = Decimal(100_000_000)
_GRAIN = Decimal("0.001")
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
_QUANTITY = re.compile(r"([+-]?[\d,]*\.?\d+)(\D*)", re.ASCII)
_PRECISION = 50  # more digits than any accepted amount times any factor has


def parse_unit(word: str, *, place: str = "CN") -> Measure:
    """Return what a Chinese or English unit word, or a code, means at this place (CN, HK or MO)."""
    key = re.sub(r"[\s.]", "", unicodedata.normalize("NFKC", word)).lower()
    local = (_MAINLAND_WORDS if place == "CN" else _CATTY_WORDS).get(key)
    if local is not None:
        return Measure(local, "KGM")
    try:
        return _MEASURES[key]
    except KeyError:
        raise UnitError(
            "unknown-unit", gettext_noop("This unit is not known. Use kg, 斤, g, t, lb, pieces or litres.")
        ) from None


def parse_number(text: str) -> Decimal:
    """Return the number a person wrote, thousands separated or not; full-width digits are read too."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(plain):
        raise UnitError("not-a-number", gettext_noop("Write the amount in digits, such as 12.5."))
    return Decimal(plain.replace(",", ""))


def parse_quantity(text: str, *, place: str = "CN") -> Quantity:
    """Return the quantity written in one field, such as 12.5公斤 or 3 司马斤, in its coded unit."""
    match = _QUANTITY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if not match:
        raise UnitError("not-a-quantity", gettext_noop("Write an amount and a unit, such as 12.5 kg."))
    if not match[2]:
        raise UnitError("unit-missing", gettext_noop("State the unit after the amount, such as kg or 斤."))
    measure = parse_unit(match[2], place=place)
    return Quantity(_times(parse_number(match[1]), measure.factor), measure.code)


def convert(amount: Decimal, code: str, to: str, *, per_package: Decimal | None = None) -> Decimal:
    """Return the amount in another unit, exactly; only conversions into LBR may need rounding (to 50 digits).

    `per_package` is the net content of one package in the unit `to`. Pieces to weight and packages of unknown
    content, are refused.
    """
    source, target = _unit(code), _unit(to)
    if source.dimension is Dimension.PACKAGE and source.code != target.code:
        if per_package is None or target.dimension is Dimension.PACKAGE:
            raise UnitError(
                "package-without-content",
                gettext_noop(
                    "A box or crate has no fixed content. Enter the net weight, or the content of one."
                ),
            )
        return _times(amount, per_package)
    if source.dimension is not target.dimension:
        raise UnitError(
            "not-convertible",
            gettext_noop(
                "Pieces, weight and volume cannot be turned into each other. Use the product's own unit."
            ),
        )
    with localcontext() as context:
        context.prec = _PRECISION
        return amount * source.factor / target.factor


def to_product_unit(
    amount: Decimal, word: str, uom: str, *, place: str = "CN", per_package: Decimal | None = None
) -> Decimal:
    """Return an amount stated in any unit word in the product's unit, checked.

    A converted amount is rounded as it is stored; one already in the product's unit is taken as it is.
    """
    measure = parse_unit(word, place=place)
    if measure == Measure(Decimal(1), uom):
        return check(amount, uom)
    in_coded_unit = _times(amount, measure.factor)
    return check(rounded(convert(in_coded_unit, measure.code, uom, per_package=per_package)), uom)


def rounded(amount: Decimal) -> Decimal:
    """Return the amount to the gram (three decimals), halves up: how quantities are stored."""
    with localcontext() as context:
        context.prec = _PRECISION
        return amount.quantize(_GRAIN, ROUND_HALF_UP)


def check(amount: Decimal, code: str) -> Decimal:
    """Return the amount when it can be a quantity of goods; raise `UnitError` when it cannot."""
    unit = _unit(code)
    if not amount.is_finite():
        raise UnitError("not-a-number", gettext_noop("Write the amount in digits, such as 12.5."))
    if amount <= 0:
        raise UnitError("not-positive", gettext_noop("The amount must be more than zero."))
    # Trailing zeros are no precision: 12.5000 is 12.5.
    decimals = -int(amount.normalize().as_tuple().exponent)
    if unit.dimension in {Dimension.COUNT, Dimension.PACKAGE}:
        if decimals > 0:
            raise UnitError("not-whole", gettext_noop("Pieces and packages are counted in whole numbers."))
        most = MOST_PIECES
    else:
        if decimals > MAX_DECIMALS:
            raise UnitError("too-precise", gettext_noop("At most three decimals."))
        most = MOST / unit.factor
    if amount > most:
        raise UnitError(
            "too-much",
            gettext_noop("So much cannot be one lot. Check the amount and the unit; split it otherwise."),
        )
    return amount


def display(amount: Decimal, code: str, *, in_jin: bool = False) -> Shown:
    """Return the quantity as people read it: 40 kg, or 80 斤 for those who prefer it (weights only)."""
    unit = _unit(code)
    if in_jin and unit.dimension is Dimension.MASS:
        return Shown(_plain(rounded(_times(amount, unit.factor) / JIN)), "斤")
    return Shown(_plain(amount), unit.label)


def _unit(code: str) -> Unit:
    try:
        return UNITS[code]
    except KeyError:
        raise UnitError("unknown-unit", gettext_noop("This unit code is not accepted.")) from None


def _times(amount: Decimal, factor: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = _PRECISION
        return amount * factor


def _plain(amount: Decimal) -> str:
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
