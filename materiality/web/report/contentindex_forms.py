"""The content index: headings as pasted lines, and a row for each disclosure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality import catalogue
from materiality.actions import HeadingLine, set_headings, set_index, set_publication
from materiality.contentindex.pasted import check_pasted, count
from materiality.models import Assessment, IndexRow
from materiality.selectors.contentindex import (
    IndexLine,
    index_lines,
    publication_day,
    suggested_lines,
)
from materiality.templatetags.workspace import language
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.errors import Conflict
from surveys.languages import LANGUAGE_NAMES, Text, in_language

BLANK_ROWS, MOST_ROWS = 3, 999
MOST_TABLES = 50


class IndexedForm(ActionForm):
    """A form that replaces a part of the index; it notices by the log that somebody was first.

    A round's version stands still once it is locked, and the index is written after that.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    part = "index"

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        now = {"version": assessment.version, "seen": assessment.log_head}
        super().__init__(data, initial=now, auto_id=f"{self.part}_%s")
        self.assessment = assessment

    def refuse_if_changed(self) -> None:
        if self.cleaned_data["seen"] != self._log_head():
            raise Conflict(
                _(
                    "Somebody else saved changes while you were editing. "
                    "Look at them, then save again."
                )
            )

    def _log_head(self) -> str:
        return str(Assessment.objects.values_list("log_head", flat=True).get(pk=self.assessment.pk))

    def _take_note(self) -> None:
        super()._take_note()
        sent: Any = self.data
        sent["seen"] = self._log_head()


class HeadingsForm(IndexedForm):
    """The report's headings, one a line: 中文 | English | page | codes printed under it."""

    published = forms.DateField(
        label=gettext_lazy("The report is published on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "Standards count as in force or withdrawn on that day; today, if it is empty."
        ),
    )
    lines = forms.CharField(
        label=gettext_lazy("Headings of the report"),
        required=False,
        max_length=60_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "mono"}),
    )
    part = "headings"

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, assessment=assessment)
        self.initial["published"] = publication_day(assessment)
        self.initial["lines"] = "\n".join(
            _text_of(heading, assessment.languages) for heading in assessment.headings.all()
        )

    def clean_lines(self) -> list[HeadingLine]:
        rows = enumerate(self.cleaned_data["lines"].splitlines(), start=1)
        spoken = self.assessment.languages
        return [_heading(number, row, spoken) for number, row in rows if row.strip(" |\t")]

    @property
    def line_format(self) -> str:
        return line_format(self.assessment.languages)

    def save(self, *, by: Any) -> None:
        self.refuse_if_changed()
        data = self.cleaned_data
        set_headings(assessment=self.assessment, headings=data["lines"], by=by)
        set_publication(assessment=self.assessment, day=data["published"], by=by)


class TablesForm(forms.Form):
    """Tables of the report to look through; nothing of them is kept."""

    tables = forms.CharField(
        label=gettext_lazy("Tables of the report"),
        max_length=60_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "mono"}),
    )

    def clean_tables(self) -> str:
        pasted: str = self.cleaned_data["tables"]
        if (number := count(pasted)) > MOST_TABLES:
            values = {"most": MOST_TABLES, "found": number}
            raise forms.ValidationError(
                _("There are %(found)d tables; paste at most %(most)d at a time.") % values
            )
        return pasted

    def faults(self) -> list[str]:
        """Return what is wrong in them, one sentence each."""
        return [one.sentence(language()) for one in check_pasted(self.cleaned_data["tables"])]

    def count(self) -> int:
        return count(self.cleaned_data["tables"])


def _text_of(heading: Any, codes: Sequence[str]) -> str:
    keys = "; ".join(catalogue.spelling((key[0], key[1], key[2])) for key in heading.prints)
    titles = [heading.title.get(code, "") for code in codes]
    return " | ".join([*titles, heading.page, keys]).rstrip(" |")


def _heading(number: int, row: str, languages: Sequence[str]) -> HeadingLine:
    """Read a line: the title in each language, the page, the codes printed under it."""
    parts = [part.strip() for part in row.replace("\t", "|").split("|")]
    most = len(languages) + 2
    if len(parts) > most:
        raise forms.ValidationError(
            _("Line %(number)d has %(found)d parts; write %(wanted)s.")
            % {"number": number, "found": len(parts), "wanted": line_format(languages)}
        )
    parts += [""] * (most - len(parts))
    title = dict(zip(languages, parts, strict=False))
    page, codes = parts[len(languages) :]
    if not any(title.values()):
        raise forms.ValidationError(_("Line %(number)d has no title.") % {"number": number})
    if len(page) > 20:
        values = {"number": number, "page": page}
        raise forms.ValidationError(_("Line %(number)d: “%(page)s” is no page.") % values)
    keys = [catalogue.key_of(code.strip()) for code in codes.split(";") if code.strip()]
    return HeadingLine(title, page, keys)


def line_format(languages: Sequence[str]) -> str:
    """Return how a heading is written: 中文 | English | page | codes."""
    titles = [LANGUAGE_NAMES[code] for code in languages]
    if len(titles) == 1:
        titles = [_("title")]
    return " | ".join([*titles, _("page"), _("codes")])


@dataclass(frozen=True)
class Line:
    """One row of the index as it is edited."""

    number: int
    name: str
    code: forms.BoundField
    topic: forms.BoundField
    heading: forms.BoundField
    status: forms.BoundField
    notes: list[forms.BoundField]
    is_new: bool


class IndexForm(IndexedForm):
    """A row for each disclosure, and blank rows at the end."""

    def __init__(
        self, data: Any = None, *, assessment: Assessment, suggesting: bool = False
    ) -> None:
        super().__init__(data, assessment=assessment)
        self.suggesting = suggesting
        self.numbers = range(self._count())
        self.fields["count"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=len(self.numbers)
        )
        for number in self.numbers:
            self._add(number, self.lines[number] if number < len(self.lines) else None)

    def _count(self) -> int:
        """Return how many rows the form has: as many as were shown, if it was sent."""
        sent = str(self.data.get("count", ""))
        count = len(self.lines) + BLANK_ROWS
        return min(int(sent), MOST_ROWS) if sent.isdecimal() else count

    @cached_property
    def saved(self) -> list[IndexLine]:
        return index_lines(self.assessment)

    @cached_property
    def lines(self) -> list[IndexLine]:
        """The rows that are saved, and after them those suggested."""
        there = {(line.key, line.topic) for line in self.saved}
        more = suggested_lines(self.assessment) if self.suggesting else []
        return [*self.saved, *(line for line in more if (line.key, line.topic) not in there)]

    @cached_property
    def topics(self) -> list[tuple[str, str]]:
        named = [(t.code, in_language(t.name)) for t in self.assessment.topics.short_list()]
        return [("", _("none: general")), *named]

    @cached_property
    def headings(self) -> list[Text]:
        return list(self.assessment.headings.values_list("title", flat=True))

    def _add(self, number: int, line: IndexLine | None) -> None:
        written = catalogue.spelling(line.key) if line else ""
        with_list = {"autocomplete": "off", "list": "headings"}
        self.fields[f"code:{number}"] = forms.CharField(
            max_length=80,
            required=False,
            initial=written,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields[f"topic:{number}"] = forms.ChoiceField(
            choices=self.topics, required=False, initial=line.topic if line else ""
        )
        self.fields[f"heading:{number}"] = forms.CharField(
            max_length=300,
            required=False,
            initial=in_language(line.heading) if line else "",
            widget=forms.TextInput(attrs=with_list),
        )
        self.fields[f"status:{number}"] = forms.ChoiceField(
            choices=IndexRow.Status.choices, initial=line.status if line else None
        )
        for code, label in languages_of(self.assessment):
            self.fields[f"note:{number}:{code}"] = forms.CharField(
                max_length=300,
                required=False,
                initial=line.note.get(code, "") if line else "",
                widget=forms.TextInput(attrs={"placeholder": label}),
            )

    def rows(self) -> Iterator[Line]:
        for number in self.numbers:
            is_new = number >= len(self.lines)
            yield Line(
                number,
                "" if is_new else _name(self.lines[number].key),
                self[f"code:{number}"],
                self[f"topic:{number}"],
                self[f"heading:{number}"],
                self[f"status:{number}"],
                self.in_each_language(f"note:{number}"),
                is_new,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in self.numbers:
            written = cleaned.get(f"code:{number}", "")
            standard, _edition, code = catalogue.key_of(written)
            if written and not (standard and code):
                self.add_error(
                    f"code:{number}",
                    _("“%(code)s” names no standard: write it like GRI 418-1 (2016).")
                    % {"code": written},
                )
            elif not written and cleaned.get(f"heading:{number}"):
                self.add_error(f"code:{number}", _("Which code stands under this heading?"))
        return cleaned

    def save(self, *, by: Any) -> None:
        """Replace the rows; a row whose code was emptied is gone."""
        self.refuse_if_changed()
        data = self.cleaned_data
        lines = [self._line(number) for number in self.numbers if data[f"code:{number}"]]
        set_index(assessment=self.assessment, lines=lines, by=by)

    def _line(self, number: int) -> IndexLine:
        data = self.cleaned_data
        return IndexLine(
            catalogue.key_of(data[f"code:{number}"]),
            self._heading(number, data[f"heading:{number}"].strip()),
            data[f"topic:{number}"] or None,
            data[f"status:{number}"],
            both_languages(data, f"note:{number}"),
        )

    def _heading(self, number: int, title: str) -> Text:
        """Return the heading that is meant, in both languages; else what was written."""
        if not title:
            return {}
        was = self.lines[number].heading if number < len(self.lines) else {}
        known = [*self.headings, was]
        return next((text for text in known if title in text.values()), {language(): title})


def _name(key: catalogue.Key) -> str:
    try:
        return catalogue.find(*key).name("en" if language() == "en" else "zh")
    except catalogue.UnknownEntry:
        return ""
