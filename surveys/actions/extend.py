"""Let a running survey ask a further audience; what it asks everybody else stands."""

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.errors import Conflict, RuleBroken
from surveys.models import Audience, Question, Survey


@transaction.atomic
def extend(survey: Survey, *, questions: Collection[Question], **fields: Any) -> Audience:
    """Add an audience to a published survey; its people can answer from now, or when it opens.

    :param questions: of this survey, what the audience is asked. :param fields: of `Audience`.
    :raises Conflict: the survey is a draft, over or sealed, or has an audience of this code.
    :raises RuleBroken: there is nothing to ask.
    """
    stored = Survey.objects.select_for_update().get(pk=survey.pk)
    _require_running(stored)
    if not questions:
        raise RuleBroken(_("Choose at least one topic that the new group is asked about."))
    try:
        with transaction.atomic():
            audience: Audience = Audience.objects.create(survey=stored, **fields)
    except IntegrityError as error:
        sentence = _("The survey asks a group with the code “%(code)s” already.")
        raise Conflict(sentence % {"code": fields["code"]}) from error
    # The moment goes last: questions may be added while the audience has none yet.
    audience.questions.set(questions)
    audience.asked_from = timezone.now()
    audience.save(update_fields=["asked_from"])
    return audience


def _require_running(survey: Survey) -> None:
    if survey.published_at is None:
        raise Conflict(_("This questionnaire is not published yet: add the group to the round."))
    if survey.is_sealed:
        raise Conflict(_("This survey is sealed already."))
    if survey.state == "over":
        raise Conflict(
            _(
                "This survey closed on its last day. Move the closing date first, then add the "
                "group."
            )
        )
