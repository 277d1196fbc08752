"""Which measure fits: withdrawal or recall, and how grave; from what was found and where the goods are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from cailan.supervision.rules.deadlines import Level

ZERO = Decimal(0)


class Measure(StrEnum):
    """What is ordered."""

    WITHDRAWAL = "withdrawal"  # 撤回: nothing has reached consumers
    RECALL = "recall"  # 召回: consumers have it


# Words in a finding that name what nobody may use at all, and people who fell ill.
GRAVE = ("禁用", "禁止使用", "不得检出", "banned", "prohibited", "中毒", "死亡", "poison", "致病菌")
MILD = ("标签", "标识", "label")


@dataclass(frozen=True, slots=True)
class LevelProposal:
    level: Level
    why: str  # grave, label, over-limit


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about one trace unit, as the law wants it told."""

    lot: str  # trace code of the trace unit
    kind: Measure
    level: Level
    place: str
    happened_at: datetime
    known_at: datetime
    responsible_id: int
    reason: str
    instruction: str
    refund_place: str
    alert_id: int | None = None


def propose_measure(sold_to_consumers: Decimal) -> Measure:
    """Propose a recall where consumers have some of it, else a withdrawal."""
    return Measure.RECALL if sold_to_consumers > ZERO else Measure.WITHDRAWAL


def propose_level(findings: Iterable[str]) -> LevelProposal:
    """Propose how grave it is from what was found; an official decides."""
    text = " ".join(findings).lower()
    if any(word in text for word in GRAVE):
        return LevelProposal(Level.FIRST, "grave")
    if text and any(word in text for word in MILD) and "mg/kg" not in text:
        return LevelProposal(Level.THIRD, "label")
    return LevelProposal(Level.SECOND, "over-limit")


def number_of(kind: Measure, region: str, day: datetime, place: int) -> str:
    """Return the number of a decision: ZH (召回) or CH (撤回), the authority's region, day, and running number."""
    return f"{'ZH' if kind == Measure.RECALL else 'CH'}-{region or '000000'}-{day:%y%m%d}-{place:03d}"
