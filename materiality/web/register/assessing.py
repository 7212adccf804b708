"""The register assessed: an expert's sheet, who is asked, and what follows for topics."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality import actions
from materiality.errors import BadIro
from materiality.inputs.register import Register, ScoredIro
from materiality.models import Assessment, Iro, IroAssignment, IroScale
from materiality.selectors.register import (
    meaning_texts,
    progress_of,
    sees_beside,
    sees_scores,
    still_to_score,
    tasks_of,
)
from materiality.templatetags.workspace import person
from materiality.web.access import assessment_page, may, member, show
from materiality.web.fields import Incomplete
from materiality.web.register.assessing_forms import (
    AssignForm,
    ConsensusForm,
    ScoreForm,
    ThresholdForm,
    save_together,
)
from materiality.web.register.entries import find
from surveys.models import Role
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT


@assessment_page()
def assess(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """List what this person is asked to score."""
    tasks = tasks_of(assessment, member(request))
    done = sum(task.is_done for task in tasks)
    following = next((task for task in tasks if not task.is_done), None)
    facts: dict[str, Any] = {"tasks": tasks, "done": done, "following": following}
    return show(request, assessment, "register_assess", **facts)


@assessment_page(write=tuple(Role))
def score(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Show the sheet of an entry; a POST keeps what the person says of it.

    One form sends both readings. `reading` says which of them is asked first, `gross` or `net`;
    without it, what counts. `part` is `beside` where the other one is to be saved. Whatever else
    was entered is saved with it, so that no button loses what stands beside it.
    """
    row, expert = find(assessment, code), member(request)
    if not request.POST:
        return _sheet(request, assessment, row)
    is_net = {"gross": False, "net": True}.get(request.POST.get("reading", ""), row.is_net)
    form = _own_sheet(request, row, is_net=is_net)
    beside = None
    if "beside-version" in request.POST:
        beside = _own_sheet(request, row, is_net=not is_net, prefix="beside")
    wanted, other = form, beside
    if beside and request.POST.get("part") == "beside":
        wanted, other = beside, form
    sheets = [wanted, other] if other and other.is_given else [wanted]
    if not save_together(sheets, by=expert):
        return _sheet(request, assessment, row, form=form, beside=beside)
    if any(sheet.is_net == row.is_net for sheet in sheets):
        messages.success(request, _("%(code)s is scored.") % {"code": row.code})
    else:
        sentence = _("%(code)s: saved beside what counts.")
        messages.success(request, sentence % {"code": row.code})
    if wanted.is_net != row.is_net:
        return redirect("materiality:score_iro", pk=assessment.pk, code=row.code)
    waiting = [task for task in tasks_of(assessment, expert) if not task.is_done]
    if waiting:
        return redirect("materiality:score_iro", pk=assessment.pk, code=waiting[0].iro.code)
    return redirect("materiality:register_assess", pk=assessment.pk)


def _own_sheet(
    request: HttpRequest, row: Iro, *, is_net: bool, prefix: str | None = None
) -> ScoreForm:
    """Return the sheet of one reading, as it was sent or as it stands."""
    expert = member(request)
    own = row.scores.filter(expert=expert, is_net=is_net).first()
    sent = request.POST or None
    return ScoreForm(sent, iro=row, there=own, expert=expert, is_net=is_net, prefix=prefix)


@assessment_page(write=MAY_DECIDE)
def consensus(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Write down what the experts agreed on; `back` takes it back."""
    row = find(assessment, code)
    agreed = row.scores.filter(expert=None, is_net=row.is_net).first()
    if "back" in request.POST:
        version = request.POST.get("version", "")
        if not version.isdecimal():
            raise Incomplete
        actions.disagree_iro(iro=row, by=member(request), expected_version=int(version))
        messages.success(request, _("Taken back."))
        return redirect("materiality:score_iro", pk=assessment.pk, code=row.code)
    form = ConsensusForm(request.POST or None, iro=row, there=agreed)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:score_iro", pk=assessment.pk, code=row.code)
    return _sheet(request, assessment, row, agreeing=form)


def _sheet(
    request: HttpRequest,
    assessment: Assessment,
    row: Iro,
    *,
    form: ScoreForm | None = None,
    beside: ScoreForm | None = None,
    agreeing: ConsensusForm | None = None,
) -> HttpResponse:
    """Show the sheet, and what others say where this person may see it."""
    expert = member(request)
    is_asked = row.assignments.filter(expert=expert).exists()
    open_round = not assessment.is_locked and not row.is_closed
    outcome = Register(assessment).scored(row) if sees_scores(assessment, row, expert) else None
    agreed = outcome.consensus if outcome else None
    own = {score.is_net: score for score in row.scores.filter(expert=expert)}
    form = form or ScoreForm(iro=row, there=own.get(row.is_net), expert=expert)
    if beside is None and form.is_net == row.is_net and (row.is_net or row.shows_mitigation):
        other = own.get(not row.is_net)
        beside = ScoreForm(
            iro=row, there=other, expert=expert, is_net=not row.is_net, prefix="beside"
        )
    agreeing = agreeing or ConsensusForm(iro=row, there=agreed)
    return show(
        request,
        assessment,
        "iro_score",
        status=max(form.status, agreeing.status, beside.status if beside else 200),
        iro=row,
        form=form,
        beside=beside,
        own=own.get(row.is_net),
        agreeing=agreeing,
        outcome=outcome,
        sees_beside=sees_beside(assessment, row, expert),
        may_score=is_asked and open_round,
        may_agree=bool(outcome and outcome.scores) and may(assessment).decide and open_round,
        is_asked=is_asked,
    )


@assessment_page(write=MAY_EDIT)
def experts(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show who is asked and how far they are; ask more, no longer, or again by mail."""
    if "remind" in request.POST:
        return _remind(request, assessment)
    form = AssignForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        sentence = (
            ngettext("%(count)d taken away.", "%(count)d taken away.", form.count)
            if "take" in request.POST
            else ngettext("%(count)d assigned.", "%(count)d assigned.", form.count)
        )
        messages.success(request, sentence % {"count": form.count})
        return redirect("materiality:register_experts", pk=assessment.pk)
    progress = progress_of(assessment)
    facts: dict[str, Any] = {
        "progress": progress,
        "waits": any(row.waits for row in progress),
        "unasked": _unasked(assessment),
    }
    return show(request, assessment, "register_experts", status=form.status, form=form, **facts)


def _remind(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Write to the chosen experts who have not scored everything, and say whom a mail reached."""
    chosen = set(request.POST.getlist("who"))
    experts = [row.expert for row in progress_of(assessment) if str(row.expert.pk) in chosen]
    try:
        reminders = actions.write_to_iro_experts(
            assessment=assessment, experts=experts, by=member(request)
        )
    except BadIro as refusal:
        messages.warning(request, str(refusal))
        return redirect("materiality:register_experts", pk=assessment.pk)
    for expert in reminders.sent:
        messages.success(request, _("%(name)s is written to.") % {"name": person(expert)})
    for expert in reminders.unsent:
        sentence = _("The mail to %(name)s could not be sent.")
        messages.warning(request, sentence % {"name": person(expert)})
    return redirect("materiality:register_experts", pk=assessment.pk)


def _unasked(assessment: Assessment) -> int:
    """Return how many open entries nobody is asked about who is still of the organisation."""
    members = assessment.organisation.memberships.values("user")
    assigned = IroAssignment.objects.filter(expert__in=members).values("iro")
    count: int = assessment.iros.open().exclude(pk__in=assigned).count()
    return count


@assessment_page(write=MAY_DECIDE)
def verdicts(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show what follows for each topic and entry; a POST sets the thresholds."""
    register = Register(assessment)
    form = ThresholdForm(request.POST or None, assessment=assessment, there=register.thresholds)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:register_verdicts", pk=assessment.pk)
    waiting = still_to_score(assessment, member(request))
    rows: list[ScoredIro] = [] if waiting else sorted(register.sure_entries, key=_highest_first)
    return show(
        request,
        assessment,
        "register_verdicts",
        status=form.status,
        form=form,
        verdicts=[] if waiting else register.topics,
        rows=rows,
        waiting=waiting,
        meanings=_meanings(assessment),
    )


def _meanings(assessment: Assessment) -> list[tuple[str, list[str], IroScale]]:
    """Return what is said of the numbers: of which criterion, a text a number, and its row."""
    rows = assessment.iro_scales.select_related("by")
    return [(str(row), meaning_texts(row, None), row) for row in rows]


def _highest_first(row: ScoredIro) -> tuple[bool, float, str]:
    value = row.scored.value
    return value is None, -(value or 0.0), row.iro.code
