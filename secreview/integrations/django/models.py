"""What the gate let through, what went out unreviewed, and which record an object has."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

DIGEST = 64  # hexadecimal digits of SHA-256


class Known(models.Model):
    """An object by model and key: models of any application, and keys of any type."""

    model = models.CharField(max_length=100)
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=DIGEST)

    class Meta:
        """No table of its own."""

        abstract = True


class Cleared(Known):
    """What the gate let through of an object last: the digest of all its bytes."""

    standing = models.CharField(max_length=16)
    column = models.CharField(max_length=100, blank=True)
    record = models.CharField(max_length=32, blank=True)
    until = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        """One row for each object."""

        constraints = (models.UniqueConstraint(fields=("model", "key"), name="secreview_cleared"),)
        verbose_name = _("cleared item")
        verbose_name_plural = _("cleared items")

    def __str__(self) -> str:
        """Return what was cleared."""
        return f"{self.model} {self.key}"


class ClearedFile(models.Model):
    """A file that goes out with an object."""

    cleared = models.ForeignKey(Cleared, models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=DIGEST, db_index=True)

    def __str__(self) -> str:
        """Return the beginning of the digest."""
        return str(self.sha256)[:12]


class Handed(Known):
    """The record in which an object was handed in last, and what the machine said of it."""

    record = models.CharField(max_length=32)
    reports: Any = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        """One row for each object."""

        constraints = (models.UniqueConstraint(fields=("model", "key"), name="secreview_handed"),)

    def __str__(self) -> str:
        """Return the record."""
        return str(self.record)


class Opening(models.Model):
    """Something that went out unreviewed, because nobody could tell and its column is open."""

    name = models.CharField(max_length=200)
    column = models.CharField(max_length=100, blank=True)
    digests: Any = models.JSONField(default=list)
    why = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    reviewed = models.BooleanField(default=False)

    class Meta:
        """The latest first."""

        ordering = ("-at",)
        verbose_name = _("unreviewed publication")
        verbose_name_plural = _("unreviewed publications")

    def __str__(self) -> str:
        """Return what went out."""
        return str(self.name)
