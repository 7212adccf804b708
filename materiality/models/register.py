"""The register: under each topic its impacts, risks and opportunities, and where they came from."""

from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from materiality.models.assessments import Assessment
from materiality.models.context import ChainStep, Stage
from materiality.models.evidence import EvidenceFile
from materiality.models.topics import Topic
from surveys.languages import TextField, in_language, missing_languages


class IroKind(models.TextChoices):
    NEGATIVE = "negative", _("Negative impact")
    POSITIVE = "positive", _("Positive impact")
    RISK = "risk", _("Risk")
    OPPORTUNITY = "opportunity", _("Opportunity")


IMPACTS = (IroKind.NEGATIVE, IroKind.POSITIVE)


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
    step = models.ForeignKey(
        ChainStep,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="iros",
        help_text=_("The named stage of the value chain that it lies in; on the side of `stage`."),
    )
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
    def sheet(self) -> "Sheet":
        """Return by which criteria it is scored."""
        if not self.is_impact:
            return Sheet(self.kind)
        return Sheet(f"{'actual' if self.is_actual else 'potential'}_{self.kind}")

    @property
    def happens(self) -> str:
        """Whether an impact is actual or potential; nothing of risks and opportunities."""
        if not self.is_impact:
            return ""
        return str(_("actual") if self.is_actual else _("potential"))

    @property
    def shows_mitigation(self) -> bool:
        """Tell whether it says what is done and which document shows that this works."""
        return bool(self.mitigation) and bool(self.evidence or self.evidence_file_id)

    @property
    def links(self) -> list[tuple["IroLink", "Iro"]]:
        """Return its links, each with the entry at the other end; prefetch `LINKED`."""
        effects = [(link, link.effect) for link in self.effect_links.all()]
        return effects + [(link, link.impact) for link in self.cause_links.all()]

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


class LinkKind(models.TextChoices):
    """Why an impact and a risk or opportunity belong together (ESRS 1 par. 40, 50; AR 14)."""

    IMPACT = "impact", _("The impact gives rise to it")
    DEPENDENCY = "dependency", _("It depends on what the impact acts on")


class IroLink(models.Model):
    """An impact and a risk or opportunity that belong together; it reads the same from both."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="iro_links")
    impact = models.ForeignKey(Iro, models.CASCADE, related_name="effect_links")
    effect = models.ForeignKey(Iro, models.CASCADE, related_name="cause_links")
    kind = models.CharField(max_length=12, choices=LinkKind.choices, default=LinkKind.IMPACT)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["impact", "effect"], name="one_link_per_pair_of_iros"),
            models.CheckConstraint(condition=~Q(impact=F("effect")), name="no_iro_links_to_itself"),
            models.CheckConstraint(
                condition=Q(kind__in=LinkKind.values), name="iro_link_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.impact.code} – {self.effect.code}"


LINKED = ("effect_links__effect", "cause_links__impact")
"""What to prefetch of entries whose `links` are read."""


class Sheet(models.TextChoices):
    """What is asked of an entry: which criteria it is scored by."""

    ACTUAL_NEGATIVE = "actual_negative", _("Negative impact, actual")
    POTENTIAL_NEGATIVE = "potential_negative", _("Negative impact, potential")
    ACTUAL_POSITIVE = "actual_positive", _("Positive impact, actual")
    POTENTIAL_POSITIVE = "potential_positive", _("Positive impact, potential")
    RISK = "risk", _("Risk")
    OPPORTUNITY = "opportunity", _("Opportunity")


IMPACT_MARKS = ("scale", "scope", "irremediability", "likelihood")
MONEY_MARKS = tuple(
    f"{what}_{horizon}" for horizon in Horizon.values for what in ("magnitude", "likelihood")
)
MARKS = (*IMPACT_MARKS, *MONEY_MARKS)
ASKED: dict[str, tuple[str, ...]] = {
    Sheet.ACTUAL_NEGATIVE: ("scale", "scope", "irremediability"),
    Sheet.POTENTIAL_NEGATIVE: IMPACT_MARKS,
    Sheet.ACTUAL_POSITIVE: ("scale", "scope"),
    Sheet.POTENTIAL_POSITIVE: ("scale", "scope", "likelihood"),
    Sheet.RISK: MONEY_MARKS,
    Sheet.OPPORTUNITY: MONEY_MARKS,
}
"""Per sheet the marks it asks for; the others stay empty."""


def _only_what_is_asked(sheet: str) -> Q:
    """Return that a score on this sheet has no mark that the sheet does not ask for."""
    empty = {f"{mark}__isnull": True for mark in MARKS if mark not in ASKED[sheet]}
    return ~Q(sheet=sheet) | Q(**empty)


def _mark() -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(null=True, blank=True)


class IroAssignment(models.Model):
    """An expert is asked to score an entry."""

    iro = models.ForeignKey(Iro, models.CASCADE, related_name="assignments")
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="iro_assignments"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reminded_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When a mail last asked for the score.")
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["iro", "expert"], name="one_assignment_per_expert"),
        ]

    def __str__(self) -> str:
        return f"{self.iro.code}: {self.expert}"


class IroScore(models.Model):
    """What an expert says of an entry, on 1 … the top of the round's scale; or the consensus.

    It reads the entry before mitigation (gross) or after (net). An empty mark that its sheet asks
    for: “cannot say”.
    """

    iro = models.ForeignKey(Iro, models.CASCADE, related_name="scores")
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="iro_scores",
        help_text=_("Nobody: the consensus of the experts."),
    )
    sheet = models.CharField(max_length=20, choices=Sheet.choices)
    is_net = models.BooleanField(
        default=False, help_text=_("After mitigation; what counts is said by the entry.")
    )
    scale = _mark()
    scope = _mark()
    irremediability = _mark()
    likelihood = _mark()
    magnitude_short = _mark()
    likelihood_short = _mark()
    magnitude_medium = _mark()
    likelihood_medium = _mark()
    magnitude_long = _mark()
    likelihood_long = _mark()
    reason = models.TextField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["iro", "expert", "is_net"], name="one_score_per_expert_and_reading"
            ),
            models.UniqueConstraint(
                fields=["iro", "is_net"],
                condition=Q(expert=None),
                name="one_consensus_per_iro_and_reading",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="score_has_a_reason"),
            models.CheckConstraint(condition=Q(sheet__in=Sheet.values), name="sheet_is_known"),
            *(
                models.CheckConstraint(
                    condition=_only_what_is_asked(sheet), name=f"{sheet}_has_no_other_marks"
                )
                for sheet in Sheet.values
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{mark}__isnull": True}) | Q(**{f"{mark}__range": (1, 11)}),
                    name=f"iro_{mark}_is_on_the_scale",
                )
                for mark in MARKS
            ),
            *(
                models.CheckConstraint(
                    condition=Q(
                        **{f"magnitude_{at}__isnull": True, f"likelihood_{at}__isnull": True}
                    )
                    | Q(**{f"magnitude_{at}__isnull": False, f"likelihood_{at}__isnull": False}),
                    name=f"effect_of_the_{at}_term_is_whole",
                )
                for at in Horizon.values
            ),
        ]

    def __str__(self) -> str:
        return f"{self.iro.code}: {self.expert or '='}"

    @property
    def marks(self) -> dict[str, int | None]:
        """Return the marks that its sheet asks for."""
        return {mark: getattr(self, mark) for mark in ASKED[self.sheet]}


class IroThreshold(models.Model):
    """From which value on entries of a kind are material, and why there."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="iro_thresholds")
    kind = models.CharField(max_length=12, choices=IroKind.choices)
    value = models.FloatField()
    reason = TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    scores_before = models.PositiveIntegerField(
        default=0, help_text=_("How many scores of the kind there were when it was set.")
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "kind"], name="one_threshold_per_kind"),
            models.CheckConstraint(condition=Q(value__gt=0), name="iro_threshold_is_positive"),
            models.CheckConstraint(condition=~Q(reason={}), name="iro_threshold_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"


class Criterion(models.TextChoices):
    """What entries are scored by, whose numbers can have a meaning in words."""

    SCALE = "scale", _("Scale")
    SCOPE = "scope", _("Scope")
    IRREMEDIABILITY = "irremediability", _("Irremediability")
    LIKELIHOOD = "likelihood", _("Likelihood")
    MAGNITUDE = "magnitude", _("Financial magnitude")


class IroScale(models.Model):
    """What the numbers of a criterion mean: a text for each, the lowest first, or money bands.

    A band reaches from its limit to under the next: the first is all below the first limit. An
    empty horizon: whatever the horizon is, unless there is one of its own.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="iro_scales")
    criterion = models.CharField(max_length=16, choices=Criterion.choices)
    horizon = models.CharField(max_length=8, choices=Horizon.choices, blank=True)
    words = models.JSONField(default=list, help_text=_("A text for each number, from 1 on."))
    currency = models.CharField(max_length=3, blank=True)
    limits = models.JSONField(default=list, help_text=_("Where one band ends and the next begins."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    scores_before = models.PositiveIntegerField(
        default=0, help_text=_("How many scores by the criterion there were when it was set.")
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion", "horizon"], name="one_meaning_per_criterion"
            ),
            models.CheckConstraint(
                condition=Q(criterion__in=Criterion.values), name="iro_criterion_is_known"
            ),
            models.CheckConstraint(
                condition=Q(horizon="", currency="")
                | Q(criterion=Criterion.MAGNITUDE, horizon__in=("", *Horizon.values)),
                name="only_magnitude_has_bands_and_horizons",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.get_criterion_display(), self.get_horizon_display())))
