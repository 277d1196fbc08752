"""Check the numbers by which organisations and people of the mainland, Hong Kong and Macao are known."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class IdKind(StrEnum):
    """A kind of identity number."""

    USCC = "uscc"  # 统一社会信用代码, GB 32100-2015
    LICENCE_15 = "licence_15"  # 营业执照注册号 of before 2015, still met in archives
    RESIDENT_ID = "resident_id"  # 居民身份证, GB 11643-1999
    RESIDENCE_PERMIT = "residence_permit"  # 港澳台居民居住证, the same layout with region 81, 82 or 83
    PERMANENT_RESIDENCE = "permanent_residence"  # 外国人永久居留身份证
    HOME_RETURN_PERMIT = "home_return_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    HKID = "hkid"  # 香港身份證
    HK_BR = "hk_br"  # 商業登記號碼, since 2023-12-27 the Unique Business Identifier
    HK_CR = "hk_cr"  # 公司註冊號碼
    MACAO_BUSINESS = "macao_business"  # 澳門商業登記編號
    MACAO_TAX = "macao_tax"  # 財政局場所登記編號 (6 digits), 納稅人編號 (8 digits)
    MACAO_ID = "macao_id"  # 澳門居民身份證


@dataclass(frozen=True, slots=True)
class Identity:
    """A number that passed its checks, in the one form in which it is stored and compared."""

    kind: IdKind
    value: str
    region: str = ""  # GB/T 2260 code carried by the number; it may have been revoked since
    registrar: str = ""  # first character of a USCC
    category: str = ""  # second character of a USCC
    branch: str = ""  # the -000 of a Hong Kong business registration
    born_on: date | None = None
    warnings: tuple[str, ...] = ()


class InvalidIdentity(ValueError):
    """A number that cannot be right: a code for programs, a sentence for people, and what was expected."""

    def __init__(self, code: str, message: str, expected: str | None = None) -> None:
        self.code = code
        self.message = message
        self.expected = expected
        super().__init__(message)


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
_USCC_SHAPE = re.compile(r"[0-9A-Z]{2}\d{6}[0-9A-Z]{10}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
_EARLIEST_BIRTH = 1850

# Position 1 of a USCC: who registered it (GB 32100-2015, table 1, with the later letters).
USCC_REGISTRARS = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监督管理",
    "A": "中央军委",
    "N": "农业农村",
    "Y": "其他",
}
INNER_CHECK_DIFFERS = gettext_noop(
    "The organisation code inside the number (GB 11714) has another check character. "
    "A few old registrations are like this: compare the number with the licence."
)


def compact(text: str) -> str:
    """Return the text as a number is compared: half-width, upper case, without spaces and hyphens."""
    return re.sub(r"[\s\-‐-―·]", "", unicodedata.normalize("NFKC", text)).upper()


def uscc_check(body: str) -> str:
    """Return the 18th character for the first 17 (GB 32100-2015, 5)."""
    total = sum(_USCC_ALPHABET.index(char) * weight for char, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """Return the 9th character of an organisation code for its first 8 (GB 11714)."""
    rest = (
        11
        - sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)) % 11
    )
    return {10: "X", 11: "0"}.get(rest, str(rest))


def mod_11_10_check(body: str) -> str:
    """Return the check digit after these digits (ISO 7064, MOD 11,10)."""
    carry = 10
    for digit in body:
        carry = ((carry + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - carry) % 10)


def resident_check(body: str) -> str:
    """Return the 18th character for the first 17 (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _RESIDENT_CHECKS[
        sum(int(char) * weight for char, weight in zip(body, _RESIDENT_WEIGHTS, strict=True)) % 11
    ]


def hkid_check(body: str) -> str:
    """Return the check character for one or two letters and six digits of a Hong Kong identity card."""
    letters, digits = body[:-6], body[-6:]
    values = [36] * (2 - len(letters)) + [int(char, 36) for char in letters + digits]
    rest = -sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    return "A" if rest == 10 else str(rest)  # noqa: PLR2004 (ten is written A)


def uscc(text: str) -> Identity:
    """Return the unified social credit code; raise `InvalidIdentity` at its wrong part (GB 32100-2015)."""
    code = compact(text)
    _require_length(code, 18, gettext_noop("A unified social credit code has 18 characters."))
    if set(code) & set("IOZSV"):
        raise InvalidIdentity(
            "letter-not-used",
            gettext_noop("This code never has I, O, Z, S or V: read 1, 0, 2, 5 or U from the licence."),
        )
    if not _USCC_SHAPE.fullmatch(code):
        raise InvalidIdentity(
            "wrong-characters", gettext_noop("Only digits and capital letters; characters 3 to 8 are digits.")
        )
    if code[0] not in USCC_REGISTRARS:
        raise InvalidIdentity(
            "unknown-registrar",
            gettext_noop("The first character names no registering body."),
            expected=" ".join(USCC_REGISTRARS),
        )
    if code[1] not in "123456789":
        raise InvalidIdentity(
            "unknown-category", gettext_noop("The second character is a digit from 1 to 9.")
        )
    _require_check(code, uscc_check(code[:17]))
    differs = organisation_check(code[8:16]) != code[16]
    return Identity(
        IdKind.USCC,
        code,
        region=code[2:8],
        registrar=code[0],
        category=code[1],
        warnings=(INNER_CHECK_DIFFERS,) if differs else (),
    )


def licence_15(text: str) -> Identity:
    """Return the 15-digit licence number of before the USCC (GS 15-2006; ISO 7064 MOD 11,10)."""
    code = compact(text)
    _require_length(code, 15, gettext_noop("An old licence number has 15 digits."))
    _require_digits(code)
    _require_check(code, mod_11_10_check(code[:14]))
    return Identity(IdKind.LICENCE_15, code, region=code[:6])


def resident_id(text: str, *, on: date | None = None) -> Identity:
    """Return a resident ID, or a residence permit of people from Hong Kong, Macao and Taiwan (GB 11643-1999).

    Revoked and unknown regions pass, since the region is the one at the time of issue. A birth after `on` is
    refused.
    """
    code = compact(text)
    _require_length(
        code, 18, gettext_noop("A resident ID has 18 characters; the 15-digit form ended in 2013.")
    )
    if not re.fullmatch(r"[1-8]\d{16}[\dX]", code, re.ASCII):
        raise InvalidIdentity(
            "wrong-characters",
            gettext_noop("A resident ID is 17 digits, the first not 0 or 9, and a digit or X."),
        )
    born_on = _birth_date(code[6:14], on)
    _require_check(code, resident_check(code[:17]))
    kind = IdKind.RESIDENCE_PERMIT if code[:2] in {"81", "82", "83"} else IdKind.RESIDENT_ID
    return Identity(kind, code, region=code[:6], born_on=born_on)


def hkid(text: str) -> Identity:
    """Return a Hong Kong identity card number as A123456(3)."""
    match = re.fullmatch(r"([A-Z]{1,2}\d{6})\(?([\dA])\)?", compact(text), re.ASCII)
    if not match:
        raise _shape(
            "wrong-shape", gettext_noop("This is not a Hong Kong identity card number."), "A123456(3)"
        )
    _require_check("".join(match.groups()), hkid_check(match[1]))
    return Identity(IdKind.HKID, f"{match[1]}({match[2]})", region="810000")


def hk_br(text: str) -> Identity:
    """Return a Hong Kong business registration number, which is the UBI: 8 digits, a branch as -000 apart."""
    code = compact(text)
    if code.startswith("C"):
        raise InvalidIdentity(
            "temporary-number",
            gettext_noop("A number that begins with C is temporary. Give the business registration number."),
            expected="66820292-000",
        )
    match = re.fullmatch(r"(\d{8})(\d{3})?", code, re.ASCII)
    if not match:
        raise _shape(
            "wrong-shape",
            gettext_noop("A business registration number has 8 digits and may add a branch."),
            "66820292-000",
        )
    return Identity(IdKind.HK_BR, match[1], region="810000", branch=match[2] or "")


def hk_cr(text: str) -> Identity:
    """Return a Hong Kong company registry number, its leading zeros kept."""
    return _patterned(
        IdKind.HK_CR,
        text,
        r"\d{7,8}",
        gettext_noop("A company registry number has 7 or 8 digits."),
        example="0012345",
        region="810000",
    )


def macao_business(text: str) -> Identity:
    """Return a Macao commercial registration number as 12345 (SO): the suffix is the form of business."""
    match = re.fullmatch(r"(\d{1,6})\(?(SO|CO)\)?", compact(text), re.ASCII)
    if not match:
        raise _shape(
            "wrong-shape",
            gettext_noop("A Macao commercial registration is a number and its suffix."),
            "12345 (SO)",
        )
    return Identity(IdKind.MACAO_BUSINESS, f"{match[1]} ({match[2]})", region="820000")


def macao_tax(text: str) -> Identity:
    """Return a Macao tax number: 6 digits of the place of business, or 8 of the taxpayer."""
    return _patterned(
        IdKind.MACAO_TAX,
        text,
        r"\d{6}|\d{8}",
        gettext_noop("A Macao tax number has 6 or 8 digits."),
        example="123456",
        region="820000",
    )


def macao_id(text: str) -> Identity:
    """Return a Macao identity card number as 1234567(8); its check digit is not public and not recomputed."""
    match = re.fullmatch(r"([157])/?(\d{6})[(/]?(\d)\)?", compact(text), re.ASCII)
    if not match:
        raise _shape(
            "wrong-shape",
            gettext_noop("A Macao identity card has 8 digits and begins with 1, 5 or 7."),
            "1234567(8)",
        )
    return Identity(IdKind.MACAO_ID, f"{match[1]}{match[2]}({match[3]})", region="820000")


def home_return_permit(text: str) -> Identity:
    """Return a mainland travel permit of a resident of Hong Kong or Macao; the issue count is cut off."""
    code = _patterned(
        IdKind.HOME_RETURN_PERMIT,
        text,
        r"[HM]\d{8}(\d{2})?",
        gettext_noop("A travel permit is H or M and 8 digits, or 10 with the issue count."),
        example="H12345678",
    ).value
    # The two last digits count the issues: the same person keeps the first nine characters.
    return Identity(IdKind.HOME_RETURN_PERMIT, code[:9], region="810000" if code[0] == "H" else "820000")


def taiwan_permit(text: str) -> Identity:
    """Return a mainland travel permit of a resident of Taiwan."""
    return _patterned(
        IdKind.TAIWAN_PERMIT,
        text,
        r"\d{8}",
        gettext_noop("A travel permit of Taiwan has 8 digits."),
        example="12345678",
        region="710000",
    )


def permanent_residence(text: str) -> Identity:
    """Return a foreigner's permanent residence number of the 2023 form."""
    return _patterned(
        IdKind.PERMANENT_RESIDENCE,
        text,
        r"9\d{16}[\dX]",
        gettext_noop("A foreigner's permanent residence number has 18 characters and begins with 9."),
        example="9…",
    )


_VALIDATORS: dict[IdKind, Callable[[str], Identity]] = {
    IdKind.USCC: uscc,
    IdKind.LICENCE_15: licence_15,
    IdKind.RESIDENT_ID: resident_id,
    IdKind.RESIDENCE_PERMIT: resident_id,
    IdKind.PERMANENT_RESIDENCE: permanent_residence,
    IdKind.HOME_RETURN_PERMIT: home_return_permit,
    IdKind.TAIWAN_PERMIT: taiwan_permit,
    IdKind.HKID: hkid,
    IdKind.HK_BR: hk_br,
    IdKind.HK_CR: hk_cr,
    IdKind.MACAO_BUSINESS: macao_business,
    IdKind.MACAO_TAX: macao_tax,
    IdKind.MACAO_ID: macao_id,
}


def validate(kind: IdKind | str, text: str) -> Identity:
    """Return the checked number of this kind; raise `InvalidIdentity` when it is another kind or wrong."""
    wanted = IdKind(kind)
    found = _VALIDATORS[wanted](text)
    if found.kind is not wanted:
        raise InvalidIdentity(
            "other-kind",
            gettext_noop("This number belongs to another kind of document."),
            expected=found.kind.value,
        )
    return found


def _require_length(code: str, length: int, message: str) -> None:
    if len(code) != length:
        raise InvalidIdentity("wrong-length", message, expected=str(length))


def _require_digits(code: str) -> None:
    if not re.fullmatch(r"\d+", code, re.ASCII):
        raise InvalidIdentity("wrong-characters", gettext_noop("Only digits stand in this number."))


def _require_check(code: str, check: str) -> None:
    if code[-1] != check:
        raise InvalidIdentity(
            "wrong-check",
            gettext_noop(
                "A character is mistyped: the check does not fit. Compare the number with the document."
            ),
            # The right character is not told: behind a mistyped body it would make somebody else's number.
        )


def _birth_date(digits: str, on: date | None) -> date:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        born_on = None
    if born_on is None or born_on.year < _EARLIEST_BIRTH:
        raise InvalidIdentity(
            "wrong-date", gettext_noop("Characters 7 to 14 are no date of birth."), expected="YYYYMMDD"
        ) from None
    if on is not None and born_on > on:
        raise InvalidIdentity("future-date", gettext_noop("The date of birth in this number is yet to come."))
    return born_on


def _shape(code: str, message: str, example: str) -> InvalidIdentity:
    return InvalidIdentity(code, message, expected=example)


def _patterned(
    kind: IdKind, text: str, pattern: str, message: str, *, example: str, region: str = ""
) -> Identity:
    code = compact(text)
    if not re.fullmatch(pattern, code, re.ASCII):
        raise _shape("wrong-shape", message, example)
    return Identity(kind, code, region=region)
