"""Ask: fix the wording of a published questionnaire as a new version."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality.models import Assessment
from materiality.web.access import show_survey, survey_page
from materiality.web.forms.wording import ChooseForm, WordingForm, wordings_of
from materiality.web.views.asking import state_of
from surveys.models import Survey
from surveys.models.organisations import MAY_EDIT


@survey_page(write=MAY_EDIT)
def wording(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Choose a topic or a question by `?text=`, word it otherwise, and say why."""
    rows = wordings_of(survey)
    key = request.GET.get("text") or next(iter(rows), "")
    if key not in rows:
        raise Http404
    form = WordingForm(
        request.POST or None, assessment=assessment, survey=survey, key=key, row=rows[key]
    )
    if request.method == "POST" and form.is_valid() and form.act(by=request.user):
        told = {"number": survey.version}
        messages.success(request, _("Version %(number)d stands for whoever begins now.") % told)
        return redirect("materiality:questionnaire", assessment.pk, survey.pk)
    return show_survey(
        request,
        assessment,
        survey,
        "wording",
        status=form.status,
        form=form,
        choose=ChooseForm(rows, key),
        state=state_of(survey),
    )
