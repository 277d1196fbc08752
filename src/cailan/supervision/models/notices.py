"""Notices of a recall, the messages that carry them, and the answers."""

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """What one holder is told, and how far it got with it."""

    class Role(models.TextChoices):
        HOLDER = "holder"  # has or had some of it
        CONSIGNEE = "consignee"  # some of it is on its way to it
        RESPONSIBLE = "responsible"  # answers for it
        BUYER = "buyer"  # keeps no books here; a ticket or its seller names it

    recall = models.ForeignKey("supervision.Recall", on_delete=models.PROTECT, related_name="notices")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    tier = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(max_length=12, choices=Role)
    holder = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    is_registered = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)  # the first answer
    escalated_at = models.DateTimeField(null=True)  # the latest time it was found silent
    escalations = models.PositiveSmallIntegerField(default=0)
    client_key = models.CharField(max_length=80, null=True)
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "holder"], condition=Q(holder__isnull=False), name="notice_once_per_holder"
            ),
            models.UniqueConstraint(fields=["parent", "client_key"], name="forward_once_per_key"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["holder", "-id"], name="notice_by_holder"),
            models.Index(fields=["due_at"], name="notice_unanswered", condition=Q(answered_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.recall_id} → {self.name}"


class NoticeLine(models.Model):
    """How a holder stands with one lot; the sums follow from the answers, and the audit watches that they do."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="lines")
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, related_name="+")
    uom = models.CharField(max_length=3)
    quantity = models.DecimalField(
        max_digits=18, decimal_places=6, null=True
    )  # at the start; null: not stated
    in_transit = models.DecimalField(max_digits=18, decimal_places=6, default=0)  # of which on its way
    sold = models.DecimalField(max_digits=18, decimal_places=6, default=0)  # to consumers, before
    is_added = models.BooleanField(default=False)  # begun later, for goods that came back
    received = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    secured = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    returned = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    destroyed = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    missing = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    taken_back = models.DecimalField(max_digits=18, decimal_places=6, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "lot"], name="notice_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True)
                | Q(
                    quantity__gte=models.F("secured")
                    + models.F("returned")
                    + models.F("destroyed")
                    + models.F("missing")
                    - models.F("received")
                ),
                name="notice_line_never_more_than_there_was",
            ),
            models.CheckConstraint(
                condition=Q(taken_back__lte=models.F("sold")), name="notice_line_takes_back_what_was_sold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.quantity} {self.uom}"


class NoticeLink(models.Model):
    """A link by which a notice is answered without an account; only the secret's digest is kept."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="links")
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link of {self.notice_id}"


class Message(models.Model):
    """A message on its way out; its text holds the link's secret and is kept encrypted."""

    class Channel(models.TextChoices):
        APP = "app"
        SMS = "sms"
        WECHAT = "wechat"

    class State(models.TextChoices):
        QUEUED = "queued"
        DELIVERED = "delivered"
        FAILED = "failed"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField(max_length=60, blank=True)
    body = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    detail = models.CharField(max_length=40, blank=True)  # why it failed, or who took it
    queued_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="message_queued", condition=Q(state="queued")),
            models.Index(fields=["notice", "-id"], name="message_by_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Answer(models.Model):
    """One answer to a notice; several add up, none is ever changed."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="answers")
    client_key = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32)  # of what was said: the same key says the same
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    is_by_link = models.BooleanField(default=False)
    by_name = models.CharField(max_length=100, blank=True)
    returned_to = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    photo_id = models.BigIntegerField(null=True)  # document
    events = models.JSONField(default=list)  # what was booked in lots
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "client_key"], name="answer_once_per_key"),
        ]

    def __str__(self) -> str:
        return f"answer to {self.notice_id}"


class AnswerLine(models.Model):
    """What an answer says of one lot."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(NoticeLine, on_delete=models.PROTECT, related_name="told")
    set_aside = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    returned = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    destroyed = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    missing = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    taken_back = models.DecimalField(max_digits=18, decimal_places=6, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "line"], name="answer_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.line_id}"


class Return(models.Model):
    """Goods sent back to the responsible party under the order; in transit until it accepts them."""

    line = models.ForeignKey(AnswerLine, on_delete=models.PROTECT, related_name="returns")
    holding = models.OneToOneField("lots.Holding", on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    uom = models.CharField(max_length=3)
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_event_id = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"return of {self.quantity} {self.uom}"
