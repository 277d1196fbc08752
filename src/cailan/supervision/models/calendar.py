"""The official calendar of working days."""

from django.db import models


class WorkDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a weekend on which one works (调休)."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
    is_verified = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)  # set by a person; the list that ships leaves it alone then

    def __str__(self) -> str:
        return f"{self.day} {'works' if self.is_workday else 'rests'}"
