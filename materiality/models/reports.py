"""What is made of a round's results: how its files look, the files, the figure on other sites.

None of it changes what a locked round says, so all of it may be written after the lock.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from materiality.models.assessments import Assessment
from materiality.models.decisions import Snapshot
from surveys.languages import TextField


class ReportLook(models.Model):
    """How the files of a round look: colours, wording of the axes, labels placed by hand."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="look")
    colours = models.JSONField(
        default=list, blank=True, help_text=_("One a tier, the highest first.")
    )
    axis_titles = models.JSONField(default=dict, blank=True, help_text=_("By axis, language."))
    moved = models.JSONField(
        default=dict, blank=True, help_text=_("By “language:size” and topic: millimetres x, y.")
    )
    template = models.BinaryField(null=True, help_text=_("The company’s own Word template."))
    template_name = models.CharField(max_length=200, blank=True)
    template_digest = models.CharField(max_length=64, blank=True)
    quotes = models.JSONField(
        default=list, blank=True, help_text=_("Ids of the comments to print.")
    )
    slides = models.BinaryField(null=True, help_text=_("The company’s own presentation."))
    slides_name = models.CharField(max_length=200, blank=True)
    slides_digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.assessment)


class PackageQuerySet(models.QuerySet["Package"]):
    def free(self, now: datetime) -> "PackageQuerySet":
        """Return those that nobody is making; who began and died holds its lease no longer."""
        waiting = Q(state=Package.State.WAITING)
        left = Q(state=Package.State.MAKING, lease_until__lt=now)
        return self.filter(waiting | left)


class Package(models.Model):
    """The files of a round as one ZIP. Its key is a digest of all they are made from."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MAKING = "making", _("Preparing")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="packages")
    key = models.CharField(max_length=64, unique=True)
    order = models.JSONField(help_text=_("What was chosen."))
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True, help_text=_("Why it could not be made."))
    asked_at = models.DateTimeField()

    objects = PackageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", content__isnull=False)
                | (~Q(state="ready") & Q(content=None)),
                name="package_is_ready_when_it_has_content",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.key[:12]}"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def has_failed(self) -> bool:
        return self.state == self.State.FAILED


class PublishedFigure(models.Model):
    """The matrix of a locked round at an address that other sites may show in a frame."""

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="published_figure")
    token = models.CharField(max_length=43, unique=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.snapshot.assessment)


class Feedback(models.Model):
    """What those who answered are told came of it: the page their links lead to after the lock."""

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="feedback")
    token = models.CharField(max_length=43, unique=True)
    next_steps = TextField(help_text=_("What the company will do, one step a line."))
    report = models.URLField(blank=True, help_text=_("Where the report is."))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.snapshot.assessment)
