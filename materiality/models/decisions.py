"""What people decided, what changed since last year, and the locked result."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from materiality.models.assessments import MOST_TIERS, Assessment
from materiality.models.immutable import WrittenOnce, WrittenOnceQuerySet
from materiality.models.topics import Topic
from surveys.errors import RuleBroken
from surveys.languages import TextField


class Decision(models.Model):
    """The tier people gave a topic. No row: the rule's suggestion stands."""

    topic = models.OneToOneField(Topic, models.CASCADE, related_name="decision")
    tier = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True, max_length=500)
    reasons = TextField(help_text=_("The reason in each language of a round of several."))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tier__range=(1, MOST_TIERS)), name="tier_is_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: tier {self.tier}"


class Succession(models.Model):
    """What became of last year's topic, or where this year's came from."""

    class Kind(models.TextChoices):
        CONTINUED = "continued", _("Unchanged")
        RENAMED = "renamed", _("Renamed")
        WIDENED = "widened", _("Renamed or widened")
        SPLIT = "split", _("Split")
        MERGED = "merged", _("Combined as new")
        ABSORBED = "absorbed", _("Merged into")
        ADDED = "added", _("Added")
        REMOVED = "removed", _("Removed")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="successions")
    before = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="successors"
    )
    after = models.ForeignKey(
        Topic, models.CASCADE, null=True, blank=True, related_name="predecessors"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = TextField()
    comparable = models.BooleanField(
        null=True, help_text=_("Whether the scores can be compared; empty: as the kind says.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="one_succession_per_pair"),
            models.CheckConstraint(
                condition=Q(kind="added", before=None, after__isnull=False)
                | Q(kind="removed", before__isnull=False, after=None)
                | Q(
                    kind__in=["continued", "renamed", "widened", "split", "merged", "absorbed"],
                    before__isnull=False,
                    after__isnull=False,
                ),
                name="succession_has_the_sides_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before or '/'} → {self.after or '/'}"


class SnapshotIsImmutable(RuleBroken):
    code = "locked"

    def __str__(self) -> str:
        return str(_("A locked round cannot be changed. Start a new round to correct it."))


class SnapshotQuerySet(WrittenOnceQuerySet):
    refusal: ClassVar[type[RuleBroken]] = SnapshotIsImmutable


class Snapshot(WrittenOnce):
    """A locked round: one immutable JSON document, the evidence bundle, with its digest."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="snapshot")
    document = models.TextField()
    digest = models.CharField(max_length=71)
    method_version = models.CharField(max_length=10)
    locked_at = models.DateTimeField()
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    approved_by = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    log_head = models.CharField(
        max_length=64, blank=True, help_text=_("The hash of the log’s last entry at the lock.")
    )

    refusal: ClassVar[type[RuleBroken]] = SnapshotIsImmutable
    objects = SnapshotQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.assessment}, sha256 {self.digest[:12]}"
