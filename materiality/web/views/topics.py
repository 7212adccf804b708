"""Identify: the list of topics, and the wording of one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from materiality import catalogue
from materiality.models import Assessment, Topic
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, may, show
from materiality.web.forms import TopicForm
from surveys.languages import missing_languages
from surveys.models.organisations import MAY_EDIT


@assessment_page()
def topics(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    rows = [
        {
            "topic": topic,
            "references": [_reference(*row) for row in topic.references],
            "untranslated": bool(missing_languages(topic.name)),
            "before": [row.before for row in topic.predecessors.all() if row.before],
        }
        for topic in assessment.topics.prefetch_related("predecessors__before")
    ]
    return show(request, assessment, "topics", rows=rows)


def _reference(standard: str, edition: str, code: str) -> dict[str, str]:
    """Return how a reference is shown: its code, and its title where the catalogue has it."""
    try:
        entry = catalogue.find(standard, edition, code)
    except catalogue.UnknownEntry:
        return {"code": f"{standard} {code}", "edition": edition, "name": ""}
    name = entry.name("en" if language() == "en" else "zh")
    return {"code": f"{standard} {code}", "edition": edition, "name": name}


@assessment_page(write=MAY_EDIT)
def topic(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    found: Topic = get_object_or_404(assessment.topics, code=code)
    form = TopicForm(request.POST or None, topic=found)
    if request.method == "POST" and form.is_valid() and form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:topics", pk=assessment.pk)
    if not may(assessment).edit:
        form.disable()
    return show(request, assessment, "topic", status=form.status, topic=found, form=form)
