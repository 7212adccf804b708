"""A round: one assessment of one organisation, and the settings printed with it."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q, Value
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from materiality.document import tiers
from surveys.languages import LanguagesField, TextField, in_language
from surveys.models import FEWEST_POINTS, MOST_POINTS, USUAL_POINTS, Organisation, Role, Survey
from surveys.models.organisations import OwnedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


FEWEST_TIERS, MOST_TIERS = 2, 5
TIER_WORDS = {
    tiers.MOST: _("Most material"),
    tiers.HIGH: _("Highly material"),
    tiers.MORE: _("More material"),
    tiers.PLAIN: _("Material"),
    tiers.LESS: _("Less material"),
    tiers.MATERIAL: pgettext_lazy("in double materiality", "Material"),
    tiers.NONE: _("Not material"),
}
CUTS = ("cut_high", "cut_low", "cut_lower", "cut_lowest")
SHARES = ("share_high", "share_middle", "share_lower", "share_lowest")
"""The boundaries and shares of the tiers but the lowest, the highest first."""


def _together(shares: Sequence[str]) -> Q:
    """Return that these shares of the topics come to 1 or less, floating point forgiven."""
    first, *others = shares
    room: Any = Value(1.000001)
    for name in others:
        room = room - F(name)
    return Q(**{f"{first}__lte": room})


class TierRule(models.TextChoices):
    WEIGHTED_SUM = "weighted_sum", _("Weighted sum of both axes")
    EITHER = "either", _("High on either axis")
    BOTH = "both", _("High on both axes")
    DISTANCE = "distance", _("Distance from the lowest corner, boundaries from 0 to 1")
    PRODUCT = "product", _("Product of both axes")
    QUADRANTS = "quadrants", _("Quadrants, boundaries on each axis")
    NATURAL_BREAKS = "natural_breaks", _("Natural breaks (Jenks); moves with the year’s scores")
    QUANTILES = "quantiles", _("Shares of the topics; moves with the year’s scores")


class RegisterFeeds(models.TextChoices):
    """What the axes rest on: the survey, the register of impacts, risks and opportunities, both."""

    SURVEY = "survey", _("The survey alone")
    BESIDE = "beside", _("The survey, with the register beside it")
    REGISTER = "register", _("The register alone")
    WORST = "worst", _("The higher of survey and register")


class DoubleRule(models.TextChoices):
    """When a topic is material in double materiality."""

    EITHER = "either", _("Impact or financial effect reaches its boundary")
    BOTH = "both", _("Impact and financial effect both reach their boundary")


class SeverityRule(models.TextChoices):
    """How scale, scope and irremediability become one severity."""

    MAX = "max", _("The highest of the three: any one makes an impact severe")
    MEAN = "mean", _("The mean of the three")
    MEAN_MAX = "mean_max", _("Halfway between the mean and the highest")


class LikelihoodRule(models.TextChoices):
    """How likelihood lowers the significance of a potential impact."""

    SCALED = "scaled", _("Severity times likelihood, over the top of the scale")
    CAPPED = "capped", _("Halfway between severity and likelihood, never above severity")


class AssessmentQuerySet(OwnedQuerySet):
    """Rounds; a deleted draft is nobody's, though its log stays."""

    def for_roles(self, user: "User | AnonymousUser", roles: tuple[Role, ...]) -> OwnedQuerySet:
        return super().for_roles(user, roles).filter(deleted_at=None)


class Assessment(models.Model):
    """One round. It is locked when a snapshot of it exists."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assessments")
    year = models.CharField(max_length=20, help_text=_("What the report prints: “2020”."))
    name = TextField(help_text=_("For those who work on it; not printed."))
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="next"
    )
    languages = LanguagesField(help_text=_("What it asks and reports in, one or more."))
    surveys = models.ManyToManyField(Survey, related_name="assessments", blank=True)
    simulated = models.BooleanField(default=False)
    tier_rule = models.CharField(
        max_length=20, choices=TierRule.choices, default=TierRule.WEIGHTED_SUM
    )
    axis_weight_x = models.FloatField(default=0.5)
    axis_weight_y = models.FloatField(default=0.5)
    points = models.PositiveSmallIntegerField(
        default=USUAL_POINTS, help_text=_("The top of the rating scale, which begins at 1.")
    )
    maps_last_scale = models.BooleanField(
        default=False,
        help_text=_("Ratings of the previous round, on another scale, are mapped linearly to it."),
    )
    tier_count = models.PositiveSmallIntegerField(default=3)
    cut_high = models.FloatField(default=4.0)
    cut_low = models.FloatField(default=3.5)
    cut_lower = models.FloatField(default=3.0)
    cut_lowest = models.FloatField(default=2.5)
    axis_cut_x = models.FloatField(default=3.5)
    axis_cut_y = models.FloatField(default=3.5)
    axis_cut_x_low = models.FloatField(
        default=2.5, help_text=_("The second boundary of five tiers by quadrants.")
    )
    axis_cut_y_low = models.FloatField(default=2.5)
    share_high = models.FloatField(default=0.3)
    share_middle = models.FloatField(default=0.3)
    share_lower = models.FloatField(default=0.2)
    share_lowest = models.FloatField(default=0.1)
    band = models.FloatField(default=0.0)
    double_rule = models.CharField(
        max_length=10, choices=DoubleRule.choices, default=DoubleRule.EITHER
    )
    severity_rule = models.CharField(
        max_length=10, choices=SeverityRule.choices, default=SeverityRule.MAX
    )
    likelihood_rule = models.CharField(
        max_length=10, choices=LikelihoodRule.choices, default=LikelihoodRule.SCALED
    )
    register_feeds = models.CharField(
        max_length=10, choices=RegisterFeeds.choices, default=RegisterFeeds.SURVEY
    )
    tier_names = models.JSONField(
        default=list, blank=True, help_text=_("A text a tier, the highest first; none: the usual.")
    )
    known_shares = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Groups asked in parts, and which share of their people is known to be what."),
    )
    minimum_group = models.PositiveSmallIntegerField(default=5)
    method_reason = TextField(help_text=_("Why the method differs from the previous round’s."))
    four_eyes = models.BooleanField(
        default=True, help_text=_("A second person approves before the round is locked.")
    )
    seed = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(
        default=0, help_text=_("Counts changes, to notice two at once.")
    )
    log_head = models.CharField(
        max_length=64, blank=True, help_text=_("The hash of the log’s last entry.")
    )

    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("A draft was deleted; its log stays.")
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(languages=[]), name="round_has_a_language"),
            models.CheckConstraint(
                condition=Q(points__range=(FEWEST_POINTS, MOST_POINTS)), name="three_to_11_points"
            ),
            models.CheckConstraint(
                condition=Q(tier_count__range=(FEWEST_TIERS, MOST_TIERS)), name="two_to_five_tiers"
            ),
            models.CheckConstraint(
                condition=Q(tier_count__lt=3) | Q(cut_low__lt=F("cut_high")),
                name="cuts_are_ordered",
            ),
            models.CheckConstraint(
                condition=Q(tier_count__lt=4) | Q(cut_lower__lt=F("cut_low")),
                name="cuts_of_four_tiers_are_ordered",
            ),
            models.CheckConstraint(
                condition=Q(tier_count__lt=5) | Q(cut_lowest__lt=F("cut_lower")),
                name="cuts_of_five_tiers_are_ordered",
            ),
            models.CheckConstraint(
                condition=Q(tier_count__lt=5)
                | Q(axis_cut_x_low__lt=F("axis_cut_x"), axis_cut_y_low__lt=F("axis_cut_y")),
                name="cuts_of_axes_are_ordered",
            ),
            models.CheckConstraint(
                condition=Q(axis_weight_x__gte=0, axis_weight_y__gte=0)
                & (Q(axis_weight_x__gt=0) | Q(axis_weight_y__gt=0)),
                name="axis_weights_are_usable",
            ),
            models.CheckConstraint(
                condition=Q(share_high__range=(0, 1.000001), share_middle__gte=0)
                & Q(share_lower__gte=0, share_lowest__gte=0),
                name="shares_are_not_negative",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(tier_count__lt=number) | _together(SHARES[: number - 1]),
                    name=f"shares_of_{number}_tiers_are_of_one_whole",
                )
                for number in (3, 4, 5)
            ),
            models.CheckConstraint(condition=Q(band__gte=0), name="band_is_not_negative"),
            models.CheckConstraint(
                condition=~Q(previous=F("pk")), name="a_round_never_succeeds_itself"
            ),
            models.CheckConstraint(
                condition=Q(minimum_group__gte=3), name="minimum_group_at_least_3"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"

    @property
    def is_locked(self) -> bool:
        return hasattr(self, "snapshot")

    @cached_property
    def is_double(self) -> bool:
        """Whether it asks about the financial effect too."""
        return self.dimensions.filter(code="financial").exists()

    @property
    def tiers(self) -> range:
        """The numbers of the tiers, 1 the highest."""
        return range(1, self.tier_count + 1)

    @property
    def is_without_survey(self) -> bool:
        """Whether experts alone feed both axes: the register does, and nobody was asked."""
        if self.register_feeds != RegisterFeeds.REGISTER:
            return False
        return all(survey.published_at is None for survey in self.surveys.all())

    @property
    def is_scored(self) -> bool:
        """Whether an expert has scored an entry of the register, open or closed."""
        return self.iros.filter(scores__isnull=False).exists()

    @property
    def is_fed(self) -> bool:
        """Whether the register feeds the axes, alone or beside the survey."""
        return self.register_feeds in (RegisterFeeds.REGISTER, RegisterFeeds.WORST)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def is_after(self, year: str) -> bool:
        """Tell whether the round is about a later year; of years without a number nobody knows."""
        own, other = year_in(self.year), year_in(year)
        return own is not None and other is not None and own > other

    @property
    def cuts(self) -> list[float]:
        """The boundaries between the tiers, the highest first."""
        return [getattr(self, name) for name in CUTS[: self.tier_count - 1]]

    @property
    def shares(self) -> list[float]:
        """The shares of the topics in all tiers but the lowest, the highest first."""
        return [getattr(self, name) for name in SHARES[: self.tier_count - 1]]

    def tier_name(self, tier: int) -> str:
        """Return what a tier is called, 1 the highest: as the round names it, or as usual."""
        own = self.tier_names[tier - 1] if self.tier_names else {}
        return in_language(own) or self.usual_tier_name(tier)

    def usual_tier_name(self, tier: int) -> str:
        words = tiers.words_of(self.tier_count, is_double=self.is_double)
        return str(TIER_WORDS[words[tier - 1]])


def year_in(text: str) -> int | None:
    """Return the first year that a text such as “2026” or “FY 2025/26” names, None without one."""
    match = re.search(r"\d{4}", text)
    return int(match[0]) if match else None


class DimensionQuerySet(models.QuerySet["Dimension"]):
    def unasked(self) -> "DimensionQuerySet":
        """Return those that people are to rate and no questionnaire asks about yet.

        The financial effect is not among them while the same panel is to be asked about the
        impact: one questionnaire asks both.
        """
        rows = self.filter(weights__isnull=False, topic_questions=None).distinct()
        if rows.filter(code="impact").exists():
            rows = rows.exclude(code="financial")
        return rows

    def counting(self) -> "DimensionQuerySet":
        """Return those on an axis, and those beside them that somebody is to rate.

        Double materiality that a panel alone judges asks no stakeholders: its document has no word
        of their importance, instead of waiting for it.
        """
        return self.filter(~Q(axis="") | Q(weights__isnull=False)).distinct()

    def silent(self) -> "DimensionQuerySet":
        """Return those on an axis that nobody is to rate: while there is one, nothing is shown."""
        return self.exclude(axis="").filter(weights=None)


class Dimension(models.Model):
    """What a topic is rated on: importance to stakeholders, impact, financial effect."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="dimensions")
    code = models.SlugField()
    name = TextField()
    axis = models.CharField(max_length=1, choices=[("x", "x"), ("y", "y")], blank=True)
    criteria = models.JSONField(
        default=list, blank=True, help_text=_("What it is asked by; empty: one question.")
    )

    objects = DimensionQuerySet.as_manager()

    class Meta:
        ordering = ["-axis", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "code"], name="one_dimension_per_code"),
            models.UniqueConstraint(
                fields=["assessment", "axis"], condition=~Q(axis=""), name="one_dimension_per_axis"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name)
