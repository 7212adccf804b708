"""What is asked, of whom, and how."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from surveys.languages import LanguagesField, TextField, in_language
from surveys.models.organisations import Organisation, OwnedQuerySet

FEWEST_POINTS, USUAL_POINTS, MOST_POINTS = 3, 5, 11
CANNOT_JUDGE = 255
NOT_ASKED = 254
BLANK = 0
FEWEST_TO_COMPARE = 25
COUNTING_STEP = 5
"""Figures of an open anonymous survey move by this: one more answer is not told."""

KINDS = ("top_three", "best_worst", "sort_three")
"""Switches of a survey: kinds of question beside the ratings, a folder each in `surveys.kinds`."""


class Mode(models.TextChoices):
    ANONYMOUS = "anonymous", _("Anonymous once the survey closes")
    NAMED = "named", _("Named: reviewers see who said what")


SLUG_LETTERS, SLUG_LENGTH = "23456789abcdefghjkmnpqrstuvwxyz", 10


def new_slug() -> str:
    """Return what an address calls a survey by: it tells nothing and is not guessed (49 bits)."""
    return get_random_string(SLUG_LENGTH, SLUG_LETTERS)


class SurveyQuerySet(OwnedQuerySet):
    def open_at(self, now: Any) -> "SurveyQuerySet":
        return self.filter(
            published_at__lte=now, opens_at__lte=now, closes_at__gt=now, sealed_at=None
        )

    def sealed(self) -> "SurveyQuerySet":
        return self.exclude(sealed_at=None)

    def keeping_answers(self) -> "SurveyQuerySet":
        """Published and not sealed yet: their keys are needed."""
        return self.filter(sealed_at=None).exclude(published_at=None)


class Survey(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="surveys")
    slug = models.SlugField(unique=True)
    title = TextField()
    headline = TextField(help_text=_("The question of the landing page."))
    lead = TextField(help_text=_("Why people are asked."))
    after = TextField(help_text=_("What happens next, one step a line: “April: …”."))
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.ANONYMOUS)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sealed_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveSmallIntegerField(
        default=1,
        editable=False,
        help_text=_("Of the wording that whoever begins now is asked with."),
    )
    keep_until = models.DateField(help_text=_("Answers that name a person are erased after this."))
    minimum_group = models.PositiveSmallIntegerField(
        default=5, help_text=_("Groups with fewer answers are never shown alone.")
    )
    points = models.PositiveSmallIntegerField(
        default=USUAL_POINTS, help_text=_("The top of the rating scale, which begins at 1.")
    )
    page_size = models.PositiveSmallIntegerField(default=7)
    most_reminders = models.PositiveSmallIntegerField(default=2)
    reminder_gap = models.PositiveSmallIntegerField(
        default=3, help_text=_("Days between two mails to the same person, at least.")
    )
    languages = LanguagesField(
        help_text=_("A survey opens only in languages that every text is in."),
    )
    most_ratings = models.PositiveSmallIntegerField(
        default=40,
        help_text=_("Whoever would be asked for more rates a balanced random part of the topics."),
    )
    top_three = models.BooleanField(
        default=False, help_text=_("After rating, people may tap the three that matter most.")
    )
    best_worst = models.BooleanField(
        default=False,
        help_text=_("After rating, people choose the best and worst of small sets (25 topics up)."),
    )
    sort_three = models.BooleanField(
        default=False,
        help_text=_("After rating, people may sort the topics into low, middle and high."),
    )
    topic_comments = models.BooleanField(
        default=False, help_text=_("People may comment on each topic.")
    )
    last_comment = models.BooleanField(default=True, help_text=_("People may comment at the end."))
    feedback = models.BooleanField(
        default=True,
        help_text=_("Those who answered may hear what came of it, by mail if they ask for one."),
    )
    open_answers_wait = models.BooleanField(
        default=False,
        help_text=_("Answers by open link count only once a reviewer accepts them."),
    )
    many_until = models.DateTimeField(
        null=True,
        editable=False,
        help_text=_("Until when many may begin by open link from one network at once."),
    )
    consent = TextField(
        editable=False, help_text=_("What respondents agree to, fixed when published.")
    )
    key = models.CharField(
        max_length=16,
        blank=True,
        editable=False,
        help_text=_("Name of the key of its answers; the key itself is outside the database."),
    )
    feedback_path = models.CharField(
        max_length=200,
        blank=True,
        editable=False,
        help_text=_("Path of the page that tells those who answered what came of it."),
    )
    simulated = models.BooleanField(default=False, help_text=_("Answers come from a simulation."))

    objects = SurveyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="opens_before_it_closes"
            ),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="mode_is_known"),
            models.CheckConstraint(condition=Q(page_size__gte=1), name="page_holds_a_question"),
            models.CheckConstraint(
                condition=Q(points__range=(FEWEST_POINTS, MOST_POINTS)),
                name="scale_has_3_to_11_points",
            ),
            models.CheckConstraint(condition=~Q(languages=[]), name="survey_has_a_language"),
            models.CheckConstraint(
                condition=Q(most_ratings__gte=5), name="a_person_rates_at_least_5"
            ),
            models.CheckConstraint(
                condition=Q(minimum_group__gte=3), name="hidden_group_at_least_3"
            ),
            models.CheckConstraint(
                condition=Q(most_reminders__lte=2, reminder_gap__gte=1), name="reminders_are_few"
            ),
            models.CheckConstraint(
                condition=Q(sealed_at=None) | Q(published_at__isnull=False),
                name="only_a_published_survey_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.title)

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of question asked beside the ratings, by their switches."""
        return [kind for kind in KINDS if getattr(self, kind)]

    @property
    def is_sealed(self) -> bool:
        return self.sealed_at is not None

    @property
    def state(self) -> str:
        """Return draft, planned, open, over or sealed."""
        if self.published_at is None:
            return "draft"
        if self.is_sealed:
            return "sealed"
        if self.is_open():
            return "open"
        return "planned" if timezone.now() < self.opens_at else "over"

    def is_open(self, now: Any = None) -> bool:
        now = now or timezone.now()
        published = self.published_at is not None and self.published_at <= now
        return published and self.opens_at <= now < self.closes_at and not self.is_sealed

    def lets_many_in(self) -> bool:
        return self.many_until is not None and timezone.now() < self.many_until

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages respondents can read it in."""
        return tuple(self.languages)

    @property
    def is_anonymous(self) -> bool:
        return self.mode == Mode.ANONYMOUS

    @property
    def smallest_shown(self) -> int:
        """The fewest answers shown alone: one in a named survey, whose consent says so."""
        return self.minimum_group if self.is_anonymous else 1

    def asked_of_one(self, ratings: int) -> int:
        """Return how many of so many ratings one person is asked for; in a named survey all."""
        return min(ratings, self.most_ratings) if self.is_anonymous else ratings


class Audience(models.Model):
    """People asked with one set of questions: customers, managers, …"""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="audiences")
    code = models.SlugField()
    name = TextField()
    you_are = TextField(help_text=_("“You are …” on the landing page: “a customer”."))
    position = models.PositiveSmallIntegerField(default=0)
    target = models.PositiveIntegerField(default=0, help_text=_("Answers wanted."))
    open_link = models.BooleanField(default=False, help_text=_("Anyone with the link may answer."))
    asked_from = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "Since when it belongs to a published survey; from then on its questions stand."
        ),
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "code"], name="one_audience_per_code"),
        ]

    def __str__(self) -> str:
        return in_language(self.name)

    @property
    def is_later(self) -> bool:
        """Whether the survey was published before this audience was added to it."""
        published = self.survey.published_at
        return bool(published and self.asked_from and self.asked_from > published)


class Prompt(models.Model):
    """A question asked of many items on one worded scale: “How important are these to you?”"""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="prompts")
    code = models.SlugField()
    text = TextField()
    hint = TextField()
    labels = models.JSONField(
        help_text=_("A word a rating and language, lowest first; or the ends.")
    )
    cannot_judge = TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "code"], name="one_prompt_per_code"),
        ]

    def __str__(self) -> str:
        return in_language(self.text)


class Question(models.Model):
    """One item to rate under a prompt."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="questions")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    audiences = models.ManyToManyField(Audience, related_name="questions")
    title = TextField()
    help = TextField()
    example = TextField()
    item = models.CharField(
        max_length=50, blank=True, help_text=_("Questions about the same item stand together.")
    )
    block = models.CharField(
        max_length=20, blank=True, help_text=_("Items of a block stay together.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return in_language(self.title)
