"""From the sample to the signed report."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Laboratory(models.Model):
    """What a laboratory says of itself: the number of its certificate (CMA) and until when it holds."""

    party = models.OneToOneField("parties.Party", on_delete=models.PROTECT, related_name="+")
    cma_number = models.CharField(max_length=40)
    cma_valid_to = models.DateField()
    scope = models.CharField(max_length=300, blank=True)
    stated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "laboratories"

    def __str__(self) -> str:
        return self.cma_number


class Sample(models.Model):
    """Goods taken at a holder for a laboratory: on arrival, on order of their owner, or by an official."""

    number = models.CharField(max_length=20, unique=True)
    purpose = models.CharField(max_length=10)  # rules.sampling.Purpose
    status = models.CharField(max_length=10)  # rules.sampling.Status
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    requester = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    lab = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    uom = models.CharField(max_length=3, blank=True)
    place = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)  # the user; no name of a person stands here
    client_key = models.CharField(max_length=80, null=True)
    lab_number = models.CharField(max_length=40, blank=True)
    condition = models.CharField(max_length=200, blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["requester", "client_key"], name="sample_key_once"),
            models.UniqueConstraint(
                fields=["lab", "lab_number"], condition=~Q(lab_number=""), name="lab_number_once"
            ),
            models.UniqueConstraint(
                fields=["lot", "holder", "purpose"],
                condition=Q(status__in=("requested", "accepted")) & ~Q(purpose="official"),
                name="one_open_request_per_stock",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["lab", "status", "-id"], name="sample_by_lab")]

    def __str__(self) -> str:
        return self.number


class Test(models.Model):
    """One go of testing: a producer's own, a quick test of a sample, or the laboratory's method."""

    kind = models.CharField(max_length=10)  # self-test, quick, laboratory
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, related_name="+")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, null=True, related_name="tests")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    tested_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    tester_id = models.BigIntegerField(null=True)  # the user
    kit = models.CharField(max_length=120, blank=True)
    photo_id = models.BigIntegerField(null=True)  # document
    verdict = models.CharField(max_length=10)
    refused_by = ArrayField(models.CharField(max_length=3), default=list)
    client_key = models.CharField(max_length=80, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "client_key"], name="test_key_once"),
            models.CheckConstraint(
                condition=Q(kind="self-test", sample__isnull=True)
                | (~Q(kind="self-test") & Q(sample__isnull=False)),
                name="test_of_a_sample_or_own",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["lot", "-id"], name="test_by_lot")]

    def __str__(self) -> str:
        return f"{self.kind} {self.lot_id} {self.verdict}"


class Result(models.Model):
    """One item of a test: what was found, and what each place said of it on that day."""

    test = models.ForeignKey(Test, on_delete=models.PROTECT, related_name="results")
    substance = models.ForeignKey("products.Substance", on_delete=models.PROTECT, null=True, related_name="+")
    item = models.CharField(max_length=120)
    method = models.CharField(max_length=80)
    value = models.DecimalField(
        max_digits=14, decimal_places=6, null=True
    )  # null: not detected, or a reading
    unit = models.CharField(max_length=8, blank=True)
    lod = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    reading = models.JSONField(default=dict)  # of a quick test
    verdict = models.CharField(max_length=10)
    places = models.JSONField(default=list)
    refused_by = ArrayField(models.CharField(max_length=3), default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__gte=0), name="result_never_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value} {self.unit}"


class Objection(models.Model):
    """The one sampled does not accept a positive quick test; then another method decides."""

    test = models.OneToOneField(Test, on_delete=models.PROTECT, related_name="objection")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    raised_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"objection to {self.test_id}"


class Report(models.Model):
    """A laboratory's signed report of a sample; corrected only by a newer one that supersedes it."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="reports")
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=24, unique=True)
    results = models.ManyToManyField(Result, related_name="reports")
    verdict = models.CharField(max_length=10)
    refused_by = ArrayField(models.CharField(max_length=3), default=list)
    may_go_to = ArrayField(models.CharField(max_length=3), default=list)
    findings = models.CharField(max_length=600, blank=True)
    document_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the PDF
    cma_number = models.CharField(max_length=40)
    signer = models.CharField(max_length=80)
    signer_id = models.BigIntegerField(null=True)
    salt = models.CharField(max_length=32)  # hides the signer's name in the seal
    signed_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    is_current = models.BooleanField(default=True)
    is_public = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sample"], condition=Q(is_current=True), name="one_report_holds_per_sample"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["lot", "-id"], name="report_by_lot"),
            models.Index(fields=["-id"], name="report_public", condition=Q(is_public=True)),
        ]

    def __str__(self) -> str:
        return self.number


class Reopening(models.Model):
    """A laboratory takes a signed report up again, with its reason; a new report follows."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="reopening")
    reason = models.CharField(max_length=300)
    reopened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reopening of {self.report_id}"


class Handling(models.Model):
    """What was done about a failed report (核查处置)."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="handlings")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    handled_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text
