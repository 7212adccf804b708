"""Sealed answers, read: counts and Gram matrices, kept under the digest of the sealed block."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from materiality import analysis
from materiality.document import digest
from materiality.document.schema import Unit
from materiality.errors import NoResultsYet
from materiality.inputs import quality
from materiality.models import Dimension, StakeholderGroup
from surveys import answers
from surveys.models import Criterion, Survey

Rows: TypeAlias = NDArray[np.bool_]
Statistics: TypeAlias = tuple[analysis.SufficientStatistics, list[int], quality.QualityCounts]


@dataclass(frozen=True, eq=False)
class Rated:
    """Ratings of some questions by some audiences, and of each row: whose, flagged, left out."""

    ratings: NDArray[np.uint8]
    group: NDArray[np.int64]
    flagged: Rows
    left_out: Rows
    late: Rows

    def of(self, rows: Rows) -> "Rated":
        return Rated(
            self.ratings[rows],
            self.group[rows],
            self.flagged[rows],
            self.left_out[rows],
            self.late[rows],
        )


def statistics_of(
    survey: Survey, questions: Sequence[int | None], groups: list[StakeholderGroup]
) -> Statistics:
    """Return counts, Gram matrices and quality per group, cached under the block's digest.

    What a reviewer leaves out is in the quality alone.

    :param questions: of each topic the key of its question, None if there is none.
    """
    audiences = [group.audience.code if group.audience else "" for group in groups]
    criteria = answers.criteria_in_force(survey)
    asked_of = digest({"questions": questions, "audiences": audiences, "without": criteria})
    key = f"statistics-3:{survey.sealed.digest}:{asked_of}"
    statistics = cache.get(key)
    if statistics is None:
        statistics = _count(
            _ratings(survey, questions, audiences, criteria), len(audiences), survey.points
        )
        cache.set(key, statistics, timeout=None)
    return statistics  # type: ignore[no-any-return]


def _ratings(
    survey: Survey,
    questions: Sequence[int | None],
    audiences: Sequence[str],
    criteria: list[str],
) -> Rated:
    sealed = answers.sealed_answers(survey)
    column = {question: at for at, question in enumerate(sealed.questions)}
    ratings = np.zeros((len(sealed.audience), len(questions)), dtype=np.uint8)
    for at, question in enumerate(questions):
        if question in column:
            ratings[:, at] = sealed.ratings[:, column[question]]
    group_of = {code: at for at, code in enumerate(audiences)}
    group = np.array([group_of.get(code, -1) for code in sealed.audiences])[sealed.audience]
    flagged = answers.matching(sealed.flags, Criterion.TWO_SIGNS)
    left_out = answers.left_out(sealed, survey, criteria)
    late = answers.came_late(sealed.flags)
    return Rated(ratings, group, flagged, left_out, late).of(group >= 0)


def _count(rated: Rated, groups: int, points: int) -> Statistics:
    stay = rated.of(~rated.left_out)
    sizes = np.bincount(stay.group, minlength=groups).tolist()
    variants = quality.look_at(stay.ratings, stay.group, groups, stay.flagged, points=points)
    if stay.late.any():
        early = stay.of(~stay.late)
        variants = quality.without_late(variants, early.ratings, early.group, groups, points=points)
    if rated.left_out.any():
        variants = quality.beside(variants, rated.ratings, rated.group, groups, points=points)
    counted = analysis.summarise(stay.ratings, stay.group, groups, scale=points)
    return counted, sizes, variants


def answer_rows(
    dimension: Dimension, criterion: str, units: Sequence[Unit]
) -> list[tuple[str, NDArray[np.uint8]]]:
    """Return per unit, by code, the sealed ratings on one question that were disclosed in it.

    One row a person, columns as the short list, sorted by content: the order says nothing of who
    came when. Only the auditor's archive holds them; every unit has at least the minimum. What
    a reviewer leaves out is not among them.
    """
    assessment = dimension.assessment
    pairs = dict(
        dimension.topic_questions.filter(criterion=criterion).values_list("topic_id", "question_id")
    )
    topics = assessment.topics.short_list().values_list("pk", flat=True)
    unit_of = {group: unit["code"] for unit in units for group in unit["groups"]}
    codes = list(unit_of)
    survey = sealed_survey(dimension)
    questions = [pairs.get(pk) for pk in topics]
    rated = _ratings(survey, questions, codes, answers.criteria_in_force(survey))
    counted = rated.of(~rated.left_out)
    unit = np.array([unit_of[code] for code in codes])[counted.group]
    return [(one, _sorted(counted.ratings[unit == one])) for one in sorted(set(unit_of.values()))]


def _sorted(ratings: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the rows in ascending order, the first column first."""
    return ratings[np.lexsort(ratings.T[::-1])]


def sealed_digest(survey: Survey) -> str:
    """Return the digest of a survey's sealed answers, once they are found to have it.

    :raises SealBroken: they do not.
    """
    return answers.sealed_answers(survey).digest


def sealed_survey(dimension: Dimension) -> Survey:
    surveys = Survey.objects.filter(questions__topic_question__dimension=dimension).distinct()
    return require_sealed(with_seal(surveys).first(), dimension)


def with_seal(surveys: QuerySet[Survey]) -> QuerySet[Survey]:
    """Return the surveys, each with its seal, without the block, and its exclusions."""
    return surveys.select_related("sealed").defer("sealed__block").prefetch_related("exclusions")


def require_sealed(survey: Survey | None, dimension: Dimension) -> Survey:
    """Return the survey on a dimension.

    :raises NoResultsYet: there is none, it is not sealed, or answers wait for a reviewer.
    """
    if survey is None:
        raise NoResultsYet(
            _("Nobody is asked about “%(dimension)s” yet.") % {"dimension": dimension}
        )
    if not survey.is_sealed:
        raise NoResultsYet(
            _("The answers on “%(name)s” are not sealed yet. Results appear once it closes.")
            % {"name": dimension}
        )
    if any(one.by_id is None and one.lifted_at is None for one in survey.exclusions.all()):
        raise NoResultsYet(
            _(
                "Answers on “%(name)s” came by open link and wait for a reviewer. Results appear "
                "once they are counted or left out: before and after would tell what a few said."
            )
            % {"name": dimension}
        )
    return survey
