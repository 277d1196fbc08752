"""A count of the stock: what was seen in the book, what was found, and why they differ (盘点)."""

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q


class StockTake(models.Model):
    """One count of many lots, booked as a whole."""

    owner = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=40)  # the paper that its adjustments name
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    lines = models.JSONField()  # holding, lot, unit, seen, counted, reason: as counted, decimals as text
    client_key = models.CharField(max_length=80, blank=True)
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "client_key"], condition=~Q(client_key=""), name="stock_take_once_per_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-occurred_at", "-id"], name="stock_take_by_owner"),
        ]

    def __str__(self) -> str:
        return self.number
