"""The register: under each topic its impacts, risks and opportunities, and where they came from."""

from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from materiality.models.assessments import Assessment
from materiality.models.evidence import EvidenceFile
from materiality.models.topics import Topic
from surveys.languages import TextField, in_language, missing_languages


class IroKind(models.TextChoices):
    NEGATIVE = "negative", _("Negative impact")
    POSITIVE = "positive", _("Positive impact")
    RISK = "risk", _("Risk")
    OPPORTUNITY = "opportunity", _("Opportunity")


IMPACTS = (IroKind.NEGATIVE, IroKind.POSITIVE)


class Stage(models.TextChoices):
    OWN = "own", _("Own operations")
    UPSTREAM = "upstream", _("Upstream")
    DOWNSTREAM = "downstream", _("Downstream")


class Horizon(models.TextChoices):
    """ESRS 1 par. 77: within the year reported on, until five years, beyond five."""

    SHORT = "short", _("Short term")
    MEDIUM = "medium", _("Medium term")
    LONG = "long", _("Long term")


class Involvement(models.TextChoices):
    """How a company is involved in an impact (GRI 3-3-b, UN Guiding Principles 13)."""

    CAUSED = "caused", pgettext_lazy("the impact is", "Caused")
    CONTRIBUTED = "contributed", pgettext_lazy("the impact is", "Contributed to")
    LINKED = "linked", pgettext_lazy("the impact is", "Linked by business relationships")


class IroQuerySet(models.QuerySet["Iro"]):
    def open(self) -> "IroQuerySet":
        """Those that still stand: they are assessed and carried over."""
        return self.filter(closed_at=None)


class Iro(models.Model):
    """One impact, risk or opportunity of a topic, in one round.

    Texts are in the languages of the round. It goes on in the next round as a row of its own,
    which an `IroLine` leads to.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="iros")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="iros")
    code = models.SlugField(max_length=20)
    kind = models.CharField(max_length=12, choices=IroKind.choices)
    is_actual = models.BooleanField(
        default=False, help_text=_("It has happened or goes on: its likelihood does not count.")
    )
    title = TextField()
    description = TextField()
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.OWN)
    place = models.CharField(max_length=200, blank=True)
    horizon = models.CharField(max_length=8, choices=Horizon.choices, default=Horizon.SHORT)
    affected = TextField(help_text=_("Who is affected, also those who were not asked."))
    human_rights = models.BooleanField(
        default=False, help_text=_("A harm to human rights: severe however unlikely it is.")
    )
    involvement = models.CharField(max_length=12, choices=Involvement.choices, blank=True)
    dependency = TextField(help_text=_("The resource or relationship that it depends on."))
    mitigation = TextField(help_text=_("What is done against it, or to make use of it."))
    is_net = models.BooleanField(
        default=False, help_text=_("It is assessed after mitigation that is shown to work.")
    )
    evidence = models.CharField(
        max_length=300, blank=True, help_text=_("The document that shows that mitigation works.")
    )
    evidence_file = models.ForeignKey(
        EvidenceFile, models.PROTECT, null=True, blank=True, related_name="iros"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closing_reason = TextField()
    version = models.PositiveIntegerField(
        default=1, help_text=_("Counts changes, to notice two at once.")
    )

    objects = IroQuerySet.as_manager()

    class Meta:
        ordering = ["topic__position", "topic", "code"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "code"], name="one_iro_per_code"),
            models.CheckConstraint(condition=Q(kind__in=IroKind.values), name="iro_kind_is_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="iro_stage_is_known"),
            models.CheckConstraint(
                condition=Q(horizon__in=Horizon.values), name="iro_horizon_is_known"
            ),
            models.CheckConstraint(condition=~Q(title={}), name="iro_has_a_title"),
            models.CheckConstraint(
                condition=Q(is_actual=False) | Q(kind__in=IMPACTS), name="only_impacts_are_actual"
            ),
            models.CheckConstraint(
                condition=Q(human_rights=False) | Q(kind=IroKind.NEGATIVE),
                name="only_harm_is_to_human_rights",
            ),
            models.CheckConstraint(
                condition=Q(involvement="")
                | Q(kind__in=IMPACTS, involvement__in=Involvement.values),
                name="only_impacts_have_involvement",
            ),
            models.CheckConstraint(
                condition=Q(is_net=False)
                | (~Q(mitigation={}) & (~Q(evidence="") | Q(evidence_file__isnull=False))),
                name="net_needs_evidence_of_mitigation",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(closing_reason={}),
                name="iro_is_closed_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.title)

    @property
    def is_impact(self) -> bool:
        return self.kind in IMPACTS

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def happens(self) -> str:
        """Whether an impact is actual or potential; nothing of risks and opportunities."""
        if not self.is_impact:
            return ""
        return str(_("actual") if self.is_actual else _("potential"))

    def gaps(self, languages: tuple[str, ...]) -> Iterator[str]:
        """Yield what standards ask of it and nobody has said yet.

        GRI 3-3-a and -b, ESRS 2 SBM-3: a description, for an impact who is affected and how the
        company is involved.
        """
        if missing_languages(self.description, languages):
            yield str(_("description"))
        if self.is_impact and missing_languages(self.affected, languages):
            yield str(_("who is affected"))
        if self.kind == IroKind.NEGATIVE and not self.involvement:
            yield str(_("involvement"))


class IroLine(models.Model):
    """What became of an entry of last round's register: it goes on in one of this, or is closed.

    Two lines from one entry say that it was split, two lines to one that it was merged.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="iro_lines")
    before = models.ForeignKey(Iro, models.PROTECT, related_name="successors")
    after = models.ForeignKey(
        Iro, models.CASCADE, null=True, blank=True, related_name="predecessors"
    )
    reason = TextField(help_text=_("Why it is closed."))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="one_line_per_pair_of_iros"),
            models.UniqueConstraint(
                fields=["before"], condition=Q(after=None), name="an_iro_is_closed_once"
            ),
            models.CheckConstraint(
                condition=Q(after=None) | ~Q(before=F("after")), name="no_iro_follows_itself"
            ),
            models.CheckConstraint(
                condition=Q(after__isnull=False) | ~Q(reason={}),
                name="iro_ends_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before.code} → {self.after.code if self.after else '/'}"
