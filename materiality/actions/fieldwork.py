"""A survey of the round, from setting it up to its seal: each verb, and its log entry."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.actions.audiences import follow_groups
from materiality.actions.log import hold_open, record
from materiality.actions.plan import note_change_of_plan
from materiality.actions.settings import expect
from materiality.models import Assessment, Verb
from surveys.actions.publish import close, publish
from surveys.actions.revise import revise, revise_audience, revise_prompt
from surveys.actions.seal import seal
from surveys.actions.wording import Wording, revise_wording
from surveys.errors import Conflict, RuleBroken
from surveys.models import Audience, Prompt, QuestionnaireVersion, SealedAnswers, Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MANY_FOR = timedelta(hours=2)


@transaction.atomic
def open_survey(*, assessment: Assessment, survey: Survey, by: "User | None") -> None:
    """Publish a questionnaire of the round; from then on its list of topics stands.

    In a round that was of experts alone the groups weigh from now on, which a fixed plan notes.

    :raises NotPublishable: respondents would miss something.
    """
    current = expect(assessment, None)
    was_without_survey = current.is_without_survey
    publish(survey, by=by)
    record(current, Verb.PUBLISH, by=by, subject=survey.slug)
    if was_without_survey:
        reason = _("A questionnaire was published, so the groups weigh from now on.")
        note_change_of_plan(current, by=by, reason=reason)


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
def let_many_in(*, assessment: Assessment, survey: Survey, by: "User | None") -> datetime:
    """Let many begin by open link from one network for two hours, each after a sum.

    :raises Conflict: the survey is not open.
    """
    current = hold_open(assessment)
    stored = Survey.objects.select_for_update().get(pk=survey.pk)
    if not stored.is_open():
        raise Conflict(_("The survey is not open, so nobody can begin."))
    until = timezone.now() + MANY_FOR
    Survey.objects.filter(pk=stored.pk).update(many_until=until)
    after = {"many_until": until.isoformat()}
    record(current, Verb.SET_SURVEY, by=by, subject=stored.slug, after=after)
    return until


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
    version = revise_wording(survey, items=items, prompts=prompts, reason=reason, by=by)
    changed = version.differences(survey.versions.get(number=version.number - 1))
    before = {"version": version.number - 1, "texts": [old for old, _new in changed]}
    after = {"version": version.number, "texts": [new for _old, new in changed]}
    after["digest"] = version.digest
    subject = survey.slug
    record(current, Verb.REWORD, by=by, subject=subject, before=before, after=after, reason=reason)
    return version


@dataclass(frozen=True)
class AudiencePlan:
    """What one audience is asked; `prompts` are ids, None leaves them as they are.

    `changes` may hold `head_count` too: how many people the group has, None where nobody knows.
    """

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
        changes = {name: value for name, value in plan.changes.items() if name != "head_count"}
        changed = revise_audience(plan.audience, changes, plan.prompts)
        if "name" in changed:
            current.groups.filter(audience=plan.audience).update(name=plan.changes["name"])
        changed = changed | _set_head_count(current, plan)
        _record_changes(current, f"{survey.slug}: {plan.audience.code}", changed, by)
    follow_groups(current)
    if minimum is not None and (changed := revise(survey, {"minimum_group": minimum})):
        _require_promised(current, minimum)
        current.minimum_group = assessment.minimum_group = minimum
        current.save(update_fields=["minimum_group"])
        _record_changes(current, survey.slug, changed, by)


def _set_head_count(assessment: Assessment, plan: AudiencePlan) -> dict[str, Any]:
    """Set how many people a group has; return what changed, as (before, after)."""
    group = assessment.groups.filter(audience=plan.audience).first()
    if group is None or "head_count" not in plan.changes:
        return {}
    before, group.head_count = group.head_count, plan.changes["head_count"]
    if before == group.head_count:
        return {}
    group.save(update_fields=["head_count"])
    return {"head_count": (before, group.head_count)}


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
        before, after = (
            {name: _for_log(pair[at]) for name, pair in changed.items()} for at in (0, 1)
        )
        record(assessment, Verb.SET_SURVEY, by=by, subject=subject, before=before, after=after)


def _for_log(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
