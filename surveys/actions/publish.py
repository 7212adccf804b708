"""Open a survey to its respondents, once it says everything they must be told."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.actions.wording import keep_version
from surveys.encryption import keys
from surveys.errors import Conflict, NotPublishable
from surveys.fieldwork.readiness import what_is_missing
from surveys.models import Survey
from surveys.questionnaire.consent import consent_text

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def publish(survey: Survey, by: "User | None" = None) -> None:
    """Freeze the questionnaire and let people in from `opens_at`.

    :raises NotPublishable: respondents would miss something; the sentence lists it.
    """
    stored = Survey.objects.select_for_update().get(pk=survey.pk)
    if stored.published_at is not None:
        raise Conflict(_("This survey is published already."))
    if missing := what_is_missing(survey):
        raise NotPublishable("\n".join(missing))
    survey.consent = consent_text(survey)
    survey.published_at, survey.published_by = timezone.now(), by
    survey.key = stored.key or keys.create()
    survey.save(update_fields=["consent", "published_at", "published_by", "key"])
    survey.audiences.update(asked_from=survey.published_at)
    keep_version(survey, by=by)


def close(survey: Survey, by: "User | None" = None) -> None:
    """Stop accepting answers now instead of at the announced time."""
    survey.closes_at = max(timezone.now(), survey.opens_at + timedelta(microseconds=1))
    survey.save(update_fields=["closes_at"])
