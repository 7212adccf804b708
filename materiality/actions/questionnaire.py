"""Build the survey that asks about a round's topics."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.catalogue.wording import CANNOT_JUDGE, texts_of
from materiality.errors import RoundIncomplete
from materiality.models import Assessment, Dimension, StakeholderGroup, Topic, TopicQuestion, Verb
from surveys.languages import CODES, Text
from surveys.models import Audience, Mode, Prompt, Question, Survey
from surveys.questionnaire.scales import fitted_to_all

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class SurveyPlan:
    """How a survey of a round is to be run.

    :param kinds: switches of what is asked beside the ratings, of `surveys.models.KINDS`.
    """

    slug: str
    title: Text
    headline: Text
    lead: Text
    after: Text
    opens_at: datetime
    closes_at: datetime
    keep_until: date
    mode: str = Mode.ANONYMOUS
    page_size: int = 7
    languages: Sequence[str] = CODES
    most_ratings: int = 40
    kinds: Collection[str] = ()
    topic_comments: bool = False
    last_comment: bool = True
    feedback: bool = True
    open_answers_wait: bool = False
    most_reminders: int = 2
    reminder_gap: int = 3


@transaction.atomic
def ask(
    *,
    assessment: Assessment,
    dimension: str,
    plan: SurveyPlan,
    by: "User | None",
    targets: dict[str, int] | None = None,
    you_are: dict[str, Text] | None = None,
    open_links: bool = False,
    words: Mapping[str, Mapping[str, Any]] | None = None,
) -> Survey:
    """Build, not yet publish, the survey that asks every group of a dimension about every topic.

    What the same groups judge besides, such as the financial effect, is asked in the same survey.

    :param targets: {group code: answers wanted}. :param you_are: {group code: “a customer”}.
    :param words: {prompt code: its own words}; without, the usual ones.
    :raises RoundIncomplete: the round has no topics, or nobody counts on the dimension.
    """
    current = expect(assessment, None)
    about = current.dimensions.get(code=dimension)
    groups = list(current.groups.filter(weights__dimension=about))
    if not groups or not current.topics.short_list().exists():
        raise RoundIncomplete(_("Choose topics and groups before building the questionnaire."))
    survey = _survey(current, plan)
    audiences = _audiences(survey, groups, targets or {}, you_are or {}, open_links)
    for dimension_asked in _asked_with(about, groups):
        _questions(survey, dimension_asked, audiences, words or {})
    after = {"dimension": dimension, "mode": plan.mode, "groups": [group.code for group in groups]}
    record(current, Verb.ASK, by=by, subject=survey.slug, after=after)
    return survey


def _audiences(
    survey: Survey,
    groups: list[StakeholderGroup],
    targets: dict[str, int],
    you_are: dict[str, Text],
    open_links: bool,
) -> list[Audience]:
    audiences = []
    for group in groups:
        group.audience = Audience.objects.create(
            survey=survey,
            code=group.code,
            name=group.name,
            you_are=you_are.get(group.code, group.name),
            position=group.position,
            target=targets.get(group.code, 0),
            open_link=open_links,
        )
        group.save(update_fields=["audience"])
        audiences.append(group.audience)
    return audiences


def _survey(assessment: Assessment, plan: SurveyPlan) -> Survey:
    fields = {name: getattr(plan, name) for name in SurveyPlan.__dataclass_fields__}
    fields["languages"] = [code for code in assessment.languages if code in plan.languages]
    fields |= dict.fromkeys(fields.pop("kinds"), True)
    fields["points"] = assessment.points
    survey: Survey = Survey.objects.create(
        organisation=assessment.organisation,
        simulated=assessment.simulated,
        minimum_group=assessment.minimum_group,
        **fields,
    )
    assessment.surveys.add(survey)
    return survey


def _asked_with(about: Dimension, groups: list[StakeholderGroup]) -> list[Dimension]:
    """Return a dimension, and those that the very same groups judge.

    What others judge too, such as a panel of the finances alone, is asked in a survey of its own.
    """
    raters = {group.pk for group in groups}
    also = []
    for row in about.assessment.dimensions.exclude(pk=about.pk).order_by("pk"):
        if set(row.weights.values_list("group", flat=True)) == raters:
            also.append(row)
    return [about, *also]


def _questions(
    survey: Survey,
    dimension: Dimension,
    audiences: list[Audience],
    words: Mapping[str, Mapping[str, Any]],
) -> None:
    """Ask about every topic on a dimension, by each of its criteria."""
    for criterion in dimension.criteria or [""]:
        prompt = _prompt(survey, dimension, criterion, words)
        for topic in dimension.assessment.topics.short_list():
            _ask_about(topic, dimension, prompt, audiences, criterion)


def _prompt(
    survey: Survey, dimension: Dimension, criterion: str, words: Mapping[str, Mapping[str, Any]]
) -> Prompt:
    code = _code_of(dimension, criterion)
    usual = vars(texts_of(dimension.code, criterion)) | {"cannot_judge": CANNOT_JUDGE}
    texts = dict(words.get(code, usual))
    texts["labels"] = fitted_to_all(texts["labels"], survey.points)
    prompt: Prompt = Prompt.objects.create(
        survey=survey, code=code, position=survey.prompts.count(), **texts
    )
    return prompt


def _code_of(dimension: Dimension, criterion: str) -> str:
    return "-".join([dimension.code, *criterion.split(".")]).removesuffix("-")


def meaning_of(assessment: Assessment, prompt: Prompt) -> tuple[Dimension, str]:
    """Return what a prompt asks about: dimension and criterion."""
    rows = TopicQuestion.objects.filter(question__prompt=prompt).select_related("dimension")
    if like := rows.first():
        return like.dimension, like.criterion
    return next(
        (dimension, criterion)
        for dimension in assessment.dimensions.all()
        for criterion in dimension.criteria or [""]
        if _code_of(dimension, criterion) == prompt.code
    )


def _ask_about(
    topic: Topic,
    dimension: Dimension,
    prompt: Prompt,
    audiences: list[Audience],
    criterion: str = "",
) -> None:
    question = Question.objects.create(survey=prompt.survey, prompt=prompt, **_words_of(topic))
    question.audiences.set(
        audience for audience in audiences if audience.stakeholder_group.is_asked_about(topic)
    )
    TopicQuestion.objects.create(
        topic=topic, dimension=dimension, criterion=criterion, question=question
    )


def _words_of(topic: Topic) -> dict[str, Any]:
    return {
        "item": topic.code[:50],
        "title": topic.name,
        "help": topic.definition,
        "example": topic.example,
        "block": topic.category,
        "position": topic.position,
    }


def follow_topics(assessment: Assessment) -> None:
    """Let the questionnaires that are not published yet ask about the short list as it is now."""
    for survey in assessment.surveys.filter(published_at=None):
        for prompt in survey.prompts.all():
            _follow(assessment, prompt)


def _follow(assessment: Assessment, prompt: Prompt) -> None:
    rows = TopicQuestion.objects.filter(question__prompt=prompt)
    questions = {row.topic_id: row for row in rows}
    dimension, criterion = meaning_of(assessment, prompt)
    audiences = _asked_of(prompt)
    for topic in assessment.topics.short_list():
        row = questions.pop(topic.pk, None)
        if row is None:
            _ask_about(topic, dimension, prompt, audiences, criterion)
        else:
            Question.objects.filter(pk=row.question_id).update(**_words_of(topic))
    TopicQuestion.objects.filter(pk__in=[row.pk for row in questions.values()]).delete()
    prompt.questions.filter(topic_question=None).delete()


def _asked_of(prompt: Prompt) -> list[Audience]:
    """Return the audiences that are asked a prompt; if it asks nothing yet, all of them."""
    audiences = prompt.survey.audiences.all()
    if prompt.questions.exists():
        audiences = audiences.filter(questions__prompt=prompt).distinct()
    return list(audiences)
