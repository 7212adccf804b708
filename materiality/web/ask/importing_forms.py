"""A table of answers from elsewhere: the file, then what its columns and words mean."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveys.languages import in_language
from surveys.models import BLANK, CANNOT_JUDGE, SCALE, AnswerTable
from surveys.questionnaire.wording import plain
from surveys.tables.columns import ROLES, questions_by_meaning
from surveys.tables.words import unknown_words

ROLE_NAMES = {
    "row": _("Number of the row"),
    "finished": _("When it was finished; empty means not finished"),
    "audience": _("Group"),
    "comment": _("Comment"),
}
RATINGS = [
    ("", "–"),
    *((str(rating), str(rating)) for rating in range(1, SCALE + 1)),
    (str(CANNOT_JUDGE), _("cannot judge")),
    (str(BLANK), _("blank")),
]


class AnswersFileForm(forms.Form):
    file = forms.FileField(label=_("Table of answers, CSV or XLSX"))


class MeaningsForm(forms.Form):
    """Which column holds what, which word is which rating, which value is which group."""

    def __init__(self, *args: Any, table: AnswerTable, **options: Any) -> None:
        super().__init__(*args, **options)
        self.table = table
        self.fields["everybody"] = forms.ModelChoiceField(
            table.survey.audiences.all(),
            label=_("All of them are"),
            required=False,
            empty_label=_("as the column says"),
            initial=table.audience,
        )
        self._ask_for_columns(_meanings(table))
        self._ask_for_words()
        self._ask_for_groups()

    def _ask_for_columns(self, choices: list[Any]) -> None:
        for at, heading in enumerate(self.table.header):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=heading or f"#{at + 1}",
                choices=choices,
                required=False,
                initial=self.table.meanings.get(str(at), ""),
            )

    def _ask_for_words(self) -> None:
        unknown = unknown_words(self._samples(rated=True), self.table.words)
        for word in [*unknown, *sorted(self.table.words)]:
            self.fields[f"word-{word}"] = forms.ChoiceField(
                label=word,
                choices=RATINGS,
                required=False,
                initial=str(self.table.words.get(word, "")),
            )

    def _ask_for_groups(self) -> None:
        audiences = list(self.table.survey.audiences.all())
        known = {plain(name): one.code for one in audiences for name in _names(one)}
        choices = [("", "–"), *((one.code, str(one)) for one in audiences)]
        values = {plain(value) for sample in self._samples(rated=False) for value in sample}
        for value in sorted(values):
            self.fields[f"group-{value}"] = forms.ChoiceField(
                label=value,
                choices=choices,
                required=False,
                initial=self.table.audiences.get(value, known.get(value, "")),
            )

    def _samples(self, *, rated: bool) -> list[list[str]]:
        """Return values of the columns of ratings, or of the column that names the group."""
        return [
            self.table.samples[int(at)]
            for at, meaning in self.table.meanings.items()
            if (meaning not in ROLES if rated else meaning == "audience")
        ]

    def part(self, name: str) -> list[forms.BoundField]:
        return [self[field] for field in self.fields if field.startswith(f"{name}-")]

    def columns(self) -> list[tuple[forms.BoundField, str]]:
        """Return each column's field with a few of its values."""
        samples = self.table.samples
        return [
            (field, gettext(", ").join(samples[at][:4]))
            for at, field in enumerate(self.part("column"))
        ]

    def words(self) -> list[forms.BoundField]:
        return self.part("word")

    def groups(self) -> list[forms.BoundField]:
        return self.part("group")

    def told(self) -> dict[str, Any]:
        """Return what to say to `name_columns`."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        said = {
            part: {name.removeprefix(f"{part}-"): value for name, value in given.items()
                   if name.startswith(f"{part}-")}
            for part in ("column", "word", "group")
        }  # fmt: skip
        return {
            "meanings": {int(at): meaning for at, meaning in said["column"].items()},
            "words": {word: int(rating) for word, rating in said["word"].items()},
            "audiences": said["group"],
            "audience": self.cleaned_data["everybody"],
        }


def _meanings(table: AnswerTable) -> list[Any]:
    """Return what a column may mean, topics under the question asked about them."""
    topics: dict[str, list[tuple[str, str]]] = {}
    for meaning, question in questions_by_meaning(table.survey).items():
        heading = in_language(question.prompt.text)
        topics.setdefault(heading, []).append((meaning, in_language(question.title)))
    return [("", _("left out")), *ROLE_NAMES.items(), *topics.items()]


def _names(audience: Any) -> tuple[str, ...]:
    return (audience.code, *audience.name.values())
