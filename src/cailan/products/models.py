"""The base product library, its names, what each party deals in; and substances with their prohibitions."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Category(models.Model):
    """A branch of the catalogue: plants, animals, micro-organisms and their products (NY/T 3177)."""

    code = models.CharField(max_length=40, primary_key=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    name_zh = models.CharField(max_length=60)
    name_zh_hant = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    nyt3177_code = models.CharField(max_length=20, blank=True)
    is_basket = models.BooleanField(default=False)  # one of the six basket categories or fungi

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name_zh


class Product(models.Model):
    """What is grown, made or sold; one schema for every category."""

    slug = models.CharField(max_length=60, unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    name_zh = models.CharField(max_length=80)
    name_zh_hant = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    name_yue = models.CharField(max_length=80, blank=True)  # as Hong Kong and Guangzhou markets say it
    pinyin = models.CharField(max_length=160)
    nyt3177_code = models.CharField(max_length=20, blank=True)
    gbt7635_code = models.CharField(max_length=20, blank=True)
    hs_code = models.CharField(max_length=12, blank=True)
    uom = models.CharField(max_length=3)  # UN/ECE Rec 20
    storage_min_celsius = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    storage_max_celsius = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    shelf_life_days = models.PositiveIntegerField(null=True)
    gtin = models.CharField(max_length=14, null=True, unique=True)
    owner_id = models.BigIntegerField(null=True)  # the party that registered it; null: the base library

    class Meta:
        indexes: ClassVar = [models.Index(fields=["category", "pinyin"], name="product_by_category")]

    def __str__(self) -> str:
        return self.name_zh


class ProductName(models.Model):
    """A name under which people look for a product: official, market, Cantonese, English, pinyin."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)  # lower case, without blanks
    kind = models.CharField(max_length=10)  # official, alias, yue, en, pinyin, initials

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "key"], name="product_name_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["key"], opclasses=["varchar_pattern_ops"], name="product_name_key"),
            GinIndex(fields=["key"], opclasses=["gin_trgm_ops"], name="product_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.name


class MainProduct(models.Model):
    """A product that a party deals in, chosen from the library; its forms offer these first."""

    party = models.ForeignKey("parties.Party", on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    gtin = models.CharField(max_length=14, null=True)  # the party's own trade item number for it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "product"], name="main_product_once"),
        ]

    def __str__(self) -> str:
        return f"{self.party_id}: {self.product_id}"


class Substance(models.Model):
    """What limits, inputs and prohibitions speak of: pesticides, medicines, metals, or a class of them."""

    name_zh = models.CharField(max_length=60, unique=True)
    name_en = models.CharField(max_length=80)
    cas = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=20)  # rules.substances.SubstanceKind
    aliases = ArrayField(models.CharField(max_length=60), default=list)
    keys = ArrayField(models.CharField(max_length=120), default=list)  # every name in its compared form

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["keys"], name="substance_keys")]

    def __str__(self) -> str:
        return self.name_zh


class BannedSubstance(models.Model):
    """A prohibition of a substance: for what, from when to when, by which order."""

    substance = models.ForeignKey(Substance, on_delete=models.CASCADE, related_name="bans")
    scope = ArrayField(models.CharField(max_length=60))  # categories and product slugs; empty: everything
    except_use = models.CharField(max_length=20, blank=True)
    except_scope = ArrayField(models.CharField(max_length=60), default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    notice = models.CharField(max_length=80, blank=True)
    basis = models.CharField(max_length=120, blank=True)
    is_verified = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["substance", "scope", "valid_from"], name="ban_once_per_scope_and_day"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="ban_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substance_id} {self.valid_from}"
