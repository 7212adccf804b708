"""Which of the released comments the report quotes."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from materiality.actions import set_quotes
from materiality.inputs import printable_comments
from materiality.models import Assessment, ReportLook
from materiality.report.text import name_in
from materiality.results.quotes import Quotes
from materiality.templatetags.workspace import language
from materiality.web.fields import refusals_on


@dataclass(frozen=True)
class Choice:
    """One comment that may be chosen, as the page shows it."""

    box: Any
    text: str
    group: str
    topic: str


class QuotesForm(forms.Form):
    """A box at each comment that may be printed; what none is ticked of is as usual."""

    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Comments to print"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, assessment: Assessment, look: ReportLook) -> None:
        super().__init__(data, auto_id="quotes_%s", initial={"chosen": look.quotes})
        self.assessment = assessment
        self.comments = printable_comments(assessment)
        field = cast(forms.MultipleChoiceField, self.fields["chosen"])
        field.choices = [(row.key, row.quote.text) for row in self.comments]

    @property
    def rows(self) -> list[Choice]:
        code, rows = language(), []
        for box, comment in zip(self["chosen"], self.comments, strict=True):
            quote = comment.quote
            group, topic = name_in(quote.group, code), name_in(quote.topic, code)
            rows.append(Choice(box, quote.text, group, topic))
        return rows

    @property
    def quotes(self) -> Quotes:
        """What is ticked, as it would be printed."""
        ticked = set(self["chosen"].value() or ())
        chosen = [row.quote for row in self.comments if row.key in ticked]
        return Quotes(tuple(chosen), len(self.comments))

    def save(self, *, by: Any) -> None:
        chosen = [UUID(each) for each in self.cleaned_data["chosen"]]
        with refusals_on(self, "chosen"):
            set_quotes(assessment=self.assessment, by=by, chosen=chosen)
