"""Files of records: each import with its cursor, and the rows that were refused."""

from typing import ClassVar

from django.db import models


class ImportJob(models.Model):
    """One file of one party, kept whole; `done_rows` is where an interrupted import goes on."""

    owner_id = models.BigIntegerField()
    user_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)  # table, epcis
    digest = models.BinaryField(max_length=32)
    data = models.BinaryField()
    # new → trying → checked → waiting → running → done; failed where the file cannot be read or is refused whole
    state = models.CharField(max_length=10, default="new")
    total_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)  # why it failed
    dry_run = models.JSONField(null=True)  # what the trial found
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner_id", "digest"], name="import_once_per_file"),
            models.CheckConstraint(
                condition=models.Q(done_rows=models.F("accepted") + models.F("known") + models.F("refused")),
                name="import_counts_every_row",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["owner_id", "-id"], name="import_by_owner")]

    def __str__(self) -> str:
        return self.name


class ImportProblem(models.Model):
    """A row that was refused: which column, what stood there, and what to do."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="problems", db_index=False)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=200, blank=True)
    what = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "row"], name="import_problem_once_a_row")
        ]

    def __str__(self) -> str:
        return f"row {self.row}: {self.what}"
