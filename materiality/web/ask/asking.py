"""Ask: the surveys of the round, what each asks of whom, publishing and closing them."""

from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.actions import discard_survey, end_survey, open_survey
from materiality.actions.drafting import draft_survey
from materiality.inputs import (
    Coverage,
    Progress,
    coverage,
    progress,
    survey_progress,
    wording_versions,
)
from materiality.method.planning import GroupPlan, before_survey
from materiality.models import Assessment
from materiality.web.access import (
    OWNER,
    assessment_page,
    confirmed,
    may,
    member,
    show,
    show_survey,
    survey_page,
)
from materiality.web.ask.asking_forms import AudiencesForm, QuestionnaireForm, facts_of
from surveys.fieldwork.readiness import Lack, lacks_of
from surveys.models import Audience, Survey
from surveys.models.organisations import MAY_EDIT
from surveys.people.links import absolute
from surveys.questionnaire.questionnaires import SECONDS_AROUND, SECONDS_PER_RATING

RATE_EXPECTED = 0.3
"""The share of those invited that usually answers, where no round says more."""


@assessment_page(write=MAY_EDIT)
@confirmed
def ask(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show the surveys of the round; a POST publishes one, or builds the next."""
    if "build" in request.POST:
        dimension = get_object_or_404(assessment.dimensions.unasked(), code=request.POST["build"])
        draft = draft_survey(assessment=assessment, dimension=dimension, by=member(request))
        return redirect("materiality:groups", assessment.pk, draft.pk)
    if "discard" in request.POST:
        discard_survey(
            assessment=assessment,
            survey=_survey(assessment, request.POST["discard"]),
            by=member(request),
        )
        messages.success(request, _("The draft is deleted. It can be made anew."))
        return redirect("materiality:ask", pk=assessment.pk)
    if request.method == "POST":
        draft = _survey(assessment, request.POST.get("publish", "0"))
        return _publish(request, assessment, draft)
    rows = progress(assessment)
    surveys = [_overview(assessment, survey, rows) for survey in assessment.surveys.order_by("pk")]
    unasked = assessment.dimensions.unasked()
    is_alone = assessment.is_without_survey
    silent = assessment.dimensions.silent() if surveys and not is_alone else []
    return show(request, assessment, "ask", surveys=surveys, unasked=unasked, silent=silent)


def _overview(assessment: Assessment, survey: Survey, all_rows: list[Progress]) -> dict[str, Any]:
    """Return what the list of surveys tells of one; an address only where it opens something."""
    rows = [row for row in all_rows if _audience(row).survey_id == survey.pk]
    is_shared = survey.published_at and any(_audience(row).open_link for row in rows)
    path = reverse("surveys:open", args=[survey.slug])
    return {
        "survey": survey,
        "state": survey.state,
        "rows": rows,
        "address": absolute(path) if is_shared else "",
        "missing": _missing(assessment, survey),
        "unscored": [row for row in _coverage(survey) if not row.enough],
    }


def _coverage(survey: Survey) -> list[Coverage]:
    """Return how many ratings each topic of a draft will get; nothing once it is published."""
    return coverage(survey) if survey.published_at is None else []


def _missing(assessment: Assessment, survey: Survey) -> list[tuple[str, str]]:
    """Return what keeps a draft from being published, each with where it is put right."""
    if survey.published_at:
        return []
    return [(lack.sentence, _repaired_at(lack, assessment, survey)) for lack in lacks_of(survey)]


def _repaired_at(lack: Lack, assessment: Any, survey: Survey) -> str:
    """Return an address, or nothing where only an owner can help."""
    of_survey = [assessment.pk, survey.pk]
    match lack.place:
        case "survey":
            return reverse("materiality:questionnaire", args=of_survey) + f"#id_{lack.key}"
        case "groups":
            return reverse("materiality:groups", args=of_survey)
        case "prompt":
            return reverse("materiality:wording", args=of_survey) + f"?text=prompt:{lack.key}"
        case "topics":
            return reverse("materiality:topics", args=[assessment.pk]) + f"#t-{lack.key}"
    if assessment.role not in OWNER:
        return ""
    return reverse("materiality:people", args=[assessment.pk]) + "#organisation"


def _audience(row: Progress) -> Audience:
    return row.group.audience  # type: ignore[return-value]


def _publish(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    open_survey(assessment=assessment, survey=survey, by=member(request))
    messages.success(request, _("The questionnaire is published."))
    return redirect("materiality:ask", pk=assessment.pk)


@survey_page(write=MAY_EDIT)
def groups(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Who is asked what, and how many answers are wanted."""
    form = AudiencesForm(request.POST or None, assessment=assessment, survey=survey)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:groups", assessment.pk, survey.pk)
    return show_survey(
        request,
        assessment,
        survey,
        "groups",
        status=form.status,
        form=form,
        rows=[(row, effort(row.audience, survey)) for row in form.rows()],
        seconds={"rating": SECONDS_PER_RATING, "around": SECONDS_AROUND},
        most=survey.most_ratings if survey.is_anonymous else "",
        plan=plan_of(assessment, survey),
    )


def plan_of(assessment: Assessment, survey: Survey) -> dict[str, Any]:
    """Return how many answers of each group part two topics a tier apart, and what can be had."""
    audiences = list(survey.audiences.select_related("stakeholder_group"))
    dimension = assessment.dimensions.filter(topic_questions__question__survey=survey).first()
    weights = dict(dimension.weights.values_list("group__audience", "value")) if dimension else {}
    plans = [
        GroupPlan(
            weights.get(audience.pk, 0.0), audience.stakeholder_group.head_count, RATE_EXPECTED
        )
        for audience in audiences
    ]
    gap = _gap(assessment)
    wanted, power = before_survey(plans, gap)
    rows = [pair for pair in zip(audiences, wanted, strict=False) if pair[1].answers]
    short = any(not one.is_reachable for _audience, one in rows)
    values = {"rows": rows, "gap": f"{gap:.2f}", "rate": RATE_EXPECTED}
    return {**values, "power": power, "short": short}


def _gap(assessment: Assessment) -> float:
    """Return the distance of the two boundaries that lie nearest to each other.

    Of one boundary alone its distance to the nearer end of the scale.
    """
    places = assessment.cuts
    if len(places) == 1:
        places = [float(assessment.points), *places, 1.0]
    return min(high - low for high, low in pairwise(places))


def effort(audience: Audience, survey: Survey) -> dict[str, Any]:
    """Return how many ratings an audience is asked for, and about how many minutes that takes."""
    ratings = survey.asked_of_one(audience.questions.count())
    minutes = -(-(ratings * SECONDS_PER_RATING + SECONDS_AROUND) // 60)
    return {"audience": audience, "ratings": ratings, "minutes": minutes}


@survey_page(write=MAY_EDIT)
def questionnaire(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Texts, dates and rules; a POST of `publish` opens the survey to its respondents."""
    if "publish" in request.POST:
        return _publish(request, assessment, survey)
    form = QuestionnaireForm(request.POST or None, assessment=assessment, survey=survey)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:questionnaire", assessment.pk, survey.pk)
    return show_survey(
        request,
        assessment,
        survey,
        "questionnaire",
        status=form.status,
        form=form,
        facts=facts_of(survey) if survey.published_at else [],
        missing=_missing(assessment, survey),
        prompts=survey.prompts.all() if survey.published_at is None else [],
        efforts=[effort(audience, survey) for audience in survey.audiences.all()],
        versions=wording_versions(survey) if survey.published_at else [],
        coverage=_coverage(survey),
        silent=assessment.dimensions.silent() if survey.published_at is None else [],
    )


@assessment_page(write=MAY_EDIT)
@confirmed
def end(request: HttpRequest, assessment: Assessment, survey: int) -> HttpResponse:
    """Ask once, then close the survey and seal its answers."""
    survey_to_end = _survey(assessment, survey)
    if request.method == "POST":
        sealed = end_survey(assessment=assessment, survey=survey_to_end, by=member(request))
        values = {"count": sealed.respondents}
        messages.success(request, _("The survey is closed; %(count)d answers are sealed.") % values)
        return redirect("materiality:results", pk=assessment.pk)
    able = may(assessment).edit and survey_to_end.published_at and not survey_to_end.is_sealed
    rows = [] if survey_to_end.is_sealed else survey_progress(progress(assessment), survey_to_end)
    return show(
        request,
        assessment,
        "end",
        survey=survey_to_end,
        able=able,
        rows=rows,
        missed=[row for row in rows if row.progress.answered < row.progress.target],
        is_empty=not any(row.progress.answered for row in rows),
        days_early=max((survey_to_end.closes_at - timezone.now()).days, 0),
    )


def _survey(assessment: Assessment, key: int | str) -> Survey:
    number = int(key) if str(key).isdecimal() else 0
    survey: Survey = get_object_or_404(assessment.surveys, pk=number)
    return survey
