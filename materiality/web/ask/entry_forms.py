"""Entering an interview or a paper form; taking in answers by open link."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from surveys.languages import in_language
from surveys.models import Question
from surveys.questionnaire.checks import CANNOT_JUDGE_WORD, LONGEST_COMMENT
from surveys.questionnaire.questionnaires import Item, Questionnaire


class EntryForm(forms.Form):
    """One person's ratings, a row a topic and a column a question."""

    def __init__(self, data: Any = None, *, questionnaire: Questionnaire) -> None:
        super().__init__(data, initial={"submission": uuid4()})
        self.questionnaire = questionnaire
        self.fields["submission"] = forms.UUIDField(widget=forms.HiddenInput)
        for key, question in questionnaire.questions.items():
            self.fields[f"q{key}"] = forms.ChoiceField(
                label=f"{question} · {question.prompt}",
                choices=_choices(question),
                required=False,
            )
        if not questionnaire.survey.is_anonymous:
            self.fields["name"] = forms.CharField(
                label=pgettext_lazy("person", "Name"), max_length=200
            )
        self.fields["comment"] = forms.CharField(
            label=_("Comment"),
            required=False,
            max_length=LONGEST_COMMENT,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["agreed"] = forms.BooleanField(
            label=_("This person was told how the answers are used, and agreed")
        )

    @property
    def prompts(self) -> list[Any]:
        """Return the questions asked of each topic, in their order."""
        most = max(self.questionnaire.items, key=lambda item: len(item.questions))
        return [question.prompt for question in most.questions]

    def rows(self) -> Iterator[tuple[Item, list[forms.BoundField]]]:
        for item in self.questionnaire.items:
            yield item, [self[f"q{question.pk}"] for question in item.questions]

    @property
    def others(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name[:1] != "q"]

    @property
    def ratings(self) -> dict[str, str | None]:
        """Return every question with its rating, None where it is blank."""
        return {key: self.cleaned_data[f"q{key}"] or None for key in self.questionnaire.questions}


def _choices(question: Question) -> list[tuple[str, str]]:
    labels = question.prompt.labels
    words = labels.get(get_language()) or next(iter(labels.values()))
    return [
        ("", "–"),
        *((str(value), f"{value} {word}".strip()) for value, word in enumerate(words, start=1)),
        (CANNOT_JUDGE_WORD, in_language(question.prompt.cannot_judge)),
    ]


class OpenAnswersForm(forms.Form):
    accept = forms.TypedChoiceField(
        label=_("Answers by open link"),
        choices=[("yes", _("Count them")), ("no", _("Leave them out"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
