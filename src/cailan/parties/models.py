"""Regions, parties, sites, counterparties."""

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper


class Region(models.Model):
    """A place of the administrative tree (GB/T 2260, towns by GB/T 10114)."""

    code = models.CharField(max_length=12, primary_key=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    level = models.CharField(max_length=10)  # country, province, city, district, town
    name_zh = models.CharField(max_length=60)
    name_zh_hant = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="region_position_on_earth",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Party(models.Model):
    """An organisation or person that acts in a chain, registered here or known from documents only."""

    kind = models.CharField(max_length=30)  # rules.kinds.PartyKind
    status = models.CharField(
        max_length=20, default="pending"
    )  # pending, approved, refused, suspended, external
    uri = models.CharField(
        max_length=200, unique=True
    )  # Digital Link with AI 417 or 414, else under our own domain
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    gln = models.CharField(max_length=13, null=True, unique=True)
    id_scheme = models.CharField(
        max_length=20, blank=True
    )  # rules.identity: uscc, resident_id, hk_br, mo_br …
    id_masked = models.CharField(max_length=60, blank=True)
    id_encrypted = models.BinaryField(null=True)
    id_digest = models.BinaryField(
        max_length=32, null=True, unique=True
    )  # keyed hash: finds the same subject again
    legal_person = models.CharField(max_length=60, blank=True)
    legal_id_scheme = models.CharField(max_length=20, blank=True)
    legal_id_masked = models.CharField(max_length=60, blank=True)
    legal_id_encrypted = models.BinaryField(null=True)
    contact_name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, related_name="+"
    )  # a regulator's area
    address = models.CharField(max_length=200, blank=True)
    market = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="stallholders")
    refused_reason = models.CharField(max_length=200, blank=True)
    registrant_id = models.BigIntegerField(null=True)  # the account that becomes its owner on approval
    # What others had written of this subject before it registered; comes back if the registration is refused.
    before_claim = models.JSONField(null=True)
    # Goes into the digests under which persons' details are sealed: with it gone, nobody can guess them.
    seal_salt = models.UUIDField(db_default=RandomUUID())
    created_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "parties"
        indexes: ClassVar = [
            models.Index(fields=["kind", "status", "-id"], name="party_by_kind"),
            models.Index(fields=["region", "-id"], name="party_by_region"),
            models.Index(fields=["market", "-id"], name="party_by_market"),
            models.Index(fields=["registrant_id"], name="party_by_registrant"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="party_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place where goods grow, are worked on, kept or sold."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="sites")
    kind = models.CharField(max_length=20)  # rules.kinds.SiteKind
    uri = models.CharField(
        max_length=200, unique=True
    )  # Digital Link with AI 414 (and 254), else under our own domain
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40, blank=True)  # stall or plot number as people say it
    gln = models.CharField(max_length=13, null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="site_position_on_earth",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region"], name="site_by_region")]

    def __str__(self) -> str:
        return self.name


class Counterparty(models.Model):
    """A supplier or customer as one party keeps it in its own book (往来主体)."""

    owner = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="counterparties")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    is_supplier = models.BooleanField(default=False)
    is_customer = models.BooleanField(default=False)
    name = models.CharField(max_length=200)  # as the owner calls it
    address = models.CharField(max_length=200, blank=True)
    legal_person = models.CharField(max_length=60, blank=True)
    contact_name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    last_used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "counterparties"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "party"], name="counterparty_once_per_owner"),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="counterparty_name_trgm"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} ↔ {self.party_id}"
