"""What several forms share: a text in each language, and an action that may refuse."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from materiality.errors import FaultyFields
from materiality.models import Assessment
from surveys.errors import Conflict, RuleBroken
from surveys.languages import CODES, LANGUAGE_NAMES

LANGUAGES = tuple(LANGUAGE_NAMES.items())


def languages_of(holder: Any) -> list[tuple[str, str]]:
    """Return the languages of a company, a round or a survey: code and name."""
    return [(code, LANGUAGE_NAMES[code]) for code in holder.languages]


@contextmanager
def refusals_on(form: forms.Form, field: str | None = None) -> Iterator[None]:
    """If an action refuses, say why on the form, which keeps what was entered."""
    try:
        yield
    except RuleBroken as refusal:
        form.add_error(field, str(refusal))


class Incomplete(RuleBroken):
    """A field of the form, or the version it was made from, was not sent."""

    code = "incomplete"

    def __str__(self) -> str:
        return _("The form arrived incomplete; nothing was saved.")


class ActionForm(forms.Form):
    """A form that calls an action. It sends the version it was made from, so that somebody
    else's changes since are noticed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    assessment: Assessment
    refused = False

    def save(self, *, by: Any) -> None:
        raise NotImplementedError

    def in_each_language(self, part: str) -> list[forms.BoundField]:
        """Return the fields of a text: one for each language of the round, in its order."""
        return [self[f"{part}:{language}"] for language in self.assessment.languages]

    def disable(self) -> None:
        """Let the form show what is there, to somebody who may not change it."""
        for field in self.fields.values():
            field.disabled = True

    def act(self, **about: Any) -> bool:
        """Call the action if the form was sent and is valid, and tell whether that was done.

        If the action refuses, say why on the form, at the fields it names, and keep what was
        entered.
        """
        if not self.is_valid():
            return False
        try:
            self._check_complete()
            self.save(**about)
        except FaultyFields as refusal:
            self.refused = True
            for name, sentence in refusal.faults.items():
                self.add_error(self.field_of(name), sentence)
        except RuleBroken as refusal:
            self.refused = True
            self.add_error(None, str(refusal))
            if isinstance(refusal, Conflict):
                self._take_note()
        return not self.refused

    def field_of(self, name: str) -> str | None:
        """Return the field at which a fault is said, of a text its first language; None: on top."""
        if name in self.fields:
            return name
        first = f"{name}:{self.assessment.languages[0]}"
        return first if first in self.fields else None

    def _check_complete(self) -> None:
        """Refuse a form that was cut short: what did not arrive is not what was emptied.

        An optional file is left out: where none was chosen, Django hands on none.
        """
        omitted = (
            field.widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
            if not isinstance(field, forms.FileField) or field.required
        )
        if self.cleaned_data["version"] is None or any(omitted):
            raise Incomplete

    def _take_note(self) -> None:
        """Take the version that is there now: having read of it, the person may save over it."""
        sent: Any = self.data.copy()  # type: ignore[attr-defined]
        sent[self.add_prefix("version")] = self.version_now()
        self.data = sent

    def version_now(self) -> int:
        """Return the version of what the form changes: the round's, unless it counts its own."""
        return Assessment.objects.get(pk=self.assessment.pk).version

    @property
    def status(self) -> int:
        return 409 if self.refused else 200


def offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Let this field choose among these rows."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows


def both_languages(cleaned: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return the text entered in the fields `name:zh-hans`, `name:en`: those of the round."""
    sent = [code for code in CODES if f"{name}:{code}" in cleaned]
    return {code: cleaned[f"{name}:{code}"].strip() for code in sent}
