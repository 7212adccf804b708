"""Name a round, correct its year, put it into the archive, delete its draft."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.actions import archive_round, delete_round, describe_round
from materiality.models import Assessment
from materiality.web.access import OWNER, assessment_page, confirmed, may, member, show
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.models.organisations import MAY_EDIT


class RoundForm(ActionForm):
    """The year that is printed, and a name for those who work on the round."""

    year = forms.CharField(label=gettext_lazy("Year the report is about"), max_length=20)

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        initial = {"version": assessment.version, "year": assessment.year}
        super().__init__(data, initial=initial)
        self.assessment = assessment
        for code, tongue in languages_of(assessment):
            self.fields[f"name:{code}"] = forms.CharField(
                label=_("Name of the round · %(language)s") % {"language": tongue},
                max_length=100,
                required=False,
                initial=assessment.name.get(code, ""),
            )

        self._add_languages()

    def _add_languages(self) -> None:
        """Offer the company's languages, where it has several."""
        offered = languages_of(self.assessment.organisation)
        if len(offered) > 1:
            self.fields["languages"] = forms.MultipleChoiceField(
                label=_("Languages of the round"),
                choices=offered,
                initial=self.assessment.languages,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Tick at least one language.")},
            )

    def save(self, *, by: Any) -> None:
        describe_round(
            assessment=self.assessment,
            year=self.cleaned_data["year"],
            languages=self.cleaned_data.get("languages"),
            name=both_languages(self.cleaned_data, "name"),
            by=by,
            expected_version=self.cleaned_data["version"],
        )


@assessment_page(write=MAY_EDIT)
@confirmed
def settings(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show the round's settings; an owner's POST may archive or delete it too."""
    act = request.POST.get("act", "")
    if act in ("archive", "unarchive", "delete"):
        return _put_away(request, assessment, act)
    form = RoundForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:settings", pk=assessment.pk)
    return show(
        request,
        assessment,
        "settings",
        status=form.status,
        form=form,
        owns=assessment.role in OWNER,  # type: ignore[attr-defined]
        is_draft=may(assessment).lock and not _has_begun(assessment),
    )


def _put_away(request: HttpRequest, assessment: Any, act: str) -> HttpResponse:
    if assessment.role not in OWNER:
        raise PermissionDenied
    by = member(request)
    if act == "delete":
        delete_round(assessment=assessment, by=by)
        messages.success(
            request, _("The draft of %(year)s is deleted.") % {"year": assessment.year}
        )
    else:
        archive_round(assessment=assessment, archived=act == "archive", by=by)
        messages.success(request, _("Saved."))
    return redirect("materiality:assessments")


def _has_begun(assessment: Assessment) -> bool:
    """Tell whether people were asked, or experts have scored: such a round can be archived only."""
    return assessment.surveys.exclude(published_at=None).exists() or assessment.is_scored
