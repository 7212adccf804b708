"""What the database holds of a round that a bundle is made of: each table read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from materiality.inputs.sealed import with_seal
from materiality.models import Assessment, Dimension, StakeholderGroup, TopicQuestion, Weight
from surveys.models import Prompt, Survey


@dataclass(frozen=True, slots=True)
class AskedTopic:
    """One question on a topic; its prompt has the words, and stands over many."""

    topic_id: int
    question_id: int
    criterion: str
    survey_id: int
    prompt: Prompt


@dataclass(frozen=True)
class Records:
    """The rows of a round, so that no part of its bundle asks for them again.

    `by_dimension` holds what was asked on each, by its key, in its order; `groups` come with
    audience, engagements and weights; `surveys` with their seal, exclusions and audiences. Of a
    round without a survey nothing was asked, and no group weighs anything.
    """

    dimensions: list[Dimension]
    by_dimension: Mapping[int, Sequence[AskedTopic]]
    groups: list[StakeholderGroup]
    surveys: list[Survey]
    pairs: set[tuple[int, int | None]]
    """Questions on topics and the audiences that get them."""
    is_without_survey: bool

    def criteria(self, dimension: Dimension) -> list[str]:
        """Return what a dimension is asked by, in its order; [""] for no criteria."""
        rows = self.by_dimension.get(dimension.pk, ())
        return list(dict.fromkeys(row.criterion for row in rows)) or [""]

    def questions(self, dimension: Dimension, criterion: str) -> list[AskedTopic]:
        return [
            row for row in self.by_dimension.get(dimension.pk, ()) if row.criterion == criterion
        ]

    def survey_of(self, dimension: Dimension) -> Survey | None:
        """Return the survey that asks about a dimension, None if none does."""
        surveys = {row.survey_id for row in self.by_dimension.get(dimension.pk, ())}
        return next((survey for survey in self.surveys if survey.pk in surveys), None)

    def dimensions_of(self, survey: Survey) -> list[Dimension]:
        rows = []
        for row in self.dimensions:
            if any(one.survey_id == survey.pk for one in self.by_dimension.get(row.pk, ())):
                rows.append(row)
        return rows

    def groups_in(self, survey: Survey) -> list[StakeholderGroup]:
        """Return the groups that are an audience of this survey."""
        return [
            group
            for group in self.groups
            if group.audience is not None and group.audience.survey_id == survey.pk
        ]

    def weights(self, dimension: Dimension) -> dict[str, float]:
        """Return the saved weight per code of each group that is heard on a dimension."""
        return {
            group.code: row.value
            for group in self.groups
            for row in group.weights.all()
            if row.dimension_id == dimension.pk
        }


def records_of(assessment: Assessment) -> Records:
    if assessment.is_without_survey:
        return Records(
            dimensions=dimensions_of(assessment),
            by_dimension={},
            groups=groups_of(assessment),
            surveys=[],
            pairs=set(),
            is_without_survey=True,
        )
    pairs = TopicQuestion.objects.filter(dimension__assessment=assessment)
    return Records(
        dimensions=dimensions_of(assessment),
        by_dimension=_by_dimension(assessment),
        groups=groups_of(assessment),
        surveys=list(with_seal(assessment.surveys.order_by("pk")).prefetch_related("audiences")),
        pairs=set(pairs.values_list("question_id", "question__audiences")),
        is_without_survey=False,
    )


def dimensions_of(assessment: Assessment) -> list[Dimension]:
    """Return the dimensions that count: without a survey those on the axes alone."""
    if assessment.is_without_survey:
        return list(assessment.dimensions.exclude(axis=""))
    return list(assessment.dimensions.counting())


def groups_of(assessment: Assessment) -> list[StakeholderGroup]:
    """Return the groups with audience, engagements and weights; without a survey none weighs."""
    weights = Weight.objects.all()
    if assessment.is_without_survey:
        weights = weights.none()
    rows = assessment.groups.select_related("audience")
    return list(rows.prefetch_related("engagements", Prefetch("weights", weights)))


def _by_dimension(assessment: Assessment) -> dict[int, list[AskedTopic]]:
    """Return what was asked on each dimension, by its key, in the order it was asked in.

    A row a question without its words: of hundreds of topics those are most of what can be read.
    """
    rows = list(
        TopicQuestion.objects.filter(dimension__assessment=assessment)
        .order_by("question__prompt__position", "question_id")
        .values_list(
            "dimension_id",
            "topic_id",
            "question_id",
            "criterion",
            "question__survey_id",
            "question__prompt_id",
        )
    )
    prompts = Prompt.objects.in_bulk({row[-1] for row in rows})
    by_dimension: dict[int, list[AskedTopic]] = {}
    for dimension, topic, question, criterion, survey, prompt in rows:
        row = AskedTopic(topic, question, criterion, survey, prompts[prompt])
        by_dimension.setdefault(dimension, []).append(row)
    return by_dimension
