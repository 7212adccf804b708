"""Fix the wording of a published questionnaire: a new version, and answers keep theirs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.actions.revise import OtherQuestions
from surveys.errors import Conflict, RuleBroken
from surveys.languages import Text, missing_languages
from surveys.models import (
    PROMPT_TEXTS,
    QUESTION_TEXTS,
    Prompt,
    Question,
    QuestionnaireVersion,
    Survey,
)
from surveys.questionnaire.prompts import unfit
from surveys.questionnaire.wording import digest_of, texts_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Wording = Mapping[str, Mapping[str, Text]]
NEEDED = ("title", "text")
Change = tuple[Question | Prompt, list[str]]


@transaction.atomic
def revise_wording(
    survey: Survey,
    *,
    items: Wording | None = None,
    prompts: Wording | None = None,
    reason: str,
    by: "User | None" = None,
) -> QuestionnaireVersion:
    """Word a published questionnaire otherwise, from now on, for whoever begins now.

    Whoever has begun keeps the words they began with.

    :param items: key of an item → its new title, help or example, in all questions about it.
    :param prompts: code of a prompt → its new text or hint.
    :raises OtherQuestions: there is no such item, prompt or text: that would be a new survey.
    :raises Conflict: the survey is not published, or sealed. :raises RuleBroken: no reason was
        given, a language is missing, or no word differs.
    """
    stored = Survey.objects.select_for_update().get(pk=survey.pk)
    _require_running(stored)
    if not reason.strip():
        raise RuleBroken(_("Say why the wording is fixed: the reason stays with the version."))
    changes = [
        *_changes(_by_item(stored), QUESTION_TEXTS, items or {}, stored.codes),
        *_changes(_by_code(stored), PROMPT_TEXTS, prompts or {}, stored.codes),
    ]
    if not changes:
        raise RuleBroken(_("No word differs from the version that stands. Nothing was saved."))
    # The number goes first: words may change while those of the current number are not kept yet.
    survey.version = stored.version = stored.version + 1
    stored.save(update_fields=["version"])
    for row, names in changes:
        row.save(update_fields=names)
    return keep_version(stored, reason=reason.strip(), by=by)


def _require_running(survey: Survey) -> None:
    if survey.published_at is None:
        raise Conflict(_("This questionnaire is not published yet: change its words directly."))
    if survey.is_sealed:
        raise Conflict(_("This survey is sealed already."))


def _by_item(survey: Survey) -> list[tuple[str, Question]]:
    return [(row.item or str(row.pk), row) for row in survey.questions.all()]


def _by_code(survey: Survey) -> list[tuple[str, Prompt]]:
    return [(row.code, row) for row in survey.prompts.all()]


def _changes(
    rows: Sequence[tuple[str, Question | Prompt]],
    names: tuple[str, ...],
    wording: Wording,
    codes: tuple[str, ...],
) -> Iterator[Change]:
    """Set and yield what differs now, row by row."""
    rows_with_words = [(row, wording[key]) for key, row in rows if key in wording]
    known = {key for key, _row in rows}
    if set(wording) - known or any(set(texts) - set(names) for texts in wording.values()):
        raise OtherQuestions
    for row, texts in rows_with_words:
        new = {name: dict(text) for name, text in texts.items() if getattr(row, name) != text}
        for name, text in new.items():
            _require_languages(name, text, codes)
            setattr(row, name, text)
        if new:
            yield row, list(new)


def _require_languages(name: str, text: Text, codes: tuple[str, ...]) -> None:
    if name in NEEDED and missing_languages(text, codes):
        raise RuleBroken(_("Write it in every language of the survey. Nothing was saved."))
    for fault in (fault for texts in text.values() for fault in unfit(name, texts)):
        raise RuleBroken(fault)


def keep_version(
    survey: Survey, *, reason: str = "", by: "User | None" = None
) -> QuestionnaireVersion:
    """Keep the questionnaire as it is worded now, under the survey's version number."""
    texts = texts_of(survey)
    version: QuestionnaireVersion = survey.versions.create(
        number=survey.version,
        at=timezone.now(),
        by=by,
        reason=reason,
        texts=texts,
        digest=digest_of(texts),
    )
    return version
