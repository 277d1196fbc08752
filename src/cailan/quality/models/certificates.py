"""The promise certificate of a lot (承诺达标合格证)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Certificate(models.Model):
    """What its issuer promises of so much of a lot; never edited: voided, and issued anew."""

    number = models.CharField(max_length=24, unique=True)
    lot = models.ForeignKey("lots.Lot", on_delete=models.PROTECT, related_name="+")
    issuer = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    pattern = models.CharField(max_length=10)  # rules.certificate.Pattern
    form = models.CharField(max_length=4)  # version of the form
    bases = ArrayField(models.CharField(max_length=16))
    product_name = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    uom = models.CharField(max_length=3)
    origin = models.CharField(max_length=200)
    issuer_name = models.CharField(max_length=200)
    contact = models.CharField(max_length=40, blank=True)
    signature = models.CharField(max_length=80)  # who signs, or the seal's words
    salt = models.CharField(max_length=32)
    issued_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    sources = models.ManyToManyField("self", symmetrical=False, related_name="backs")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    client_key = models.CharField(max_length=80, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "client_key"], name="certificate_key_once"),
            models.UniqueConstraint(
                fields=["lot", "issuer"],
                condition=Q(voided_at__isnull=True),
                name="one_certificate_holds_per_lot",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="certificate_for_something"),
        ]

    def __str__(self) -> str:
        return self.number
