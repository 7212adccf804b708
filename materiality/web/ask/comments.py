"""What people wrote: a reader takes out what names somebody before any of it leaves."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from materiality.actions import redact_comments
from materiality.archive.tables import csv_of, stakeholder_comments
from materiality.inputs import released_comments
from materiality.models import Assessment
from materiality.web.access import (
    confirmed_reading,
    may,
    member,
    note_download,
    show_survey,
    survey_page,
)
from materiality.web.ask.comments_forms import CommentForm
from materiality.web.fields import refusals_on
from surveys.models import Comment, Survey
from surveys.models.answers import CommentQuerySet
from surveys.models.organisations import MAY_DECIDE
from surveys.people.redaction import may_be_read

PER_PAGE = 20


@survey_page(write=MAY_DECIDE)
def comments(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Show reviewers the comments to read, and everybody else what they let out."""
    reads = may(assessment).decide and may_be_read(survey)
    read = "read" in request.GET
    rows = _comments(survey, read) if reads else released_comments(survey)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("at"))
    forms = [CommentForm(None, row) for row in page] if reads else []
    if request.method == "POST" and reads:
        forms = [CommentForm(request.POST, row) for row in _posts(request, survey)]
        if _save(request, assessment, survey, forms):
            return redirect(request.get_full_path())
    return show_survey(
        request,
        assessment,
        survey,
        "comments",
        status=409 if any(form.errors for form in forms) else 200,
        forms=forms,
        comments=page,
        read=read,
        reads=reads,
        counts=survey.comments.counts() if reads else {},
    )


def _comments(survey: Survey, read: bool) -> CommentQuerySet:
    rows = Comment.objects.to_show(survey)
    return rows.read() if read else rows.unread()


def _posts(request: HttpRequest, survey: Survey) -> list[Comment]:
    """Return the comments of the form; what is no comment of this survey is not found."""
    keys = [key for key in request.POST.getlist("comment")[:PER_PAGE] if _is_key(key)]
    return list(Comment.objects.to_show(survey).filter(pk__in=keys))


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _save(
    request: HttpRequest, assessment: Assessment, survey: Survey, forms: list[CommentForm]
) -> bool:
    if not forms or any(form.errors for form in forms):
        return False
    readings = {form.comment.pk: form.reading for form in forms if form.reading}
    with refusals_on(forms[0]):
        done = redact_comments(
            assessment=assessment, survey=survey, readings=readings, by=member(request)
        )
        messages.success(request, _("%d comments are read and kept.") % done.read)
    return not forms[0].errors


@survey_page()
@confirmed_reading
def comments_csv(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Return what was released, as a table; the exact texts are in no file."""
    name = content_disposition_header(True, f"comments-{survey.slug}.csv")
    note_download(request, assessment, f"comments-{survey.slug}.csv")
    return HttpResponse(
        csv_of(stakeholder_comments([survey])),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": str(name)},
    )
