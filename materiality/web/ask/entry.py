"""Answers that come in by hand, answers by open link that wait, and what people pick_table."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from materiality.actions import decide_open_answers, enter_answer
from materiality.inputs import pick_table, sign_counts
from materiality.models import Assessment
from materiality.web.access import may, member, show_survey, survey_page
from materiality.web.ask.entry_forms import EntryForm, OpenAnswersForm
from materiality.web.fields import refusals_on
from surveys.models import Audience, Criterion, Exclusion, Survey
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT
from surveys.questionnaire.questionnaires import questionnaire


@survey_page(write=MAY_EDIT, read=MAY_EDIT)
def entry(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Choose a group, then enter one person's ratings on one page."""
    audiences = list(survey.audiences.all())
    code = request.GET.get("group", audiences[0].code if audiences else "")
    audience = get_object_or_404(survey.audiences.select_related("survey__organisation"), code=code)
    form = None
    if survey.is_open():
        form = EntryForm(request.POST or None, questionnaire=questionnaire(audience))
    if form and request.method == "POST" and _enter(request, assessment, audience, form):
        return redirect(request.get_full_path())
    return show_survey(
        request,
        assessment,
        survey,
        "entry",
        status=409 if form and form.errors else 200,
        form=form,
        audience=audience,
        audiences=audiences,
    )


def _enter(
    request: HttpRequest, assessment: Assessment, audience: Audience, form: EntryForm
) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    with refusals_on(form):
        receipt = enter_answer(
            assessment=assessment,
            audience=audience,
            submission=data["submission"],
            ratings=form.ratings,
            comment=data["comment"],
            name=data.get("name", ""),
            by=member(request),
        )
        messages.success(request, _("Saved. Receipt %s: note it on the paper.") % receipt)
    return not form.errors


@survey_page(write=MAY_DECIDE)
def open_answers(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Count the answers by open link that wait, or leave them out, with a reason."""
    form = OpenAnswersForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            decide_open_answers(
                assessment=assessment, survey=survey, by=member(request), **form.cleaned_data
            )
            messages.success(request, _("Decided."))
            return redirect("materiality:quality", assessment.pk, survey.pk)
    counts = sign_counts(survey) if survey.is_sealed else {}
    return show_survey(
        request,
        assessment,
        survey,
        "open_answers",
        status=409 if form.errors else 200,
        form=form,
        count=counts.get(Criterion.OPEN_LINK),
        burst=counts.get(Criterion.BURST, 0),
        able=may(assessment).decide and Exclusion.objects.waiting(survey) is not None,
    )


@survey_page()
def picks(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Show which topics people tapped among their three, and chose best and worst."""
    return show_survey(request, assessment, survey, "picks", table=pick_table(survey))
