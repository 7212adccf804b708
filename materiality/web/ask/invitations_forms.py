"""Whom to ask: one person, a corrected address, links to hand over."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from materiality.actions import correct_person
from materiality.models import Assessment
from materiality.web.ask.importing_forms import RowsField, as_rows
from materiality.web.fields import LANGUAGES, languages_of, offer
from surveys.errors import Conflict
from surveys.models import Audience, Invitation, Survey
from surveys.people.columns import COLUMNS
from surveys.people.person import Person
from surveys.tables.place import Places
from surveys.tables.plan import TableOptions, likely_group
from surveys.tables.questions import ENCODINGS
from surveys.tables.target import questionnaire_of

NAMES = {
    "email": _("Mail address"),
    "name": pgettext_lazy("person", "Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "audience": _("Group"),
    "subgroup": _("Sub-group"),
    "language": _("Language"),
    "state": _("Wants no mail, or mail came back"),
}
KINDS = (("letters", _("Letters to print")), ("csv", _("Table (CSV)")))


def _require_name_or_address(form: forms.Form) -> None:
    if not form.errors and not (form.cleaned_data["name"] or form.cleaned_data["email"]):
        form.add_error("name", _("Give a name or a mail address."))


class PersonForm(forms.Form):
    audience = forms.ModelChoiceField(Audience.objects.none(), label=_("Group"), empty_label=None)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("Mail address"), max_length=254, required=False)
    subgroup = forms.CharField(label=_("Sub-group"), max_length=100, required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, survey: Survey, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "audience", survey.audiences.all())
        spoken = languages_of(survey)
        cast("forms.ChoiceField", self.fields["language"]).choices = spoken
        if len(spoken) == 1:
            del self.fields["language"]

    def clean(self) -> None:
        _require_name_or_address(self)

    def person(self) -> Person:
        data = self.cleaned_data
        return Person(data["name"], data["email"], data.get("language", ""), data["subgroup"])


class AddressForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("Mail address"), max_length=254, required=False)
    subgroup = forms.CharField(label=_("Sub-group"), max_length=100, required=False)

    def __init__(self, *args: Any, invitation: Invitation, **options: Any) -> None:
        initial = {name: getattr(invitation, name) for name in self.base_fields}
        super().__init__(*args, **options)
        self.initial = initial
        self.invitation = invitation

    def clean(self) -> None:
        _require_name_or_address(self)

    def save(self, *, assessment: Assessment, by: Any) -> bool:
        """Correct the person; if the address cannot be taken, say so on the form."""
        try:
            correct_person(
                assessment=assessment, invitation=self.invitation, by=by, **self.cleaned_data
            )
        except Conflict as refusal:
            self.add_error("email", str(refusal))
        return not self.errors


class HandOutForm(forms.Form):
    audience = forms.ModelChoiceField(
        Audience.objects.none(), label=_("Group"), required=False, empty_label=_("All groups")
    )
    kind = forms.ChoiceField(label=_("As"), choices=KINDS)

    def __init__(self, *args: Any, survey: Survey, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "audience", survey.audiences.all())


class ListFileForm(forms.Form):
    file = forms.FileField(label=_("List of people: XLSX, XLS, ODS or CSV"))


class ListReadingForm(forms.Form):
    """How the file of a list is read, pre-filled with what is likely."""

    def __init__(self, *args: Any, places: Places, before: TableOptions, **options: Any) -> None:
        super().__init__(*args, **options)
        place = places.place
        name = "encoding" if place.kind == "csv" else "sheet"
        label = _("Encoding") if place.kind == "csv" else _("Sheet")
        choices = [(one, ENCODINGS.get(one, one)) for one in places.choices]
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, initial=getattr(place, name)
        )
        self.fields["headings"] = RowsField(
            label=_("Rows of the headings"),
            required=False,
            initial=as_rows(place.headings) or "0",
            help_text=_("Like 1, or 2-3 where headings stand in two rows; 0 if there are none."),
        )
        self.before = before
        self.examples = [
            (ENCODINGS.get(one, one), gettext(" · ").join(cells))
            for one, cells in places.examples.items()
        ]
        self.asks = places.asks

    def chosen_options(self) -> TableOptions:
        """Return how to read the file; headings only where changed, for each sheet its own."""
        data = self.cleaned_data
        name = "encoding" if "encoding" in self.fields else "sheet"
        is_changed = as_rows(data["headings"]) != self.fields["headings"].initial
        given = tuple(number for number in data["headings"] if number)
        return TableOptions(
            **{name: data[name]}, headings=given if is_changed else self.before.headings
        )


class ColumnsForm(forms.Form):
    """Which column of a list is what, and what its values mean; all may be one group."""

    def __init__(
        self,
        *args: Any,
        header: list[str],
        survey: Survey,
        unknown: Mapping[str, Mapping[str, int]],
        meanings: Mapping[str, Mapping[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        columns = [("", "–"), *((str(at), name or f"#{at + 1}") for at, name in enumerate(header))]
        for name in COLUMNS:
            self.fields[name] = forms.ChoiceField(
                label=NAMES[name], choices=columns, required=False
            )
        self.fields["everybody"] = forms.ModelChoiceField(
            survey.audiences.all(),
            label=_("Or all of them are"),
            required=False,
            empty_label=_("as the column says"),
        )
        self._ask_for_values(survey, unknown, meanings)

    def _ask_for_values(
        self,
        survey: Survey,
        unknown: Mapping[str, Mapping[str, int]],
        meanings: Mapping[str, Mapping[str, str]],
    ) -> None:
        questionnaire = questionnaire_of(survey)
        choices = {
            "groups": [(one.code, str(one)) for one in survey.audiences.all()],
            "languages": LANGUAGES,
            "states": [*Invitation.Reach.choices],
        }
        for part, offered in choices.items():
            answers = meanings.get(part, {})
            for value in [*unknown.get(part, {}), *answers]:
                count = unknown.get(part, {}).get(value, 0)
                initial = answers.get(value, "")
                if part == "groups" and not initial:
                    initial = likely_group(questionnaire, value)
                self.fields[f"{part}:{value}"] = forms.ChoiceField(
                    label=gettext("“%(value)s” (%(count)d)") % {"value": value, "count": count}
                    if count
                    else f"“{value}”",
                    choices=[("", "–"), *offered],
                    required=False,
                    initial=initial,
                )

    def columns(self) -> dict[str, int]:
        return {name: int(at) for name in COLUMNS if (at := self.cleaned_data[name])}

    def meanings(self) -> dict[str, dict[str, str]]:
        """Return what values mean: part → value → meaning."""
        answers: dict[str, dict[str, str]] = {}
        for name, meaning in self.cleaned_data.items():
            part, colon, value = name.partition(":")
            if colon and meaning:
                answers.setdefault(part, {})[value] = meaning
        return answers
