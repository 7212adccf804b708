"""The context of a round: who reports on what, by which standards, and its value chain."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from materiality.models.assessments import Assessment
from surveys.languages import TextField, in_language

SHORT_YEARS, MEDIUM_YEARS = 1, 5
"""ESRS 1 par. 77: short term is the reporting period, medium term up to five years after it."""
MOST_YEARS = 100


class Stage(models.TextChoices):
    OWN = "own", _("Own operations")
    UPSTREAM = "upstream", _("Upstream")
    DOWNSTREAM = "downstream", _("Downstream")


CHAIN = (Stage.UPSTREAM, Stage.OWN, Stage.DOWNSTREAM)
"""The sides of the value chain as it is read, from suppliers to customers."""


class Approach(models.TextChoices):
    """Where an assessment starts (ESRS 1 of 2026, par. 27)."""

    TOP_DOWN = "top_down", _("Top-down: from strategy, business model and sector")
    BOTTOM_UP = "bottom_up", _("Bottom-up: from single impacts, risks and opportunities")
    BOTH = "both", _("Both: top-down, and bottom-up where a topic is not evident")


def _years() -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_YEARS)]
    )


class RoundContext(models.Model):
    """What standards ask about a round as a whole; each field may still be empty.

    Texts are in the languages of the round.
    """

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="context")
    entity = TextField(help_text=_("Who reports, and what it does."))
    scope = TextField(help_text=_("What is consolidated, and what is left out and why."))
    as_annual_report = models.BooleanField(
        null=True, blank=True, help_text=_("Entity and period are those of the annual report.")
    )
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    standards = models.JSONField(
        default=list, blank=True, help_text=_("Standards with their editions: “esrs:2026”.")
    )
    approach = models.CharField(max_length=12, choices=Approach.choices, blank=True)
    due_diligence = TextField(help_text=_("How due diligence informs the assessment."))
    short_years = _years()
    medium_years = _years()
    horizons_reason = TextField(help_text=_("Why the horizons differ from those of ESRS."))
    approver = TextField(help_text=_("The body that approves: “the board of directors”."))
    approved_on = models.DateField(null=True, blank=True)
    last_revision = models.DateField(null=True, blank=True)
    next_revision = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(
        default=1, help_text=_("Counts changes, of the value chain too.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period_start=None, period_end=None)
                | Q(
                    period_start__isnull=False,
                    period_end__isnull=False,
                    period_end__gt=F("period_start"),
                ),
                name="period_of_context_has_two_ends",
            ),
            models.CheckConstraint(
                condition=Q(approach="") | Q(approach__in=Approach.values),
                name="approach_is_known",
            ),
            models.CheckConstraint(
                condition=Q(short_years=None, medium_years=None)
                | Q(
                    short_years__isnull=False,
                    medium_years__isnull=False,
                    short_years__gte=1,
                    medium_years__gt=F("short_years"),
                    medium_years__lte=MOST_YEARS,
                ),
                name="horizons_follow_each_other",
            ),
            models.CheckConstraint(
                condition=Q(short_years=None)
                | Q(short_years=SHORT_YEARS, medium_years=MEDIUM_YEARS)
                | ~Q(horizons_reason={}),
                name="other_horizons_have_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(last_revision=None)
                | Q(next_revision=None)
                | Q(next_revision__gt=F("last_revision")),
                name="next_revision_is_later",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.entity) or str(self.assessment)

    @property
    def has_usual_horizons(self) -> bool:
        return (self.short_years, self.medium_years) == (SHORT_YEARS, MEDIUM_YEARS)


class ChainStep(models.Model):
    """One stage of the value chain: on which side, where, and in what relation to the company."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="chain_steps")
    code = models.SlugField(max_length=20)
    side = models.CharField(max_length=12, choices=Stage.choices)
    name = TextField()
    places = models.CharField(max_length=300, blank=True)
    relation = TextField(help_text=_("Of business: “suppliers under contract”, “joint venture”."))
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "code"], name="one_chain_step_per_code"),
            models.CheckConstraint(condition=Q(side__in=Stage.values), name="side_is_known"),
            models.CheckConstraint(condition=~Q(name={}), name="chain_step_has_a_name"),
        ]

    def __str__(self) -> str:
        return in_language(self.name)
