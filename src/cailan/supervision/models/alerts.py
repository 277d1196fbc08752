"""What calls an official: a failed report, a refused harvest, a silent holder."""

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q


class Alert(models.Model):
    """One piece of news that somebody in charge has to look at; `source` makes a second delivery change nothing."""

    class Kind(models.TextChoices):
        REPORT_FAILED = "report-failed"
        HARVEST_REFUSED = "harvest-refused"
        HARVEST_CONTRADICTED = "harvest-contradicted"
        SILENT = "recall-silent"

    class Severity(models.TextChoices):
        CRITICAL = "critical"
        HIGH = "high"
        NORMAL = "normal"

    class State(models.TextChoices):
        NEW = "new"
        ACKNOWLEDGED = "acknowledged"
        HANDLED = "handled"

    kind = models.CharField(max_length=20, choices=Kind)
    severity = models.CharField(max_length=10, choices=Severity)
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    source = models.CharField(max_length=120, unique=True)
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, null=True, related_name="+")
    product = models.CharField(max_length=200, blank=True)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    refused_by = models.JSONField(default=list)  # places whose limits it fails
    recall = models.ForeignKey(
        "supervision.Recall", on_delete=models.PROTECT, null=True, related_name="alerts"
    )
    at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=100, blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=500, blank=True)
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-id"], name="alert_new", condition=Q(state="new")),
            models.Index(fields=["lot", "-id"], name="alert_by_lot"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class AlertReach(models.Model):
    """Whom an alert concerns: the authorities of a region and of all above it, or one market or laboratory."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="reach")
    region = models.ForeignKey("parties.Region", on_delete=models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, party__isnull=True)
                | Q(region__isnull=True, party__isnull=False),
                name="alert_reaches_region_or_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} → {self.region_id or self.party_id}"
