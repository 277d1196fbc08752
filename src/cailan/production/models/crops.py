"""Crop batches with their seed, and what surrounds them."""

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q


class CropBatch(models.Model):
    """One crop on one plot, from opening to closing (生产批次)."""

    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80)
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("parties.Site", on_delete=models.PROTECT, related_name="+")
    area_mu = models.DecimalField(max_digits=9, decimal_places=2)  # 亩, a fifteenth of a hectare
    planted_on = models.DateField()
    opened_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    closing_note = models.CharField(max_length=200, blank=True)
    worked_at = models.DateTimeField()  # the latest work or harvest, for the order of lists

    class Meta:
        verbose_name_plural = "crop batches"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "number"], name="crop_batch_number_once_per_party"),
            models.CheckConstraint(condition=Q(area_mu__gt=0), name="crop_batch_has_an_area"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party", "closed_at", "-worked_at"], name="crop_batch_by_party"),
        ]

    def __str__(self) -> str:
        return self.number


class SeedOrigin(models.Model):
    """Where the seed or seedlings of a batch come from; a correction is a new row, the newest counts."""

    batch = models.ForeignKey(CropBatch, on_delete=models.PROTECT, related_name="seed_origins")
    name = models.CharField(max_length=80)
    variety = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)  # rules.kinds.SeedSource
    supplier = models.CharField(max_length=120, blank=True)
    seed_batch = models.CharField(max_length=60, blank=True)
    certificate_no = models.CharField(max_length=80, blank=True)
    certificate_document_id = models.BigIntegerField(null=True)
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    is_current = models.BooleanField(default=True)
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch"], condition=Q(is_current=True), name="seed_origin_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.variety}"


class Environment(models.Model):
    """What was found of soil, water or air of a place, on which day, in which report (产地环境)."""

    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("parties.Site", on_delete=models.PROTECT, related_name="+")
    aspect = models.CharField(max_length=10)  # rules.kinds.Aspect
    finding = models.CharField(max_length=200)
    measured_on = models.DateField()
    report_no = models.CharField(max_length=80, blank=True)
    document_id = models.BigIntegerField(null=True)
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "aspect", "-measured_on"], name="environment_of_site"),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.aspect} {self.measured_on}"
