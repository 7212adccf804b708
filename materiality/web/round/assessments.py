"""The organisations somebody belongs to, the rounds of each, and starting a new one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from materiality.inputs import scored_rounds
from materiality.models import (
    Assessment,
    Deletion,
    Dimension,
    Event,
    IroAssignment,
    Reassessment,
    Topic,
)
from materiality.selectors.register import rounds_that_wait_for
from materiality.web import steps
from materiality.web.access import member, rounds_of
from materiality.web.round.rounds_forms import NewRoundForm
from surveys.models import Membership, Organisation, Role
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT


@dataclass(frozen=True)
class RoundLine:
    """One round of the list."""

    assessment: Assessment
    step: str
    next: steps.Action
    deadline: object
    answered: int | None


@dataclass(frozen=True)
class RoundSection:
    """One organisation of the list. `may_start`: this person may start a round of it.

    :ivar goes_after: when it is to be deleted, if that was asked for.
    """

    organisation: Organisation
    role: str
    lines: list[RoundLine]
    archived: list[Assessment]
    unchanged: list[Reassessment]
    goes_after: datetime | None = None

    @property
    def may_start(self) -> bool:
        return self.role in MAY_EDIT and not self.organisation.is_suspended

    @property
    def owns(self) -> bool:
        return self.role == Role.OWNER

    @property
    def reassessable(self) -> Assessment | None:
        """Return the last locked round, if this person may say that it still holds."""
        if self.role not in MAY_DECIDE or self.organisation.is_suspended:
            return None
        locked = [line.assessment for line in self.lines if line.assessment.is_locked]
        every = [line.assessment for line in self.lines] + self.archived
        followed = {row.previous_id for row in every if row.is_locked}
        return next((row for row in locked if row.pk not in followed), None)


@login_required
@never_cache
@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    """List every organisation with its rounds, what each waits for, and until when."""
    assignments = IroAssignment.objects.filter(expert=member(request), iro__closed_at=None)
    rows = _with_counts(rounds_of(request.user)).annotate(
        is_asked=Exists(assignments.filter(iro__assessment=OuterRef("pk")))
    )
    rounds = list(rows.prefetch_related("surveys"))
    answered = dict(
        rounds_of(request.user)
        .order_by()
        .values_list("pk")
        .annotate(respondents=Sum("surveys__sealed__respondents"))
    )
    belongs = (
        Membership.objects.filter(user=member(request))
        .select_related("organisation")
        .order_by("organisation__pk")
    )
    goes_after = _to_be_deleted([one.organisation for one in belongs])
    scored = scored_rounds(row for row in rounds if row.is_without_survey and not row.is_locked)
    open_rounds = [row for row in rounds if row.is_asked and not row.is_locked]
    awaited = rounds_that_wait_for(member(request), open_rounds) if open_rounds else set()
    sections = []
    again = Reassessment.objects.filter(assessment__in=rounds).standing()
    for membership in belongs:
        own = [row for row in rounds if row.organisation_id == membership.organisation_id]
        lines = [
            _line(
                row,
                answered.get(row.pk),
                is_scored=row.pk in scored,
                is_awaited=row.pk in awaited,
            )
            for row in own
            if row.archived_at is None
        ]
        archived = [row for row in own if row.archived_at is not None]
        unchanged = [row for row in again if row.assessment_id in {one.pk for one in own}]
        after = goes_after.get(membership.organisation_id)
        sections.append(
            RoundSection(
                membership.organisation, membership.role, lines, archived, unchanged, after
            )
        )
    owns = any(section.owns for section in sections)
    return render(
        request, "materiality/assessments.html", {"sections": sections, "may_found": owns}
    )


def _with_counts(rounds: QuerySet[Assessment]) -> QuerySet[Any]:
    """Return rounds, the newest first, with what their line tells.

    Subqueries of one round each: joined and grouped, topics times events of everybody's rounds were
    read before those of one organisation were picked.
    """
    of_round = {"assessment": OuterRef("pk")}
    topics = Topic.objects.filter(**of_round).order_by().values("assessment")
    changes = Event.objects.filter(**of_round).order_by("-number")
    return rounds.annotate(
        topic_count=Coalesce(Subquery(topics.annotate(count=Count("pk")).values("count")), 0),
        last_change=Subquery(changes.values("at")[:1]),
        has_groups=~Exists(Dimension.objects.silent().filter(**of_round)),
    ).order_by("-year", "-pk")


def _to_be_deleted(organisations: list[Organisation]) -> dict[int, datetime]:
    """Return when each of them goes that is to be deleted: such are suspended."""
    suspended = [one.pk for one in organisations if one.is_suspended]
    if not suspended:
        return {}
    requests = Deletion.objects.filter(organisation__in=suspended)
    return dict(requests.values_list("organisation", "not_before"))


def _line(row: Any, respondents: int | None, *, is_scored: bool, is_awaited: bool) -> RoundLine:
    waits = steps.brief(
        row,
        has_topics=row.topic_count > 0,
        has_groups=row.has_groups,
        is_scored=is_scored,
        is_awaited=is_awaited,
    )
    return RoundLine(row, steps.state_of(row, is_scored=is_scored), *waits, respondents)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Start a round, of the organisation that is named or else of the only one."""
    organisation = _organisation(request)
    form = NewRoundForm(request.POST or None, organisation=organisation)
    if form.is_valid():
        assessment = form.start(by=request.user)
        messages.success(request, _("The assessment is started."))
        if before := form.unchanged:
            sentence = _(
                "It is recorded that nothing material changed in %(year)s since %(before)s. That "
                "record stays as it is, beside this assessment."
            )
            values = {"year": before.year, "before": before.assessment.year}
            messages.info(request, sentence % values)
        return redirect("materiality:overview", pk=assessment.pk)
    return render(request, "materiality/new.html", {"form": form, "organisation": organisation})


def _organisation(request: HttpRequest) -> Organisation:
    named = request.POST.get("organisation") or request.GET.get("organisation", "")
    editable: Any = Organisation.objects.editable_by(request.user).order_by("pk")
    if named:
        editable = editable.filter(pk=int(named) if named.isdecimal() else 0)
    organisation: Organisation | None = editable.first()
    if organisation is None:
        raise Http404
    return organisation
