"""Asking people, as the round's log has it: each verb of the surveys, and its entry.

No entry names a person who is asked: the log is kept for good.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.errors import RoundLocked
from materiality.models import Assessment, Verb
from surveys.actions import erase, lists, mail
from surveys.actions import exclude as exclusions
from surveys.actions.invite import (
    Person,
    add_people,
    correct_address,
    opt_in,
    opt_out,
    revoke,
)
from surveys.actions.publish import close, publish
from surveys.actions.revise import revise, revise_audience, revise_prompt
from surveys.actions.seal import seal
from surveys.actions.wording import Wording, revise_wording
from surveys.errors import RuleBroken, SurveyClosed
from surveys.languages import Text
from surveys.models import (
    Audience,
    Exclusion,
    Invitation,
    PeopleList,
    Prompt,
    QuestionnaireVersion,
    SealedAnswers,
    Survey,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def _held(assessment: Assessment) -> Assessment:
    """Return the round locked for this transaction, so that entries of the log stay in order.

    Unlike `expect`, this leaves the version alone: who edits topics meanwhile is not disturbed.
    """
    current: Assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if current.is_locked:
        raise RoundLocked
    return current


@transaction.atomic
def open_survey(*, assessment: Assessment, survey: Survey, by: "User | None") -> None:
    """Publish a questionnaire of the round; from then on its list of topics stands.

    :raises NotPublishable: respondents would miss something.
    """
    current = expect(assessment, None)
    publish(survey, by=by)
    record(current, Verb.PUBLISH, by=by, subject=survey.slug)


@transaction.atomic
def end_survey(*, assessment: Assessment, survey: Survey, by: "User | None") -> SealedAnswers:
    """Close a survey of the round now and seal its answers.

    :raises Conflict: it was never published, or is sealed already.
    """
    current = expect(assessment, None)
    close(survey, by=by)
    sealed = seal(survey)
    after = {"respondents": sealed.respondents, "digest": sealed.digest}
    record(current, Verb.SEAL, by=by, subject=survey.slug, after=after)
    return sealed


@transaction.atomic
def set_questionnaire(
    *,
    assessment: Assessment,
    survey: Survey,
    changes: Mapping[str, Any],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Change a survey's texts, dates and rules, as far as they may change still."""
    current = expect(assessment, expected_version)
    _record_changes(current, survey.slug, revise(survey, changes), by)


@transaction.atomic
def set_prompt(
    *,
    assessment: Assessment,
    survey: Survey,
    prompt: Prompt,
    words: Mapping[str, Any],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Word a question of a draft otherwise: its text, hint, ratings and “cannot judge”."""
    current = expect(assessment, expected_version)
    _record_changes(current, f"{survey.slug}: {prompt.code}", revise_prompt(prompt, words), by)


@transaction.atomic
def reword(
    *,
    assessment: Assessment,
    survey: Survey,
    reason: str,
    by: "User | None",
    items: Wording | None = None,
    prompts: Wording | None = None,
    expected_version: int | None = None,
) -> QuestionnaireVersion:
    """Fix the wording of a published questionnaire as a new version, as `revise_wording`."""
    current = expect(assessment, expected_version)
    made = revise_wording(survey, items=items, prompts=prompts, reason=reason, by=by)
    changed = made.differences(survey.versions.get(number=made.number - 1))
    before = {"version": made.number - 1, "texts": [old for old, _new in changed]}
    after = {"version": made.number, "texts": [new for _old, new in changed]}
    after["digest"] = made.digest
    subject = survey.slug
    record(current, Verb.REWORD, by=by, subject=subject, before=before, after=after, reason=reason)
    return made


@dataclass(frozen=True)
class AudiencePlan:
    """What one audience is asked; `prompts` are ids, None leaves them as they are."""

    audience: Audience
    changes: Mapping[str, Any]
    prompts: Collection[int] | None = None


@transaction.atomic
def set_groups(
    *,
    assessment: Assessment,
    survey: Survey,
    plans: Iterable[AudiencePlan],
    by: "User | None",
    minimum: int | None = None,
    expected_version: int | None = None,
) -> None:
    """Change what each group is asked, how many answers are wanted, and its open link.

    A draft may name its groups otherwise; the round then names them so everywhere.

    :param minimum: fewest answers a group is shown alone with, in the survey and in the results.
    """
    current = expect(assessment, expected_version)
    for plan in plans:
        changed = revise_audience(plan.audience, plan.changes, plan.prompts)
        if "name" in changed:
            current.groups.filter(audience=plan.audience).update(name=plan.changes["name"])
        _record_changes(current, f"{survey.slug}: {plan.audience.code}", changed, by)
    if minimum is not None and (changed := revise(survey, {"minimum_group": minimum})):
        _require_promised(current, minimum)
        current.minimum_group = assessment.minimum_group = minimum
        current.save(update_fields=["minimum_group"])
        _record_changes(current, survey.slug, changed, by)


def _require_promised(assessment: Assessment, minimum: int) -> None:
    """Keep the round's minimum at what people of a published questionnaire were told, or above."""
    published = assessment.surveys.exclude(published_at=None)
    promised = published.aggregate(Max("minimum_group"))["minimum_group__max"]
    if promised and minimum < promised:
        raise RuleBroken(
            _("A published questionnaire of this round promises groups of at least %d.") % promised
        )


def _record_changes(
    assessment: Assessment, subject: str, changed: Mapping[str, Any], by: "User | None"
) -> None:
    if changed:
        before, after = ({name: _told(pair[at]) for name, pair in changed.items()} for at in (0, 1))
        record(assessment, Verb.SET_SURVEY, by=by, subject=subject, before=before, after=after)


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


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
    current = _held(assessment)
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
    current = _held(assessment)
    _require_unsealed(people.survey)
    if wanted := lists.begin(people):
        record(current, Verb.INVITE, by=by, subject=people.survey.slug, after={"people": wanted})


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
    current = _held(assessment)
    correct_address(invitation, name, email, subgroup)
    record(current, Verb.CORRECT_PERSON, by=by, subject=invitation.audience.survey.slug)


@transaction.atomic
def write_no_more(*, assessment: Assessment, invitation: Invitation, by: "User | None") -> None:
    """Note that somebody wants no more mail."""
    current = _held(assessment)
    opt_out(invitation.pk)
    record(current, Verb.OPT_OUT, by=by, subject=invitation.audience.survey.slug)


@transaction.atomic
def write_again(*, assessment: Assessment, invitation: Invitation, by: "User | None") -> None:
    """Note that somebody may be written to again."""
    current = _held(assessment)
    opt_in(invitation.pk)
    record(current, Verb.OPT_IN, by=by, subject=invitation.audience.survey.slug)


@transaction.atomic
def remove_person(*, assessment: Assessment, invitation: Invitation, by: "User | None") -> None:
    """Make somebody's link void and erase what was answered with it.

    :raises SurveyClosed: the survey is sealed, and who was invited stands as evidence.
    """
    current = _held(assessment)
    _require_unsealed(invitation.audience.survey)
    revoke(invitation)
    record(current, Verb.REMOVE_PERSON, by=by, subject=invitation.audience.survey.slug)


@transaction.atomic
def forget_person(*, assessment: Assessment, survey: Survey, email: str, by: "User | None") -> int:
    """Erase what is kept under an address, in all surveys; a lock does not stand against that."""
    current = Assessment.objects.select_for_update().get(pk=assessment.pk)
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
    record(_held(assessment), Verb.HAND_OUT, by=by, subject=survey.slug, after={"links": links})


@transaction.atomic
def send_mail(
    *,
    assessment: Assessment,
    survey: Survey,
    kind: str,
    count: int,
    not_before: datetime | None,
    by: "User | None",
) -> int:
    """Queue a mail to everybody who is to get it; `count` is the number as it was typed."""
    current = _held(assessment)
    queued = mail.queue(survey, kind, count, not_before)
    record(current, Verb.SEND, by=by, subject=survey.slug, after=_mails(survey, kind, queued))
    return queued


@transaction.atomic
def stop_mail(*, assessment: Assessment, survey: Survey, kind: str, by: "User | None") -> int:
    """Take back the mails that have not been tried, and the plan of that reminder."""
    return _logged(assessment, survey, kind, by, mail.stop, Verb.STOP_MAIL)


@transaction.atomic
def retry_mail(*, assessment: Assessment, survey: Survey, kind: str, by: "User | None") -> int:
    """Try the refused mails again whose address may be written to."""
    return _logged(assessment, survey, kind, by, mail.retry, Verb.SEND)


def _logged(
    assessment: Assessment,
    survey: Survey,
    kind: str,
    by: "User | None",
    act: Callable[[Survey, str], int],
    verb: Verb,
) -> int:
    current = _held(assessment)
    mails = act(survey, kind)
    if mails:
        record(current, verb, by=by, subject=survey.slug, after=_mails(survey, kind, mails))
    return mails


def _mails(survey: Survey, kind: str, count: int) -> dict[str, Any]:
    return {"kind": kind, "at_most" if mail.is_rounded(survey, kind) else "mails": count}


@transaction.atomic
def plan_reminder(
    *,
    assessment: Assessment,
    survey: Survey,
    kind: str,
    at: datetime,
    most: int,
    by: "User | None",
) -> None:
    """Let a reminder go out by itself, to at most so many people as was typed."""
    current = _held(assessment)
    mail.plan(survey, kind, at, most)
    after = {"kind": kind, "at": at.isoformat(), "most": most}
    record(current, Verb.PLAN_REMINDER, by=by, subject=survey.slug, after=after)


@transaction.atomic
def write_mail(
    *,
    assessment: Assessment,
    survey: Survey,
    occasion: str,
    subject: Text,
    body: Text,
    by: "User | None",
) -> None:
    """Keep the words of a mail."""
    current = _held(assessment)
    mail.write_text(survey, occasion, subject, body)
    after = {"occasion": occasion, "subject": dict(subject), "body": dict(body)}
    record(current, Verb.WRITE_MAIL, by=by, subject=survey.slug, after=after)


@transaction.atomic
def exclude_answers(
    *, assessment: Assessment, survey: Survey, criterion: str, reason: str, by: "User"
) -> Exclusion:
    """Leave sealed answers out of the results by a sign, with a reason."""
    current = expect(assessment, None)
    made = exclusions.exclude(survey, criterion, reason, by)
    after = {"criterion": criterion}
    record(current, Verb.EXCLUDE, by=by, subject=survey.slug, after=after, reason=reason)
    return made


@transaction.atomic
def include_answers(*, assessment: Assessment, exclusion: Exclusion, by: "User") -> None:
    """Count the answers again that an exclusion left out."""
    current = expect(assessment, None)
    exclusions.include_again(exclusion, by)
    before = {"criterion": exclusion.criterion}
    record(current, Verb.INCLUDE, by=by, subject=exclusion.survey.slug, before=before)
