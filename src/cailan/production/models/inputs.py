"""The store of inputs: each purchase, and what remains of it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q


class ClientEntry(models.Model):
    """The key under which a phone or machine sent an entry: the second arrival gets the first answer."""

    party = models.ForeignKey("parties.Party", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    answer = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "key"], name="farm_entry_key_once_per_party"),
        ]

    def __str__(self) -> str:
        return self.key


class FarmInput(models.Model):
    """A purchase of an input (投入品采购); a correction is a new row that names the old one."""

    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)  # rules.kinds.InputKind
    name = models.CharField(max_length=80)
    registration_no = models.CharField(max_length=40, blank=True)  # 登记证号
    manufacturer = models.CharField(max_length=120, blank=True)
    ingredients = models.JSONField(default=list)  # [{"name", "content"}]
    label = models.JSONField(default=list)  # [{"product", "days"}]; product 0: every other crop
    batch = models.CharField(max_length=60, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    remaining_quantity = models.DecimalField(max_digits=14, decimal_places=3)
    uom = models.CharField(max_length=3)  # UN/ECE Rec 20
    bought_on = models.DateField()
    expires_on = models.DateField(null=True)
    supplier = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    supplier_name = models.CharField(max_length=120)
    store = models.ForeignKey("parties.Site", on_delete=models.PROTECT, null=True, related_name="+")
    document_ids = ArrayField(models.BigIntegerField(), default=list)
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    # The first record of this purchase; its own id where it is the first.
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="versions")
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(max_length=200, blank=True)
    is_current = models.BooleanField(default=True)
    seal_salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(remaining_quantity__gte=0) & Q(remaining_quantity__lte=F("quantity")),
                name="farm_input_remaining_within_quantity",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="farm_input_quantity_positive"),
            models.UniqueConstraint(
                fields=["root"], condition=Q(is_current=True), name="farm_input_one_current_version"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["party", "is_current", "-id"], name="farm_input_by_party")]

    def __str__(self) -> str:
        return self.name
