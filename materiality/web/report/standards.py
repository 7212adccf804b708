"""A standard held against the report: what it asks, where that is printed, what is missing."""

from django.http import Http404, HttpRequest, HttpResponse

from materiality.catalogue import UnknownEntry
from materiality.catalogue.clauses import profile, profiles
from materiality.errors import NoResultsYet
from materiality.locking.snapshots import results_to_print
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.tables import clauses
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, show


@assessment_page()
def standard(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Show one standard, clause by clause."""
    try:
        chosen = profile(code)
    except UnknownEntry as error:
        raise Http404 from error
    try:
        results = results_to_print(assessment)
    except NoResultsYet:
        return show(request, assessment, "standard", chosen=chosen, profiles=profiles())
    edition = Edition(results, language())
    table = clauses.table(edition, chosen)
    return show(
        request,
        assessment,
        "standard",
        chosen=chosen,
        profiles=profiles(),
        table=table,
        missing=sum(bool(row[-1]) for row in table.rows),
    )
