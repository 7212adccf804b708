"""The engagement table: what each group expects, and how it is heard."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality.models import Assessment
from materiality.report import tables
from materiality.report.edition import Edition
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, show
from materiality.web.finding import results_or_none
from materiality.web.round.engagement_forms import EngagementForm
from surveys.models.organisations import MAY_EDIT


@assessment_page(write=MAY_EDIT)
def engagement(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    results = results_or_none(assessment)
    form = EngagementForm(request.POST or None, assessment=assessment, results=results)
    use = request.POST.get("use", "")
    if form.act(by=request.user, use=use):
        messages.success(request, _("Saved."))
        return redirect("materiality:engagement", pk=assessment.pk)
    printed = tables.engagement(Edition(results, language())) if results else None
    return show(request, assessment, "engagement", status=form.status, form=form, printed=printed)
