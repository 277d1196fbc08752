"""What a sample is for, how far it is, and what its laboratory must still do."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from cailan.quality.rules.quick import QuickMethod
from cailan.quality.rules.words import gettext_noop


class Purpose(StrEnum):
    INCOMING = "incoming"  # 逢进必检
    ENTRUSTED = "entrusted"  # 委托检测
    OFFICIAL = "official"  # 抽检


class Status(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REPORTED = "reported"


class TestKind(StrEnum):
    SELF_TEST = "self-test"
    QUICK = "quick"
    LABORATORY = "laboratory"


PURPOSE_LABELS: dict[str, str] = {
    Purpose.INCOMING: gettext_noop("Test on arrival"),
    Purpose.ENTRUSTED: gettext_noop("Entrusted test"),
    Purpose.OFFICIAL: gettext_noop("Official sampling"),
    TestKind.SELF_TEST: gettext_noop("Self-test"),
}
STATUS_LABELS: dict[str, str] = {
    Status.REQUESTED: gettext_noop("To be accepted"),
    Status.ACCEPTED: gettext_noop("Being tested"),
    Status.REPORTED: gettext_noop("Reported"),
}
PUBLISHED = frozenset({Purpose.INCOMING, Purpose.OFFICIAL})


@dataclass(frozen=True, slots=True)
class Found:
    """One result as far as it decides whether a report may be signed; the newest of each item."""

    item: str
    method: str
    verdict: str
    is_coarse: bool = False  # nothing was detected, by a method that cannot see as little as a limit asks

    @property
    def is_quick(self) -> bool:
        return self.method in set(QuickMethod)


def why_not_signed(found: Collection[Found]) -> tuple[str, tuple[str, ...]] | None:
    """Return why a report may not be signed yet, with the items that it is about."""
    by_lab = [one for one in found if not one.is_quick]
    if not by_lab:
        return "only-quick" if found else "no-results", ()
    confirmed = {one.item for one in by_lab}
    suspected = tuple(one.item for one in found if one.is_quick and one.verdict == "failed")
    # A screening of a whole group is confirmed by any substance measured; a substance's own test by that substance.
    if open_ := tuple(item for item in suspected if item not in confirmed and not _is_group(item)):
        return "unconfirmed", open_
    has_failed = any(one.verdict == "failed" for one in by_lab)
    if not has_failed and (coarse := tuple(one.item for one in by_lab if one.is_coarse)):
        return "too-coarse", coarse
    if all(one.verdict == "unknown" for one in by_lab):
        return "nothing-judged", ()
    return None


GROUPS = frozenset({"有机磷和氨基甲酸酯类农药", "有机磷类农药", "氨基甲酸酯类农药"})
"""What the enzyme tests show: two groups of pesticides together, not one substance."""


def _is_group(item: str) -> bool:
    return item in GROUPS
