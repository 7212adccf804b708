"""What an assessment rests on: dated sources, passages of them, and who coded these to what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from materiality.models.assessments import Assessment
from materiality.models.evidence import EvidenceFile
from materiality.models.register import Iro
from materiality.models.topics import Topic
from surveys.models import Comment


class SourceKind(models.TextChoices):
    """What may be looked at to identify impacts (GRI 3 step 2, ESRS 1)."""

    STANDARD = "standard", _("Standard, law or policy")
    MEDIA = "media", _("Media")
    PEERS = "peers", _("Reports of peers")
    DUE_DILIGENCE = "due_diligence", _("Due diligence or audit")
    GRIEVANCES = "grievances", _("Grievances and complaints")
    INTERVIEW = "interview", _("Interview")
    FOCUS_GROUP = "focus_group", _("Focus group")
    EXPERT = "expert", _("Note of an expert")
    SCIENCE = "science", _("Scientific study or data")
    INTERNAL = "internal", _("Document of the company")
    OTHER = "other", _("Other source")


class Confidentiality(models.TextChoices):
    PUBLIC = "public", pgettext_lazy("a source is", "Public")
    INTERNAL = "internal", _("Internal: passages leave redacted")
    CONFIDENTIAL = "confidential", _("Confidential: no passage leaves")


class SourceRecord(models.Model):
    """A dated source; of a confidential one no text leaves, its title only where allowed."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="source_records")
    code = models.SlugField(max_length=20)
    kind = models.CharField(max_length=16, choices=SourceKind.choices)
    title = models.CharField(max_length=200)
    dated = models.DateField()
    origin = models.CharField(
        max_length=200, blank=True, help_text=_("Who issued it or who spoke.")
    )
    language = models.CharField(max_length=40, blank=True, help_text=_("What it is written in."))
    confidentiality = models.CharField(
        max_length=12, choices=Confidentiality.choices, default=Confidentiality.INTERNAL
    )
    title_leaves = models.BooleanField(
        default=False, help_text=_("Confidential, but its title may be printed.")
    )
    file = models.ForeignKey(
        EvidenceFile, models.PROTECT, null=True, blank=True, related_name="source_records"
    )
    digest = models.CharField(
        max_length=64, blank=True, help_text=_("SHA-256 of a file that is kept elsewhere.")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["dated", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "code"], name="one_source_per_code"),
            models.CheckConstraint(
                condition=Q(kind__in=SourceKind.values), name="source_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="source_has_a_title"),
            models.CheckConstraint(
                condition=Q(confidentiality__in=Confidentiality.values),
                name="confidentiality_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(confidentiality=Confidentiality.CONFIDENTIAL) | Q(file=None),
                name="confidential_files_are_kept_elsewhere",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_confidential(self) -> bool:
        return self.confidentiality == Confidentiality.CONFIDENTIAL

    @property
    def printed_title(self) -> str:
        """Return the title as it may leave; "" where it may not."""
        return self.title if self.title_leaves or not self.is_confidential else ""

    @property
    def hash(self) -> str:
        """Return the SHA-256 of its file, here or elsewhere; "" where there is none."""
        return self.file.digest if self.file else self.digest


class Passage(models.Model):
    """A passage of a source, or a comment of a survey that was let out; people code it.

    :ivar released: what of the text may leave; empty: nothing.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="passages")
    source = models.ForeignKey(
        SourceRecord, models.CASCADE, null=True, blank=True, related_name="passages"
    )
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="passages"
    )
    code = models.SlugField(max_length=20)
    place = models.CharField(max_length=100, blank=True, help_text=_("Page, paragraph, minute."))
    text = models.TextField(max_length=3000, blank=True)
    released = models.TextField(max_length=3000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "code"], name="one_passage_per_code"),
            models.UniqueConstraint(fields=["assessment", "comment"], name="a_comment_once"),
            models.CheckConstraint(
                condition=Q(source__isnull=False, comment=None) & ~Q(text="")
                | Q(source=None, comment__isnull=False, text="", released=""),
                name="passage_is_of_a_source_or_a_comment",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def printed(self) -> str:
        """Return what of a source's passage may leave."""
        return "" if self.source is None or self.source.is_confidential else self.released


class Coding(models.Model):
    """What one person found a passage to be about: a topic, an entry, or nothing of the list."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="codings")
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="codings")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="codings")
    iro = models.ForeignKey(Iro, models.PROTECT, null=True, blank=True, related_name="codings")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["passage", "coder", "topic"], name="one_coding_per_topic"
            ),
            models.UniqueConstraint(fields=["passage", "coder", "iro"], name="one_coding_per_iro"),
            models.CheckConstraint(
                condition=Q(topic=None) | Q(iro=None), name="coding_is_to_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.passage.code}: {self.topic or self.iro or '–'}"
