"""Change a survey: anything while it is a draft; dates, targets and reminders once published."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.errors import Conflict, RuleBroken
from surveys.models import Audience, Prompt, Survey
from surveys.questionnaire.prompts import asked_prompts, faults_of, tidy, words_of

STAYS_OPEN = ("opens_at", "closes_at", "most_reminders", "reminder_gap")
AUDIENCE_STAYS_OPEN = ("target", "open_link")
"""What may change after the questionnaire is published."""


class Published(Conflict):
    """People have been promised this; it cannot change under them."""

    code = "published"

    def __str__(self) -> str:
        return _("The questionnaire is published, so this stands. Dates and targets can change.")


class OtherQuestions(Published):
    """Another set of questions, or another scale, would make answers that cannot be compared."""

    def __str__(self) -> str:
        return _(
            "The questionnaire is published: its questions and its scale stand. Wording can be "
            "fixed as a new version; other questions or another scale need a new survey."
        )


@transaction.atomic
def revise(survey: Survey, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set fields of a survey and return those that differ now: name → (before, after).

    :raises Published: a field is fixed by now. :raises RuleBroken: the dates make no sense.
    """
    stored = Survey.objects.select_for_update().get(pk=survey.pk)
    changed = {
        name: (getattr(stored, name), value)
        for name, value in changes.items()
        if getattr(stored, name) != value
    }
    _require_free(stored, changed)
    for name, (_before, value) in changed.items():
        setattr(stored, name, value)
        setattr(survey, name, value)
    try:
        with transaction.atomic():
            stored.save(update_fields=list(changed))
    except IntegrityError as error:
        raise RuleBroken(
            _("A survey opens before it closes, and a page holds at least one topic.")
        ) from error
    return changed


def _require_free(survey: Survey, changed: Mapping[str, tuple[Any, Any]]) -> None:
    if survey.is_sealed and changed:
        raise Conflict(_("This survey is sealed already."))
    if survey.published_at is None:
        return
    if "closes_at" in changed and changed["closes_at"][1].date() > survey.keep_until:
        raise RuleBroken(
            _("People were told that their names are erased after %s. Close it by then.")
            % survey.keep_until
        )
    begun = timezone.now() >= survey.opens_at
    fixed = set(changed) - set(STAYS_OPEN) | ({"opens_at"} if begun else set()) & set(changed)
    if fixed:
        raise Published


@transaction.atomic
def revise_prompt(prompt: Prompt, words: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Word a question of a draft otherwise; return what differs now, as `revise`.

    :param words: any of text, hint, labels (a word a rating, per language) and cannot_judge.
    :raises OtherQuestions: it is published: `revise_wording` fixes its text, and the scale stands.
    :raises RuleBroken: words are missing, alike or too long; a sentence a line.
    """
    survey = Survey.objects.select_for_update().get(pk=prompt.survey_id)
    if survey.published_at is not None:
        raise OtherQuestions
    before = words_of(Prompt.objects.get(pk=prompt.pk))
    after = before | tidy(words)
    if faults := [sentence for _where, sentence in faults_of(after, survey.codes, survey.points)]:
        raise RuleBroken("\n".join(faults))
    changed = {name: (before[name], text) for name, text in after.items() if before[name] != text}
    Prompt.objects.filter(pk=prompt.pk).update(
        **{name: new for name, (_old, new) in changed.items()}
    )
    return changed


@transaction.atomic
def revise_audience(
    audience: Audience, changes: Mapping[str, Any], prompts: Collection[int] | None = None
) -> dict[str, tuple[Any, Any]]:
    """Set fields of one audience and what it is asked; return what differs now, as `revise`.

    :param prompts: ids of the prompts whose questions it is asked; None leaves them.
    :raises Published: it is asked by now.
    """
    survey = Survey.objects.select_for_update().get(pk=audience.survey_id)
    stored = Audience.objects.get(pk=audience.pk)
    changed = {
        name: (getattr(stored, name), value)
        for name, value in changes.items()
        if getattr(stored, name) != value
    }
    current = asked_prompts(survey).get(audience.pk, set())
    if prompts is not None and current != set(prompts):
        changed["prompts"] = sorted(current), sorted(prompts)
    if survey.is_sealed and changed:
        raise Conflict(_("This survey is sealed already."))
    if survey.published_at and "prompts" in changed:
        raise OtherQuestions
    if survey.published_at and set(changed) - set(AUDIENCE_STAYS_OPEN):
        raise Published
    Audience.objects.filter(pk=audience.pk).update(**changes)
    if "prompts" in changed:
        _ask(audience, survey, changed["prompts"][1])
    return changed


def _ask(audience: Audience, survey: Survey, prompts: Collection[int]) -> None:
    for prompt in Prompt.objects.filter(survey=survey).prefetch_related("questions"):
        questions = prompt.questions.all()
        if prompt.pk in prompts:
            audience.questions.add(*questions)
        else:
            audience.questions.remove(*questions)
