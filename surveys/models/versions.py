"""The words of a published questionnaire, version by version."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.languages import Text
from surveys.models.surveys import Prompt, Question, Survey

QUESTION_TEXTS = ("title", "help", "example")
PROMPT_TEXTS = ("text", "hint")
"""What a new version may word otherwise. The scale and the set of questions stand."""


class QuestionnaireVersion(models.Model):
    """A questionnaire as it was worded from a moment on. The database keeps it from change."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True, help_text=_("Why the wording was fixed."))
    texts = models.JSONField(help_text=_("The whole questionnaire in both languages."))
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the texts."))

    class Meta:
        ordering = ["survey", "number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="one_row_per_version"),
            models.CheckConstraint(
                condition=models.Q(number=1) | models.Q(number__gt=1) & ~models.Q(reason=""),
                name="a_new_version_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey}, version {self.number}"

    def word(self, question: Question) -> None:
        """Give a question, and its prompt, the words of this version; nothing is stored."""
        _word(question, QUESTION_TEXTS, self.texts["questions"][str(question.pk)])
        _word(question.prompt, PROMPT_TEXTS, self.texts["prompts"][question.prompt.code])

    def differences(self, earlier: "QuestionnaireVersion") -> list[tuple[Text, Text]]:
        """Return before and after of each text that an earlier version worded otherwise."""
        before, after = _all_texts(earlier.texts), _all_texts(self.texts)
        lines: list[tuple[Text, Text]] = []
        for place, text in after.items():
            if before[place] != text and (before[place], text) not in lines:
                lines.append((before[place], text))
        return lines


def _all_texts(texts: dict[str, Any]) -> dict[tuple[str, str], Text]:
    parts = (("questions", QUESTION_TEXTS), ("prompts", PROMPT_TEXTS))
    return {
        (key, name): row[name]
        for part, names in parts
        for key, row in texts[part].items()
        for name in names
    }


def _word(row: Question | Prompt, names: tuple[str, ...], texts: dict[str, dict[str, str]]) -> None:
    for name in names:
        setattr(row, name, texts[name])
