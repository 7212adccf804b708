"""The one door out: sealed answers as arrays, and how many there are. No name, no mail."""

from django.db.models import Count, Q

from surveys.blocks import Answers, unpack
from surveys.models import SealedAnswers, Survey

COUNTING_STEP = 5

__all__ = ["Answers", "response_counts", "sealed_answers"]


def sealed_answers(survey: Survey) -> Answers:
    """Return the sealed answers of a survey, checked against their digest.

    :raises SealedAnswers.DoesNotExist: the survey is not sealed.
    :raises SealBroken: the stored block is not the one that was sealed.
    """
    sealed = SealedAnswers.objects.get(survey=survey)
    columns = unpack(bytes(sealed.block), sealed.digest)
    return Answers(
        ratings=columns["ratings"],
        audience=columns["audience"],
        audiences=tuple(columns["audiences"].tolist()),
        questions=tuple(columns["questions"].tolist()),
        flags=columns["flags"],
        digest=sealed.digest,
    )


def response_counts(survey: Survey) -> dict[str, int]:
    """Return how many have answered, per audience code: exact once sealed.

    While an anonymous survey is open, rounded down to steps of five: exact figures before and after
    one more answer would tell what it was.
    """
    if survey.is_sealed:
        return _sealed_counts(survey)
    submitted = Q(invitations__intake__submitted=True) & ~Q(invitations__source="test")
    counted = survey.audiences.annotate(submitted=Count("invitations", filter=submitted))
    step = COUNTING_STEP if survey.is_anonymous else 1
    return {audience.code: audience.submitted // step * step for audience in counted}


def _sealed_counts(survey: Survey) -> dict[str, int]:
    answers = sealed_answers(survey)
    return {
        code: int((answers.audience == index).sum()) for index, code in enumerate(answers.audiences)
    }
