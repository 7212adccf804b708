"""What those who answered are told came of it: the page itself, and where it is written."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from materiality.actions import withdraw_feedback
from materiality.errors import NoResultsYet
from materiality.models import Assessment, Feedback
from materiality.report.edition import Edition
from materiality.report.figure import svg
from materiality.report.figure.layout import compose
from materiality.report.sentences.feedback import feedback_text
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, member, show
from materiality.web.report.feedback_forms import FeedbackForm
from materiality.web.report.published import KEEP, edition_of, key_of
from surveys.languages import LANGUAGES
from surveys.models import Role
from surveys.people.links import absolute
from surveys.views.visitors import HEADERS


@assessment_page(write=(Role.OWNER,))
def tell(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Write what is told beside the numbers, see it as they will, switch it on or off."""
    given = Feedback.objects.filter(snapshot__assessment=assessment).first()
    if request.method == "POST" and "withdraw" in request.POST:
        withdraw_feedback(assessment=assessment, by=member(request))
        messages.success(request, _("Those who answered are told nothing any more."))
        return redirect("materiality:tell", pk=assessment.pk)
    sent = request.POST if request.method == "POST" else None
    form = FeedbackForm(sent, assessment=assessment, feedback=given)
    if form.is_bound and form.is_valid():
        form.save(by=member(request))
        messages.success(request, _("The links of all who answered now lead to the result."))
        return redirect("materiality:tell", pk=assessment.pk)
    return show(
        request,
        assessment,
        "tell",
        form=form,
        feedback=given,
        address=absolute(reverse("materiality:feedback", args=[given.token])) if given else "",
        preview=_preview(assessment, given),
    )


def _preview(assessment: Assessment, given: Feedback | None) -> dict[str, Any]:
    """Return what the page would say now; nothing before there are results, nor to nobody."""
    if assessment.is_without_survey:
        return {}
    try:
        return _said(assessment, given)
    except NoResultsYet:
        return {}


@require_safe
@gzip_page
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """Show what came of the answers to whoever followed the link of a survey."""
    rows = Feedback.objects.select_related("snapshot__assessment__organisation")
    given = get_object_or_404(rows, token=token)
    assessment = given.snapshot.assessment
    facts = _said(assessment, given, group=request.GET.get("group", ""))
    code = facts["edition"].language
    with translation.override(code):
        response = render(request, "materiality/feedback.html", facts)
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["Content-Language"] = code
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _said(assessment: Assessment, given: Feedback | None, *, group: str = "") -> dict[str, Any]:
    """Return everything the page shows, in the reader's language or one the round has."""
    spoken = assessment.languages
    code = language() if language() in spoken else spoken[0]
    edition = edition_of(assessment, code)
    return {
        "edition": edition,
        "told": feedback_text(edition, group),
        "given": given,
        "steps": given.next_steps.get(code, "").splitlines() if given else [],
        "figure": mark_safe(_figure(edition)),  # noqa: S308 (our drawing, escaped)
        "contact": assessment.organisation.contact,
        "page_language": next(each.html for each in LANGUAGES if each.code == code),
        "others": [each for each in LANGUAGES if each.code in spoken and each.code != code],
        "group": group if group.isascii() else "",
    }


def _figure(edition: Edition) -> str:
    """Return the matrix as it was drawn last: everybody who follows a link gets the same one."""
    key = f"feedback:{key_of(edition)}"
    drawn: str | None = cache.get(key)
    if drawn is None:
        matrix = compose(edition.drawn(size="phone", moved={}))
        drawn = svg.element(matrix, edition.look.palette)
        cache.set(key, drawn, timeout=KEEP)
    return drawn
