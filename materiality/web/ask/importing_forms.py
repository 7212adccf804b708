"""A table of answers from elsewhere: the file, then step by step how it is read."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveys.languages import in_language
from surveys.models import BLANK, CANNOT_JUDGE, AnswerTable
from surveys.tables.columns import ROLES, SEVERAL
from surveys.tables.plan import LEFT_OUT, OTHERS, REPLACES, SAME, Plan, TableOptions, TableQuestion
from surveys.tables.questions import ENCODINGS
from surveys.tables.reading import places_of
from surveys.tables.scales import LONGEST
from surveys.tables.target import questionnaire_of

UNSAID = "?"
ROLE_NAMES = {
    "row": _("Number of the row"),
    "counts": _("Whether the row counts: finished, approved"),
    "group": _("Group"),
    "comment": _("Comment"),
    "day": _("Day of the answer"),
}
DELIMITERS = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar |")}
NO_RATINGS = [(str(CANNOT_JUDGE), _("cannot judge")), (str(BLANK), _("blank"))]
HIDDEN_ROWS = [("", "–"), ("leave", _("are left out")), ("count", _("count like the others"))]
YES_NO = [("", "–"), ("True", _("counts")), ("False", _("is left out"))]
ROW_RANGE = re.compile(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?")
MOST_ROWS_BY_HAND = 10_000


class AnswersFileForm(forms.Form):
    file = forms.FileField(
        label=_("Table of answers"), help_text=_("XLSX, XLS, ODS, CSV or a text with tabs.")
    )


class RowsField(forms.CharField):
    """Numbers of rows, as “3, 7-9”."""

    def clean(self, value: Any) -> tuple[int, ...]:
        text = super().clean(value)
        rows: list[int] = []
        for part in filter(None, re.split(r"[,，;；、\s]+(?![-–])", text.strip())):
            match = ROW_RANGE.fullmatch(part)
            if not match:
                raise forms.ValidationError(_("Write row numbers like 3, 7-9."))
            first, last = int(match[1]), int(match[2] or match[1])
            if last - first > MOST_ROWS_BY_HAND:
                raise forms.ValidationError(_("Write row numbers like 3, 7-9."))
            rows += range(first, last + 1)
        return tuple(rows)


def as_rows(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


class TableReadingForm(forms.Form):
    """How a table is read: every part is pre-filled with the guess and may be changed."""

    def __init__(self, *args: Any, table: AnswerTable, plan: Plan, **options: Any) -> None:
        super().__init__(*args, **options)
        self.table, self.plan, self.options = table, plan, plan.options
        self.questions = {(one.step, one.key, one.value): one for one in plan.questions}
        self.groups_of_survey = list(table.survey.audiences.all())
        self.target = questionnaire_of(table.survey)
        self._ask_where()
        self._ask_for_columns()
        self._ask_for_scales()
        self._ask_for_rows()
        self._ask_for_groups()
        self._ask_who()

    # ---- the fields of each step ----

    def _ask_where(self) -> None:
        places = places_of(self.table, self.target)
        place = places.place
        if place.kind == "csv":
            choices = [(one, ENCODINGS.get(one, one)) for one in places.choices]
            self._choose("encoding", _("Encoding"), choices, place.encoding)
            self._choose("delimiter", _("Cells are divided by"), [*DELIMITERS.items()],
                         place.delimiter)  # fmt: skip
        else:
            self._choose("sheet", _("Sheet"), [(one, one) for one in places.choices], place.sheet)
        self.fields["headings"] = RowsField(
            label=_("Rows of the headings"),
            required=False,
            initial=as_rows(place.headings) or "0",
            help_text=_("Like 1, or 2-3 where headings stand in two rows; 0 if there are none."),
        )
        self.examples = [
            (ENCODINGS.get(one, one), gettext(" · ").join(cells))
            for one, cells in places.examples.items()
        ]
        self.top = places.top[:6]

    def _choose(self, name: str, label: Any, choices: list[Any], initial: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, initial=initial, required=False
        )

    def _ask_for_columns(self) -> None:
        choices = [("", _("left out")), *ROLE_NAMES.items(), *_topic_choices(self.table)]
        for at, heading in enumerate(self.plan.header):
            question = self._question("columns", str(at)) or self._question("weights", str(at))
            initial = self.plan.columns.get(at, "")
            if question and not initial:
                initial = question.proposal or UNSAID
            mine = [(UNSAID, _("please choose")), *choices] if question else choices
            self._choose(f"column-{at}", heading or f"#{at + 1}", mine, initial)

    def _ask_for_scales(self) -> None:
        numbers = [(str(number), str(number)) for number in range(LONGEST)]
        ours = self.target.scale.highest
        choices = [("", "–"), *((str(n), str(n)) for n in range(1, ours + 1)), *NO_RATINGS]
        for prompt, ratings in self.plan.ratings.items():
            scale = ratings.scale
            least, most = numbers[:2], [(str(n), str(n)) for n in range(1, LONGEST)]
            direction = "up" if scale.most == scale.highest else "down"
            directions = [
                ("up", _("the highest number means most")),
                ("down", _("the lowest number means most")),
            ]
            self._choose(f"scale-{prompt}-lowest", _("Lowest number"), least, str(scale.lowest))
            self._choose(f"scale-{prompt}-highest", _("Highest number"), most, str(scale.highest))
            self._choose(f"scale-{prompt}-most", _("Direction"), directions, direction)
            for value in self._values(prompt):
                rating = ratings.ratings.get(value, ratings.proposals.get(value))
                question = self._question("ratings", prompt, value)
                if question and question.proposal:
                    rating = int(question.proposal)
                initial = "" if rating is None else str(rating)
                label = value or gettext("(blank)")
                self._choose(f"rating-{prompt}-{value}", label, choices, initial)

    def _values(self, prompt: str) -> list[str]:
        """Return the values under a prompt, those first that are asked for."""
        ratings, counts = self.plan.ratings[prompt], self.plan.occurrences[prompt]
        return sorted(counts, key=lambda value: (value not in ratings.proposals, value))[:120]

    def _ask_for_rows(self) -> None:
        for at, values in self.plan.counts.items():
            for value, counts in self._shown(values):
                question = self._question("rows", str(at), value)
                initial = "" if counts is None else str(counts)
                if question and question.proposal:
                    initial = question.proposal
                self._choose(f"counts-{at}-{value}", value or gettext("(blank)"), YES_NO, initial)
        self.fields["rows_left_out"] = RowsField(
            label=_("Rows to leave out"),
            required=False,
            initial=as_rows(self.options.rows_left_out),
            help_text=_("Their numbers, like 3, 7-9: test answers, say."),
        )
        if self._question("hidden rows") or self.options.hidden_rows:
            label = _("Rows that the workbook hides")
            self._choose("hidden_rows", label, HIDDEN_ROWS, self.options.hidden_rows)
        if self._question("short rows") or self.options.short_rows:
            choices = [("", "–"), ("blank", _("their last cells are blank"))]
            label = _("Rows with fewer cells than headings")
            self._choose("short_rows", label, choices, self.options.short_rows)
        if self.plan.column("day") is not None:
            for name, label in (("since", _("Answers from")), ("until", _("to"))):
                self.fields[name] = forms.DateField(
                    label=label,
                    initial=getattr(self.options, name),
                    required=False,
                    widget=forms.DateInput(attrs={"type": "date"}),
                )

    def _shown(self, values: dict[str, bool | None]) -> list[tuple[str, bool | None]]:
        """Return values that are asked for, then some of the others: dates are many."""
        open_values = [one for one in values.items() if one[1] is None]
        rest = [one for one in values.items() if one[1] is not None]
        return open_values + rest[:12]

    def _ask_for_groups(self) -> None:
        names = [(one.code, str(one)) for one in self.groups_of_survey]
        everybody = [("", _("as the column says")), *names]
        question = self._question("group")
        initial = self.plan.everybody or (question.proposal if question else "")
        self._choose("everybody", _("All of them are"), everybody, initial)
        choices = [("", "–"), *names, (LEFT_OUT, _("leave these rows out"))]
        for value, code in self.plan.groups.items():
            open_question = self._question("groups", "", value)
            initial = code or (open_question.proposal if open_question else "")
            self._choose(f"group-{value}", value or gettext("(blank)"), choices, initial)

    def _ask_who(self) -> None:
        people = self.table.summary.get("people", [])
        earlier = {one.pk: one for one in self.table.survey.answer_tables.all()}
        choices: list[Any] = [(OTHERS, _("other people"))]
        for one in people:
            if one["common"] and one["import"] in earlier:
                name = str(earlier[one["import"]])
                choices += [
                    (f"{SAME}-{one['import']}",
                     _("the same people as in “%s”: add only who is new") % name),
                    (f"{REPLACES}-{one['import']}",
                     _("a corrected “%s”: replace it by this table") % name),
                ]  # fmt: skip
        if len(choices) > 1:
            identity = self.options.identity
            initial = f"{identity}-{self.options.of}" if self.options.of else identity
            if not identity and not self.table.summary.get("asks"):
                same = [one["import"] for one in people if one["are"] == SAME]
                initial = f"{SAME}-{same[0]}" if same else OTHERS
            self.fields["people"] = forms.ChoiceField(
                label=_("These are"), choices=choices, initial=initial, required=False,
                widget=forms.RadioSelect,
            )  # fmt: skip

    def _question(self, step: str, key: str = "", value: str = "") -> TableQuestion | None:
        if step in ("columns", "weights", "short rows", "hidden rows"):
            return next((q for q in self.plan.asks(step) if q.key == key), None)
        return self.questions.get((step, key, value))

    # ---- for the template ----

    def part(self, name: str) -> list[forms.BoundField]:
        return [self[field] for field in self.fields if field.startswith(f"{name}-")]

    def columns(self) -> Iterator[tuple[forms.BoundField, str, bool]]:
        """Yield each column's field with a few of its values, and whether it is asked for."""
        tallied = self.table.tally.get("columns", [])
        for at, field in enumerate(self.part("column")):
            values = tallied[at] if at < len(tallied) else {}
            examples = [value for value in values or {} if value][:4]
            text = gettext(", ").join(value[:40] for value in examples)
            if values is None:
                text = gettext("many different values")
            yield field, text, bool(self._question("columns", str(at)))

    def scales(self) -> Iterator[dict[str, Any]]:
        """Yield what the scale step shows of each prompt."""
        prompts = {one.code: one for one in self.table.survey.prompts.all()}
        for prompt, ratings in self.plan.ratings.items():
            counts = self.plan.occurrences[prompt]
            yield {
                "title": in_language(prompts[prompt].text),
                "fields": [self[f"scale-{prompt}-{end}"] for end in ("lowest", "highest", "most")],
                "asks": ratings.asks_scale,
                "values": [
                    (self[f"rating-{prompt}-{value}"], counts[value], value in ratings.proposals)
                    for value in self._values(prompt)
                ],
            }

    def rows(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Yield the heading of each column that tells which rows count, with its values."""
        for at, values in self.plan.counts.items():
            fields = [self[f"counts-{at}-{value}"] for value, _counts in self._shown(values)]
            yield self.plan.header[at], fields

    def groups(self) -> list[forms.BoundField]:
        return self.part("group")

    # ---- what was chosen ----

    def chosen_options(self) -> TableOptions:
        """Return the options as they are now: those before, what is changed, what was asked."""
        answers = self._options_of_file()
        before = self.options
        if (answers.sheet, answers.encoding, answers.delimiter, answers.headings) != (
            before.sheet, before.encoding, before.delimiter, before.headings,
        ):  # fmt: skip
            return replace(answers, columns={}, ratings={}, counts={}, groups={}, scales={})
        return replace(
            answers,
            columns=self._meanings_of_columns(),
            scales=self._chosen_scales(),
            ratings=self._chosen_values("rating", int, self.options.ratings),
            counts=self._chosen_values("counts", lambda yes: yes == "True", self.options.counts),
            groups=self._chosen_groups(),
            everybody=self.cleaned_data["everybody"],
            rows_left_out=self.cleaned_data["rows_left_out"],
            short_rows=self.cleaned_data.get("short_rows", ""),
            hidden_rows=self.cleaned_data.get("hidden_rows", ""),
            since=str(self.cleaned_data.get("since") or ""),
            until=str(self.cleaned_data.get("until") or ""),
            **self._identity(),
        )

    def _options_of_file(self) -> TableOptions:
        answers: dict[str, Any] = {}
        for name in ("encoding", "delimiter", "sheet"):
            is_asked = (name, "", "") in self.questions
            value = getattr(self.options, name)
            posted = self.cleaned_data.get(name) or ""
            is_changed = name in self.fields and posted != self.fields[name].initial
            answers[name] = posted if is_asked or is_changed or value else ""
        headings = self.cleaned_data["headings"]
        numbers = tuple(number for number in headings if number)
        is_changed = as_rows(headings) != self.fields["headings"].initial
        answers["headings"] = numbers if is_changed else self.options.headings
        return replace(self.options, **answers)

    def _is_chosen(self, name: str, *, is_asked: bool, was_chosen: bool) -> bool:
        """Tell whether a field's value is somebody's word and not only the guess, left alone."""
        posted = self.cleaned_data.get(name, "")
        if is_asked or was_chosen:
            return True
        return bool(posted != str(self.fields[name].initial))

    def _meanings_of_columns(self) -> dict[str, str]:
        answers = {}
        for at in range(len(self.plan.header)):
            name, key = f"column-{at}", str(at)
            is_open = bool(self._question("columns", key) or self._question("weights", key))
            posted = self.cleaned_data.get(name, "")
            was_chosen = key in self.options.columns
            if posted != UNSAID and self._is_chosen(name, is_asked=is_open, was_chosen=was_chosen):
                answers[key] = posted
        return answers

    def _chosen_scales(self) -> dict[str, dict[str, int]]:
        answers = {}
        for prompt, ratings in self.plan.ratings.items():
            names = {end: f"scale-{prompt}-{end}" for end in ("lowest", "highest", "most")}
            was_chosen = prompt in self.options.scales
            is_chosen = any(
                self._is_chosen(name, is_asked=ratings.asks_scale, was_chosen=was_chosen)
                for name in names.values()
            )
            if is_chosen:
                lowest, highest = (int(self.cleaned_data[names[e]]) for e in ("lowest", "highest"))
                is_up = self.cleaned_data[names["most"]] == "up"
                answers[prompt] = {
                    "lowest": lowest,
                    "highest": highest,
                    "most": highest if is_up else lowest,
                }
        return answers

    def _chosen_values(self, part: str, read: Any, before: Any) -> dict[str, dict[str, Any]]:
        """Return key → value → what is chosen, of fields named “part-key-value”."""
        step = {"rating": "ratings", "counts": "rows"}[part]
        answers: dict[str, dict[str, Any]] = {}
        keys = self.plan.ratings if part == "rating" else self.plan.counts
        for key in map(str, keys):
            start = f"{part}-{key}-"
            for name in [one for one in self.fields if one.startswith(start)]:
                value = name.removeprefix(start)
                is_open = bool(self._question(step, key, value))
                was_chosen = value in before.get(key, {})
                posted = self.cleaned_data.get(name, "")
                if posted and self._is_chosen(name, is_asked=is_open, was_chosen=was_chosen):
                    answers.setdefault(key, {})[value] = read(posted)
        return answers

    def _chosen_groups(self) -> dict[str, str]:
        answers = {}
        for value in self.plan.groups:
            is_open = bool(self._question("groups", "", value))
            name = f"group-{value}"
            was_chosen = value in self.options.groups
            posted = self.cleaned_data.get(name, "")
            if posted and self._is_chosen(name, is_asked=is_open, was_chosen=was_chosen):
                answers[value] = posted
        return answers

    def _identity(self) -> dict[str, Any]:
        if "people" not in self.fields:
            return {"identity": self.options.identity, "of": self.options.of}
        posted = self.cleaned_data["people"]
        is_guess = posted == self.fields["people"].initial and not self.options.identity
        if not posted or (is_guess and not self.table.summary.get("asks")):
            return {"identity": "", "of": None}
        identity, _dash, of = posted.partition("-")
        return {"identity": identity, "of": int(of) if of else None}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = [data.get(f"column-{at}", "") for at in range(len(self.plan.header))]
        single = [what for what in chosen if what not in ("", UNSAID, *SEVERAL)]
        if len(set(single)) < len(single):
            self.add_error(None, _("Two columns cannot mean the same. Leave one of them out."))
        for prompt in self.plan.ratings:
            lowest, highest = (data.get(f"scale-{prompt}-{end}") for end in ("lowest", "highest"))
            if lowest and highest and int(lowest) >= int(highest):
                self.add_error(
                    f"scale-{prompt}-highest", _("The highest number must be above the lowest.")
                )
        return data


def _topic_choices(table: AnswerTable) -> list[Any]:
    """Return the topics a column may hold, under the question asked about them."""
    topics: dict[str, list[tuple[str, str]]] = {}
    questions = table.survey.questions.select_related("prompt")
    for question in questions.order_by("prompt__position", "position"):
        meaning = f"{question.prompt.code}:{question.item or question.pk}"
        heading = in_language(question.prompt.text)
        topics.setdefault(heading, []).append((meaning, in_language(question.title)))
    return list(topics.items())


assert set(ROLE_NAMES) == set(ROLES)
