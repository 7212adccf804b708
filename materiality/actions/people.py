"""Who is asked: each verb, and its log entry.

No entry names a person who is asked: the log is kept for good.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from materiality.actions.log import hold, hold_open, record
from materiality.models import Assessment, Verb
from materiality.selectors.rounds import survey_before
from surveys.actions import erase, lists
from surveys.actions.invite import add_people, correct_address, opt_in, opt_out, revoke
from surveys.errors import RuleBroken, SurveyClosed
from surveys.models import Audience, Invitation, PeopleList, Survey
from surveys.people.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def invite_people(
    *,
    assessment: Assessment,
    survey: Survey,
    people: Iterable[tuple[Audience, Person]],
    by: "User | None",
) -> int:
    """Put people on the list of those asked; return how many were not on it.

    :raises SurveyClosed: the survey is sealed, so nobody can answer any more.
    """
    current = hold_open(assessment)
    _require_unsealed(survey)
    added = add_people(people)
    if added:
        record(current, Verb.INVITE, by=by, subject=survey.slug, after={"people": added})
    return added


@transaction.atomic
def invite_list(*, assessment: Assessment, people: PeopleList, by: "User | None") -> None:
    """Have the people of a list put on the list of those asked, by `surveys.actions.lists.add`.

    :raises RuleBroken: its columns do not tell enough, it is being added already, or the survey is
        sealed.
    """
    current = hold_open(assessment)
    _require_unsealed(people.survey)
    if wanted := lists.begin(people):
        record(current, Verb.INVITE, by=by, subject=people.survey.slug, after={"people": wanted})


@transaction.atomic
def take_over_list(*, assessment: Assessment, survey: Survey, by: "User") -> PeopleList:
    """Hand in the people of last round's survey of the same kind as a list, to be looked at.

    :raises RuleBroken: there is none, nobody is on its list any more, or the survey is sealed.
    """
    hold_open(assessment)
    _require_unsealed(survey)
    before = survey_before(assessment, survey)
    if before is None:
        raise RuleBroken(_("There is no list of last round."))
    return lists.take_over(survey, before, by)


def _require_unsealed(survey: Survey) -> None:
    if survey.is_sealed:
        raise SurveyClosed


@transaction.atomic
def correct_person(
    *,
    assessment: Assessment,
    invitation: Invitation,
    name: str,
    email: str,
    subgroup: str,
    by: "User | None",
) -> None:
    """Correct who somebody on the list is; see `correct_address` for what is refused."""
    current = hold_open(assessment)
    correct_address(invitation, name, email, subgroup)
    record(current, Verb.CORRECT_PERSON, by=by, subject=invitation.audience.survey.slug)


@transaction.atomic
def write_no_more(*, assessment: Assessment, invitation: Invitation, by: "User | None") -> None:
    """Note that somebody wants no more mail."""
    current = hold_open(assessment)
    opt_out(invitation.pk)
    record(current, Verb.OPT_OUT, by=by, subject=invitation.audience.survey.slug)


@transaction.atomic
def write_again(*, assessment: Assessment, invitation: Invitation, by: "User | None") -> None:
    """Note that somebody may be written to again."""
    current = hold_open(assessment)
    opt_in(invitation.pk)
    record(current, Verb.OPT_IN, by=by, subject=invitation.audience.survey.slug)


@transaction.atomic
def remove_person(*, assessment: Assessment, invitation: Invitation, by: "User | None") -> None:
    """Make somebody's link void and erase what was answered with it.

    :raises SurveyClosed: the survey is sealed, and who was invited stands as evidence.
    """
    current = hold_open(assessment)
    _require_unsealed(invitation.audience.survey)
    revoke(invitation)
    record(current, Verb.REMOVE_PERSON, by=by, subject=invitation.audience.survey.slug)


@transaction.atomic
def forget_person(*, assessment: Assessment, survey: Survey, email: str, by: "User | None") -> int:
    """Erase what is kept under an address, in all surveys; a lock does not stand against that."""
    current = hold(assessment)
    surveys = erase.erase_person(survey.organisation, email)
    if surveys:
        after = {"surveys": surveys}
        record(current, Verb.FORGET_PERSON, by=by, subject=survey.slug, after=after)
    return surveys


@transaction.atomic
def erase_expired(today: date | None = None) -> int:
    """Erase who was asked in surveys whose time is over; return how many people.

    A lock does not stand against that: a locked round takes the entry too, and nothing else.
    """
    erased = erase.erase_expired(today)
    for survey, people in erased.items():
        for current in survey.assessments.select_for_update().order_by("pk"):
            after = {"people": people}
            record(current, Verb.ERASE_EXPIRED, by=None, subject=survey.slug, after=after)
    return sum(erased.values())


@transaction.atomic
def hand_out(*, assessment: Assessment, survey: Survey, links: int, by: "User | None") -> None:
    """Note that somebody took links to hand over: whoever holds a link can open it."""
    record(hold_open(assessment), Verb.HAND_OUT, by=by, subject=survey.slug, after={"links": links})
