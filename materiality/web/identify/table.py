"""Identify: the whole list in one table, on the page and as a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality.actions import topic_sheets
from materiality.actions.topic_tables import TEXTS, TopicRow, describe_topics
from materiality.models import Assessment, Category, Topic
from materiality.selectors.rounds import is_answered, is_asked
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, may, member, note_download, show
from materiality.web.fields import ActionForm, both_languages, languages_of, refusals_on
from materiality.web.spreadsheets import MOST_KEPT, SpreadsheetForm
from surveys.models.organisations import MAY_EDIT
from surveys.tables.place import Places
from surveys.tables.plan import TableOptions
from surveys.tables.whole import find_table, table_at

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class PreviewRow:
    """A topic with the fields of its texts, part by part, and of its category."""

    topic: Topic
    texts: list[list[forms.BoundField]]
    category: forms.BoundField


class TableForm(ActionForm):
    """Name, definition, example and category of every topic of the short list."""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="table_%s")
        self.assessment, self.topics = assessment, list(assessment.topics.short_list())
        for topic in self.topics:
            self._add_fields(topic)
        if is_answered(assessment):
            self.fields["reason"] = forms.CharField(
                label=_("Why the wording is fixed"), max_length=500, required=False
            )

    def _add_fields(self, topic: Topic) -> None:
        for part in TEXTS:
            for code, tongue in languages_of(self.assessment):
                self.fields[f"{topic.code}.{part}:{code}"] = forms.CharField(
                    label=tongue,
                    max_length=topic_sheets.LONGEST[part],
                    required=part == "name",
                    initial=getattr(topic, part).get(code, ""),
                    widget=forms.Textarea(attrs={"rows": 3 if part == "definition" else 2}),
                )
        self.fields[f"{topic.code}.category"] = forms.ChoiceField(
            choices=Category.choices, initial=topic.category
        )

    def rows(self) -> Iterator[PreviewRow]:
        codes = self.assessment.languages
        for topic in self.topics:
            texts = [[self[f"{topic.code}.{part}:{code}"] for code in codes] for part in TEXTS]
            yield PreviewRow(topic, texts, self[f"{topic.code}.category"])

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        rows = [
            TopicRow(
                topic.code,
                {part: both_languages(data, f"{topic.code}.{part}") for part in TEXTS}
                | {"category": data[f"{topic.code}.category"]},
            )
            for topic in self.topics
        ]
        describe_topics(
            assessment=self.assessment,
            rows=rows,
            reason=data.get("reason", ""),
            by=by,
            expected_version=data["version"],
        )


class SheetForm(SpreadsheetForm):
    """A spreadsheet of topics to add or describe; the page keeps it while something is asked."""

    content_kept = ""

    def ask(self, places: Places) -> None:
        super().ask(places)
        if len(self.content) > MOST_KEPT:
            self.add_error("file", _("Save the file as XLSX with one sheet, and hand that in."))
        else:
            self.content_kept = self.keep()


@assessment_page(write=MAY_EDIT)
def table(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Edit every topic of the short list at once."""
    form = TableForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:topic_table", pk=assessment.pk)
    return _show(request, assessment, form=form)


@assessment_page(write=MAY_EDIT)
def sheet(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Give the list as a spreadsheet; a POST takes one in: all of it, or nothing."""
    if request.method != "POST":
        content = topic_sheets.workbook(assessment, language())
        note_download(request, assessment, "topics.xlsx")
        answer = HttpResponse(content, content_type=topic_sheets.XLSX)
        answer["Content-Disposition"] = f'attachment; filename="topics-{assessment.pk}.xlsx"'
        return answer
    upload = SheetForm(request.POST, request.FILES)
    if upload.is_valid():
        with refusals_on(upload, "file"):
            if _took_in(request, assessment, upload):
                return redirect("materiality:topics", pk=assessment.pk)
    return _show(request, assessment, upload=upload)


def _took_in(request: HttpRequest, assessment: Assessment, upload: SheetForm) -> bool:
    """Take the rows in; not while something of the file must be said."""
    reading = upload.cleaned_data["reading"]
    with TemporaryFile() as file:
        file.write(upload.content)
        options = TableOptions(encoding=reading, sheet=reading)
        listed = topic_sheets.listed_names(assessment)
        places = find_table(file, options, topic_sheets.known_headings(), listed)
        if places.asks:
            upload.ask(places)
            return False
        table = table_at(file, places.place)
    try:
        rows = topic_sheets.read_topics(table, assessment)
    except forms.ValidationError as error:
        upload.add_error("file", error)
        return False
    added, changed = describe_topics(assessment=assessment, rows=rows, by=member(request))
    values = {"added": added, "changed": changed}
    messages.success(request, _("%(added)d added, %(changed)d changed.") % values)
    return True


def _show(
    request: HttpRequest,
    assessment: Assessment,
    *,
    form: TableForm | None = None,
    upload: SheetForm | None = None,
) -> HttpResponse:
    form = form or TableForm(assessment=assessment)
    return show(
        request,
        assessment,
        "topic_table",
        status=form.status,
        form=form,
        upload=upload or SheetForm(),
        may_add=may(assessment).edit and not is_asked(assessment),
    )
