"""Ask: word the questions of a draft; fix the wording of a published one as a new version."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality.models import Assessment
from materiality.web.access import member, show_survey, survey_page
from materiality.web.ask.wording_forms import ChooseForm, PromptForm, WordingForm, wordings_of
from surveys.models import Survey
from surveys.models.organisations import MAY_EDIT


@survey_page(write=MAY_EDIT)
def wording(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Choose a topic or a question by `?text=` and word it otherwise; once published, say why."""
    rows = wordings_of(survey)
    key = request.GET.get("text") or next(iter(rows), "")
    if key not in rows:
        raise Http404
    form_class: Any = PromptForm if survey.published_at is None else WordingForm
    form = form_class(
        request.POST or None, assessment=assessment, survey=survey, key=key, row=rows[key]
    )
    if form.act(by=member(request)):
        messages.success(request, _sentence(survey))
        return redirect("materiality:questionnaire", assessment.pk, survey.pk)
    return show_survey(
        request,
        assessment,
        survey,
        "wording",
        status=form.status,
        form=form,
        choose=ChooseForm(rows, key) if len(rows) > 1 else None,
    )


def _sentence(survey: Survey) -> str:
    if survey.published_at is None:
        return _("Saved. The preview shows the new words.")
    return _("Version %(number)d stands for whoever begins now.") % {"number": survey.version}
