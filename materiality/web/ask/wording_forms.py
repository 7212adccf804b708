"""Ask: other words for a question of a draft; for a topic or a question of a published one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from materiality.actions import reword, set_prompt
from materiality.models import Assessment
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.languages import in_language
from surveys.models import PROMPT_TEXTS, QUESTION_TEXTS, Prompt, Question, Survey
from surveys.questionnaire.prompts import WIDEST, faults_of, tidy

LABELS = {
    "title": _("Name"),
    "help": _("Definition"),
    "example": _("Example"),
    "text": _("Question"),
    "hint": _("Hint"),
    "cannot_judge": _("Cannot judge"),
}
LONGEST = 1000


def wordings_of(survey: Survey) -> dict[str, Prompt | Question]:
    """Return what can be worded otherwise, by the key that the form knows it by.

    The topics of a draft have the words of the list of topics.
    """
    prompts: dict[str, Prompt | Question] = {
        f"prompt:{row.code}": row for row in survey.prompts.all()
    }
    if survey.published_at is None:
        return prompts
    items: dict[str, Question] = {}
    for question in survey.questions.order_by("position", "prompt__position", "pk"):
        items.setdefault(f"item:{question.item or question.pk}", question)
    return prompts | items


class ChooseForm(forms.Form):
    """Which words are to be fixed."""

    text = forms.ChoiceField(label=_("Wording of"))

    def __init__(self, rows: dict[str, Any], chosen: str) -> None:
        super().__init__(initial={"text": chosen})
        field: Any = self.fields["text"]
        named = [(key, _name_of(row)) for key, row in rows.items()]
        field.choices = [
            (heading, of_kind)
            for heading, part in ((_("Questions"), "prompt:"), (_("Topics"), "item:"))
            if (of_kind := [(key, name) for key, name in named if key.startswith(part)])
        ]


def _name_of(row: Prompt | Question) -> str:
    return in_language(row.text if isinstance(row, Prompt) else row.title)


class PromptForm(ActionForm):
    """Every word of a question of a draft: it may say anything that can be asked."""

    def __init__(
        self, data: Any, *, assessment: Assessment, survey: Survey, key: str, row: Prompt
    ) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment, self.survey, self.row = assessment, survey, row
        self.words = _name_of(row)
        for language, tongue in languages_of(self.survey):
            for name in (*PROMPT_TEXTS, "cannot_judge"):
                words = getattr(row, name).get(language, "")
                label = f"{LABELS[name]} · {tongue}"
                self._add(f"{name}:{language}", label, words, lines=2 * (name in PROMPT_TEXTS))
            scale = [*row.labels.get(language, []), *[""] * survey.points]
            for rating in self.ratings:
                label = f"{rating} · {tongue}"
                self._add(f"labels:{language}:{rating}", label, scale[rating - 1])

    def _add(self, name: str, label: str, words: str, lines: int = 0) -> None:
        widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
        widget.attrs["maxlength"] = WIDEST[name.partition(":")[0]]
        self.fields[name] = forms.CharField(
            label=label, required=False, initial=words, widget=widget
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for where, sentence in faults_of(
                self._words(cleaned), self.survey.codes, self.survey.points
            ):
                self.add_error(where, sentence)
        return cleaned

    def _words(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        texts = {name: both_languages(cleaned, name) for name in (*PROMPT_TEXTS, "cannot_judge")}
        scales = {
            language: [cleaned[f"labels:{language}:{rating}"] for rating in self.ratings]
            for language, _tongue in languages_of(self.survey)
        }
        return tidy(texts | {"labels": scales})

    @property
    def ratings(self) -> range:
        return range(1, self.survey.points + 1)

    @property
    def texts(self) -> list[forms.BoundField]:
        return [
            self[f"{name}:{language}"]
            for name in PROMPT_TEXTS
            for language, _t in languages_of(self.survey)
        ]

    @property
    def apart(self) -> list[forms.BoundField]:
        return [self[f"cannot_judge:{language}"] for language, _tongue in languages_of(self.survey)]

    @property
    def scales(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The words of the ratings in each language, lowest first."""
        scales = []
        for language, tongue in languages_of(self.survey):
            labels = [self[f"labels:{language}:{rating}"] for rating in self.ratings]
            scales.append((tongue, labels))
        return scales

    def save(self, *, by: Any) -> None:
        set_prompt(
            assessment=self.assessment,
            survey=self.survey,
            prompt=self.row,
            words=self._words(self.cleaned_data),
            by=by,
            expected_version=self.cleaned_data["version"],
        )


class WordingForm(ActionForm):
    """The words of one row as they stand, and why they are fixed."""

    def __init__(
        self, data: Any, *, assessment: Assessment, survey: Survey, key: str, row: Prompt | Question
    ) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment, self.survey, self.key = assessment, survey, key
        self.words = _name_of(row)
        self.names = PROMPT_TEXTS if isinstance(row, Prompt) else QUESTION_TEXTS
        for name in self.names:
            for language, tongue in languages_of(self.survey):
                self.fields[f"{name}:{language}"] = forms.CharField(
                    label=f"{LABELS[name]} · {tongue}",
                    max_length=LONGEST,
                    required=False,
                    initial=getattr(row, name).get(language, ""),
                    widget=forms.Textarea(attrs={"rows": 2}),
                )
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            help_text=_("It stands in the log and in the list of versions."),
            max_length=LONGEST,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    @property
    def texts(self) -> list[forms.BoundField]:
        return [field for field in self if ":" in field.name]

    def save(self, *, by: Any) -> None:
        part, _colon, key = self.key.partition(":")
        changed = {name.partition(":")[0] for name in self.changed_data if ":" in name}
        words = {key: {name: both_languages(self.cleaned_data, name) for name in changed}}
        reword(
            assessment=self.assessment,
            survey=self.survey,
            items=words if part == "item" else None,
            prompts=words if part == "prompt" else None,
            reason=self.cleaned_data["reason"],
            by=by,
            expected_version=self.cleaned_data["version"],
        )
