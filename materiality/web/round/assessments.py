"""The list of rounds, and starting a new one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from materiality.web.access import rounds_of
from materiality.web.round import steps
from materiality.web.round.rounds_forms import NewRoundForm
from surveys.models import Organisation


@login_required
@never_cache
@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    counted = rounds_of(request.user).annotate(
        topic_count=Count("topics", distinct=True), last_change=Max("events__at")
    )
    rounds = counted.prefetch_related("surveys").order_by("-year", "-pk")
    answered = dict(
        rounds_of(request.user)
        .order_by()
        .values_list("pk")
        .annotate(respondents=Sum("surveys__sealed__respondents"))
    )
    rows = [(row, steps.reached(row), answered.get(row.pk)) for row in rounds]
    editable = Organisation.objects.editable_by(request.user)
    return render(
        request, "materiality/assessments.html", {"rows": rows, "may_start": editable.exists()}
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = NewRoundForm(request.POST or None, user=request.user)
    if form.is_valid():
        assessment = form.start(by=request.user)
        messages.success(request, _("The assessment is started."))
        return redirect("materiality:overview", pk=assessment.pk)
    return render(request, "materiality/new.html", {"form": form})
