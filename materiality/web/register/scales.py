"""What the numbers mean that entries are scored by."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality import actions
from materiality.models import Assessment
from materiality.web.access import assessment_page, may, member, show
from materiality.web.register.scale_forms import ScaleForm
from surveys.models.organisations import MAY_DECIDE


@assessment_page(write=MAY_DECIDE)
def scale(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show what each number means; a POST says it, `carry` takes over last round's."""
    if "carry" in request.POST:
        count = actions.carry_iro_scales(assessment=assessment, by=member(request))
        messages.success(request, _("%(count)d taken over.") % {"count": count})
        return redirect("materiality:register_scale", pk=assessment.pk)
    form = ScaleForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:register_scale", pk=assessment.pk)
    if not may(assessment).decide:
        form.disable()
    before = assessment.previous.iro_scales.exists() if assessment.previous else False
    return show(
        request, assessment, "register_scale", status=form.status, form=form, carries=before
    )
