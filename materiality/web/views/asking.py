"""Ask: the surveys of the round, their links, and closing them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.models import Assessment
from materiality.results import progress
from materiality.web.access import assessment_page, may, show
from surveys.actions.publish import close, publish, what_is_missing
from surveys.actions.seal import seal
from surveys.models import Survey
from surveys.models.organisations import MAY_EDIT


@assessment_page(write=MAY_EDIT)
def ask(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show the surveys of the round; a POST publishes one."""
    if request.method == "POST":
        publish(_survey(assessment, request.POST.get("publish", "0")), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The questionnaire is published."))
        return redirect("materiality:ask", pk=assessment.pk)
    rows = progress(assessment)
    surveys = [
        {
            "survey": survey,
            "state": _state(survey),
            "rounded": survey.is_anonymous and not survey.is_sealed,
            "rows": [row for row in rows if row.group.audience.survey_id == survey.pk],  # type: ignore[union-attr]
            "address": request.build_absolute_uri(reverse("surveys:open", args=[survey.slug])),
            "missing": [] if survey.published_at else what_is_missing(survey),
        }
        for survey in assessment.surveys.all()
    ]
    return show(request, assessment, "ask", surveys=surveys)


@assessment_page(write=MAY_EDIT)
def end(request: HttpRequest, assessment: Assessment, survey: int) -> HttpResponse:
    """Ask once, then close the survey and seal its answers."""
    found = _survey(assessment, survey)
    if request.method == "POST":
        close(found, by=request.user)  # type: ignore[arg-type]
        sealed = seal(found)
        told = {"count": sealed.respondents}
        messages.success(request, _("The survey is closed; %(count)d answers are sealed.") % told)
        return redirect("materiality:results", pk=assessment.pk)
    able = may(assessment).edit and found.published_at and not found.is_sealed
    return show(request, assessment, "end", survey=found, able=able)


def _survey(assessment: Assessment, key: int | str) -> Survey:
    number = int(key) if str(key).isdecimal() else 0
    survey: Survey = get_object_or_404(assessment.surveys, pk=number)
    return survey


def _state(survey: Survey) -> str:
    """Return draft, planned, open, over or sealed."""
    if survey.published_at is None:
        return "draft"
    if survey.is_sealed:
        return "sealed"
    if survey.is_open():
        return "open"
    return "planned" if timezone.now() < survey.opens_at else "over"
