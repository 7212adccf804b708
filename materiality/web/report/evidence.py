"""The evidence archive: what an auditor gets, and how it is recomputed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from materiality.archive.making import archive as archive_of
from materiality.archive.tables import answers_csv
from materiality.archive.texts import CONTENTS
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from materiality.templatetags.workspace import language
from materiality.web.access import (
    assessment_page,
    confirmed_reading,
    edits,
    note_download,
    show,
)
from materiality.web.finding import results_or_none
from surveys.models.organisations import MAY_EDIT


@assessment_page()
def evidence(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Say what is in the archive, and how somebody else recomputes it."""
    at = 2 if language() == "en" else 1
    return show(
        request,
        assessment,
        "evidence",
        results=results_or_none(assessment),
        contents=[(row[0], row[at]) for row in CONTENTS],
        may_take=edits(assessment),
        file_name=_name(assessment),
    )


@assessment_page(read=MAY_EDIT)
@confirmed_reading
def archive(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Return the archive: it holds a row a person, and goes to the auditor only."""
    note_download(request, assessment, _name(assessment))
    disposition = str(content_disposition_header(True, _name(assessment)))
    return HttpResponse(
        archive_of(assessment),
        content_type="application/zip",
        headers={"Content-Disposition": disposition},
    )


@assessment_page(read=MAY_EDIT)
@confirmed_reading
def answers(request: HttpRequest, assessment: Assessment, part: str) -> HttpResponse:
    """Return the answers on one question as the archive holds them: nobody named, no small group.

    They are read from the sealed answers, so they are there once results are.
    """
    results = results_for(assessment)
    if not results.inputs["units"].get(part):  # nobody was asked it
        raise Http404
    name = f"answers-{part}-{assessment.year}.csv"
    note_download(request, assessment, name)
    return HttpResponse(
        answers_csv(assessment, results, part),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": str(content_disposition_header(True, name))},
    )


def _name(assessment: Assessment) -> str:
    state = "locked" if assessment.is_locked else "draft"
    return f"evidence-{assessment.year}-{state}.zip"
