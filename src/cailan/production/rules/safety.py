"""When a crop may be harvested: the safety interval (安全间隔期) after each treatment, and never after a banned one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Treatment:
    """One input put on the crop: when it began, the day it stopped, and what its label says."""

    operation_id: int
    started_at: datetime
    stopped_on: date
    name: str
    ingredients: tuple[str, ...] = ()
    interval_days: int = 0
    is_coating: bool = False  # put on the seed, not on the crop

    @property
    def free_from(self) -> date:
        """Return the first day on which harvest is allowed again."""
        return self.stopped_on + timedelta(days=self.interval_days)


@dataclass(frozen=True, slots=True)
class Ban:
    """A prohibition that held when a treatment was done."""

    substance: str
    since: date
    notice: str


@dataclass(frozen=True, slots=True)
class Bar:
    """What keeps a crop from being harvested; `allowed_from` None: it can never be."""

    treatment: Treatment
    allowed_from: date | None
    ban: Ban | None = None


def earliest_harvest(treatments: Iterable[Treatment]) -> Bar | None:
    """Return the treatment whose interval ends last, with that day: max(stop date + interval)."""
    last = max(treatments, key=lambda one: (one.free_from, one.operation_id), default=None)
    return None if last is None else Bar(last, last.free_from)


def why_not_harvest(
    treatments: Iterable[Treatment], *, at: datetime, day: date, bans: Mapping[int, Ban]
) -> Bar | None:
    """Return what forbids a harvest at a moment of a (Shanghai) day, or None when nothing does.

    `bans` names, by operation, what was forbidden when it was used. What was done after the harvest does not count.
    """
    before = [one for one in treatments if one.started_at <= at]
    for one in before:
        if one.operation_id in bans:
            return Bar(one, None, bans[one.operation_id])
    bar = earliest_harvest(before)
    return bar if bar is not None and bar.allowed_from is not None and day < bar.allowed_from else None
