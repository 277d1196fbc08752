"""The official calendar, as the rules read it and as officials edit it."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cailan.kernel.access import Actor, Permission
from cailan.supervision.models import WorkDay
from cailan.supervision.rules.deadlines import Calendar

_LIST = Path(__file__).resolve().parent.parent / "data" / "workdays.csv"


@dataclass(frozen=True, slots=True)
class WorkDayFacts:
    day: date
    is_workday: bool
    name: str
    source: str
    is_verified: bool


def calendar(since: date) -> Calendar:
    """Return the days from `since` on that are not what their weekday says."""
    rows = WorkDay.objects.filter(day__gte=since).values_list("day", "is_workday")
    return Calendar(dict(rows))


def list_workdays(actor: Actor, *, year: int) -> tuple[WorkDayFacts, ...]:
    """List the special days of a year."""
    actor.require(Permission.LIMIT_MANAGE)
    rows = WorkDay.objects.filter(day__year=year).order_by("day")
    return tuple(WorkDayFacts(row.day, row.is_workday, row.name, row.source, row.is_verified) for row in rows)


def has_year(year: int) -> bool:
    """Say whether the calendar knows a year at all."""
    return WorkDay.objects.filter(day__year=year).exists()


def listed_workdays() -> list[WorkDayFacts]:
    """Return the list that ships with this version."""
    with _LIST.open(encoding="utf-8", newline="") as stream:
        return [
            WorkDayFacts(
                date.fromisoformat(row["day"]),
                row["is_workday"] == "1",
                row["name"],
                row["source"],
                row["is_verified"] == "1",
            )
            for row in csv.DictReader(stream)
        ]
