"""Work on crops, what was used in it, and what was harvested or may not be."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q

from cailan.production.models.crops import CropBatch
from cailan.production.models.inputs import FarmInput


class Operation(models.Model):
    """Work on a crop (农产品质量安全法, art. 27); a correction is a new row that names the old one."""

    batch = models.ForeignKey(CropBatch, on_delete=models.PROTECT, related_name="operations")
    kind = models.CharField(max_length=20)  # rules.kinds.OperationKind
    title = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    area_mu = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    target = models.CharField(max_length=80, blank=True)  # the pest or disease
    operator = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    photo_ids = ArrayField(models.BigIntegerField(), default=list)
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(max_length=200, blank=True)
    is_current = models.BooleanField(default=True)
    is_void = models.BooleanField(default=False)  # the correction says that it was never done
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("started_at")), name="operation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="operation_position_on_earth",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["batch", "-started_at"], name="operation_of_batch")]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d}"


class Use(models.Model):
    """How much of an input went into one piece of work."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="uses")
    farm_input = models.ForeignKey(FarmInput, on_delete=models.PROTECT, related_name="uses")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)  # in the unit of the input
    dose = models.CharField(max_length=60, blank=True)
    dilution = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="use_quantity_positive"),
            models.UniqueConstraint(fields=["operation", "farm_input"], name="use_input_once_per_operation"),
        ]

    def __str__(self) -> str:
        return f"{self.operation_id} {self.farm_input_id}"


class Harvest(models.Model):
    """A harvest of a batch and the lot that it made."""

    batch = models.ForeignKey(CropBatch, on_delete=models.PROTECT, related_name="harvests")
    lot = models.OneToOneField("lots.Lot", on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    uom = models.CharField(max_length=3)
    harvested_at = models.DateTimeField()
    method = models.CharField(max_length=20)  # rules.kinds.HarvestMethod
    operator = models.CharField(max_length=60)
    photo_ids = ArrayField(models.BigIntegerField(), default=list)
    event_id = models.CharField(max_length=200)
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["batch", "-harvested_at"], name="harvest_of_batch")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.harvested_at:%Y-%m-%d}"


class HarvestRefusal(models.Model):
    """A harvest that was tried and refused: an alert can be raised from it."""

    batch = models.ForeignKey(CropBatch, on_delete=models.PROTECT, related_name="refusals")
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")
    tried_at = models.DateTimeField()
    allowed_from = models.DateField(null=True)  # null: never
    cause = models.CharField(max_length=200)
    client_key = models.CharField(max_length=80, blank=True)
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "client_key"],
                condition=~Q(client_key=""),
                name="harvest_refused_once_per_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.tried_at:%Y-%m-%d}"
