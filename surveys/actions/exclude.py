"""Leave sealed answers out by sign, with a reason, and take them in again."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.answers import criteria_in_force, tells_a_few
from surveys.errors import Conflict, RuleBroken
from surveys.models import Criterion, Exclusion, Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def exclude(survey: Survey, criterion: str, reason: str, by: "User") -> Exclusion:
    """Leave out, in what is computed from now on, every answer that meets the criterion.

    :raises RuleBroken: no such criterion, no reason, or the survey is not sealed; or results
        before and after would tell what a few said.
    :raises Conflict: answers are left out by this criterion already.
    """
    _require_sense(survey, criterion, reason.strip())
    _require_many(survey, [*criteria_in_force(survey), criterion])
    try:
        with transaction.atomic():
            return Exclusion.objects.create(
                survey=survey, criterion=criterion, reason=reason.strip(), by=by
            )
    except IntegrityError as error:
        raise Conflict(_("These answers are left out already.")) from error


def include_again(exclusion: Exclusion, by: "User", reason: str = "") -> None:
    """Count the answers again. The exclusion stays on record.

    :raises RuleBroken: no reason is given for answers that wait for a reviewer, or results before
        and after would tell what a few said.
    """
    if exclusion.by_id is None and not reason.strip():
        raise RuleBroken(_("Decide on answers by open link with a reason."))
    if exclusion.by_id is not None:
        standing = criteria_in_force(exclusion.survey)
        _require_many(exclusion.survey, [one for one in standing if one != exclusion.criterion])
    lifted = Exclusion.objects.filter(pk=exclusion.pk, lifted_at=None).update(
        lifted_at=timezone.now(), lifted_by=by, lifted_reason=reason.strip()
    )
    if not lifted:
        raise Conflict(_("These answers are counted already."))


@transaction.atomic
def decide_open_answers(survey: Survey, accept: bool, reason: str, by: "User") -> None:
    """Take in the answers that came by open link, or leave them out for good.

    :raises RuleBroken: no reason is given. :raises Conflict: none wait.
    """
    if not reason.strip():
        raise RuleBroken(_("Give a reason."))
    if (exclusion := Exclusion.objects.waiting(survey)) is None:
        raise Conflict(_("No answers wait for a reviewer."))
    include_again(exclusion, by, reason)
    if not accept:
        rule = Exclusion.objects.create(
            survey=survey, criterion=Criterion.OPEN_LINK, reason=reason.strip(), by=by
        )
        Exclusion.objects.filter(pk=exclusion.pk).update(lifted_at=rule.at)


def _require_many(survey: Survey, criteria: list[str]) -> None:
    if tells_a_few(survey, criteria):
        raise RuleBroken(
            _(
                "Results before and after would differ by fewer than %d answers of a group and "
                "tell what they say. Nothing was changed."
            )
            % survey.minimum_group
        )


def _require_sense(survey: Survey, criterion: str, reason: str) -> None:
    if criterion not in Criterion.values:
        raise RuleBroken(_("Answers can be left out by a sign only."))
    if not reason:
        raise RuleBroken(_("Give a reason for leaving answers out."))
    if not survey.is_sealed:
        raise RuleBroken(_("Answers can be left out once the survey is sealed."))
