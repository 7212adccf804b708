"""Open a survey to its respondents, once it says everything they must be told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.actions.wording import keep_version
from surveys.consent import consent_text
from surveys.errors import Conflict, NotPublishable
from surveys.languages import Text, in_language, missing_languages
from surveys.models import FEWEST_TO_COMPARE, SCALE, Prompt, Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}


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
    survey.save(update_fields=["consent", "published_at", "published_by"])
    keep_version(survey, by=by)


def close(survey: Survey, by: "User | None" = None) -> None:
    """Stop accepting answers now instead of at the announced time."""
    survey.closes_at = max(timezone.now(), survey.opens_at + timedelta(microseconds=1))
    survey.save(update_fields=["closes_at"])


def what_is_missing(survey: Survey) -> list[str]:
    """Return one sentence for each thing respondents would miss."""
    return [*_missing_facts(survey), *_missing_texts(survey), *_missing_questions(survey)]


def _missing_facts(survey: Survey) -> Iterator[str]:
    if survey.keep_until < survey.closes_at.date():
        yield _("Answers cannot be erased before the survey closes. Choose a later date.")
    if not survey.audiences.exists():
        yield _("Nobody is asked. Add a group.")
    if not survey.questions.exists():
        yield _("Nothing is asked. Add questions.")


def _missing_texts(survey: Survey) -> Iterator[str]:
    for what, text in _texts(survey):
        for code in missing_languages(text, survey.codes):
            yield _("%(what)s has no text in %(language)s.") % {
                "what": what,
                "language": LANGUAGE_NAMES[code],
            }


def _texts(survey: Survey) -> Iterator[tuple[str, Text]]:
    yield _("The organisation's name"), survey.organisation.name
    yield _("The contact for questions"), survey.organisation.contact
    yield _("The survey's title"), survey.title
    yield _("The opening question"), survey.headline
    yield _("The reason for asking"), survey.lead
    for audience in survey.audiences.all():
        yield _("The group %(code)s") % {"code": audience.code}, audience.name
        yield _("“You are” of the group %(code)s") % {"code": audience.code}, audience.you_are
    for prompt in survey.prompts.all():
        yield _("The question %(code)s") % {"code": prompt.code}, prompt.text
        yield (
            _("“Cannot judge” of the question %(code)s") % {"code": prompt.code},
            prompt.cannot_judge,
        )
    for question in survey.questions.all():
        yield _("The item “%(title)s”") % {"title": in_language(question.title)}, question.title


def _missing_questions(survey: Survey) -> Iterator[str]:
    for prompt in survey.prompts.all():
        if not _has_all_labels(prompt, survey.codes):
            yield _("The question %(code)s needs five worded ratings in each language.") % {
                "code": prompt.code
            }
    if survey.best_worst and _topics(survey) < FEWEST_TO_COMPARE:
        yield _("Best and worst need %(least)d topics or more; this survey has %(found)d.") % {
            "least": FEWEST_TO_COMPARE,
            "found": _topics(survey),
        }
    for audience in survey.audiences.filter(questions=None):
        yield _("The group %(code)s is not asked anything.") % {"code": audience.code}


def _topics(survey: Survey) -> int:
    return survey.questions.order_by().values("item").distinct().count()


def _has_all_labels(prompt: Prompt, codes: tuple[str, ...]) -> bool:
    labels = prompt.labels if isinstance(prompt.labels, dict) else {}
    return all(len([word for word in labels.get(code, []) if word]) == SCALE for code in codes)
