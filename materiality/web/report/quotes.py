"""Comments in the report: which of those that a reader let out are quoted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality.models import Assessment
from materiality.report.edition import Edition, Look
from materiality.report.sentences.quotes import quoted
from materiality.selectors.looks import look_of
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, edits, member, show
from materiality.web.finding import results_or_none
from materiality.web.report.quotes_forms import QuotesForm
from surveys.models.organisations import MAY_EDIT


@assessment_page(write=MAY_EDIT)
def quotes(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Choose comments, and see them as they will be printed."""
    form = _form(request, assessment)
    if form.is_bound and form.is_valid():
        form.save(by=member(request))
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("materiality:quotes", pk=assessment.pk)
    return _page(request, assessment, form)


@assessment_page(write=MAY_EDIT)
def try_quotes(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show how those chosen would be printed. Nothing is saved."""
    return _page(request, assessment, _form(request, assessment))


def _form(request: HttpRequest, assessment: Assessment) -> QuotesForm:
    sent = request.POST if request.method == "POST" else None
    return QuotesForm(sent, assessment=assessment, look=look_of(assessment))


def _page(request: HttpRequest, assessment: Assessment, form: QuotesForm) -> HttpResponse:
    results = results_or_none(assessment)
    look = Look(quotes=form.quotes)
    return show(
        request,
        assessment,
        "quotes",
        form=form,
        quoted=quoted(Edition(results, language(), look)) if results else None,
        may_change=edits(assessment),
    )
