"""Judge what a laboratory found against the limits of each place: who would refuse, where it may still go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cailan.quality.rules.limits import MARKETS, UNITS, Limit, Place, strictest
from cailan.quality.rules.words import gettext_noop


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a place takes or refuses."""

    WITHIN = "within"
    NOT_FOUND = "not-found"
    ABOVE = "above"
    FOUND = "found"  # where nothing may be detected
    NO_LIMIT = "no-limit"
    TOO_COARSE = "too-coarse"  # the method cannot see as little as the limit asks


REASON_LABELS: dict[str, str] = {
    Reason.WITHIN: gettext_noop("within the limit"),
    Reason.NOT_FOUND: gettext_noop("not detected"),
    Reason.ABOVE: gettext_noop("above the limit"),
    Reason.FOUND: gettext_noop("detected, though nothing may be"),
    Reason.NO_LIMIT: gettext_noop("no limit known"),
    Reason.TOO_COARSE: gettext_noop("the method cannot see as little as the limit asks"),
}
VERDICT_LABELS: dict[str, str] = {
    Verdict.PASSED: gettext_noop("Passed"),
    Verdict.FAILED: gettext_noop("Failed"),
    Verdict.UNKNOWN: gettext_noop("Not judged"),
}
_PASSES = frozenset({Reason.WITHIN, Reason.NOT_FOUND})
_REFUSES = frozenset({Reason.ABOVE, Reason.FOUND})


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured; `value` None: not detected, below `lod`."""

    value: Decimal | None
    unit: str
    lod: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlaceVerdict:
    place: str
    limit: Limit | None
    reason: str

    @property
    def verdict(self) -> str:
        if self.reason in _PASSES:
            return str(Verdict.PASSED)
        return str(Verdict.FAILED if self.reason in _REFUSES else Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What each place says of one substance, and what follows for the basket."""

    places: tuple[PlaceVerdict, ...]
    strictest: Limit | None

    @property
    def refused_by(self) -> tuple[str, ...]:
        return tuple(one.place for one in self.places if one.verdict == Verdict.FAILED)

    @property
    def verdict(self) -> str:
        """Return the basket's verdict: one refusal fails it; where a limit is known and nobody refuses it passes."""
        if self.refused_by:
            return str(Verdict.FAILED)
        return str(Verdict.PASSED if self._passes else Verdict.UNKNOWN)

    @property
    def _passes(self) -> bool:
        return bool(self.strictest) and not any(one.reason == Reason.TOO_COARSE for one in self.places)

    def of(self, place: str) -> PlaceVerdict | None:
        return next((one for one in self.places if one.place == place), None)


def _reason(found: Measured, limit: Limit | None) -> Reason:
    if limit is None:
        return Reason.NO_LIMIT
    if found.value is None:
        coarse = (
            limit.value is not None and found.lod is not None and _mg(found.lod, found.unit) > limit.in_mg
        )
        return Reason.TOO_COARSE if coarse else Reason.NOT_FOUND
    if limit.value is None:
        return Reason.FOUND
    return Reason.ABOVE if _mg(found.value, found.unit) > limit.in_mg else Reason.WITHIN


def _mg(value: Decimal, unit: str) -> Decimal:
    return value * UNITS[unit]


def judge(found: Measured, limits: Mapping[str, Limit]) -> Judgement:
    """Judge one measurement by the limits in force; a place without a known limit says so."""
    places = [*MARKETS, *([Place.GBA] if Place.GBA in limits else [])]
    verdicts = tuple(
        PlaceVerdict(str(place), limits.get(place), str(_reason(found, limits.get(place))))
        for place in places
    )
    return Judgement(verdicts, strictest(limits))


def is_coarse(places: Iterable[Mapping[str, object]]) -> bool:
    """Say whether a result, by what its places say, was measured too coarsely to decide anything."""
    return any(place.get("reason") == Reason.TOO_COARSE for place in places)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What all results together say of the lot."""

    verdict: str
    refused_by: tuple[str, ...]
    may_go_to: tuple[str, ...]  # markets of which no known limit is passed


def conclude(judged: Iterable[tuple[str, Iterable[str]]]) -> Conclusion:
    """Conclude from each result's verdict and the places that refuse it.

    One failure fails the lot; what nobody has a limit for neither passes nor fails it.
    """
    verdicts: list[str] = []
    refusing: set[str] = set()
    for verdict, refused_by in judged:
        verdicts.append(verdict)
        refusing.update(refused_by)
    if Verdict.FAILED in verdicts:
        verdict = Verdict.FAILED
    else:
        verdict = Verdict.PASSED if Verdict.PASSED in verdicts else Verdict.UNKNOWN
    open_to = () if verdict == Verdict.UNKNOWN else tuple(str(one) for one in MARKETS if one not in refusing)
    return Conclusion(str(verdict), tuple(str(one) for one in Place if one in refusing), open_to)
