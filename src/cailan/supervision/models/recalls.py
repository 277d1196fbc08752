"""A decision to take goods back, and the scope it was taken for."""

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q


class Recall(models.Model):
    """A withdrawal (撤回) or recall (召回): from the decision to the closing report."""

    class Kind(models.TextChoices):
        WITHDRAWAL = "withdrawal"
        RECALL = "recall"

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    level = models.CharField(max_length=1)  # rules.deadlines.Level
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, related_name="+")  # the trace unit
    responsible = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    authority_region = models.CharField(max_length=12, blank=True)
    decided_by = models.CharField(max_length=100)
    decided_by_user_id = models.BigIntegerField(null=True)
    place = models.CharField(max_length=200)
    happened_at = models.DateTimeField()
    known_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    start_due = models.DateTimeField()
    finish_due = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    instruction = models.CharField(max_length=1000)
    refund_place = models.CharField(max_length=300)
    quantities = models.JSONField(default=list)  # per unit at the start, as decimals in text
    scope_sha256 = models.CharField(max_length=64)
    client_key = models.CharField(max_length=80, null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True)
    closing_reason = models.CharField(max_length=1000, blank=True)
    closing_sums = models.JSONField(default=list)
    report_id = models.BigIntegerField(null=True)  # document
    report_sha256 = models.CharField(max_length=64, blank=True)
    released_at = models.DateTimeField(null=True)
    release_reason = models.CharField(max_length=300, blank=True)
    seal_salt = models.UUIDField(db_default=RandomUUID())
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "client_key"], name="recall_once_per_key"),
            models.CheckConstraint(condition=Q(kind__in=("withdrawal", "recall")), name="recall_kind_known"),
            models.CheckConstraint(condition=Q(level__in=("1", "2", "3")), name="recall_level_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-id"], name="recall_open", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.number


class RecallLot(models.Model):
    """A lot in the scope: the trace unit, or something made from it."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="lots")
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lot", "recall"], name="recall_lot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.recall_id}: {self.lot_id}"


class RecallStock(models.Model):
    """Stock that was left when the recall began: each kilo, with whom and whether on its way."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="stock")
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    holding = models.ForeignKey("lots.Holding", on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)  # null: not stated
    uom = models.CharField(max_length=3)
    is_in_transit = models.BooleanField(default=False)
    consignee = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "holding"], name="recall_stock_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.uom} of {self.lot_id}"


class RecallReach(models.Model):
    """Who oversees a part of a recall: the authorities of a region and of all above it, or a market."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="reach")
    region = models.ForeignKey("parties.Region", on_delete=models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.recall_id} → {self.region_id or self.party_id}"
