"""The promise certificate (承诺达标合格证): its forms by day of issue, and when it may not be issued."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cailan.quality.rules.words import gettext_noop


class Pattern(StrEnum):
    PRODUCER = "producer"  # 样式一
    PURCHASER = "purchaser"  # 样式二: mixed or repacked goods of others


class Basis(StrEnum):
    """On what the promise rests (承诺依据)."""

    CONTROL = "control"
    SELF_TEST = "self-test"
    ENTRUSTED_TEST = "entrusted-test"
    OWN_WORD = "own-word"  # form of 2021 only


PATTERN_LABELS: dict[str, str] = {
    Pattern.PRODUCER: gettext_noop("Producer"),
    Pattern.PURCHASER: gettext_noop("Purchaser: mixed or repacked goods"),
}
BASIS_LABELS: dict[str, str] = {
    Basis.CONTROL: gettext_noop("Quality control meets the requirements"),
    Basis.SELF_TEST: gettext_noop("Own test passed"),
    Basis.ENTRUSTED_TEST: gettext_noop("Entrusted test passed"),
    Basis.OWN_WORD: gettext_noop("Own promise"),
}
TESTED = frozenset({Basis.SELF_TEST, Basis.ENTRUSTED_TEST})


@dataclass(frozen=True, slots=True)
class Form:
    """One version of the form: what is promised, on what it may rest; texts as the rule prints them."""

    version: str
    valid_from: date
    opening: str
    promises: tuple[str, ...]
    bases: dict[str, str]


_BASES_2026: dict[str, str] = {
    Basis.CONTROL: "质量安全控制符合要求",
    Basis.SELF_TEST: "自行检测合格",
    Basis.ENTRUSTED_TEST: "委托检测合格",
}
_BASES_2021: dict[str, str] = {
    Basis.ENTRUSTED_TEST: "委托检测",
    Basis.SELF_TEST: "自我检测",
    Basis.CONTROL: "内部质量控制",
    Basis.OWN_WORD: "自我承诺",
}
_PROMISES_2021 = (
    "不使用禁用农药兽药、停用兽药和非法添加物",
    "常规农药兽药残留不超标",
    "对承诺的真实性负责",
)
# Order 2025 No. 4 of the Ministry of Agriculture and Rural Affairs is in force from 2026-02-01.
FORMS: dict[str, tuple[Form, ...]] = {
    Pattern.PRODUCER: (
        Form("2021", date(2021, 11, 4), "我承诺对生产销售的食用农产品：", _PROMISES_2021, _BASES_2021),
        Form(
            "2026",
            date(2026, 2, 1),
            "我承诺生产销售的食用农产品：",
            ("未使用禁用农药、兽药及其他化合物；", "使用的常规农药、兽药残留不超标。"),
            _BASES_2026,
        ),
    ),
    Pattern.PURCHASER: (
        Form("2021", date(2021, 11, 4), "我承诺对销售的食用农产品：", _PROMISES_2021, _BASES_2021),
        Form(
            "2026",
            date(2026, 2, 1),
            "我承诺销售的食用农产品：",
            (
                "已按规定收取并保存该批次农产品承诺达标合格证或者其他质量安全合格证明；",
                "未违规使用保鲜剂、防腐剂、添加剂等。",
            ),
            _BASES_2026,
        ),
    ),
}


def form_on(pattern: str, day: date) -> Form | None:
    """Return the form in force on a day; None before the first."""
    fitting = [form for form in FORMS[pattern] if form.valid_from <= day]
    return max(fitting, key=lambda form: form.valid_from) if fitting else None


def form_of(pattern: str, version: str) -> Form:
    """Return the form of a certificate that was issued."""
    return next(form for form in FORMS[pattern] if form.version == version)


@dataclass(frozen=True, slots=True)
class Source:
    """A certificate on which a purchaser's rests."""

    id: int
    quantity: Decimal
    uom: str
    is_void: bool


@dataclass(frozen=True, slots=True)
class Case:
    """What decides whether a certificate may be issued."""

    pattern: str
    day: date
    bases: tuple[str, ...]
    quantity: Decimal
    uom: str
    is_held: bool
    has_failed: bool
    banned: tuple[str, ...]  # recorded active ingredients that were banned for the product
    uncovered: dict[str, tuple[str, ...]]  # basis by test → ingredients no passed test of that kind covers
    untested: Collection[str]  # bases by test without any passed test
    sources: Sequence[Source] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    where: str
    names: tuple[str, ...] = ()


def why_not(case: Case) -> Refusal | None:
    """Return the first reason for which the certificate is refused, the gravest first."""
    if case.banned:
        return Refusal("banned-used", "bases", case.banned)
    if case.is_held:
        return Refusal("lot-held", "lot")
    if case.has_failed:
        return Refusal("lot-failed", "lot")
    form = form_on(case.pattern, case.day)
    if form is None:
        return Refusal("no-form", "issued_at")
    if not case.bases:
        return Refusal("no-basis", "bases")
    if strange := tuple(basis for basis in case.bases if basis not in form.bases):
        return Refusal("other-form", "bases", strange)
    return _why_not_tested(case) or _why_not_sourced(case)


def _why_not_tested(case: Case) -> Refusal | None:
    for basis in case.bases:
        if basis in case.untested:
            return Refusal(f"no-{basis}", "bases")
        if missing := case.uncovered.get(basis):
            return Refusal("not-covered", "bases", missing)
    return None


def _why_not_sourced(case: Case) -> Refusal | None:
    if case.pattern != Pattern.PURCHASER:
        return None
    good = [one for one in case.sources if not one.is_void]
    if not good:
        return Refusal("no-source", "sources")
    if any(one.uom != case.uom for one in good) or sum(one.quantity for one in good) < case.quantity:
        return Refusal("sources-too-small", "sources")
    return None
