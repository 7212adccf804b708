"""Report: look at the page as it will be printed, then take the files."""

from django.http import HttpRequest, HttpResponse

from materiality.models import Assessment
from materiality.web.access import assessment_page, show
from materiality.web.finding import results_or_none
from materiality.web.forms import ExportForm


@assessment_page()
def export(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    found = results_or_none(assessment)
    return show(request, assessment, "export", results=found, form=ExportForm(request.GET))


@assessment_page()
def figure(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    raise NotImplementedError


@assessment_page()
def files(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    raise NotImplementedError
