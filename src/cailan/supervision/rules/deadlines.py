"""Legal time limits of a recall (食品召回管理办法): hours to begin, working days to finish; and the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WEEKEND = 5  # Saturday, counted from Monday


class Level(StrEnum):
    """How grave the danger is: 一级, 二级, 三级."""

    FIRST = "1"
    SECOND = "2"
    THIRD = "3"


START_HOURS = {Level.FIRST: 24, Level.SECOND: 48, Level.THIRD: 72}
FINISH_DAYS = {Level.FIRST: 10, Level.SECOND: 20, Level.THIRD: 30}
# Ours: the law asks for notice "at once"; who is silent for so long is asked again and shown to those above.
ANSWER_HOURS = {Level.FIRST: 4, Level.SECOND: 12, Level.THIRD: 24}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days that are not what their weekday says: holidays, and weekends on which one works (调休)."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < _WEEKEND)


@dataclass(frozen=True, slots=True)
class Limits:
    """By when a recall has to begin and to be finished."""

    start_due: datetime
    finish_due: datetime


def after_working_days(day: date, count: int, calendar: Calendar) -> date:
    """Return the day on which the `count`-th working day after `day` falls."""
    while count:
        day += timedelta(days=1)
        count -= calendar.is_workday(day)
    return day


def limits(level: Level, *, known_at: datetime, announced_at: datetime, calendar: Calendar) -> Limits:
    """Return the limits: to begin within hours of knowing, to finish in working days after the announcement."""
    announced = announced_at.astimezone(SHANGHAI).date()
    last_day = after_working_days(announced, FINISH_DAYS[level], calendar)
    return Limits(
        known_at + timedelta(hours=START_HOURS[level]),
        datetime.combine(last_day, time(23, 59, 59), tzinfo=SHANGHAI),
    )


def answer_due(level: Level, at: datetime) -> datetime:
    """Return by when a holder has to answer before it counts as silent."""
    return at + timedelta(hours=ANSWER_HOURS[level])
