"""What people keep beside the numbers: files that prove something, and remarks."""

import hashlib
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from materiality.models.assessments import Assessment
from materiality.models.immutable import WrittenOnce, WrittenOnceQuerySet
from materiality.models.topics import Topic
from surveys.models.organisations import OwnedQuerySet


def stored_name(_file: "EvidenceFile", _name: str) -> str:
    """Return a name that says nothing: what a person called the file is kept in the row."""
    return f"evidence/{uuid4().hex}"


class EvidenceFileQuerySet(OwnedQuerySet):
    organisation_path = "assessment__organisation"


class EvidenceFile(models.Model):
    """A file that supports a round or one of its topics, with the hash of its content."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence_files")
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="evidence_files"
    )
    name = models.CharField(max_length=200)
    about = models.CharField(max_length=300, blank=True, help_text=_("What it proves."))
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the content."))
    file = models.FileField(upload_to=stored_name)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField()

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def facts(self) -> dict[str, str | int]:
        """Return what the log keeps of the file."""
        return {
            "name": self.name,
            "about": self.about,
            "size": self.size,
            "digest": self.digest,
            "stored": str(self.file.name),
        }

    def content_digest(self) -> str | None:
        """Return the SHA-256 of what is stored now, or None if the file is gone."""
        try:
            with self.file.open("rb") as content:
                return hashlib.file_digest(content, "sha256").hexdigest()
        except OSError:
            return None


class Remark(WrittenOnce):
    """What somebody said about a topic, or about the round."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="remarks")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="remarks")
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="remark_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:40]
