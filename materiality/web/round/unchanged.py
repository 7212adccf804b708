"""A locked round looked at again: what was concluded for later years, and a new conclusion."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality import actions
from materiality.actions.reassessments import LONGEST
from materiality.models import Assessment
from materiality.selectors.approvals import standing_approval
from materiality.selectors.reassessments import may_be_reassessed
from materiality.web.access import assessment_page, member, show
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.models.organisations import MAY_DECIDE

TEXTS = ("looked_at", "reason")


class UnchangedForm(ActionForm):
    """For which year, what was looked at, why nothing changed, and who concluded it when."""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment = assessment
        self.fields["year"] = forms.CharField(label=_("Year"), max_length=LONGEST["year"])
        self.fields["concluded_on"] = forms.DateField(
            label=_("Concluded on"),
            initial=timezone.localdate(),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields["people"] = forms.CharField(
            label=_("Who looked at it"),
            max_length=LONGEST["people"],
            help_text=_("Names, functions or bodies, such as the sustainability committee."),
        )
        for part in TEXTS:
            for language, label in languages_of(assessment):
                self.fields[f"{part}:{language}"] = forms.CharField(
                    label=label,
                    max_length=LONGEST[part],
                    widget=forms.Textarea(attrs={"rows": 4}),
                )

    @property
    def texts(self) -> dict[str, list[forms.BoundField]]:
        return {part: self.in_each_language(part) for part in TEXTS}

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        actions.reassess(
            assessment=self.assessment,
            year=data["year"],
            looked_at=both_languages(data, "looked_at"),
            reason=both_languages(data, "reason"),
            people=data["people"],
            concluded_on=data["concluded_on"],
            by=by,
        )


@assessment_page(write=MAY_DECIDE)
def unchanged(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show what was concluded of a round in later years; record it of one more, or confirm one."""
    if "confirm" in request.POST:
        return _confirm(request, assessment)
    form = UnchangedForm(request.POST or None, assessment=assessment)
    approved = _approved_after(request, assessment)
    if form.act(by=request.user):
        messages.success(request, _("Recorded."))
        _say_what_lapsed(request, approved)
        return redirect("materiality:unchanged", pk=assessment.pk)
    rows = assessment.reassessments.select_related("by", "confirmation__by")
    standing = {row.pk for row in assessment.reassessments.standing()}
    return show(
        request,
        assessment,
        "unchanged",
        status=form.status,
        form=form,
        rows=[(row, row.pk in standing, _may_confirm(request, row)) for row in rows],
        able=may_be_reassessed(assessment) and assessment.role in MAY_DECIDE,  # type: ignore[attr-defined]
        needs_two=assessment.four_eyes,
    )


def _may_confirm(request: HttpRequest, row: Any) -> bool:
    return not hasattr(row, "confirmation") and row.by != request.user


def _confirm(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    key = request.POST["confirm"]
    number = int(key) if key.isdecimal() and len(key) < 10 else 0
    row = get_object_or_404(assessment.reassessments, pk=number)
    approved = _approved_after(request, assessment)
    actions.confirm_reassessment(reassessment=row, by=member(request))
    messages.success(request, _("Confirmed."))
    _say_what_lapsed(request, approved)
    return redirect("materiality:unchanged", pk=assessment.pk)


def _approved_after(request: HttpRequest, assessment: Assessment) -> Assessment | None:
    """Return the open round that follows, if its results are approved before this post."""
    following: Assessment | None = getattr(assessment, "next", None)
    if request.method != "POST" or following is None or following.is_locked:
        return None
    return following if standing_approval(following) else None


def _say_what_lapsed(request: HttpRequest, approved: Assessment | None) -> None:
    """Say that the results of the round that follows tell of this year, so they are new ones."""
    if approved is None or standing_approval(Assessment.objects.get(pk=approved.pk)):
        return
    sentence = _(
        "The results of %(year)s tell of this, so their approval holds no longer. Have them "
        "approved again."
    )
    messages.warning(request, sentence % {"year": approved.year})
