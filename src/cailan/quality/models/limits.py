"""So much of a substance may be in a product: by place, from a day on, with its source."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Limit(models.Model):
    """A residue or contaminant limit; never edited: a correction is a new row that takes the old one's place."""

    place = models.CharField(max_length=3)  # rules.limits.Place
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey(
        "products.Category", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )  # with neither product nor category: all food
    substance = models.ForeignKey("products.Substance", on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=14, decimal_places=6, null=True)  # null: not to be detected
    unit = models.CharField(max_length=8)
    residue = models.CharField(max_length=200, blank=True)  # definition of the residue
    source = models.CharField(max_length=120)  # standard or law
    edition = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=300, blank=True)  # where the row was read, what is still to check
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    is_verified = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    is_current = models.BooleanField(default=True)  # nothing has taken its place
    added_by = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place", "product", "category", "substance", "valid_from"],
                condition=Q(is_current=True),
                nulls_distinct=False,
                name="limit_once",
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="limit_above_zero"),
            models.CheckConstraint(
                condition=Q(product__isnull=True) | Q(category__isnull=True), name="limit_one_scope"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="limit_ends_after_it_begins"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["substance", "place"], name="limit_by_substance", condition=Q(is_current=True)
            ),
            models.Index(fields=["category"], name="limit_by_category", condition=Q(is_current=True)),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.substance_id} {self.value}"
