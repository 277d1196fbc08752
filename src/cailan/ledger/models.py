"""The append-only tables of the log."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now


class TransactionId(models.Field):  # type: ignore[type-arg]  # not subscriptable at run time
    """PostgreSQL's 64-bit transaction id."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 (Django's signature)
        return "xid8"


class CurrentTransaction(Func):
    """The transaction that writes the row."""

    function = "pg_current_xact_id"
    arity = 0
    output_field = TransactionId()


class Record(models.Model):
    """A sealed statement, its payload beside it, and its place in the queue of the sequencer."""

    id = models.BigAutoField(primary_key=True)
    xid = TransactionId(db_default=CurrentTransaction())
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=300)
    party_id = models.BigIntegerField()
    key_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    payload = models.TextField()  # canonical JSON, exactly the bytes under the digest
    salt = models.BinaryField()
    entry = models.BinaryField()
    leaf = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "id"], name="ledger_record_by_subject"),
            models.Index(fields=["xid", "id"], name="ledger_record_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} #{self.pk}"


class LogEntry(models.Model):
    """The place of a record in the log, counted from 0."""

    seq = models.BigIntegerField(primary_key=True)
    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="place", db_constraint=False)

    class Meta:
        db_table = "ledger_entry"

    def __str__(self) -> str:
        return f"{self.seq} → record {self.record_id}"


class Tile(models.Model):
    """256 hashes of one level of the tree (C2SP tlog-tiles); the row grows until it is full."""

    pk = models.CompositePrimaryKey("level", "idx")
    level = models.SmallIntegerField()
    idx = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        db_table = "ledger_tile"

    def __str__(self) -> str:
        return f"tile {self.level}/{self.idx}"


class Checkpoint(models.Model):
    """The root of the first `size` entries, as a C2SP signed note."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class Cursor(models.Model):
    """How far the sequencer has read: one row, number 1."""

    xid = TransactionId()
    record_id = models.BigIntegerField()
    floor_id = models.BigIntegerField(
        default=0
    )  # records up to here came with a restored dump and are in the log
    size = models.BigIntegerField()
    root = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="ledger_cursor_is_single")]

    def __str__(self) -> str:
        return f"{self.size} entries"


class Key(models.Model):
    """A signing key of a party (0: the platform), or of the log itself; the private half is encrypted."""

    class Purpose(models.TextChoices):
        SEAL = "seal"
        LOG = "log"

    party_id = models.BigIntegerField()
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    alg = models.CharField(max_length=20)
    key_id = models.CharField(max_length=64, unique=True)
    public_key = models.BinaryField()
    private_encrypted = models.BinaryField()
    master = models.CharField(max_length=16)  # which master key wraps the private half
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party_id", "purpose"], condition=Q(retired_at=None), name="ledger_key_one_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} key {self.key_id} of party {self.party_id}"
