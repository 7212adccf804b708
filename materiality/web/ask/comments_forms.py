"""Reading one comment: what of it may leave the product."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.web.fields import refusals_on
from surveys.actions.redact import CommentReading
from surveys.models import Comment
from surveys.people.redaction import pieces, proposal, released_text

LATER, RELEASE, WITHHOLD = "later", "release", "withhold"
LONGEST = 1000
"""More than the longest comment: a sign for “taken away” may be longer than what goes."""


class CommentForm(forms.Form):
    before = forms.CharField(required=False, widget=forms.HiddenInput)
    choice = forms.ChoiceField(label=gettext_lazy("This comment"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("What may be read by others"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, comment: Comment) -> None:
        started = {
            "before": comment.reading,
            "choice": _choice(comment.released),
            "text": comment.released or proposal(comment.text),
        }
        super().__init__(data, prefix=comment.pk.hex, initial=started)
        self.comment = comment
        cast(forms.ChoiceField, self.fields["choice"]).choices = _choices(comment)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("choice") != RELEASE or "text" not in data:
            return data
        with refusals_on(self, "text"):
            data["text"] = released_text(self.comment, data["text"])
        if "text" in data and not data["text"]:
            self.add_error("text", _("Nothing is left of it. Choose “Release nothing of it”."))
        return data

    @property
    def reading(self) -> CommentReading | None:
        """What was decided; None if that is left for later."""
        data = self.cleaned_data
        if data["choice"] == LATER:
            return None
        return CommentReading(data["before"], data["text"] if data["choice"] == RELEASE else "")

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        return pieces(self.comment.text)


def _choice(released: str | None) -> str:
    if released is None:
        return LATER
    return RELEASE if released else WITHHOLD


def _choices(comment: Comment) -> list[tuple[str, str]]:
    later = [] if comment.reading else [(LATER, _("Read it later"))]
    return [*later, (RELEASE, _("Release as below")), (WITHHOLD, _("Release nothing of it"))]
