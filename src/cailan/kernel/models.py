"""The audit trail and the outbox."""

from typing import ClassVar

from django.db import models


class AuditEntry(models.Model):
    """Who did or tried what; append-only by a trigger (GB/T 22239-2019 8.1.4.3)."""

    at = models.DateTimeField(auto_now_add=True)
    user_id = models.BigIntegerField(null=True)
    party_id = models.BigIntegerField(null=True)
    means = models.CharField(max_length=20)
    action = models.CharField(max_length=80)
    target = models.CharField(max_length=200)
    succeeded = models.BooleanField(default=True)
    address = models.GenericIPAddressField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["target", "-id"], name="audit_by_target"),
            models.Index(fields=["party_id", "-id"], name="audit_by_party"),
            models.Index(fields=["address", "action", "-at"], name="audit_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.target}"


class OutboxEvent(models.Model):
    """A domain event, written in the transaction of the fact it tells."""

    at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=80)
    payload = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="outbox_by_name")]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"
