"""Quality: signs of careless answers, and leaving answers out by sign, with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from materiality.actions import exclude_answers, include_answers
from materiality.inputs import sign_rows
from materiality.models import Assessment
from materiality.web.access import may, member, show_survey, survey_page
from materiality.web.ask.exclusions_forms import ExclusionForm
from materiality.web.fields import refusals_on
from surveys.models import Survey
from surveys.models.organisations import MAY_DECIDE


@survey_page(write=MAY_DECIDE)
def quality(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Count the signs of a sealed survey; a POST leaves answers out, or counts them again."""
    form = ExclusionForm(request.POST if "criterion" in request.POST else None)
    if "again" in request.POST:
        return _again(request, assessment, survey)
    if form.is_valid():
        with refusals_on(form):
            exclude_answers(
                assessment=assessment, survey=survey, by=member(request), **form.cleaned_data
            )
            messages.success(request, _("These answers are left out of the results."))
            return redirect("materiality:quality", assessment.pk, survey.pk)
    past = list(survey.exclusions.select_related("by", "lifted_by").order_by("-pk"))
    standing = {one.criterion for one in past if one.lifted_at is None}
    return show_survey(
        request,
        assessment,
        survey,
        "quality",
        status=409 if form.errors else 200,
        form=form,
        signs=sign_rows(survey, standing),
        exclusions=past,
        able=may(assessment).decide and survey.is_sealed,
    )


def _again(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    key = request.POST["again"]
    number = int(key) if key.isdecimal() else 0
    exclusion = get_object_or_404(survey.exclusions, pk=number)
    include_answers(assessment=assessment, exclusion=exclusion, by=member(request))
    messages.success(request, _("These answers count again."))
    return redirect("materiality:quality", assessment.pk, survey.pk)
