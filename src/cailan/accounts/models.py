"""Users, their memberships in parties, API keys."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


class User(AbstractBaseUser):
    """One person's sign-in; what it may do follows from its memberships."""

    username = models.CharField(max_length=80, unique=True)
    display_name = models.CharField(max_length=80)
    language = models.CharField(max_length=10, blank=True)  # "" until one is chosen
    is_active = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    old_passwords = ArrayField(models.CharField(max_length=200), default=list)
    failures = ArrayField(models.DateTimeField(), default=list)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BaseUserManager["User"]()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.username


class Membership(models.Model):
    """A role of a user in a party.

    `parties` stands above, so its key, name, kind and area are repeated here: what is needed to build an
    Actor in one query. The foreign key itself is a constraint made by a migration of `parties`.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    party_id = models.BigIntegerField()
    party_name = models.CharField(max_length=200)
    party_kind = models.CharField(max_length=30)
    region = models.CharField(max_length=12, blank=True)
    role = models.CharField(max_length=20)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "party_id"], name="membership_once_per_party"),
        ]
        indexes: ClassVar = [models.Index(fields=["party_id"], name="membership_by_party")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.party_name}"


class ApiKey(models.Model):
    """A machine's key: shown once, kept as a hash."""

    party_id = models.BigIntegerField()
    party_name = models.CharField(max_length=200)
    party_kind = models.CharField(max_length=30)
    region = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField(max_length=32)
    role = models.CharField(max_length=20)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["party_id", "-id"], name="api_key_by_party")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
