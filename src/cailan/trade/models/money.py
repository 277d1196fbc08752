"""Money that changed hands: for an order, or beside all orders."""

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q


class Payment(models.Model):
    """Money for one ticket (it comes in) or one purchase (it goes out); below zero it went back."""

    owner = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey("trade.Ticket", on_delete=models.PROTECT, null=True, related_name="payments")
    purchase = models.ForeignKey(
        "trade.Purchase", on_delete=models.PROTECT, null=True, related_name="payments"
    )
    amount_fen = models.BigIntegerField()
    method = models.CharField(max_length=20)  # rules.money.Method
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )  # the payment that this counter-entry takes back
    client_key = models.CharField(max_length=80, blank=True)
    place = models.PositiveSmallIntegerField(default=0)  # which part of one sum that settled several orders
    seal_salt = models.UUIDField(db_default=RandomUUID())  # of the digest under which the note is sealed

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ticket__isnull=False, purchase__isnull=True)
                | Q(ticket__isnull=True, purchase__isnull=False),
                name="payment_is_for_one_order",
            ),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="payment_moves_money"),
            models.UniqueConstraint(
                fields=["owner", "client_key", "place"],
                condition=~Q(client_key=""),
                name="payment_once_per_key",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-occurred_at", "-id"], name="payment_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_fen} for {self.ticket_id or self.purchase_id}"


class CashEntry(models.Model):
    """Income or expense that settles no order: rent, wages, freight, compensation."""

    owner = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)  # rules.money.CashKind: says whether it comes in or goes out
    amount_fen = models.BigIntegerField()  # below zero in a counter-entry
    method = models.CharField(max_length=20)
    counterpart = models.ForeignKey(
        "parties.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    counterpart_name = models.CharField(max_length=200, blank=True)
    ticket = models.ForeignKey(
        "trade.Ticket", on_delete=models.PROTECT, null=True, related_name="cash_entries"
    )  # the order that gave rise to it, for instance freight of a purchase
    purchase = models.ForeignKey(
        "trade.Purchase", on_delete=models.PROTECT, null=True, related_name="cash_entries"
    )
    note = models.CharField(max_length=200, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    client_key = models.CharField(max_length=80, blank=True)
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        verbose_name_plural = "cash entries"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, corrects__isnull=True)
                | Q(amount_fen__lt=0, corrects__isnull=False),
                name="cash_entry_below_zero_only_to_correct",
            ),
            models.CheckConstraint(
                condition=Q(ticket__isnull=True) | Q(purchase__isnull=True), name="cash_entry_of_one_order"
            ),
            models.UniqueConstraint(
                fields=["owner", "client_key"], condition=~Q(client_key=""), name="cash_entry_once_per_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-occurred_at", "-id"], name="cash_entry_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_fen}"
