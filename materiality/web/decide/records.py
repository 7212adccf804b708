"""What is kept beside the numbers: comments, evidence files, and the way of one topic."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from materiality.archive.dossier import dossier as dossier_of
from materiality.models import Assessment, EvidenceFile, Topic
from materiality.report.edition import Edition
from materiality.report.sentences import method_note, naming, note
from materiality.report.sentences.tables import reading_rules
from materiality.selectors.sources import files_for, sources_for
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, may, member, note_download, show
from materiality.web.decide.records_forms import DetachForm, FileForm, RemarkForm
from materiality.web.finding import results_or_none
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT


@assessment_page()
def record(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show every comment and file of the round and of its topics."""
    return _page(request, assessment, None)


@assessment_page()
def dossier(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Follow one topic from the answers to the approval."""
    return _page(request, assessment, _topic(assessment, code))


@assessment_page(write=MAY_DECIDE)
def remark(request: HttpRequest, assessment: Assessment, code: str = "") -> HttpResponse:
    topic = _topic(assessment, code)
    form = RemarkForm(request.POST or None, assessment=assessment, topic=topic)
    if form.act(by=request.user):
        messages.success(request, _("Your comment is kept."))
        return _back(assessment, topic)
    return _page(request, assessment, topic, remark=form)


@assessment_page(write=MAY_DECIDE)
def attach(request: HttpRequest, assessment: Assessment, code: str = "") -> HttpResponse:
    topic, files = _topic(assessment, code), request.FILES or None
    form = FileForm(request.POST or None, files, assessment=assessment, topic=topic)
    if form.act(by=request.user):
        messages.success(request, _("The file is kept, with its hash."))
        return _back(assessment, topic)
    return _page(request, assessment, topic, attach=form)


@assessment_page()
def download(request: HttpRequest, assessment: Assessment, file: int) -> HttpResponse:
    """Hand a file out, always to be saved and never to be shown as a page."""
    row = _file(assessment, file)
    try:
        with row.file.open("rb") as stored:
            content = stored.read()
    except OSError as gone:
        raise Http404 from gone
    note_download(request, assessment, row.name)
    disposition = str(content_disposition_header(True, row.name))
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": disposition},
    )


@assessment_page(write=MAY_EDIT)
def detach(request: HttpRequest, assessment: Assessment, file: int) -> HttpResponse:
    """Ask why, then remove a file."""
    row = _file(assessment, file)
    form = DetachForm(request.POST or None, file=row)
    if form.act(by=request.user):
        messages.success(request, _("The file is removed; the log keeps its name and hash."))
        return _back(assessment, row.topic)
    return show(request, assessment, "detach", status=form.status, form=form, file=row)


def _topic(assessment: Assessment, code: str) -> Topic | None:
    return get_object_or_404(assessment.topics, code=code) if code else None


def _file(assessment: Assessment, key: int) -> EvidenceFile:
    row: EvidenceFile = get_object_or_404(files_for(assessment), pk=key)
    row.assessment = assessment
    return row


def _back(assessment: Assessment, topic: Topic | None) -> HttpResponse:
    if topic is None:
        return redirect("materiality:record", pk=assessment.pk)
    return redirect("materiality:dossier", pk=assessment.pk, code=topic.code)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    topic: Topic | None,
    *,
    remark: RemarkForm | None = None,
    attach: FileForm | None = None,
) -> HttpResponse:
    forms: dict[str, Any] = {
        "remark": remark or RemarkForm(assessment=assessment, topic=topic),
        "attach": attach or FileForm(assessment=assessment, topic=topic),
    }
    status = max(form.status for form in forms.values())
    record = _record(assessment, topic)
    if topic is None:
        return show(request, assessment, "record", status=status, **forms, **record)
    about = _about(assessment, topic)
    about["sources"] = sources_for(assessment, topic, member(request))
    return show(
        request, assessment, "dossier", status=status, topic=topic, **forms, **record, **about
    )


def _record(assessment: Assessment, topic: Topic | None) -> dict[str, Any]:
    remarks = assessment.remarks.select_related("by", "topic")
    files = files_for(assessment).select_related("added_by", "topic")
    if topic is not None:
        remarks, files = remarks.filter(topic=topic), files.filter(topic=topic)
    return {"remarks": list(remarks), "files": list(files), "may_say": may(assessment).decide}


def _about(assessment: Assessment, topic: Topic) -> dict[str, Any]:
    """Return the way of a topic that is scored; of another only what the log says of it."""
    results = None if topic.screened_out else results_or_none(assessment)
    if results is None or topic.code not in {row.code for row in results.topics}:
        events = assessment.events.filter(subject=topic.code).order_by("number")
        return {"way": None, "events": list(events)}
    way = dossier_of(assessment, topic.code, results)
    edition = Edition(results, language())
    later = [
        method_note.later(edition, survey) for survey in results.surveys if survey.get("later")
    ]
    readings = [
        sentence
        for survey in results.surveys
        for trail in way.trails
        for sentence in reading_rules(edition, survey, trail.dimension)
    ]
    rule = naming.rule_in_words(edition)
    return {
        "way": way,
        "results": results,
        "events": list(way.events),
        "rule": rule,
        "readings": readings,
        "later": later,
        "level": note.confidence(results),
    }
