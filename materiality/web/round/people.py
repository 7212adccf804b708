"""Who may see and do what; what was done by whom."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from materiality.actions import admit, offer_role, set_own_name, set_role
from materiality.actions import join as take_role
from materiality.actions.log import name_of
from materiality.document import canonical
from materiality.models import Access, Assessment
from materiality.models.events import Event, Verb
from materiality.report.files.opendata import inert
from materiality.selectors.register import still_to_score
from materiality.selectors.sources import still_to_code
from materiality.web.access import (
    OWNER,
    assessment_page,
    confirmed,
    confirmed_reading,
    member,
    note_download,
    show,
)
from materiality.web.colleagues import in_this_language, mail_way_in
from materiality.web.round.accounts import joining_token, offer_of
from materiality.web.round.people_forms import ColleagueForm, NameForm, OrganisationForm, RoleForm
from materiality.web.round.signin import sign_in_link
from surveys.models import Membership, Role

PER_PAGE = 50
JUDGEMENTS = (Verb.SCORE_IRO, Verb.AGREE_IRO, Verb.DISAGREE_IRO)
COLUMNS = ("number", "at", "name", "verb", "subject", "before", "after", "reason", "hash")


@assessment_page(write=OWNER)
@confirmed
def people(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Tell of the organisation and its members; a POST changes one of them, or lets somebody in."""
    form, context = ColleagueForm(), {}
    is_about = "organisation" in request.POST
    organisation = OrganisationForm(request.POST if is_about else None, assessment=assessment)
    if organisation.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:people", pk=assessment.pk)
    change = RoleForm(request.POST) if "member" in request.POST else None
    if change is not None and change.is_valid():
        set_role(
            membership=_membership(assessment, change),
            role=change.cleaned_data["role"],
            by=member(request),
        )
        messages.success(request, _("Saved."))
        return redirect("materiality:people", pk=assessment.pk)
    if request.method == "POST" and change is None and not is_about:
        form = ColleagueForm(request.POST)
        if form.is_valid():
            context = _let_in(request, assessment, form)
            form = ColleagueForm()
    return _page(request, assessment, organisation=organisation, form=form, **context)


@assessment_page(write=tuple(Role))
def own_name(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Say what one is called oneself."""
    naming = NameForm(request.POST or None, user=member(request))
    if naming.is_valid():
        set_own_name(user=member(request), name=naming.cleaned_data["own_name"])
        messages.success(request, _("Saved."))
        return redirect("materiality:people", pk=assessment.pk)
    organisation = OrganisationForm(assessment=assessment)
    form = ColleagueForm()
    return _page(request, assessment, organisation=organisation, form=form, naming=naming)


def _page(
    request: HttpRequest,
    assessment: Any,
    *,
    organisation: OrganisationForm,
    form: ColleagueForm,
    naming: NameForm | None = None,
    **others: Any,
) -> HttpResponse:
    members = assessment.organisation.memberships.select_related("user")
    return show(
        request,
        assessment,
        "people",
        status=organisation.status,
        organisation=organisation,
        members=members.order_by("user__last_name", "user__first_name", "user__email"),
        roles=Role.choices,
        form=form,
        naming=naming or NameForm(user=member(request)),
        owns=assessment.role == Role.OWNER,
        **others,
    )


def _let_in(request: HttpRequest, assessment: Assessment, form: ColleagueForm) -> dict[str, Any]:
    """Return what to say: the sign-in link of a new account, or the invitation of another's."""
    here = assessment.organisation
    person, is_new = admit(organisation=here, by=member(request), **form.cleaned_data)
    if is_new:
        link = in_this_language(sign_in_link(person))
        mailed = mail_way_in(person, here, link, member(request))
        return {"let_in": person, "link": link, "mailed": mailed}
    role = form.cleaned_data["role"]
    offer = offer_role(organisation=here, person=person, role=role, by=member(request))
    link = in_this_language(reverse("materiality:join", args=[joining_token(offer)]))
    mailed = mail_way_in(person, here, link, member(request))
    return {"known": person, "invitation": link, "mailed": mailed}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Let a person who has an account take a role in another organisation."""
    offer = offer_of(token)
    if offer is None or offer.user != request.user:
        return render(request, "materiality/join.html", {"offered": None}, status=410)
    if request.method == "POST":
        take_role(offer=offer, by=member(request))
        messages.success(request, _("You are let in."))
        return redirect("materiality:assessments")
    return render(request, "materiality/join.html", {"offered": offer})


def _membership(assessment: Assessment, form: RoleForm) -> Membership:
    membership: Membership = get_object_or_404(
        assessment.organisation.memberships, pk=form.cleaned_data["member"]
    )
    return membership


@assessment_page()
def log(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """List what was done, latest first; by verb if one is asked for."""
    wanted = request.GET.get("verb", "")
    events = assessment.events.order_by("-number")
    if wanted in Verb.values:
        events = events.filter(verb=wanted)
    verbs = set(assessment.events.values_list("verb", flat=True))
    rows = Paginator(events, PER_PAGE).get_page(request.GET.get("at"))
    names = _names(assessment)
    return show(
        request,
        assessment,
        "log",
        events=rows,
        entries=[_entry(event, names) for event in _as_seen(request, assessment, rows)],
        verbs=[verb for verb in Verb if verb in verbs],
        wanted=wanted,
    )


def _as_seen(
    request: HttpRequest, assessment: Assessment, events: Iterable[Event]
) -> Iterator[Event]:
    """Yield entries of the log, without what others say of what one has still to score or code.

    Whoever could read it here first would not score independently. The chained record stays whole,
    and nothing is held back once the round is locked: then nobody can score any more.
    """
    me = member(request)
    is_waiting = still_to_score(assessment, me) > 0
    listed = list(events)
    are_codings = any(event.verb == Verb.CODE_PASSAGE for event in listed)
    uncoded = still_to_code(assessment, me) if are_codings else set()
    for event in listed:
        if is_waiting and event.verb in JUDGEMENTS and event.by_id != me.pk:
            event.before = event.after = None
            event.reason = _("Shown when you have scored your entries.")
        is_coding = event.verb == Verb.CODE_PASSAGE and event.subject in uncoded
        if is_coding and event.by_id != me.pk:
            event.before = event.after = None
            event.reason = _("Shown when you have coded this passage.")
        yield event


def _entry(event: Event, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page says of an entry, in names; the chained record keeps its codes."""
    return {
        "event": event,
        "about": names.get(event.subject, event.subject),
        "before": _in_names(event.before, names),
        "after": _in_names(event.after, names),
    }


def _in_names(value: Any, names: Mapping[str, str]) -> Any:
    """Return a value of the log with the codes of topics, groups and surveys as their names."""
    if isinstance(value, dict):
        return {names.get(key, key): _in_names(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_in_names(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value


def _names(assessment: Assessment) -> dict[str, str]:
    """Return what the codes in the log stand for: topics, groups, questionnaires of the round."""
    names = {topic.code: str(topic) for topic in assessment.topics.all()}
    names |= {group.code: str(group) for group in assessment.groups.all()}
    for survey in assessment.surveys.prefetch_related("audiences"):
        names[survey.slug] = str(survey)
        for audience in survey.audiences.all():
            names[f"{survey.slug}: {audience.code}"] = f"{survey}: {audience}"
    return names


@assessment_page()
def log_csv(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Return the whole log as CSV, oldest first."""
    name = f"log-{assessment.pk}.csv"
    note_download(request, assessment, name)
    answer = _csv(name)
    rows = csv.writer(answer)
    rows.writerow(COLUMNS)
    events = assessment.events.order_by("number")
    rows.writerows(map(_row, _as_seen(request, assessment, events)))
    return answer


@assessment_page(read=OWNER)
@confirmed_reading
def access_csv(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Return who of the organisation signed in and who took what away, oldest first."""
    note_download(request, assessment, "access.csv")
    answer = _csv("access.csv")
    rows = csv.writer(answer)
    rows.writerow(("at", "name", "kind", "subject"))
    for each in Access.objects.of(assessment.organisation).select_related("by").order_by("pk"):
        name = name_of(each.by) if each.by else ""
        rows.writerow(map(inert, (each.at.isoformat(), name, each.kind, each.subject)))
    return answer


def _csv(name: str) -> HttpResponse:
    return HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _row(event: Event) -> list[str]:
    return [_cell(getattr(event, name)) for name in COLUMNS]


def _cell(value: object) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    return inert(canonical(value) if isinstance(value, dict | list) else str(value))
