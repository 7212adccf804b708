"""Groups and panels: who is asked and counts, until the questionnaire is published."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from materiality.models import Assessment, StakeholderGroup
from materiality.web.access import assessment_page, may, show
from materiality.web.identify import groups_forms as forms
from surveys.models.organisations import MAY_EDIT

Kind = StakeholderGroup.Kind


@assessment_page(write=MAY_EDIT)
def stakeholders(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """List groups and panels; a POST adds, renames, moves or merges some."""
    page: dict[str, Any] = {
        "suggesting": forms.SuggestForm(request.POST or None, assessment=assessment),
        "own": forms.OwnGroupForm(request.POST or None, assessment=assessment),
        "listing": forms.ListForm(request.POST or None, assessment=assessment),
        "merging": forms.MergeForm(request.POST or None, assessment=assessment),
    }
    for form in page.values():
        if form.act(by=request.user):
            messages.success(request, _("Saved."))
            return redirect("materiality:stakeholders", pk=assessment.pk)
    groups, is_alone = list(assessment.groups.all()), assessment.is_without_survey
    return show(
        request,
        assessment,
        "stakeholders",
        status=max(form.status for form in page.values()),
        groups=groups,
        silent=assessment.dimensions.silent() if groups and not is_alone else [],
        asks_no_stakeholders=not (is_alone or any(group.kind != Kind.PANEL for group in groups)),
        running=[row for row in assessment.surveys.all() if row.state in ("planned", "open")],
        has_topics=assessment.topics.short_list().exists(),
        **page,
    )


@assessment_page(write=MAY_EDIT)
def stakeholder(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Show one group; a POST chooses its topics, splits or removes it."""
    groups = assessment.groups.select_related("audience__survey")
    group: StakeholderGroup = get_object_or_404(groups, code=code)
    group.assessment = assessment
    page: dict[str, Any] = {
        "choosing": forms.ChosenTopicsForm(request.POST or None, group=group),
        "splitting": forms.SplitForm(request.POST or None, group=group),
        "removing": forms.RemoveGroupForm(request.POST or None, group=group),
    }
    for form in page.values():
        if form.act(by=request.user):
            messages.success(request, _("Saved."))
            return redirect("materiality:stakeholders", pk=assessment.pk)
    return show(
        request,
        assessment,
        "stakeholder",
        status=max(form.status for form in page.values()),
        group=group,
        is_open=may(assessment).edit and not forms.stands(group),
        **page,
    )
