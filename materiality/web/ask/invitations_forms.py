"""Whom to ask: one person, a corrected address, links to hand over."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from materiality.actions import correct_person
from materiality.models import Assessment
from materiality.web.fields import languages_of, offer
from surveys.errors import Conflict
from surveys.models import Audience, Invitation, Survey
from surveys.people.person import Person
from surveys.people.rows import FIELDS

NAMES = {
    "email": _("Mail address"),
    "name": pgettext_lazy("person", "Name"),
    "audience": _("Group"),
    "subgroup": _("Sub-group"),
    "language": _("Language"),
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
        told = self.cleaned_data
        return Person(told["name"], told["email"], told.get("language", ""), told["subgroup"])


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
    file = forms.FileField(label=_("List of people, CSV or XLSX"))


class ColumnsForm(forms.Form):
    """Which column of a list is what; all of the list may be one group."""

    def __init__(self, *args: Any, header: list[str], survey: Survey, **options: Any) -> None:
        super().__init__(*args, **options)
        columns = [("", "–"), *((str(at), name or f"#{at + 1}") for at, name in enumerate(header))]
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=NAMES[name], choices=columns, required=False
            )
        self.fields["everybody"] = forms.ModelChoiceField(
            survey.audiences.all(),
            label=_("Or all of them are"),
            required=False,
            empty_label=_("as the column says"),
        )

    def columns(self) -> dict[str, int]:
        return {name: int(at) for name in FIELDS if (at := self.cleaned_data[name])}
