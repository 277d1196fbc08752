"""Load and correct the calendar of working days."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cailan.kernel import audit
from cailan.kernel.access import Actor, Permission
from cailan.kernel.problems import InvalidInput
from cailan.supervision.models import WorkDay
from cailan.supervision.queries import integrity
from cailan.supervision.queries.calendar import listed_workdays
from cailan.supervision.services import sealing

LONGEST_NAME, LONGEST_SOURCE = 60, 200
FIRST_YEAR, LAST_YEAR = 2020, 2100


@transaction.atomic
def load_workdays() -> int:
    """Bring the table in step with the list of this version; days that somebody changed stay as they are."""
    kept = set(WorkDay.objects.filter(changed_at__isnull=False).values_list("day", flat=True))
    rows = [
        WorkDay(
            day=one.day,
            is_workday=one.is_workday,
            name=one.name,
            source=one.source,
            is_verified=one.is_verified,
        )
        for one in listed_workdays()
        if one.day not in kept
    ]
    WorkDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_workday", "name", "source", "is_verified"],
    )
    return len(rows)


@transaction.atomic
def set_workday(
    actor: Actor, *, day: date, is_workday: bool, name: str, source: str, is_verified: bool, at: datetime
) -> None:
    """Say what a day is; sealed, since time limits are counted by it."""
    actor.require(Permission.LIMIT_MANAGE)
    errors = []
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        errors.append({"where": "day", "what": str(_("Give a day between 2020 and 2100."))})
    for field, value, most in (("name", name, LONGEST_NAME), ("source", source, LONGEST_SOURCE)):
        if not value.strip() or len(value) > most:
            errors.append({"where": field, "what": str(_("Fill this in, briefly."))})
    if errors:
        raise InvalidInput(errors=errors)
    WorkDay.objects.update_or_create(
        day=day,
        defaults={
            "is_workday": is_workday,
            "name": name.strip(),
            "source": source.strip(),
            "is_verified": is_verified,
            "changed_at": at,
        },
    )
    sealing.seal(actor, sealing.WORKDAY, [f"{integrity.DAY}{day}"], at=at)
    audit.record(actor, "supervision.workday.set", f"workday:{day}", is_workday=is_workday)
