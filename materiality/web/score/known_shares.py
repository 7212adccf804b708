"""Weights inside a group: its parts, what is known of all its people, and what came of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality.models import Assessment
from materiality.web.access import assessment_page, show
from materiality.web.finding import results_or_none
from materiality.web.score.axes import raked_by_question
from materiality.web.score.known_shares_forms import KnownSharesForm
from surveys.models.organisations import MAY_DECIDE


@assessment_page(write=MAY_DECIDE)
def known_shares(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show and save the known shares; once there are results, a change needs a reason."""
    form = KnownSharesForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("What is known of the groups is saved."))
        if form.lost:
            names = _(", ").join(f"“{name}”" for name in dict.fromkeys(form.lost))
            messages.warning(
                request,
                _("The categories of %(names)s are others now: enter their known shares anew.")
                % {"names": names},
            )
        return redirect("materiality:known_shares", pk=assessment.pk)
    results = results_or_none(assessment)
    return show(
        request,
        assessment,
        "known_shares",
        status=form.status,
        seen=results is not None,
        form=form,
        raked=raked_by_question(results) if results else [],
    )
