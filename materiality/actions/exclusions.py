"""Sealed answers left out of the results, and counted again: each verb, and its log entry."""

from typing import TYPE_CHECKING

from django.db import transaction

from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.models import Assessment, Verb
from surveys.actions import exclude as exclusions
from surveys.models import Criterion, Exclusion, Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def exclude_answers(
    *, assessment: Assessment, survey: Survey, criterion: str, reason: str, by: "User"
) -> Exclusion:
    """Leave sealed answers out of the results by a sign, with a reason."""
    current = expect(assessment, None)
    rule = exclusions.exclude(survey, criterion, reason, by)
    after = {"criterion": criterion}
    record(current, Verb.EXCLUDE, by=by, subject=survey.slug, after=after, reason=reason)
    return rule


@transaction.atomic
def include_answers(*, assessment: Assessment, exclusion: Exclusion, by: "User") -> None:
    """Count the answers again that an exclusion left out."""
    current = expect(assessment, None)
    exclusions.include_again(exclusion, by)
    before = {"criterion": exclusion.criterion}
    record(current, Verb.INCLUDE, by=by, subject=exclusion.survey.slug, before=before)


@transaction.atomic
def decide_open_answers(
    *, assessment: Assessment, survey: Survey, accept: bool, reason: str, by: "User"
) -> None:
    """Take in, or refuse, the answers by open link that waited, with a reason."""
    current = expect(assessment, None)
    exclusions.decide_open_answers(survey, accept, reason, by)
    about = {"criterion": Criterion.OPEN_LINK.value}
    verb = Verb.INCLUDE if accept else Verb.EXCLUDE
    record(current, verb, by=by, subject=survey.slug, after=about, reason=reason)
