"""Files by their content, and the documents that parties keep of them."""

from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """Bytes kept once, under their SHA-256."""

    digest = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True)  # of pictures, upright, in pixels
    height = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.media_type} {self.digest[:12]}"


class Document(models.Model):
    """A file under a name, kept by a party; a migration of `parties` makes the foreign key."""

    owner_id = models.BigIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)  # rules.DocumentKind
    added_by_id = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner_id", "file", "kind"], name="document_once_per_owner"),
        ]
        indexes: ClassVar = [models.Index(fields=["owner_id", "-id"], name="document_by_owner")]

    def __str__(self) -> str:
        return self.name


class Share(models.Model):
    """A party that may open another's document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="shares")
    party_id = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "party_id"], name="share_once_per_party"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} → {self.party_id}"
