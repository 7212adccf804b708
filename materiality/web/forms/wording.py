"""Ask: other words for one topic, or one question, of a published questionnaire."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from materiality.actions import reword
from materiality.models import Assessment
from materiality.web.forms.fields import LANGUAGES, ActionForm, both_languages
from surveys.languages import in_language
from surveys.models import PROMPT_TEXTS, QUESTION_TEXTS, Prompt, Question, Survey

LABELS = {
    "title": _("Name"),
    "help": _("Definition"),
    "example": _("Example"),
    "text": _("Question"),
    "hint": _("Hint"),
}
LONGEST = 1000


def wordings_of(survey: Survey) -> dict[str, Prompt | Question]:
    """Return what can be worded otherwise, by the key that the form knows it by."""
    prompts = {f"prompt:{row.code}": row for row in survey.prompts.all()}
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
            (heading, [(key, name) for key, name in named if key.startswith(part)])
            for heading, part in ((_("Questions"), "prompt:"), (_("Topics"), "item:"))
        ]


def _name_of(row: Prompt | Question) -> str:
    return in_language(row.text if isinstance(row, Prompt) else row.title)


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
            for language, tongue in LANGUAGES:
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
