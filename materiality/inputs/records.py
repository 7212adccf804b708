"""What the database holds of a round that a bundle is made of: each table read once."""

from dataclasses import dataclass

from django.db.models import Prefetch

from materiality.inputs.sealed import with_seal
from materiality.models import Assessment, Dimension, StakeholderGroup, TopicQuestion
from surveys.models import Survey


@dataclass(frozen=True)
class Records:
    """The rows of a round, so that no part of its bundle asks for them again.

    `dimensions` come with their `topic_questions`, in the order they were asked in; `groups` with
    audience, engagements and weights; `surveys` with their seal, exclusions and audiences.
    """

    dimensions: list[Dimension]
    groups: list[StakeholderGroup]
    surveys: list[Survey]
    pairs: set[tuple[int, int | None]]
    """Questions on topics and the audiences that get them."""

    def questions(self, dimension: Dimension, criterion: str) -> list[TopicQuestion]:
        return [row for row in dimension.topic_questions.all() if row.criterion == criterion]

    def survey_of(self, dimension: Dimension) -> Survey | None:
        """Return the survey that asks about a dimension, None if none does."""
        surveys = {row.question.survey_id for row in dimension.topic_questions.all()}
        return next((survey for survey in self.surveys if survey.pk in surveys), None)

    def dimensions_of(self, survey: Survey) -> list[Dimension]:
        rows = []
        for row in self.dimensions:
            if any(one.question.survey_id == survey.pk for one in row.topic_questions.all()):
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
    questions = TopicQuestion.objects.select_related("question__prompt").order_by(
        "question__prompt__position", "question_id"
    )
    asked = Prefetch("topic_questions", questions)
    dimensions = assessment.dimensions.counting().prefetch_related(asked)
    groups = assessment.groups.select_related("audience").prefetch_related("engagements", "weights")
    pairs = TopicQuestion.objects.filter(dimension__assessment=assessment)
    return Records(
        dimensions=list(dimensions),
        groups=list(groups),
        surveys=list(with_seal(assessment.surveys.order_by("pk")).prefetch_related("audiences")),
        pairs=set(pairs.values_list("question_id", "question__audiences")),
    )
