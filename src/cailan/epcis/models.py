"""The event store: each event whole, with an index of what it speaks of."""

from typing import ClassVar

from django.db import models


class CaptureJob(models.Model):
    """A document handed in for capture, kept to the byte (EPCIS 2.0 section 8.2)."""

    owner_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    media_type = models.CharField(max_length=80)
    document = models.BinaryField()
    event_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner_id", "digest"], name="capture_once_per_document"),
        ]

    def __str__(self) -> str:
        return f"capture {self.pk}"


class Event(models.Model):
    """One EPCIS 2.0 event; `body` is its JSON text, byte for byte as sealed."""

    event_id = models.CharField(max_length=300, unique=True)
    type = models.CharField(max_length=30)
    action = models.CharField(max_length=8, blank=True)
    event_time = models.DateTimeField()
    record_time = models.DateTimeField()
    biz_step = models.CharField(max_length=200, blank=True)
    disposition = models.CharField(max_length=200, blank=True)
    read_point = models.CharField(max_length=300, blank=True)
    biz_location = models.CharField(max_length=300, blank=True)
    owner_id = models.BigIntegerField()  # the party that recorded or captured it
    job = models.ForeignKey(CaptureJob, on_delete=models.PROTECT, null=True, related_name="events")
    corrects = models.CharField(
        max_length=300, blank=True
    )  # of an error declaration: the event declared wrong
    body = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["event_time", "id"], name="event_by_time"),
            models.Index(fields=["owner_id", "-id"], name="event_by_owner"),
            models.Index(fields=["corrects"], name="event_by_correction", condition=~models.Q(corrects="")),
        ]

    def __str__(self) -> str:
        return self.event_id


class EventKey(models.Model):
    """What an event speaks of, by constrained canonical Digital Link or other URI."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="keys", db_index=False)
    key = models.CharField(max_length=300, db_collation="C")
    role = models.CharField(max_length=10)  # epc, child, parent, input, output
    quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    uom = models.CharField(max_length=3, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["key", "-event"], name="event_key_by_key", include=["role"]),
            models.Index(fields=["event"], name="event_key_by_event"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.key}"
