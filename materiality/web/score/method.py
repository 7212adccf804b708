"""The method of a round: tier rule, criteria, kinds of impact. Settled before results are seen."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from materiality.actions.settings import refuse_unusable_rule
from materiality.document.schema import Registration
from materiality.inputs import plan_in_force, registration_of
from materiality.models import Assessment
from materiality.results import Results
from materiality.web.access import assessment_page, confirmed, show
from materiality.web.fields import ActionForm
from materiality.web.finding import results_or_none
from materiality.web.score.method_forms import CriteriaForm, ImpactsForm, RuleForm
from materiality.web.score.presets_forms import PlanForm, PresetForm, ScaleForm, TiersForm
from materiality.web.score.rule_preview import Preview, preview_of
from surveys.errors import RuleBroken
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT

FORMS: Mapping[str, tuple[type[Any], Any]] = {
    "preset": (PresetForm, _("The matrix shows other axes now.")),
    "scale": (ScaleForm, _("The rating scale is saved.")),
    "rule": (RuleForm, _("The rule is saved.")),
    "tiers": (TiersForm, _("The names of the tiers are saved.")),
    "criteria": (CriteriaForm, _("What is asked is saved.")),
    "impacts": (ImpactsForm, _("The kinds of impact are saved.")),
    "plan": (PlanForm, ""),
}


@assessment_page()
def method(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show the method; once there are results, every change needs a reason."""
    return _show(request, assessment)


@assessment_page(write=MAY_DECIDE)
@confirmed
def rule(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    return _save(request, assessment, "rule")


@assessment_page(write=MAY_DECIDE)
def try_rule(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show what a rule would do, and the fields that it needs. Nothing is saved."""
    form = RuleForm(request.POST or None, assessment=assessment)
    return _show(request, assessment, rule=form)


@assessment_page(write=MAY_EDIT)
@confirmed
def preset(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    return _save(request, assessment, "preset")


@assessment_page(write=MAY_EDIT)
def scale(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    return _save(request, assessment, "scale")


@assessment_page(write=MAY_DECIDE)
@confirmed
def tiers(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    return _save(request, assessment, "tiers")


@assessment_page(write=MAY_EDIT)
@confirmed
def criteria(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    return _save(request, assessment, "criteria")


@assessment_page(write=MAY_DECIDE)
@confirmed
def impacts(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    return _save(request, assessment, "impacts")


@assessment_page(write=MAY_DECIDE)
def plan(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Fix the method before the answers are known; have it time-stamped where a service is set."""
    form = PlanForm(request.POST or None, assessment=assessment)
    if not form.act(by=request.user):
        return _show(request, assessment, plan=form)
    messages.success(request, _("The method is fixed: it stands in the log with its digest."))
    if form.without_stamp:
        messages.warning(request, form.without_stamp)
    return redirect("materiality:method", pk=assessment.pk)


def _save(request: HttpRequest, assessment: Assessment, name: str) -> HttpResponse:
    """Save one of the forms; show it again with what is wrong, or as it is."""
    kind, message = FORMS[name]
    form = kind(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, message)
        return redirect("materiality:method", pk=assessment.pk)
    return _show(request, assessment, **{name: form})


def _show(request: HttpRequest, assessment: Assessment, **tried: ActionForm) -> HttpResponse:
    forms = {
        name: tried.get(name) or kind(assessment=assessment)
        for name, (kind, *_rest) in FORMS.items()
    }
    rule: Any = forms["rule"]
    status = max(form.status for form in forms.values())
    dimension = assessment.dimensions.get(code="impact")
    results = results_or_none(assessment)
    return show(
        request,
        assessment,
        "method",
        status=status,
        seen=results is not None,
        preview=_preview(assessment, rule, results),
        is_built=dimension.topic_questions.exists(),
        by_likelihood="likelihood" in dimension.criteria,
        is_double=assessment.is_double,
        is_published=assessment.surveys.exclude(published_at=None).exists(),
        registration=_registration(assessment, results),
        **forms,
    )


def _registration(assessment: Assessment, results: Results | None) -> Registration:
    """Return whether the method was fixed; results were made with it, so they know."""
    known = results.inputs.get("registration") if results else None
    return known or registration_of(assessment, plan_in_force(assessment))


def _preview(assessment: Assessment, form: RuleForm, now: Results | None) -> Preview | None:
    """Return what the rule does as it is saved, or as it was entered; None if that cannot be."""
    if not form.is_bound:
        return preview_of(assessment, {}, now)
    if not form.is_valid():
        return None
    try:
        refuse_unusable_rule(assessment, form.settings)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return None
    return preview_of(assessment, form.settings, now)
