"""Identify: choose topics from standards, describe them, put them in order, screen them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from materiality.actions import carry_over
from materiality.models import Assessment, Topic
from materiality.selectors.rounds import is_asked
from materiality.web.access import assessment_page, may, member, show
from materiality.web.identify import catalogue as identify
from materiality.web.identify.topics_forms import (
    CatalogueForm,
    OrderForm,
    RemoveForm,
    ScreenForm,
    TakeBackForm,
    TopicForm,
)
from surveys.models.organisations import MAY_EDIT


@assessment_page()
def topics(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    return _list(request, assessment)


def _list(
    request: HttpRequest,
    assessment: Assessment,
    *,
    adding: CatalogueForm | None = None,
    ordering: OrderForm | None = None,
) -> HttpResponse:
    topics = identify.TopicList(assessment)
    adding = adding or CatalogueForm(assessment=assessment)
    ordering = ordering or OrderForm(assessment=assessment)
    return show(
        request,
        assessment,
        "topics",
        status=max(adding.status, ordering.status),
        list=topics,
        catalogue=identify.Catalogue(request.GET, topics.all),
        adding=adding,
        ordering=ordering,
        ticked=adding["keys"].value() or [],
        open_list=may(assessment).edit and not is_asked(assessment),
        query=request.GET.urlencode(),
    )


@assessment_page(write=MAY_EDIT)
def add(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Put the ticked entries of the catalogue on the list; the catalogue stays where it was."""
    form = CatalogueForm(_choice(request, assessment), assessment=assessment)
    if form.act(by=request.user):
        count = len(form.cleaned_data["keys"])
        messages.success(request, _("%(count)d added to the list.") % {"count": count})
        page = reverse("materiality:topics", args=[assessment.pk])
        return redirect(f"{page}?{request.GET.urlencode()}#catalogue")
    return _list(request, assessment, adding=form)


def _choice(request: HttpRequest, assessment: Assessment) -> QueryDict | None:
    """Return the ticked entries, or all of a standard where that was asked for."""
    if "all" not in request.POST:
        return request.POST or None
    sent = request.POST.copy()
    topics = identify.TopicList(assessment).all
    shelf = identify.Catalogue({"standard": str(sent["all"])}, topics)
    sent.setlist("keys", [entry.reference for entry in shelf.left_over])
    return sent


@assessment_page(write=MAY_EDIT)
def order(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Move one topic up or down."""
    form = OrderForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        page = reverse("materiality:topics", args=[assessment.pk])
        return redirect(f"{page}?{request.GET.urlencode()}#t-{form.moved}")
    return _list(request, assessment, ordering=form)


@assessment_page(write=MAY_EDIT)
def carry(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Start from last year's topics, groups, weights and engagement."""
    if request.method == "POST":
        carry_over(assessment=assessment, by=member(request))
        messages.success(request, _("Last year’s list is taken over."))
        return redirect("materiality:topics", pk=assessment.pk)
    return _list(request, assessment)


@assessment_page(write=MAY_EDIT)
def own(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Add a topic that no standard names."""
    form = TopicForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Added to the list."))
        return redirect("materiality:topics", pk=assessment.pk)
    able = may(assessment).edit and not is_asked(assessment)
    codes = list(identify.codes())
    return show(request, assessment, "own", status=form.status, form=form, able=able, codes=codes)


@assessment_page(write=MAY_EDIT)
def topic(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    row = _topic(assessment, code)
    form = TopicForm(request.POST or None, assessment=assessment, topic=row)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return _back(assessment, row)
    return _page(request, assessment, row, form=form)


@assessment_page(write=MAY_EDIT)
def screen(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Leave a topic out of the questionnaire, with a reason."""
    row = _topic(assessment, code)
    form = ScreenForm(request.POST or None, topic=row)
    if form.act(by=request.user):
        messages.success(request, _("Screened out, with its reason."))
        return redirect("materiality:topics", pk=assessment.pk)
    return _page(request, assessment, row, screening=form)


@assessment_page(write=MAY_EDIT)
def take_back(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Put a screened-out topic back."""
    row = _topic(assessment, code)
    form = TakeBackForm(request.POST or None, topic=row)
    if form.act(by=request.user):
        messages.success(request, _("Back on the short list."))
        return _back(assessment, row)
    return _page(request, assessment, row, verb=form)


@assessment_page(write=MAY_EDIT)
def remove(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Take a topic that was entered by mistake off the list."""
    row = _topic(assessment, code)
    form = RemoveForm(request.POST or None, topic=row)
    if form.act(by=request.user):
        messages.success(request, _("“%(topic)s” is removed.") % {"topic": row})
        return redirect("materiality:topics", pk=assessment.pk)
    return _page(request, assessment, row, verb=form)


def _topic(assessment: Assessment, code: str) -> Topic:
    row: Topic = get_object_or_404(assessment.topics.select_related("screened_by"), code=code)
    row.assessment = assessment
    return row


def _back(assessment: Assessment, topic: Topic) -> HttpResponse:
    page = reverse("materiality:topics", args=[assessment.pk])
    return redirect(f"{page}#t-{topic.code}")


def _page(
    request: HttpRequest,
    assessment: Assessment,
    topic: Topic,
    *,
    form: TopicForm | None = None,
    screening: ScreenForm | None = None,
    verb: TakeBackForm | None = None,
) -> HttpResponse:
    form = form or TopicForm(assessment=assessment, topic=topic)
    screening = screening or ScreenForm(topic=topic)
    refused: list[Any] = [one for one in (form, screening, verb) if one and one.refused]
    if not may(assessment).edit:
        form.disable()
    return show(
        request,
        assessment,
        "topic",
        status=409 if refused else 200,
        topic=topic,
        listed=identify.Listed(topic, tuple(assessment.languages)),
        form=form,
        screening=screening,
        verb=verb or TakeBackForm(topic=topic),
        open_list=may(assessment).edit and not is_asked(assessment),
        codes=list(identify.codes()) if may(assessment).edit else [],
    )
