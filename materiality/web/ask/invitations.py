"""Who is asked: open links, the list of people, one of them, and links to hand over."""

import csv
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from materiality.actions import (
    forget_person,
    hand_out,
    invite_people,
    let_many_in,
    remove_person,
    write_again,
    write_no_more,
)
from materiality.models import Assessment
from materiality.report.files.opendata import inert
from materiality.templatetags.workspace import moment
from materiality.web.access import (
    confirmed,
    confirmed_reading,
    edits,
    member,
    note_download,
    note_list,
    show_survey,
    survey_page,
)
from materiality.web.ask.invitations_forms import AddressForm, HandOutForm, PersonForm
from surveys.models import Audience, Invitation, Survey
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT
from surveys.people.links import open_link, qr_png, qr_svg
from surveys.people.records import person_data
from surveys.people.rows import Link, links_to_hand_out
from surveys.visit.crowds import was_crowded

PER_PAGE = 50
COLUMNS = ("group", "sub-group", "name", "email", "language", "link", "code")


@survey_page(write=MAY_EDIT)
def invitations(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Open links of all groups; for those who run the survey the people, and adding one."""
    form = PersonForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        people = [(form.cleaned_data["audience"], form.person())]
        added = invite_people(
            assessment=assessment, survey=survey, people=people, by=member(request)
        )
        message = _("Added.") if added else _("This person is on the list already.")
        messages.success(request, message)
        return redirect("materiality:invitations", assessment.pk, survey.pk)
    if edits(assessment):
        note_list(request, assessment, survey.slug)
    return show_survey(
        request,
        assessment,
        survey,
        "invitations",
        form=form,
        audiences=[(one, open_link(one)) for one in _with_counts(survey)],
        found=_page(request, survey) if edits(assessment) else None,
        sought={name: request.GET.get(name, "") for name in ("q", "group", "reach")},
        reaches=Invitation.Reach.choices,
        lets_many_in=survey.lets_many_in(),
        was_crowded=was_crowded(survey.pk),
    )


@survey_page(write=MAY_DECIDE, read=())
def let_in(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Let many begin from one network at once: an office, a hall."""
    until = let_many_in(assessment=assessment, survey=survey, by=member(request))
    message = _("Many may begin from one network until %(until)s; each does a sum first.")
    messages.success(request, message % {"until": moment(until)})
    return redirect("materiality:invitations", assessment.pk, survey.pk)


def _with_counts(survey: Survey) -> QuerySet[Audience]:
    people = Q(invitations__source=Invitation.Source.PERSONAL)
    people &= ~Q(invitations__state=Invitation.State.REVOKED)
    counted = survey.audiences.annotate(people=Count("invitations", filter=people))
    return counted.select_related("survey").order_by("position", "pk")


def _page(request: HttpRequest, survey: Survey) -> Any:
    people = Invitation.objects.on_list_of(survey).order_by(
        "audience__position", "name", "email", "pk"
    )
    if words := request.GET.get("q", "").strip()[:100]:
        people = people.filter(
            Q(name__icontains=words) | Q(email__icontains=words) | Q(subgroup__icontains=words)
        )
    if group := request.GET.get("group", ""):
        people = people.filter(audience__code=group)
    if (reach := request.GET.get("reach", "")) in Invitation.Reach.values:
        people = people.filter(reach=reach)
    if not survey.is_anonymous:
        people = people.select_related("intake")
    return Paginator(people, PER_PAGE).get_page(request.GET.get("at"))


@survey_page(write=MAY_EDIT, read=MAY_EDIT)
@confirmed
def person(
    request: HttpRequest, assessment: Assessment, survey: Survey, person: int
) -> HttpResponse:
    """One person: the address, no more mail, remove, see and erase what is kept."""
    invitation: Invitation = get_object_or_404(Invitation.objects.on_list_of(survey), pk=person)
    form = AddressForm(request.POST if "email" in request.POST else None, invitation=invitation)
    if request.method == "POST" and (form.is_valid() if form.is_bound else True):
        message = _act(request, assessment, survey, invitation, form)
        if message:
            messages.success(request, message)
            return redirect("materiality:invitations", assessment.pk, survey.pk)
    note_list(request, assessment, survey.slug)
    return show_survey(request, assessment, survey, "person", person=invitation, form=form)


def _act(
    request: HttpRequest,
    assessment: Assessment,
    survey: Survey,
    invitation: Invitation,
    form: AddressForm,
) -> str:
    """Do what was pressed and return what to say of it."""
    sure = "sure" in request.POST
    if form.is_bound:
        return _("Saved.") if form.save(assessment=assessment, by=member(request)) else ""
    match request.POST.get("act", ""):
        case "opt_out":
            write_no_more(assessment=assessment, invitation=invitation, by=member(request))
            return _("This person gets no more mail.")
        case "opt_in":
            write_again(assessment=assessment, invitation=invitation, by=member(request))
            return _("This person may be written to again.")
        case "remove" if sure:
            remove_person(assessment=assessment, invitation=invitation, by=member(request))
            return _("Removed. The link is void.")
        case "forget" if sure and invitation.email:
            count = forget_person(
                assessment=assessment, survey=survey, email=invitation.email, by=member(request)
            )
            return _("Erased from %(count)d surveys.") % {"count": count}
    return ""


@survey_page(read=MAY_EDIT)
@confirmed_reading
def data(request: HttpRequest, assessment: Assessment, survey: Survey, person: int) -> HttpResponse:
    """Return what is kept under a person's address, to be handed to them."""
    invitation: Invitation = get_object_or_404(Invitation.objects.on_list_of(survey), pk=person)
    records = person_data(survey.organisation, invitation.email)
    note_download(request, assessment, f"person-data {survey.slug}")
    answer = JsonResponse(
        records, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="person-data.json"'
    return answer


@survey_page(write=MAY_EDIT, read=MAY_EDIT)
@confirmed
def hand_out_links(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Say whose links may be handed over; a POST returns them as a table, or letters to print."""
    form = HandOutForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        links = links_to_hand_out(survey, form.cleaned_data["audience"])
        hand_out(assessment=assessment, survey=survey, links=len(links), by=member(request))
        note_download(request, assessment, f"links {survey.slug}")
        if form.cleaned_data["kind"] == "letters":
            return render(request, "materiality/letters.html", {"letters": links, "survey": survey})
        return _csv(survey, links)
    return show_survey(
        request,
        assessment,
        survey,
        "hand_out",
        form=form,
        count=len(links_to_hand_out(survey)),
    )


def _csv(survey: Survey, links: Iterable[Link]) -> HttpResponse:
    name = f'attachment; filename="links-{survey.slug}.csv"'
    answer = HttpResponse(
        "\ufeff", content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )
    rows = csv.writer(answer)
    rows.writerow(COLUMNS)
    for link in links:
        person = link.person
        cells = (str(person.audience), person.subgroup, person.name, person.email, person.language)
        rows.writerow([*map(inert, cells), link.address, link.code])
    return answer


@survey_page()
def qr_as_svg(request: HttpRequest, assessment: Assessment, survey: Survey, code: str) -> Any:
    """Return an open link's code as SVG."""
    return _file(qr_svg(_open_address(survey, code)), "image/svg+xml", f"{code}.svg")


@survey_page()
def qr_as_png(request: HttpRequest, assessment: Assessment, survey: Survey, code: str) -> Any:
    """Return an open link's code as PNG, a thousand pixels a side or more."""
    return _file(qr_png(_open_address(survey, code)), "image/png", f"{code}.png")


def _open_address(survey: Survey, code: str) -> str:
    return open_link(get_object_or_404(survey.audiences.select_related("survey"), code=code))


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    disposition = f'inline; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
